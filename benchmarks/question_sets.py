"""Read question sets (corpus, questions, off-topic questions as JSON lines) and encode them once per encoder."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.engine.evaluation.cache import CachedEncoder
from bot.engine.ingest.sentences import split_sentences
from bot.engine.ports.encoders import EncodedPassage, EncodedQuery, Encoder, PassageInput
from bot.engine.ports.stores import GuildState, StoredSegment
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.segment import SEGMENT_VERSION, EncodedSegment, build_segment


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a set: passage ids and their texts with sentence spans."""

    doc_id: str
    title: str
    pids: tuple[str, ...]
    inputs: tuple[PassageInput, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """``questions`` and ``off_topic`` are the JSON lines as they are."""

    name: str
    articles: tuple[Article, ...]
    questions: list[dict[str, Any]]
    off_topic: list[dict[str, Any]]


def read_set(folder: Path, name: str) -> QuestionSet:
    """Read ``NAME.corpus.jsonl``, ``NAME.questions.jsonl`` and ``NAME.offtopic.jsonl``."""
    articles = []
    for record in _read_lines(folder / f"{name}.corpus.jsonl"):
        passages = record["passages"]
        inputs = tuple(PassageInput(found["text"], split_sentences(found["text"])) for found in passages)
        articles.append(
            Article(record["doc_id"], record.get("title", ""), tuple(found["pid"] for found in passages), inputs)
        )
    off_topic = folder / f"{name}.offtopic.jsonl"
    return QuestionSet(
        name,
        tuple(articles),
        _read_lines(folder / f"{name}.questions.jsonl"),
        _read_lines(off_topic) if off_topic.exists() else [],
    )


def _read_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def cache_folder() -> Path:
    """Return where encodings are kept between runs."""
    folder = Path(tempfile.gettempdir()) / "pullquote-benchmarks"
    folder.mkdir(exist_ok=True)
    return folder


def encode_articles(questions: QuestionSet, encoder: Encoder, folder: Path) -> dict[str, list[EncodedPassage]]:
    """Return each article's encoded passages, from the cache where they are there (tokens at half precision)."""
    started = time.perf_counter()
    inputs = [passage for article in questions.articles for passage in article.inputs]
    passages = iter(CachedEncoder(encoder, folder).encode_passages(inputs))
    print(f"{questions.name}: {len(inputs)} passages in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return {article.doc_id: [next(passages) for _ in article.inputs] for article in questions.articles}


def encode_questions(name: str, texts: Sequence[str], encoder: Encoder, folder: Path) -> dict[str, EncodedQuery]:
    """Return the encoded form of each distinct question text, from the cache where exactly these are there."""
    started = time.perf_counter()
    distinct = sorted(set(texts))
    cache = CachedEncoder(encoder, folder)
    cache.recall_queries(distinct)
    encoded = {text: cache.encode_query(text) for text in distinct}
    cache.keep_queries(distinct)
    print(f"{name}: {len(distinct)} questions in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return encoded


class MemorySegments:
    """The articles of one guild as a store would keep them."""

    def __init__(self) -> None:
        self._segments: dict[int, bytes] = {}
        self._tokens: dict[int, bytes | None] = {}

    def add(self, segment: EncodedSegment) -> int:
        """Keep a segment and return its article id."""
        article_id = len(self._segments) + 1
        self._segments[article_id], self._tokens[article_id] = segment.core, segment.tokens
        return article_id

    def token_segment(self, guild: int, article_id: int) -> bytes | None:  # noqa: ARG002
        """The token vectors of one article."""
        return self._tokens[article_id]

    @property
    def token_bytes(self) -> int:
        """Bytes of all token segments."""
        return sum(len(blob) for blob in self._tokens.values() if blob is not None)

    def guild_state(self, guild: int) -> GuildState:  # noqa: ARG002
        """The version grows with every article."""
        return GuildState(len(self._segments), len(self._segments))

    def segment_ids(self, guild: int) -> dict[int, int]:  # noqa: ARG002
        """Every article, written at the version that its id is."""
        return {article_id: article_id for article_id in self._segments}

    def segments(self, guild: int, article_ids: Iterable[int]) -> list[StoredSegment]:  # noqa: ARG002
        """The segments asked for."""
        return [StoredSegment(wanted, SEGMENT_VERSION, self._segments[wanted], None) for wanted in article_ids]


def build_index(
    articles: Iterable[tuple[str, Sequence[PassageInput], Sequence[EncodedPassage]]], *, with_tokens: bool = True
) -> tuple[CorpusIndex, MemorySegments]:
    """Index articles (title, passages, encoded passages) through real segments; their ids count from 1."""
    source = MemorySegments()
    dimension = 0
    for title, inputs, encoded in articles:
        source.add(build_segment(inputs, encoded, title=title, with_tokens=with_tokens))
        dimension = len(encoded[0].embedding)
    index = CorpusIndex(1, dimension)
    index.update(source)
    return index, source
