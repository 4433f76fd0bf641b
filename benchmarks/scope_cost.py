"""What it costs to search as somebody who may not see every article.

Usage: python -m benchmarks.scope_cost [--passages N] [--rounds N]

Makes a guild of made-up articles in the temporary folder (once), hides a share of them from the viewer, and prints the
median milliseconds of a search beside those of somebody who sees all, with the hidden articles' ids worked out anew for
each question as the library does; and what the first question of such a viewer costs, for whom the part of the index
that is theirs is made. The encoder is the one without a model: its vectors cost what any others do.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.large_guild import GUILD, SourceArticle, make_guild
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.ingest.sentences import split_sentences
from bot.engine.ingest.sources import DirectParser
from bot.engine.ports.encoders import PassageInput
from bot.engine.records.sources import ArticleSource
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.question import prepare_question
from bot.engine.retrieval.retriever import Retriever
from bot.engine.retrieval.visible import VisibleIndex
from bot.engine.scopes.records import Viewer, find_hidden, make_scope
from bot.engine.stores.sqlite import SQLiteStore

ARTICLES = Path(__file__).parents[1] / "bot" / "sandbox" / "articles"
QUESTIONS = (
    "Does crime rise when the lights go out?",
    "Why did Ellerby switch off its streetlights?",
    "How many seed packets may I borrow in a season?",
    "What does a single ticket cost?",
    "Which birds sing later in the morning?",
)
HIDDEN = (0, 1, 10, 50, 90, 99)
"""Percent of the articles that are hidden; 0 is the viewer for whom nothing is bound, 1 takes at least one article."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    encoder = HashingEncoder(384)
    folder = Path(tempfile.gettempdir()) / "pullquote-benchmarks"
    folder.mkdir(exist_ok=True)
    path = make_guild(folder, [read_source(path, encoder) for path in sorted(ARTICLES.iterdir())], options.passages,
                      encoder.identity)  # fmt: skip
    store = SQLiteStore.open(path)
    index = CorpusIndex(GUILD, encoder.identity.dimension)
    index.update(store)
    retriever, snapshot = Retriever(encoder.identity), index.snapshot
    index.vocabulary  # noqa: B018 - collected at the first question, whoever asks it
    ids = snapshot.article_ids.tolist()
    print(f"{len(snapshot):,} passages, {len(ids):,} articles")
    print("| articles hidden | prepare ms | search ms | finding the part ms | making it, once, ms | its MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for percent in HIDDEN:
        hidden_ids = draw_hidden(ids, percent)
        scopes = {number: make_scope([2], []) for number in hidden_ids}
        viewer = Viewer((frozenset({1}),), None)
        times: dict[str, list[float]] = {"prepare": [], "search": [], "finding": []}
        hidden = find_hidden(scopes, viewer)
        started = time.perf_counter()
        part = index.without(hidden)
        made = time.perf_counter() - started
        for turn in range(options.rounds + 1):
            for question in QUESTIONS:
                started = time.perf_counter()
                part = index.without(find_hidden(scopes, viewer))
                found = time.perf_counter()
                prepared = prepare_question(part, question, encoder.encode_query)
                ready = time.perf_counter()
                retriever.search(part, prepared.text, prepared.encoded, top_k=3, tokens=store)
                done = time.perf_counter()
                if turn:
                    times["finding"].append(found - started)
                    times["prepare"].append(ready - found)
                    times["search"].append(done - ready)
        middle = {name: 1000 * statistics.median(values) for name, values in times.items()}
        shown = f"{len(hidden_ids):,} ({percent} %)"
        own = part.own_bytes / 1e6 if isinstance(part, VisibleIndex) else 0.0
        columns = (middle["prepare"], middle["search"], middle["finding"], 1000 * made, own)
        print(f"| {shown} | {' | '.join(f'{number:.2f}' for number in columns)} |", flush=True)
    store.close()


def draw_hidden(ids: list[int], percent: int) -> list[int]:
    """Return so many of the articles, drawn evenly."""
    count = -(-len(ids) * percent // 100)
    return [ids[number * len(ids) // count] for number in range(count)]


def read_source(path: Path, encoder: HashingEncoder) -> SourceArticle:
    """Parse and encode a sample article."""
    parsed = DirectParser(None).parse(GUILD, ArticleSource(path.read_bytes(), file_name=path.name))
    texts = [parsed.text[passage.start : passage.end] for passage in parsed.passages]
    passages = [PassageInput(text, tuple(split_sentences(text))) for text in texts]
    return SourceArticle(parsed.title, passages, encoder.encode_passages(passages))


if __name__ == "__main__":
    main()
