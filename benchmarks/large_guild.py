"""A guild of any size in a real SQLite store, made of the passages of public question sets.

The sets' own articles come first. Further ones are recombined from them: passages drawn from one article (three in ten
from any other), their vectors turned by noise (cosine with the original about 0.8), and all but the commonest words
exchanged for made-up ones of the same length, a quarter kept, so that words are about as rare as in that much text.
"""

from __future__ import annotations

import re
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.engine.encoders.pooling import unit_rows
from bot.engine.ports.encoders import EncodedPassage, EncoderIdentity, FloatArray, PassageInput
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import Line, LineLabel, Passage, digest
from bot.engine.retrieval.segment import SEGMENT_VERSION, build_segment
from bot.engine.stores.sqlite import SQLiteStore

GUILD = 1
_COMMON_WORDS = 1500
_KEPT = 0.25
_ELSEWHERE = 0.3
_NOISE = 0.75
_NOISE_ROWS = 20_000
_WORD = re.compile(r"[A-Za-z]{3,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHIFTS = [
    str.maketrans(_LETTERS + _LETTERS.upper(), 2 * "".join(_LETTERS[(n + k) % 26] for n in range(26)))
    for k in range(26)
]
_SHARES = np.cumsum([_KEPT, *(1 - _KEPT) * (1 / np.arange(1, 26)) / (1 / np.arange(1, 26)).sum()])


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """A title, passages with their sentences, and the same encoded."""

    title: str
    passages: Sequence[PassageInput]
    encoded: Sequence[EncodedPassage]


def make_guild(folder: Path, sources: Sequence[SourceArticle], count: int, identity: EncoderIdentity) -> Path:
    """Return the store of at least ``count`` passages that an earlier run left in ``folder``, or write it (minutes)."""
    path = folder / f"guild-{count}-{identity.revision}-{SEGMENT_VERSION}.sqlite3"
    if not path.exists():
        started = time.perf_counter()
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        _write_guild(unfinished, sources, count, identity)
        unfinished.rename(path)
        print(f"a guild of {count} passages written in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return path


def _write_guild(path: Path, sources: Sequence[SourceArticle], count: int, identity: EncoderIdentity) -> None:
    store = SQLiteStore.open(path)
    store.set_encoder_identity(identity)
    written = 0
    for article in _draw_articles(sources):
        segment = build_segment(article.passages, article.encoded, title=article.title)
        store.add_article(
            GUILD,
            _parse(article),
            source="",
            core=segment.core,
            tokens=segment.tokens,
            segment_version=SEGMENT_VERSION,
        )
        written += len(article.passages)
        if written >= count:
            break
    store.close()


def _parse(article: SourceArticle) -> ParsedArticle:
    passages, lines, parts, position = [], [], [], 0
    for number, passage in enumerate(article.passages, start=1):
        end = position + len(passage.text)
        label = LineLabel.PARAGRAPH
        passages.append(Passage(number, position, end, label, (), digest(passage.text)))
        lines.append(Line(2 * number - 1, position, end, label))
        parts.append(passage.text)
        position = end + 2
    return ParsedArticle(article.title, "\n\n".join(parts), tuple(lines), tuple(passages))


def _draw_articles(sources: Sequence[SourceArticle]) -> Iterator[SourceArticle]:
    yield from sources
    counts = Counter(
        word for source in sources for passage in source.passages for word in set(_WORD.findall(passage.text.lower()))
    )
    common = {word for word, _ in counts.most_common(_COMMON_WORDS)}
    flat = [pair for source in sources for pair in zip(source.passages, source.encoded, strict=True)]
    dimension = len(sources[0].encoded[0].embedding)
    noise = np.random.default_rng(0).standard_normal((_NOISE_ROWS, dimension)).astype(np.float32)
    noise *= _NOISE / np.sqrt(dimension)
    number = len(sources)
    while True:
        base = sources[number % len(sources)]
        random = np.random.default_rng([1, number])
        passages, encoded = [], []
        for own in zip(base.passages, base.encoded, strict=True):
            passage, vectors = flat[random.integers(len(flat))] if random.random() < _ELSEWHERE else own
            passages.append(PassageInput(_rename(passage.text, common, number), passage.sentences))
            encoded.append(_turn(vectors, noise, random))
        yield SourceArticle(f"{base.title} {number}", passages, encoded)
        number += 1


def _rename(text: str, common: set[str], article: int) -> str:
    def replace(match: re.Match[str]) -> str:
        word = match.group()
        if word.lower() in common:
            return word
        drawn = zlib.crc32(f"{article} {word.lower()}".encode()) / 2**32
        return word.translate(_SHIFTS[int(np.searchsorted(_SHARES, drawn))])

    return _WORD.sub(replace, text)


def _turn(encoded: EncodedPassage, noise: FloatArray, random: np.random.Generator) -> EncodedPassage:
    def turn(vectors: FloatArray) -> FloatArray:
        first = int(random.integers(len(noise) - len(vectors)))
        return unit_rows(vectors.astype(np.float32) + noise[first : first + len(vectors)])

    tokens = None if encoded.tokens is None else turn(encoded.tokens)
    embedding = turn(encoded.embedding[None])[0]
    return EncodedPassage(embedding, turn(encoded.sentences), tokens, encoded.token_sentences)
