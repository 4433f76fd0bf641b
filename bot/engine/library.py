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
from bot.engine.errors import Ambiguous, BadQuery, EncoderMismatch, NoArticles, NotFound, StoreUnavailable
from bot.engine.ingest.parse import IngestLimits
from bot.engine.ingest.sources import DirectParser
from bot.engine.ports import EncodedQuery, Encoder, Parser, Progress, Store
from bot.engine.records import (
    AddReport,
    AddStatus,
    Answer,
    AnswerState,
    Article,
    ArticleSource,
    ArticleSummary,
    Quote,
    Summary,
    SummaryLength,
    Timings,
    digest,
)
from bot.engine.reindex import encode_article, reindex_store
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.retriever import Retrieval, Retriever
from bot.engine.retrieval.segment import SEGMENT_VERSION
from bot.engine.summary import summarise_article

log = logging.getLogger(__name__)

NO_ARTICLES = "There are no articles yet. Add one first: /article add in Discord, pullquote add FILE in the terminal."
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
        parser: Parser | None = None,
    ) -> None:
        """``parser`` is what reads sources; without one they are parsed in the calling thread (``ingest_limits``)."""
        self._store = store
        self._encoder = encoder
        self._limits = limits or LibraryLimits()
        self._parser: Parser = parser or DirectParser(ingest_limits)
        self._retriever: Retriever | None = None
        self._indexes: OrderedDict[int, CorpusIndex] = OrderedDict()
        self._lock = threading.Lock()

    # Articles

    def add_article(self, guild: int, source: ArticleSource, *, progress: Progress | None = None) -> AddReport:
        """Parse, encode and store an article; all of it or nothing.

        The same text again is UNCHANGED. Another text from the same source (for a bare file name: with the same title)
        replaces the article, keeping its id. ``progress`` is called with (0, 0) while the source is read, and may raise
        to give up. Raises ExtractFailed, TooLarge, Unsupported, EncoderMismatch, Busy.
        """
        self._require_encoder()
        parsed = self._parser.parse(guild, source, tick=None if progress is None else lambda: progress(0, 0))
        same = self._store.find_by_hash(guild, digest(parsed.text))
        if same is not None:
            found = self._summary(guild, same)
            return AddReport(found.id, found.title, AddStatus.UNCHANGED, found.passages, found.left_out)
        segment = encode_article(self._encoder, parsed, with_tokens=self._limits.keep_token_vectors, progress=progress)
        # Again, right before writing: another process may have reindexed the store for another encoder meanwhile.
        self._store.set_encoder_identity(self._encoder.identity)
        article_id = self._earlier(guild, source.source, parsed.title)
        status = AddStatus.ADDED if article_id is None else AddStatus.UPDATED
        if article_id is None:
            article_id = self._store.add_article(
                guild,
                parsed,
                source=source.source,
                core=segment.core,
                tokens=segment.tokens,
                segment_version=SEGMENT_VERSION,
            )
        else:
            self._store.replace_article(
                guild,
                article_id,
                parsed,
                source=source.source,
                core=segment.core,
                tokens=segment.tokens,
                segment_version=SEGMENT_VERSION,
            )
        log.info("guild %d: article %d %s, %d passages", guild, article_id, status, len(parsed.passages))
        return AddReport(article_id, parsed.title, status, len(parsed.passages), len(parsed.left_out))

    def list_articles(self, guild: int) -> list[ArticleSummary]:
        """The guild's articles by id."""
        return self._store.list_articles(guild)

    def complete_articles(self, guild: int, prefix: str, limit: int = 25) -> list[ArticleSummary]:
        """The articles whose title holds ``prefix``, those that begin with it first; all for an empty one."""
        wanted = prefix.strip().casefold()
        found = [article for article in self._store.list_articles(guild) if wanted in article.title.casefold()]
        found.sort(key=lambda article: (not article.title.casefold().startswith(wanted), article.id))
        return found[:limit]

    def get_article(self, guild: int, article: str) -> Article:
        """One article by id or title. Raises NotFound, Ambiguous, NoArticles."""
        return self._store.get_article(guild, self._resolve(guild, article).id)

    def get_article_by_id(self, guild: int, article_id: int) -> Article:
        """One article by nothing but its id. Raises NotFound."""
        return self._store.get_article(guild, article_id)

    def guilds(self) -> list[int]:
        """Every guild that has articles, ascending."""
        return self._store.guilds()

    def remove_article(self, guild: int, article: str) -> ArticleSummary:
        """Remove an article by id or title and return what it was. Raises NotFound, Ambiguous, NoArticles."""
        found = self._resolve(guild, article)
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
        only = None if article is None else [self._resolve(guild, article).id]
        self._require_encoder()
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

    def nearest(self, guild: int, query: str, *, article: str | None = None) -> Quote | None:
        """The passage closest to a question, whether or not it answers; None where there is none to quote.

        Raises what ``ask`` raises.
        """
        query = self._check_query(query)
        only = None if article is None else [self._resolve(guild, article).id]
        self._require_encoder()
        encoded = self._encoder.encode_query(query)
        found = self._ranking().search(
            self._index(guild), query, encoded, article_ids=only, top_k=1, tokens=self._store
        )
        return next(iter(quote_hits(self._store, guild, found.hits, found.highlights)), None)

    def summarise(self, guild: int, article: str, length: SummaryLength, *, about: str = "") -> Summary:
        """Summarise an article, or what it says ``about`` something, in its own sentences.

        Raises NotFound, Ambiguous, NoArticles, BadQuery, EncoderMismatch.
        """
        found = self._resolve(guild, article)
        if not about:
            return summarise_article(self._store, guild, found.id, length)
        about = self._check_query(about)
        self._require_encoder()
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

    def _earlier(self, guild: int, source: str, title: str) -> int | None:
        """The article that this one updates: of the same address or path, or of the same file name and title."""
        if "/" in source or "\\" in source:
            return self._store.find_by_source(guild, source)
        same = [
            item.id
            for item in self._store.list_articles(guild)
            if source and (item.source, item.title) == (source, title)
        ]
        return max(same, default=None)

    def _summary(self, guild: int, article_id: int) -> ArticleSummary:
        for article in self._store.list_articles(guild):
            if article.id == article_id:
                return article
        raise NotFound(f"There is no article {article_id} any more. List the articles to see what there is.")

    def _resolve(self, guild: int, article: str) -> ArticleSummary:
        """Find an article by id, else by title without regard to case, else by a part of one title."""
        articles = self._store.list_articles(guild)
        if not articles:
            raise NoArticles(NO_ARTICLES)
        wanted = " ".join(article.split()).casefold()
        by_id = [candidate for candidate in articles if str(candidate.id) == wanted]
        exact = [candidate for candidate in articles if " ".join(candidate.title.split()).casefold() == wanted]
        part = [candidate for candidate in articles if wanted and wanted in candidate.title.casefold()]
        near = by_id or exact or part
        if len(near) == 1:
            return near[0]
        if near:
            ids = ", ".join(str(candidate.id) for candidate in near[:5])
            raise Ambiguous(f"Several articles fit that title (ids {ids}). Give the id of the one you mean.")
        raise NotFound("There is no article with that id or title. List the articles to see what there is.")

    def _check_query(self, query: str) -> str:
        # Lone surrogates come from broken command-line bytes and JSON escapes; nothing downstream can carry them.
        query = query.encode("utf-8", "replace").decode("utf-8").strip()
        if not any(character.isalnum() for character in query):
            raise BadQuery("There is no question in that. Ask in a few words, for example: Who signed the treaty?")
        limit = self._limits.question_characters
        if len(query) > limit:
            raise BadQuery(f"That question has {len(query):,} characters. Ask it again in at most {limit:,}.")
        return query

    def _require_encoder(self) -> None:
        """Refuse to compare embeddings of two encoders."""
        stored = self._store.encoder_identity()
        if stored is not None and stored != self._encoder.identity:
            raise EncoderMismatch(
                f"The store was made with the encoder {stored}, the settings name {self._encoder.identity}. Set "
                "encoder.model back, or encode every article anew: pullquote migrate --reindex"
            )

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
