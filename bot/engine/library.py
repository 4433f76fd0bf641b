"""The library: everything that a person can do with articles, per guild. Synchronous and thread-safe.

It joins the store (what articles say), the encoder (embeddings) and the retrieval (ranking), and knows none of them by
name. A guild's index lives in this process; before each question it is brought up to the store's version, so several
processes may share one store.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.engine.answer import quote_hits
from bot.engine.choices import LineReport
from bot.engine.errors import BadQuery, NoArticles, StoreUnavailable
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.ingest.limits import IngestLimits
from bot.engine.ingest.sources import DirectParser
from bot.engine.ports import Encoder, FloatArray, Parser, Progress, Store
from bot.engine.questions.follow_up import Context, complete, leans
from bot.engine.records import (
    AddReport,
    Answer,
    AnswerState,
    Article,
    ArticleSource,
    ArticleSummary,
    Quote,
    Span,
    Summary,
    SummaryLength,
    Timings,
)
from bot.engine.reindex import reindex_store
from bot.engine.retrieval.calibration import Calibration
from bot.engine.retrieval.confidence import WRONG_IN_100
from bot.engine.retrieval.conversation import Leaning, search_leaning
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.explanation import Explanation, explain_search
from bot.engine.retrieval.index_pool import IndexPool
from bot.engine.retrieval.nearby import Nearby
from bot.engine.retrieval.question import PreparedQuestion, prepare_question
from bot.engine.retrieval.reranking import Reranking
from bot.engine.retrieval.retriever import Retrieval, Retriever
from bot.engine.retrieval.visible import SearchedIndex
from bot.engine.room import GuildLimits
from bot.engine.scopes.reach import Bounds, Reach
from bot.engine.scopes.records import EVERYBODY, EVERYTHING, ArticleScope, Viewer
from bot.engine.selection import complete_title
from bot.engine.shelf import Shelf
from bot.engine.summaries.contents import Section
from bot.engine.summariser import GUEST_PASSAGES, Summariser

log = logging.getLogger(__name__)

_SEARCH_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class LibraryLimits:
    """Bounds of one library: characters of a question, quotes in an answer, bytes of cached indexes.

    ``wrong_in_100``: of 100 questions about something else, how many may be answered. ``guest_passages``: of an article
    that is summarised without being stored.
    """

    question_characters: int = 1_000
    top_k: int = 3
    index_bytes: int = 512 * 1024 * 1024
    keep_token_vectors: bool = True
    wrong_in_100: float = WRONG_IN_100
    guest_passages: int = GUEST_PASSAGES


class Library:
    """Articles in, proven quotes out."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        *,
        reranking: Reranking | None = None,
        limits: LibraryLimits | None = None,
        ingest_limits: IngestLimits | None = None,
        guild_limits: GuildLimits | None = None,
        parser: Parser | None = None,
        calibration: Calibration | None = None,
        guild_settings: SettingsBook | None = None,
    ) -> None:
        """``parser`` is what reads sources; without one they are parsed in the calling thread (``ingest_limits``).

        ``guild_limits`` bound what one guild stores; without them it stores whatever it likes. ``guild_settings``: what
        guilds decide and whom their articles are for; without it the ``limits`` hold and articles are everybody's.
        """
        self.guild_settings = guild_settings
        self._store = store
        self._encoder = encoder
        self._reranking = reranking or Reranking()
        self._limits = limits or LibraryLimits()
        parser = parser or DirectParser(ingest_limits)
        self.summaries = Summariser(
            store, encoder, parser, encode_topic=self._encode_topic, guest_passages=self._limits.guest_passages
        )
        self._shelf = Shelf(
            store,
            encoder,
            parser,
            limits=guild_limits,
            with_tokens=self._limits.keep_token_vectors,
            bind=None if guild_settings is None else guild_settings.bind_article,
            ingest_limits=ingest_limits,
        )
        self._calibration = calibration
        self._reach = Reach(store, guild_settings)
        self._retriever: Retriever | None = None
        self._indexes = IndexPool(self._limits.index_bytes)

    # Articles

    def add_article(
        self,
        guild: int,
        source: ArticleSource,
        *,
        progress: Progress | None = None,
        scope: ArticleScope = EVERYBODY,
    ) -> AddReport:
        """Parse, encode and store an article; all of it or nothing.

        The same text again is UNCHANGED. Another text from the same source (for a bare file name: with the same title)
        updates the article, keeping its id; only passages that changed are encoded. What another source gave before, by
        its text or by the address that it names as its own, is a DUPLICATE: nothing is stored. ``progress`` is called
        with (0, 0) while the source is read, and may raise to give up. ``scope``: whom it is for, from the first moment
        on; what is stored already stays bound as it was where this is EVERYBODY. Raises ExtractFailed, TooLarge,
        Unsupported, LibraryFull, EncoderMismatch, Busy, and FetchFailed for a stored page that seems not to be the
        article any more.
        """
        return self._shelf.add(guild, source, progress, scope)

    def update_article(
        self,
        guild: int,
        article: str,
        source: ArticleSource,
        *,
        is_forced: bool = False,
        progress: Progress | None = None,
    ) -> AddReport:
        """Bring an article (id or title) up to its page as it was fetched now; its address and id stay.

        Raises what ``add_article`` and ``get_summary`` raise, and FetchFailed where the page seems not to be the
        article any more, unless ``is_forced``; the old text is then kept.
        """
        return self._shelf.update(guild, self.get_summary(guild, article), source, progress, is_forced=is_forced)

    def confirm_article(self, guild: int, article: str, fetched_at: int) -> AddReport:
        """Note that the page of an article was still the same at this time (Unix seconds)."""
        return self._shelf.confirm(guild, self.get_summary(guild, article), fetched_at)

    def note_problem(self, guild: int, article: str, problem: str, checked_at: int) -> None:
        """Note why the page of an article could not be had again at this time (Unix seconds)."""
        self._shelf.note_problem(guild, self.get_summary(guild, article), problem, checked_at)

    def rename_article(self, guild: int, article: str, title: str) -> ArticleSummary:
        """Give an article a title, which later updates keep. Raises BadQuery, NotFound, Ambiguous, NoArticles."""
        return self._shelf.rename(guild, self.get_summary(guild, article), title)

    def restore_lines(self, guild: int, article: str, choose: Callable[[Article], Collection[int]]) -> LineReport:
        """Quote lines of an article (id or title) that were left out, also after updates.

        ``choose`` is given the article as it is stored and returns the lines' indexes (``choices.find_lines`` finds
        them by number). Raises BadQuery, LibraryFull, NotFound, Ambiguous, NoArticles.
        """
        return self._shelf.choose(guild, self.get_summary(guild, article), choose, is_quoted=True)

    def leave_out_lines(self, guild: int, article: str, choose: Callable[[Article], Collection[int]]) -> LineReport:
        """Leave lines of an article out of what is quoted, also after updates; see :meth:`restore_lines`."""
        return self._shelf.choose(guild, self.get_summary(guild, article), choose, is_quoted=False)

    def list_due(self, before: int) -> list[tuple[int, ArticleSummary]]:
        """Every guild's web articles whose page was last asked for before this time (Unix seconds), oldest first."""
        due = [
            (guild, article)
            for guild in self._store.guilds()
            for article in self._store.list_articles(guild)
            if article.url and _last_look(article) < before
        ]
        return sorted(due, key=lambda item: _last_look(item[1]))

    # What a viewer may not see is, for all of these, not there.

    def list_articles(self, guild: int, *, viewer: Viewer = EVERYTHING) -> list[ArticleSummary]:
        """The guild's articles by id."""
        return self._reach.list_articles(guild, viewer)

    def complete_articles(
        self, guild: int, prefix: str, limit: int = 25, *, viewer: Viewer = EVERYTHING
    ) -> list[ArticleSummary]:
        """The articles whose title holds ``prefix``, those that begin with it first; all for an empty one."""
        return complete_title(self._reach.list_articles(guild, viewer), prefix)[:limit]

    def get_summary(self, guild: int, article: str, *, viewer: Viewer = EVERYTHING) -> ArticleSummary:
        """What the list says of one article, by id or title. Raises NotFound, Ambiguous, NoArticles."""
        return self._reach.find(guild, article, viewer)

    def get_article(self, guild: int, article: str, *, viewer: Viewer = EVERYTHING) -> Article:
        """One article by id or title. Raises NotFound, Ambiguous, NoArticles."""
        return self._store.get_article(guild, self.get_summary(guild, article, viewer=viewer).id)

    def get_article_by_id(self, guild: int, article_id: int, *, viewer: Viewer = EVERYTHING) -> Article:
        """One article by nothing but its id. Raises NotFound."""
        article = self._store.get_article(guild, article_id)
        # After reading, as in every answer: what was bound meanwhile is not shown any more.
        self._reach.require(guild, article_id, viewer)
        return article

    def guilds(self) -> list[int]:
        """Every guild that has articles, ascending."""
        return self._store.guilds()

    def remove_article(self, guild: int, article: str) -> ArticleSummary:
        """Remove an article by id or title and return what it was. Raises NotFound, Ambiguous, NoArticles."""
        found = self.get_summary(guild, article)
        self._store.remove_article(guild, found.id)
        log.info("guild %d: article %d removed", guild, found.id)
        return found

    # Questions

    def ask(
        self,
        guild: int,
        query: str,
        *,
        article: str | None = None,
        top_k: int | None = None,
        context: Context | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Answer:
        """Answer a question with quotes that the ``viewer`` may see, or abstain.

        It is searched for without greetings and the like, misspelt words corrected; the answer tells the corrections.
        ``article`` (id or title) limits the search to one article. With ``top_k`` so many quotes come as there are;
        without, those far weaker than the first are dropped. ``context``: what went before, for a question that leans
        on it. Raises BadQuery, NoArticles, NotFound, Ambiguous,
        EncoderMismatch.
        """
        started = time.perf_counter()
        query = self._check_query(query)
        bounds = self._reach.bound(guild, viewer, article)
        prepared, encode_seconds = self._prepare(guild, query, bounds)
        leaning = self._lean(guild, query, context, bounds)
        retrieval, quotes, search_seconds = self._search(guild, prepared, bounds, top_k, leaning)
        timings = Timings(
            encode_ms=1000 * encode_seconds,
            search_ms=1000 * search_seconds,
            total_ms=1000 * (time.perf_counter() - started),
        )
        log.info("guild %d: asked, %d quotes, %.0f ms", guild, len(quotes), timings.total_ms)
        state = retrieval.state if quotes else AnswerState.NOT_IN_ARTICLES
        return Answer(query, state, retrieval.confidence, quotes, timings, retrieval.raw_score, prepared.corrections)

    def rank(
        self, guild: int, query: str, *, articles: Sequence[int] | None = None, depth: int = 100
    ) -> tuple[Retrieval, Timings]:
        """Rank as :meth:`ask` does, quoting nothing: passages in order to ``depth``, whatever the confidence.

        ``articles``: ids of the articles to search, or None for all. Raises BadQuery, EncoderMismatch.
        """
        query = self._check_query(query)
        prepared, encode_seconds = self._prepare(guild, query, articles)
        retrieval, _, seconds = self._retrieve(guild, prepared, articles, self._limits.top_k, depth=depth)
        return retrieval, Timings(1000 * encode_seconds, 1000 * seconds, 1000 * (encode_seconds + seconds))

    def explain(self, guild: int, query: str, *, article: str | None = None) -> Explanation:
        """Say by what the passages were ranked, and what spoke for and against an answer. Raises what ``ask`` raises.

        For whoever manages the articles: all of them are searched. A reranker's order is not in it.
        """
        query = self._check_query(query)
        only = None if article is None else [self.get_summary(guild, article).id]
        prepared, _ = self._prepare(guild, query, only)
        wrong_in_100 = self._reach.settings(guild).wrong_in_100
        found = explain_search(
            self._ranking(),
            self._index(guild),
            prepared,
            article_ids=only,
            wrong_in_100=wrong_in_100,
            tokens=self._store,
        )
        keys = [(candidate.hit.article_id, candidate.hit.position) for candidate in found.candidates]
        texts = {(it.article.id, it.passage.position): it.text for it in self._store.get_passages(guild, keys)}
        named = (replace(it, text=texts.get(key, "")) for it, key in zip(found.candidates, keys, strict=True))
        return replace(found, candidates=tuple(named))

    def embed_questions(self, texts: Sequence[str]) -> list[FloatArray]:
        """Return (d,) the unit embedding of each question, as it was typed."""
        self._shelf.require_encoder()
        return [self._encoder.encode_query(self._check_query(text)).embedding for text in texts]

    def highlight(self, guild: int, query: str, article: int, position: int) -> tuple[Span, ...]:
        """Return what :meth:`ask` would highlight for a question in one passage, as offsets into it."""
        query = self._check_query(query)
        prepared, _ = self._prepare(guild, query, [article])
        index, encoded = self._index(guild), prepared.encoded
        return self._ranking().highlight(index, prepared.text, encoded, article, position, tokens=self._store)

    def nearest(
        self,
        guild: int,
        query: str,
        *,
        article: str | None = None,
        context: Context | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Quote | None:
        """The passage closest to a question, whether or not it answers; None where there is none to quote.

        Raises what ``ask`` raises.
        """
        query = self._check_query(query)
        try:
            bounds = self._reach.bound(guild, viewer, article)
        except NoArticles:
            return None
        prepared, _ = self._prepare(guild, query, bounds)
        leaning = self._lean(guild, query, context, bounds)
        retrieval, _, _ = self._retrieve(guild, prepared, bounds, top_k=1, leaning=leaning)
        return next(iter(quote_hits(self._store, guild, retrieval.hits, retrieval.highlights)), None)

    def summarise(
        self,
        guild: int,
        article: str,
        length: SummaryLength,
        *,
        about: str = "",
        section: Section | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Summary:
        """Summarise an article, or one section, or what it says ``about`` something, in its own sentences.

        Raises NotFound, Ambiguous, NoArticles, BadQuery, EncoderMismatch.
        """
        found = self.get_summary(guild, article, viewer=viewer)
        return self.summaries.summarise(guild, found, length, about=about, section=section, viewer=viewer)

    def find_address(self, guild: int, url: str, *, viewer: Viewer = EVERYTHING) -> int | None:
        """The id of the guild's article from this web address, or None."""
        found = self._store.find_by_url(guild, url)
        return None if found is None or found in self._reach.hidden(guild, viewer) else found

    # Upkeep

    def warm(self) -> None:
        """Load the encoder and the reranker, so that the first question does not wait for them."""
        self._encoder.encode_query("ready")
        self._reranking.load()

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

    def _prepare(self, guild: int, query: str, only: Bounds | Sequence[int] | None) -> tuple[PreparedQuestion, float]:
        """Mend and encode a question; return it and the seconds that took."""
        self._shelf.require_encoder()
        index = self._open(guild, only)
        started = time.perf_counter()
        searched = only.search(index.snapshot.article_ids) if isinstance(only, Bounds) else only
        prepared = prepare_question(index, query, self._encoder.encode_query, article_ids=searched)
        return prepared, time.perf_counter() - started

    def _lean(self, guild: int, query: str, context: Context | None, bounds: Bounds) -> Leaning | None:
        """Prepare what went before for a question that leans on it; None where it stands by itself."""
        if context is None or not context.questions or not leans(query):
            return None
        completed, _ = self._prepare(guild, complete(query, context), bounds)
        return Leaning(completed, Nearby(context.quoted) if context.quoted else None)

    def _encode_topic(self, guild: int, about: str, article_id: int, viewer: Viewer) -> FloatArray:
        bounds = self._reach.bound(guild, viewer, str(article_id))
        prepared, _ = self._prepare(guild, self._check_query(about), bounds)
        return prepared.encoded.embedding

    def _search(
        self, guild: int, prepared: PreparedQuestion, only: Bounds, top_k: int | None, leaning: Leaning | None = None
    ) -> tuple[Retrieval, tuple[Quote, ...], float]:
        """Search and quote; again where an article changed in between, so that hits and texts are of one version."""
        seconds = 0.0
        settings = self._reach.settings(guild)
        most = top_k or settings.quotes or self._limits.top_k
        for _ in range(_SEARCH_ATTEMPTS):
            retrieval, version, taken = self._retrieve(
                guild, prepared, only, most, settings.wrong_in_100, leaning=leaning
            )
            seconds += taken
            if top_k is None:
                retrieval = retrieval.drop_weak()
            quotes = quote_hits(self._store, guild, retrieval.hits, retrieval.highlights) if retrieval.answers else ()
            if self._are_current(guild, quotes, version):
                return retrieval, quotes, seconds
        raise StoreUnavailable("The articles are changing right now. Ask again in a moment.")

    def _retrieve(
        self,
        guild: int,
        prepared: PreparedQuestion,
        only: Bounds | Sequence[int] | None,
        top_k: int,
        wrong_in_100: float | None = None,
        *,
        depth: int = 0,
        leaning: Leaning | None = None,
    ) -> tuple[Retrieval, int, float]:
        """Search the guild's present index; return what was found, the version that was searched, and the seconds."""
        index = self._open(guild, only)
        started = time.perf_counter()
        version = index.snapshot.version
        wide = self._reranking.widen(top_k)
        article_ids = only.search(index.snapshot.article_ids) if isinstance(only, Bounds) else only
        retrieval = search_leaning(
            self._ranking(),
            index,
            prepared,
            leaning,
            article_ids=article_ids,
            top_k=wide,
            depth=depth,
            wrong_in_100=wrong_in_100,
            tokens=self._store,
        )
        if retrieval.answers or depth:
            text = prepared.text if leaning is None else leaning.completed.text
            retrieval = self._reranking.rerank(self._store, index, text, retrieval, top_k)
        return retrieval, version, time.perf_counter() - started

    def _are_current(self, guild: int, quotes: tuple[Quote, ...], version: int) -> bool:
        """Whether no quoted article was changed or removed since the guild's ``version``, which was searched."""
        if not quotes or self._store.guild_state(guild).version == version:
            return True
        written = self._store.segment_ids(guild)
        return all(written.get(quote.article.id, version + 1) <= version for quote in quotes)

    def _ranking(self) -> Retriever:
        """The retriever for the encoder, whose identity is asked for only when the first question comes."""
        if self._retriever is None:
            identity, calibration = self._encoder.identity, self._calibration
            if calibration is not None and calibration.model != str(identity):
                log.warning("The calibration is for %s, not for %s: not used", calibration.model, identity)
                calibration = None
            self._retriever = Retriever(identity, wrong_in_100=self._limits.wrong_in_100, calibration=calibration)
        return self._retriever

    def _open(self, guild: int, bounds: Bounds | Sequence[int] | None) -> SearchedIndex:
        """Return the guild's present index, without what the viewer may not see."""
        index = self._index(guild)
        return index.without(bounds.hidden) if isinstance(bounds, Bounds) else index

    def _index(self, guild: int) -> CorpusIndex:
        return self._indexes.open(self._store, guild, self._encoder.identity.dimension)


def _last_look(article: ArticleSummary) -> int:
    return max(article.fetch.checked_at, article.fetch.fetched_at) or article.added_at
