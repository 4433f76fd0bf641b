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

import numpy as np

from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.ingest.sentences import split_sentences
from bot.engine.ports import EncodedPassage, EncodedQuery, GuildState, PassageInput, StoredSegment
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


def encode_articles(questions: QuestionSet, encoder: SentenceEncoder, folder: Path) -> dict[str, list[EncodedPassage]]:
    """Return each article's encoded passages, from the cache where they are there (tokens at half precision)."""
    path = folder / f"{questions.name}.{encoder.identity.name}.{encoder.identity.revision}.passages.npz"
    if not path.exists():
        started = time.perf_counter()
        inputs = [passage for article in questions.articles for passage in article.inputs]
        _save_passages(path, encoder.encode_passages(inputs))
        print(f"{questions.name}: {len(inputs)} passages in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    passages = iter(_load_passages(path))
    return {article.doc_id: [next(passages) for _ in article.inputs] for article in questions.articles}


def encode_questions(
    name: str, texts: Sequence[str], encoder: SentenceEncoder, folder: Path
) -> dict[str, EncodedQuery]:
    """Return the encoded form of each distinct question text, from the cache where it holds them all."""
    path = folder / f"{name}.{encoder.identity.name}.{encoder.identity.revision}.queries.npz"
    distinct = sorted(set(texts))
    if path.exists():
        cached = _load_queries(path)
        if all(text in cached for text in distinct):
            return cached
    started = time.perf_counter()
    encoded = {text: encoder.encode_query(text) for text in distinct}
    _save_queries(path, encoded)
    print(f"{name}: {len(distinct)} questions in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return encoded


def _save_passages(path: Path, encoded: Sequence[EncodedPassage]) -> None:
    np.savez(
        path,
        embeddings=np.stack([passage.embedding for passage in encoded]),
        sentences=np.concatenate([passage.sentences for passage in encoded]),
        sentence_counts=np.array([len(passage.sentences) for passage in encoded]),
        tokens=np.concatenate([passage.tokens for passage in encoded if passage.tokens is not None]).astype(np.float16),
        owners=np.concatenate([passage.token_sentences for passage in encoded if passage.token_sentences is not None]),
        token_counts=np.array([len(passage.tokens) if passage.tokens is not None else 0 for passage in encoded]),
    )


def _load_passages(path: Path) -> list[EncodedPassage]:
    with np.load(path) as stored:
        arrays = dict(stored)
    sentence_edges = np.cumsum(arrays["sentence_counts"])[:-1]
    token_edges = np.cumsum(arrays["token_counts"])[:-1]
    rows = zip(
        arrays["embeddings"],
        np.split(arrays["sentences"], sentence_edges),
        np.split(arrays["tokens"], token_edges),
        np.split(arrays["owners"], token_edges),
        strict=True,
    )
    return [EncodedPassage(embedding, sentences, tokens, owners) for embedding, sentences, tokens, owners in rows]


def _save_queries(path: Path, encoded: dict[str, EncodedQuery]) -> None:
    queries = list(encoded.values())
    np.savez(
        path,
        texts=np.array(json.dumps(list(encoded))),
        pieces=np.array(json.dumps([query.pieces for query in queries])),
        embeddings=np.stack([query.embedding for query in queries]),
        tokens=np.concatenate([query.tokens for query in queries if query.tokens is not None]).astype(np.float16),
        counts=np.array([len(query.tokens) if query.tokens is not None else 0 for query in queries]),
    )


def _load_queries(path: Path) -> dict[str, EncodedQuery]:
    with np.load(path) as stored:
        arrays = dict(stored)
    tokens = np.split(arrays["tokens"], np.cumsum(arrays["counts"])[:-1])
    texts, pieces = json.loads(str(arrays["texts"])), json.loads(str(arrays["pieces"]))
    return {
        text: EncodedQuery(embedding, found.astype(np.float32), tuple(names))
        for text, embedding, found, names in zip(texts, arrays["embeddings"], tokens, pieces, strict=True)
    }


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
