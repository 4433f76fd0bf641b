"""Pullquote itself: real segments, index and retriever, as `/ask` uses them; a question is encoded and ranked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from benchmarks import question_sets
from benchmarks.peers.passages import DEPTH, Article, Unit
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.ingest.sentences import split_sentences
from bot.engine.ports.encoders import EncodedQuery, PassageInput
from bot.engine.retrieval.retriever import Retriever


class Pullquote:
    """Both stages, with token vectors: the defaults."""

    label = "Pullquote"
    settings = "the defaults: late interaction and fitted ranker; sentences highlighted"
    packages: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._encoder = SentenceEncoder()
        self._retriever = Retriever(self._encoder.identity)
        self._name = ""
        self._articles: Sequence[Article] = ()
        self._ids: dict[str, int] = {}
        self._queries: dict[str, EncodedQuery] = {}

    def add(self, name: str, articles: Sequence[Article]) -> None:
        """Build every article's segment, from encodings kept as the other benchmarks keep theirs."""
        # Somebody's own set may change between runs under the same name, so its text is part of the cache's.
        texts = "\0".join(passage.text for article in articles for passage in article.passages)
        self._name = f"{name}.{hashlib.sha256(texts.encode()).hexdigest()[:12]}"
        self._articles = articles
        self._ids = {article.doc_id: number for number, article in enumerate(articles, start=1)}
        inputs = tuple(
            question_sets.Article(
                article.doc_id,
                article.title,
                tuple(passage.pid for passage in article.passages),
                tuple(PassageInput(passage.text, split_sentences(passage.text)) for passage in article.passages),
            )
            for article in articles
        )
        encoded = question_sets.encode_articles(
            question_sets.QuestionSet(self._name, inputs, [], []), self._encoder, question_sets.cache_folder()
        )
        self._index, self._source = question_sets.build_index(
            (article.title, article.inputs, encoded[article.doc_id]) for article in inputs
        )

    def remember(self, questions: Sequence[str]) -> None:
        """Encode these questions beforehand, or read their encodings."""
        self._queries = question_sets.encode_questions(
            self._name, questions, self._encoder, question_sets.cache_folder()
        )

    def search(self, question: str, doc_id: str | None) -> list[Unit]:
        """Encode the question, rank, and choose the sentences to highlight."""
        found = self._retriever.search(
            self._index,
            question,
            self._queries.get(question) or self._encoder.encode_query(question),
            article_ids=None if doc_id is None else [self._ids[doc_id]],
            top_k=DEPTH,
            tokens=self._source,
        )
        passages = (self._articles[hit.article_id - 1].passages[hit.position - 1] for hit in found.hits)
        return [Unit((passage.pid,), len(passage.text)) for passage in passages]
