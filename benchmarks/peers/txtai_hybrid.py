"""txtai: `Embeddings(hybrid=True)`, sparse and dense scores at equal weight, as its hybrid search page shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from txtai import Embeddings

from benchmarks.peers.passages import DEPTH, Article, Unit
from benchmarks.peers.weights import find_weights


class Txtai:
    """BM25 (normalised to 0..1) and cosine, .5 each."""

    label = "txtai hybrid"
    settings = "Embeddings(hybrid=True): .5 cosine + .5 normalised BM25, one entry a paragraph; an index an article"
    packages = ("txtai", "faiss-cpu")

    def __init__(self) -> None:
        self._models: dict[str, Any] = {}
        self._indexes: dict[str | None, Embeddings] = {}
        self._units: dict[str, Unit] = {}

    def add(self, name: str, articles: Sequence[Article]) -> None:  # noqa: ARG002
        """Encode every paragraph twice: an index takes text, not vectors."""
        for article in articles:
            self._units |= {passage.pid: Unit((passage.pid,), len(passage.text)) for passage in article.passages}
            self._indexes[article.doc_id] = self._index([article])
        self._indexes[None] = self._index(articles)

    def _index(self, articles: Sequence[Article]) -> Embeddings:
        embeddings = Embeddings(path=find_weights(), hybrid=True, gpu=False, models=self._models)
        embeddings.index((passage.pid, passage.text) for article in articles for passage in article.passages)
        return embeddings

    def search(self, question: str, doc_id: str | None) -> list[Unit]:
        """Ask the index."""
        return [self._units[pid] for pid, _ in self._indexes[doc_id].search(question, DEPTH)]
