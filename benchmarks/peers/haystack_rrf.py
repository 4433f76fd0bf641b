"""Haystack: BM25 and embedding retrievers, joined by reciprocal-rank fusion, as its hybrid retrieval tutorial shows."""

from __future__ import annotations

from collections.abc import Sequence

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.peers.passages import Article, Unit
from benchmarks.peers.weights import find_weights


class Haystack:
    """Both retrievers give ten documents, their default."""

    label = "Haystack BM25 + embedding, RRF"
    settings = (
        "in-memory store, BM25L + dot product, top_k 10 each, DocumentJoiner(reciprocal_rank_fusion); filter by article"
    )
    packages = ("haystack-ai", "sentence-transformers-haystack")

    def __init__(self) -> None:
        self._store = InMemoryDocumentStore()
        device = ComponentDevice.from_str("cpu")
        embedder = SentenceTransformersTextEmbedder(model=find_weights(), device=device, progress_bar=False)
        self._document_embedder = SentenceTransformersDocumentEmbedder(
            model=find_weights(), device=device, progress_bar=False
        )
        self._pipeline = Pipeline()
        self._pipeline.add_component("text_embedder", embedder)
        self._pipeline.add_component("embedding_retriever", InMemoryEmbeddingRetriever(self._store))
        self._pipeline.add_component("bm25_retriever", InMemoryBM25Retriever(self._store))
        self._pipeline.add_component("document_joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("text_embedder", "embedding_retriever")
        self._pipeline.connect("bm25_retriever", "document_joiner")
        self._pipeline.connect("embedding_retriever", "document_joiner")

    def add(self, name: str, articles: Sequence[Article]) -> None:  # noqa: ARG002
        """Encode every paragraph and write it to the store."""
        documents = [
            Document(content=passage.text, meta={"doc_id": article.doc_id, "pid": passage.pid})
            for article in articles
            for passage in article.passages
        ]
        self._document_embedder.warm_up()
        self._store.write_documents(self._document_embedder.run(documents)["documents"])

    def search(self, question: str, doc_id: str | None) -> list[Unit]:
        """Run the pipeline."""
        filters = None if doc_id is None else {"field": "meta.doc_id", "operator": "==", "value": doc_id}
        found = self._pipeline.run(
            {
                "text_embedder": {"text": question},
                "bm25_retriever": {"query": question, "filters": filters},
                "embedding_retriever": {"filters": filters},
            }
        )
        documents = found["document_joiner"]["documents"]
        return [Unit((document.meta["pid"],), len(document.content)) for document in documents]
