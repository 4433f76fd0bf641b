"""Answering a question with quotes, or abstaining."""

from __future__ import annotations

import logging
import time

from bot.engine.asking.quoting import quote_hits
from bot.engine.asking.search import Search
from bot.engine.errors import NoArticles, StoreUnavailable
from bot.engine.limits import LibraryLimits
from bot.engine.ports.stores import Store
from bot.engine.questions.follow_up import Context
from bot.engine.records.answers import Answer, AnswerState, Quote, Timings
from bot.engine.retrieval.conversation import Leaning
from bot.engine.retrieval.question import PreparedQuestion
from bot.engine.retrieval.retriever import Retrieval
from bot.engine.scopes.reach import Bounds, Reach
from bot.engine.scopes.records import Viewer

log = logging.getLogger(__name__)

_SEARCH_ATTEMPTS = 3


class Answering:
    """Answers questions. Thread-safe."""

    def __init__(self, store: Store, search: Search, reach: Reach, limits: LibraryLimits) -> None:
        self._store = store
        self._search = search
        self._reach = reach
        self._limits = limits

    def ask(
        self,
        guild: int,
        query: str,
        *,
        article: str | None,
        top_k: int | None,
        context: Context | None,
        viewer: Viewer,
    ) -> Answer:
        """Answer a question; see ``Library.ask``."""
        started = time.perf_counter()
        query = self._search.check_query(query)
        bounds = self._reach.bound(guild, viewer, article)
        prepared, encode_seconds = self._search.prepare(guild, query, bounds)
        leaning = self._search.lean(guild, query, context, bounds)
        found, quotes, search_seconds = self._find(guild, prepared, bounds, top_k, leaning)
        timings = Timings(
            encode_ms=1000 * encode_seconds,
            search_ms=1000 * search_seconds,
            total_ms=1000 * (time.perf_counter() - started),
        )
        log.info("guild %d: asked, %d quotes, %.0f ms", guild, len(quotes), timings.total_ms)
        state = found.state if quotes else AnswerState.NOT_IN_ARTICLES
        return Answer(query, state, found.confidence, quotes, timings, found.raw_score, prepared.corrections)

    def nearest(
        self, guild: int, query: str, *, article: str | None, context: Context | None, viewer: Viewer
    ) -> Quote | None:
        """Quote the closest passage; see ``Library.nearest``."""
        query = self._search.check_query(query)
        try:
            bounds = self._reach.bound(guild, viewer, article)
        except NoArticles:
            return None
        prepared, _ = self._search.prepare(guild, query, bounds)
        leaning = self._search.lean(guild, query, context, bounds)
        found = self._search.retrieve(guild, prepared, bounds, top_k=1, leaning=leaning).retrieval
        return next(iter(quote_hits(self._store, guild, found.hits, found.highlights)), None)

    def _find(
        self, guild: int, prepared: PreparedQuestion, only: Bounds, top_k: int | None, leaning: Leaning | None
    ) -> tuple[Retrieval, tuple[Quote, ...], float]:
        """Search and quote; again where an article changed in between, so that hits and texts are of one version."""
        seconds = 0.0
        settings = self._reach.settings(guild)
        most = top_k or settings.quotes or self._limits.top_k
        for _ in range(_SEARCH_ATTEMPTS):
            searched = self._search.retrieve(
                guild, prepared, only, most, wrong_in_100=settings.wrong_in_100, leaning=leaning
            )
            seconds += searched.seconds
            found = searched.retrieval.drop_weak() if top_k is None else searched.retrieval
            quotes = quote_hits(self._store, guild, found.hits, found.highlights) if found.answers else ()
            if self._are_current(guild, quotes, searched.version):
                return found, quotes, seconds
        raise StoreUnavailable("The articles are changing right now. Ask again in a moment.")

    def _are_current(self, guild: int, quotes: tuple[Quote, ...], version: int) -> bool:
        """Whether no quoted article was changed or removed since the guild's ``version``, which was searched."""
        if not quotes or self._store.guild_state(guild).version == version:
            return True
        written = self._store.segment_ids(guild)
        return all(written.get(quote.article.id, version + 1) <= version for quote in quotes)
