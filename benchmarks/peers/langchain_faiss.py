"""LangChain: RecursiveCharacterTextSplitter and FAISS, as its semantic search and RAG tutorials show."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.peers.passages import CHUNKS, Article, Unit
from benchmarks.peers.weights import find_weights

_SIZE, _OVERLAP = 1000, 200


class LangChain:
    """Chunks of up to 1,000 characters that overlap by 200 (the tutorials' numbers; the class's own default is 4,000).

    One FAISS index of everything and one an article: with a filter the store only filters its 20 nearest chunks.
    """

    label = "LangChain splitter + FAISS"
    settings = f"RecursiveCharacterTextSplitter({_SIZE}, overlap {_OVERLAP}), flat L2; an index an article"
    packages = ("langchain-text-splitters", "langchain-huggingface", "langchain-community", "faiss-cpu")

    def __init__(self) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=find_weights(), model_kwargs={"device": "cpu"})
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=_SIZE, chunk_overlap=_OVERLAP, add_start_index=True)
        self._stores: dict[str | None, FAISS] = {}

    def split(self, article: Article) -> list[Document]:
        """Return the article's chunks; their metadata says what they show."""
        chunks = self._splitter.create_documents([article.text])
        for chunk in chunks:
            start, length = chunk.metadata["start_index"], len(chunk.page_content)
            chunk.metadata = {"unit": Unit(article.find_passages(start, start + length), length)}
        return chunks

    def add(self, name: str, articles: Sequence[Article]) -> None:  # noqa: ARG002
        """Encode every chunk once, for both indexes."""
        texts: list[tuple[str, list[float]]] = []
        metadata: list[dict[str, Unit]] = []
        for article in articles:
            chunks = self.split(article)
            contents = [chunk.page_content for chunk in chunks]
            pairs = list(zip(contents, self._embeddings.embed_documents(contents), strict=True))
            found = [chunk.metadata for chunk in chunks]
            self._stores[article.doc_id] = FAISS.from_embeddings(pairs, self._embeddings, metadatas=found)
            texts += pairs
            metadata += found
        self._stores[None] = FAISS.from_embeddings(texts, self._embeddings, metadatas=metadata)

    def search(self, question: str, doc_id: str | None) -> list[Unit]:
        """Ask the store for the nearest chunks."""
        return [found.metadata["unit"] for found in self._stores[doc_id].similarity_search(question, k=CHUNKS)]


class LangChainParagraphs(LangChain):
    """The same with one document a paragraph and no splitter, for those who know where paragraphs end."""

    label = "LangChain FAISS, one document a paragraph"
    settings = "no splitter; flat L2; an index an article"

    def split(self, article: Article) -> list[Document]:
        """Return the paragraphs."""
        return [
            Document(passage.text, metadata={"unit": Unit((passage.pid,), len(passage.text))})
            for passage in article.passages
        ]
