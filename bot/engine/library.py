"""The library: everything that a person can do with articles, per guild. Synchronous and thread-safe.

It joins the store (what articles say), the encoder (embeddings) and the retrieval (ranking), and knows none of them by
name. A guild's index lives in this process; before each question it is brought up to the store's version, so several
processes may share one store.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from bot.engine.answer import quote_hits
from bot.engine.catalogue import NO_ARTICLES, complete_titles, find_article
from bot.engine.errors import BadQuery, NoArticles, StoreUnavailable
from bot.engine.ingest.parse import IngestLimits
from bot.engine.ingest.sources import DirectParser
from bot.engine.ports import EncodedQuery, Encoder, Parser, Progress, Store
from bot.engine.records import (
    AddReport,
    Answer,
    AnswerState,
    Article,
    ArticleSource,
    ArticleSummary,
    Quote,
    Summary,
    SummaryLength,
    Timings,
)
from bot.engine.reindex import reindex_store
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.retriever import Retrieval, Retriever
from bot.engine.room import GuildLimits
from bot.engine.shelf import Shelf
from bot.engine.summary import summarise_article

log = logging.getLogger(__name__)

_SEARCH_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class LibraryLimits:
    """Bounds of one library: characters of a question, quotes in an answer, bytes of cached indexes."""

    question_characters: int = 1_000
    top_k: int = 3
    index_bytes: int = 512 * 1024 * 1024
    keep_token_vectors: bool = True


class Library:
    """Articles in, proven quotes out."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        *,
        limits: LibraryLimits | None = None,
        ingest_limits: IngestLimits | None = None,
        guild_limits: GuildLimits | None = None,
        parser: Parser | None = None,
    ) -> None:
        """``parser`` is what reads sources; without one they are parsed in the calling thread (``ingest_limits``).

        ``guild_limits`` bound what one guild stores; without them it stores whatever it likes.
        """
        self._store = store
        self._encoder = encoder
        self._limits = limits or LibraryLimits()
        self._shelf = Shelf(
            store,
            encoder,
            parser or DirectParser(ingest_limits),
            limits=guild_limits,
            with_tokens=self._limits.keep_token_vectors,
        )
        self._retriever: Retriever | None = None
        self._indexes: OrderedDict[int, CorpusIndex] = OrderedDict()
        self._lock = threading.Lock()

    # Articles

    def add_article(self, guild: int, source: ArticleSource, *, progress: Progress | None = None) -> AddReport:
        """Parse, encode and store an article; all of it or nothing.

        The same text again is UNCHANGED. Another text from the same source (for a bare file name: with the same title)
        updates the article, keeping its id; only passages that changed are encoded. What another source gave before, by
        its text or by the address that it names as its own, is a DUPLICATE: nothing is stored. ``progress`` is called
        with (0, 0) while the source is read, and may raise to give up. Raises ExtractFailed, TooLarge, Unsupported,
        LibraryFull, EncoderMismatch, Busy.
        """
        return self._shelf.add(guild, source, progress)

    def update_article(
        self, guild: int, article: str, source: ArticleSource, *, progress: Progress | None = None
    ) -> AddReport:
        """Bring an article (id or title) up to its page as it was fetched now; its address and id stay.

        Raises what ``add_article`` and ``get_summary`` raise; the old text is then kept.
        """
        return self._shelf.update(guild, self.get_summary(guild, article), source, progress)

    def confirm_article(self, guild: int, article: str, fetched_at: int) -> AddReport:
        """Note that the page of an article was still the same at this time (Unix seconds)."""
        return self._shelf.confirm(guild, self.get_summary(guild, article), fetched_at)

    def note_problem(self, guild: int, article: str, problem: str, checked_at: int) -> None:
        """Note why the page of an article could not be had again at this time (Unix seconds)."""
        self._shelf.note_problem(guild, self.get_summary(guild, article), problem, checked_at)

    def rename_article(self, guild: int, article: str, title: str) -> ArticleSummary:
        """Give an article a title, which later updates keep. Raises BadQuery, NotFound, Ambiguous, NoArticles."""
        return self._shelf.rename(guild, self.get_summary(guild, article), title)

    def list_due(self, before: int) -> list[tuple[int, ArticleSummary]]:
        """Every guild's web articles whose page was last asked for before this time (Unix seconds), oldest first."""
        due = [
            (guild, article)
            for guild in self._store.guilds()
            for article in self._store.list_articles(guild)
            if article.url and _last_look(article) < before
        ]
        return sorted(due, key=lambda item: _last_look(item[1]))

    def list_articles(self, guild: int) -> list[ArticleSummary]:
        """The guild's articles by id."""
        return self._store.list_articles(guild)

    def complete_articles(self, guild: int, prefix: str, limit: int = 25) -> list[ArticleSummary]:
        """The articles whose title holds ``prefix``, those that begin with it first; all for an empty one."""
        return complete_titles(self._store.list_articles(guild), prefix)[:limit]

    def get_summary(self, guild: int, article: str) -> ArticleSummary:
        """What the list says of one article, by id or title. Raises NotFound, Ambiguous, NoArticles."""
        return find_article(self._store.list_articles(guild), article)

    def get_article(self, guild: int, article: str) -> Article:
        """One article by id or title. Raises NotFound, Ambiguous, NoArticles."""
        return self._store.get_article(guild, self.get_summary(guild, article).id)

    def remove_article(self, guild: int, article: str) -> ArticleSummary:
        """Remove an article by id or title and return what it was. Raises NotFound, Ambiguous, NoArticles."""
        found = self.get_summary(guild, article)
        self._store.remove_article(guild, found.id)
        log.info("guild %d: article %d removed", guild, found.id)
        return found

    # Questions

    def ask(self, guild: int, query: str, *, article: str | None = None, top_k: int | None = None) -> Answer:
        """Answer a question with quotes, or abstain.

        ``article`` (id or title) limits the search to one article. Raises BadQuery, NoArticles, NotFound, Ambiguous,
        EncoderMismatch.
        """
        started = time.perf_counter()
        query = self._check_query(query)
        if self._store.guild_state(guild).articles == 0:
            raise NoArticles(NO_ARTICLES)
        only = None if article is None else [self.get_summary(guild, article).id]
        self._shelf.require_encoder()
        prepared = time.perf_counter()
        encoded = self._encoder.encode_query(query)
        encoded_at = time.perf_counter()
        retrieval, quotes, search_seconds = self._search(guild, query, encoded, only, top_k or self._limits.top_k)
        timings = Timings(
            encode_ms=1000 * (encoded_at - prepared),
            search_ms=1000 * search_seconds,
            total_ms=1000 * (time.perf_counter() - started),
        )
        log.info("guild %d: asked, %d quotes, %.0f ms", guild, len(quotes), timings.total_ms)
        state = retrieval.state if quotes else AnswerState.NOT_IN_ARTICLES
        return Answer(query, state, retrieval.confidence, quotes, timings)

    def summarise(self, guild: int, article: str, length: SummaryLength, *, about: str = "") -> Summary:
        """Summarise an article, or what it says ``about`` something, in its own sentences.

        Raises NotFound, Ambiguous, NoArticles, BadQuery, EncoderMismatch.
        """
        found = self.get_summary(guild, article)
        if not about:
            return summarise_article(self._store, guild, found.id, length)
        about = self._check_query(about)
        self._shelf.require_encoder()
        topic = self._encoder.encode_query(about).embedding
        return summarise_article(self._store, guild, found.id, length, about=about, topic=topic)

    # Upkeep

    def warm(self) -> None:
        """Load the encoder, so that the first question does not wait for it."""
        self._encoder.encode_query("ready")

    def reindex(self, progress: Progress | None = None) -> int:
        """Encode every article anew that the present encoder has not encoded, and return how many there were."""
        return reindex_store(self._store, self._encoder, with_tokens=self._limits.keep_token_vectors, progress=progress)

    def backup(self, target: Path) -> None:
        """Copy the store to a new file while it is in use, and check the copy. Raises StoreUnavailable."""
        self._store.backup(target)

    def close(self) -> None:
        """Close the store. May be called twice."""
        self._store.close()

    # Parts

    def _check_query(self, query: str) -> str:
        # Lone surrogates come from broken command-line bytes and JSON escapes; nothing downstream can carry them.
        query = query.encode("utf-8", "replace").decode("utf-8").strip()
        if not any(character.isalnum() for character in query):
            raise BadQuery("There is no question in that. Ask in a few words, for example: Who signed the treaty?")
        limit = self._limits.question_characters
        if len(query) > limit:
            raise BadQuery(f"That question has {len(query):,} characters. Ask it again in at most {limit:,}.")
        return query

    def _search(
        self, guild: int, query: str, encoded: EncodedQuery, only: list[int] | None, top_k: int
    ) -> tuple[Retrieval, tuple[Quote, ...], float]:
        """Search and quote; again where an article changed in between, so that hits and texts are of one version."""
        seconds = 0.0
        for _ in range(_SEARCH_ATTEMPTS):
            index = self._index(guild)
            started = time.perf_counter()
            version = index.snapshot.version
            retrieval = self._ranking().search(index, query, encoded, article_ids=only, top_k=top_k, tokens=self._store)
            seconds += time.perf_counter() - started
            quotes = quote_hits(self._store, guild, retrieval.hits, retrieval.highlights) if retrieval.answers else ()
            if self._are_current(guild, quotes, version):
                return retrieval, quotes, seconds
        raise StoreUnavailable("The articles are changing right now. Ask again in a moment.")

    def _are_current(self, guild: int, quotes: tuple[Quote, ...], version: int) -> bool:
        """Whether no quoted article was changed or removed since the guild's ``version``, which was searched."""
        if not quotes or self._store.guild_state(guild).version == version:
            return True
        written = self._store.segment_ids(guild)
        return all(written.get(quote.article.id, version + 1) <= version for quote in quotes)

    def _ranking(self) -> Retriever:
        """The retriever for the encoder, whose identity is asked for only when the first question comes."""
        if self._retriever is None:
            self._retriever = Retriever(self._encoder.identity)
        return self._retriever

    def _index(self, guild: int) -> CorpusIndex:
        """The guild's index at the store's version; the least recently used indexes make room for it."""
        with self._lock:
            index = self._indexes.pop(guild, None) or CorpusIndex(guild, self._encoder.identity.dimension)
            self._indexes[guild] = index
        index.update(self._store)
        if index.unreadable and not len(index.snapshot):
            raise StoreUnavailable(
                "The articles' search data is damaged or of another version. Build it anew: pullquote migrate --reindex"
            )
        with self._lock:
            while len(self._indexes) > 1 and self._index_bytes() > self._limits.index_bytes:
                self._indexes.popitem(last=False)
        return index

    def _index_bytes(self) -> int:
        return sum(index.nbytes for index in self._indexes.values())


def _last_look(article: ArticleSummary) -> int:
    return max(article.fetch.checked_at, article.fetch.fetched_at) or article.added_at
