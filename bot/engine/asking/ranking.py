"""What can be asked of the ranking itself: by evaluations, by the board of gaps, by whoever manages the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.engine.asking.search import Search
from bot.engine.limits import LibraryLimits
from bot.engine.ports.encoders import FloatArray
from bot.engine.ports.stores import Store
from bot.engine.records.answers import Timings
from bot.engine.records.passages import Span
from bot.engine.retrieval.explanation import Explanation, explain_search
from bot.engine.retrieval.retriever import Retrieval
from bot.engine.scopes.reach import Reach
from bot.engine.scopes.records import EVERYTHING


class Ranking:
    """Looks at how passages are ranked; every article is searched, whoever it is for. Thread-safe."""

    def __init__(self, store: Store, search: Search, reach: Reach, limits: LibraryLimits) -> None:
        self._store = store
        self._search = search
        self._reach = reach
        self._limits = limits

    def rank(
        self, guild: int, query: str, *, articles: Sequence[int] | None = None, depth: int = 100
    ) -> tuple[Retrieval, Timings]:
        """Rank as ``Library.ask`` does, quoting nothing: passages in order to ``depth``, whatever the confidence.

        ``articles``: ids of the articles to search, or None for all. Raises BadQuery, EncoderMismatch.
        """
        query = self._search.check_query(query)
        prepared, encode_seconds = self._search.prepare(guild, query, articles)
        searched = self._search.retrieve(guild, prepared, articles, self._limits.top_k, depth=depth)
        seconds = searched.seconds
        return searched.retrieval, Timings(1000 * encode_seconds, 1000 * seconds, 1000 * (encode_seconds + seconds))

    def explain(self, guild: int, query: str, *, article: str | None = None) -> Explanation:
        """Say by what the passages were ranked, and what spoke for and against an answer. A reranker is not in it.

        Raises what ``Library.ask`` raises.
        """
        query = self._search.check_query(query)
        only = None if article is None else [self._reach.find(guild, article, EVERYTHING).id]
        prepared, _ = self._search.prepare(guild, query, only)
        wrong_in_100 = self._reach.settings(guild).wrong_in_100
        found = explain_search(
            self._search.retriever,
            self._search.index(guild),
            prepared,
            article_ids=only,
            wrong_in_100=wrong_in_100,
            tokens=self._store,
        )
        keys = [(candidate.hit.article_id, candidate.hit.position) for candidate in found.candidates]
        texts = {(it.article.id, it.passage.position): it.text for it in self._store.get_passages(guild, keys)}
        named = (replace(it, text=texts.get(key, "")) for it, key in zip(found.candidates, keys, strict=True))
        return replace(found, candidates=tuple(named))

    def embed(self, queries: Sequence[str]) -> list[FloatArray]:
        """Return (d,) the unit embedding of each question, as it was typed."""
        return [self._search.encode(query) for query in queries]

    def highlight(self, guild: int, query: str, article: int, position: int) -> tuple[Span, ...]:
        """Return what ``Library.ask`` would highlight for a question in one passage, as offsets into it."""
        query = self._search.check_query(query)
        prepared, _ = self._search.prepare(guild, query, [article])
        index, encoded = self._search.index(guild), prepared.encoded
        return self._search.retriever.highlight(index, prepared.text, encoded, article, position, tokens=self._store)
