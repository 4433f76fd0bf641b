"""sentence-transformers: paragraph embeddings and `util.semantic_search`, as its Semantic Search page shows."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.util import semantic_search

from benchmarks.peers.passages import DEPTH, Article, Unit
from benchmarks.peers.weights import find_weights


class SemanticSearch:
    """Cosine of the question and each paragraph, exhaustively."""

    label = "sentence-transformers semantic_search"
    settings = "one embedding a paragraph, cosine, exhaustive; in article: that article's rows"
    packages = ("sentence-transformers",)

    def __init__(self) -> None:
        self._model = SentenceTransformer(find_weights(), device="cpu", local_files_only=True)
        self._units: dict[str | None, list[Unit]] = {None: []}
        self._embeddings: dict[str | None, torch.Tensor] = {}

    def add(self, name: str, articles: Sequence[Article]) -> None:  # noqa: ARG002
        """Encode every paragraph once."""
        for article in articles:
            units = [Unit((passage.pid,), len(passage.text)) for passage in article.passages]
            self._units[article.doc_id] = units
            self._units[None] += units
            texts = [passage.text for passage in article.passages]
            self._embeddings[article.doc_id] = self._model.encode(texts, convert_to_tensor=True)
        self._embeddings[None] = torch.cat(list(self._embeddings.values()))

    def search(self, question: str, doc_id: str | None) -> list[Unit]:
        """Encode the question and compare it with the paragraphs."""
        query = self._model.encode(question, convert_to_tensor=True)
        hits = semantic_search(query, self._embeddings[doc_id], top_k=DEPTH)[0]
        return [self._units[doc_id][int(hit["corpus_id"])] for hit in hits]
