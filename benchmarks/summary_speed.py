"""Measure how long a summary takes beside loading the segment that it is made from.

Usage: python -m benchmarks.summary_speed [--rounds N] [--paragraphs N]

An article of 40 paragraphs in five sections is stored with the bundled encoder. "Load" is what a first question does
with its segment: read and decode both blobs, and build the guild's index. "Index" leaves the token vectors out, "read"
only reads and decodes the core blob. "Fresh" is a summary of which nothing is in memory, "again" one that was made
before. The encoder is not called for any of them, which is checked. Medians of so many rounds, taken in turn, the first
of each left out; of processor time, because the machine may have other work.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.library import Library
from bot.engine.ports.stores import Store
from bot.engine.records.sources import ArticleSource
from bot.engine.records.summaries import SummaryLength
from bot.engine.retrieval.index_pool import IndexPool
from bot.engine.retrieval.segment import SEGMENT_VERSION, decode_core
from bot.engine.retrieval.token_vectors import decode_tokens
from bot.engine.stores.sqlite import SQLiteStore
from bot.engine.summaries.summary import load_article, summarise_article

GUILD = 1
_SECTIONS = 5
_THINGS = ("harbour", "library", "railway", "museum", "market", "orchard", "theatre", "bridge", "school", "mill")
_DEEDS = (
    "was opened by Ada Quill in the spring of {year} after three years of work",
    "costs the town of Varnby {year} crowns a year, which is more than its council had expected",
    "closed for {number} weeks when the river rose above the lower road",
    "is visited by some {year} people in a good summer and by few in winter",
    "will be rented to a society of {number} members, who promise to repair its roof",
)

_OPENINGS = ("The", "According to the paper, the", "But the", "In 1931 the", "Since the war the")
"""One in five leans on the sentence before it, as in news."""


def write_article(paragraphs: int) -> str:
    """Return an article of so many paragraphs of four or five sentences."""
    parts = ["# The town of Varnby"]
    for number in range(paragraphs):
        if number % (paragraphs // _SECTIONS) == 0:
            parts.append(f"## What became of the {_THINGS[number % len(_THINGS)]} in part {number}?")
        sentences = []
        for place in range(4 + number % 2):
            thing = _THINGS[(number * 3 + place) % len(_THINGS)]
            deed = _DEEDS[(number + place) % len(_DEEDS)]
            deed = deed.format(year=1800 + 7 * number + place, number=number + place + 2)
            opening = _OPENINGS[(number + 2 * place) % len(_OPENINGS)]
            sentences.append(f"{opening} {thing} of the town's district {number} {deed}.")
        parts.append(" ".join(sentences))
    return "\n\n".join(parts)


def measure(rounds: int, works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median milliseconds of each work."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds + 1):
        for name, work in works.items():
            started = time.thread_time()
            work()
            taken[name].append(1000 * (time.thread_time() - started))
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def load_segment(store: Store, article_id: int, dimension: int) -> None:
    """Load both blobs of a segment as a first question does."""
    IndexPool(10**9).open(store, GUILD, dimension)
    blob = store.token_segment(GUILD, article_id)
    assert blob is not None  # noqa: S101 -- the bundled encoder has token vectors
    decode_tokens(blob, SEGMENT_VERSION)


def read_segment(store: Store, article_id: int) -> object:
    """Read and decode a segment."""
    return decode_core(store.segments(GUILD, [article_id])[0].core)


class SilentEncoder(SentenceEncoder):
    """Refuses to encode once the article is stored."""

    is_silent = False

    def encode_passages(self, *args: object, **options: object) -> list[object]:  # type: ignore[override]
        """Encode, or refuse."""
        self._refuse()
        return super().encode_passages(*args, **options)  # type: ignore[arg-type, return-value]

    def encode_query(self, text: str) -> object:  # type: ignore[override]
        """Encode, or refuse."""
        self._refuse()
        return super().encode_query(text)

    def _refuse(self) -> None:
        if self.is_silent:
            raise AssertionError("a summary needs no encoding")


def main() -> None:
    """Print the medians, and the ratios to loading."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--paragraphs", type=int, default=40)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = SQLiteStore.open(Path(folder) / "store.sqlite3")
        encoder = SilentEncoder()
        library = Library(store, encoder)  # type: ignore[arg-type]
        text = write_article(options.paragraphs)
        article = library.add_article(GUILD, ArticleSource(data=text, file_name="varnby.md")).id
        encoder.is_silent = True
        works: dict[str, Callable[[], object]] = {
            "read": lambda: read_segment(store, article),
            "load": lambda: load_segment(store, article, encoder.identity.dimension),
            "index": lambda: IndexPool(10**9).open(store, GUILD, encoder.identity.dimension),
        }
        for length in SummaryLength:
            works[f"{length}, fresh"] = lambda length=length: summarise_article(
                *load_article(store, GUILD, article), length
            )
            works[f"{length}, again"] = lambda length=length: library.summarise(GUILD, str(article), length)
        found = measure(options.rounds, works)
        passages = len(store.get_article(GUILD, article).passages)
        library.close()
    print(f"{passages} passages, {len(text)} characters, {options.rounds} rounds")
    for name, milliseconds in found.items():
        ratios = "  ".join(f"{milliseconds / found[base]:5.2f} × {base}" for base in ("load", "index", "read"))
        print(f"{name:16} {milliseconds:7.3f} ms  {ratios}")


if __name__ == "__main__":
    main()
