"""LlamaIndex: VectorStoreIndex with its default splitter and store, as its starter tutorial for local models shows."""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core import Document, Settings, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import BaseNode, TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.peers.passages import CHUNKS, Article, Unit
from benchmarks.peers.weights import find_weights


class LlamaIndex:
    """Chunks of up to 1,024 tokens of its own tokenizer. The weights read the first 256 word pieces of each."""

    label = "LlamaIndex default"
    settings = "SentenceSplitter(1024 tokens, overlap 200), in-memory vectors; an index an article"
    packages = ("llama-index-core", "llama-index-embeddings-huggingface")

    def __init__(self) -> None:
        Settings.embed_model = HuggingFaceEmbedding(model_name=find_weights(), device="cpu")
        self._units: dict[str, Unit] = {}
        self._retrievers: dict[str | None, BaseRetriever] = {}

    def split(self, article: Article) -> list[BaseNode]:
        """Return the article's nodes as `VectorStoreIndex.from_documents` makes them."""
        nodes = Settings.node_parser.get_nodes_from_documents([Document(text=article.text)])
        for node in nodes:
            if not isinstance(node, TextNode) or node.start_char_idx is None or node.end_char_idx is None:
                raise TypeError(f"a node of {article.doc_id} does not say where it came from")
            start, end = node.start_char_idx, node.end_char_idx
            self._units[node.node_id] = Unit(article.find_passages(start, end), end - start)
        return nodes

    def add(self, name: str, articles: Sequence[Article]) -> None:  # noqa: ARG002
        """Encode every node once, for both indexes."""
        everything: list[BaseNode] = []
        for article in articles:
            nodes = self.split(article)
            for node, embedding in zip(nodes, Settings.embed_model(nodes), strict=True):
                node.embedding = embedding.embedding
            self._retrievers[article.doc_id] = VectorStoreIndex(nodes).as_retriever(similarity_top_k=CHUNKS)
            everything += nodes
        self._retrievers[None] = VectorStoreIndex(everything).as_retriever(similarity_top_k=CHUNKS)

    def search(self, question: str, doc_id: str | None) -> list[Unit]:
        """Ask the retriever for the nearest nodes."""
        return [self._units[found.node.node_id] for found in self._retrievers[doc_id].retrieve(question)]


class LlamaIndexParagraphs(LlamaIndex):
    """The same with one node a paragraph, for those who know where paragraphs end."""

    label = "LlamaIndex, one node a paragraph"
    settings = "no splitter; in-memory vectors; an index an article"

    def split(self, article: Article) -> list[BaseNode]:
        """Return the paragraphs."""
        nodes: list[BaseNode] = [TextNode(text=passage.text) for passage in article.passages]
        for node, passage in zip(nodes, article.passages, strict=True):
            self._units[node.node_id] = Unit((passage.pid,), len(passage.text))
        return nodes
