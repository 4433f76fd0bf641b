"""The library: everything that a person can do with articles, per guild. Synchronous and thread-safe.

It joins the store (what articles say), the encoder (embeddings) and the retrieval (ranking), and knows none of them by
name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from pathlib import Path

from bot.engine.articles.choices import LineReport
from bot.engine.articles.encoding import reindex_store
from bot.engine.articles.room import GuildLimits
from bot.engine.articles.selection import complete_title
from bot.engine.articles.shelf import Shelf
from bot.engine.asking.answering import Answering
from bot.engine.asking.ranking import Ranking
from bot.engine.asking.search import Search
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.ingest.limits import IngestLimits
from bot.engine.ingest.sources import DirectParser
from bot.engine.limits import LibraryLimits
from bot.engine.ports.encoders import Encoder, FloatArray, Progress
from bot.engine.ports.sources import Parser
from bot.engine.ports.stores import Store
from bot.engine.questions.follow_up import Context
from bot.engine.records.answers import Answer, Quote
from bot.engine.records.articles import Article, ArticleSummary
from bot.engine.records.sources import AddReport, ArticleSource
from bot.engine.records.summaries import Summary, SummaryLength
from bot.engine.retrieval.calibration import Calibration
from bot.engine.retrieval.reranking import Reranking
from bot.engine.scopes.reach import Reach
from bot.engine.scopes.records import EVERYBODY, EVERYTHING, ArticleScope, Viewer
from bot.engine.summaries.contents import Section
from bot.engine.summaries.summariser import Summariser

log = logging.getLogger(__name__)


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
        self._limits = limits or LibraryLimits()
        parser = parser or DirectParser(ingest_limits)
        self._search = Search(
            store, encoder, reranking=reranking or Reranking(), limits=self._limits, calibration=calibration
        )
        self._reach = Reach(store, guild_settings)
        self._answering = Answering(store, self._search, self._reach, self._limits)
        self.ranking = Ranking(store, self._search, self._reach, self._limits)
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
        return self._answering.ask(guild, query, article=article, top_k=top_k, context=context, viewer=viewer)

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
        return self._answering.nearest(guild, query, article=article, context=context, viewer=viewer)

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
        self._search.warm()

    def reindex(self, progress: Progress | None = None) -> int:
        """Encode every article anew that the present encoder has not encoded, and return how many there were."""
        return reindex_store(self._store, self._encoder, with_tokens=self._limits.keep_token_vectors, progress=progress)

    def backup(self, target: Path) -> None:
        """Copy the store to a new file while it is in use, and check the copy. Raises StoreUnavailable."""
        self._store.backup(target)

    def close(self) -> None:
        """Close the store. May be called twice."""
        self._store.close()

    def _encode_topic(self, guild: int, about: str, article_id: int, viewer: Viewer) -> FloatArray:
        return self._search.encode_topic(guild, about, self._reach.bound(guild, viewer, str(article_id)))


def _last_look(article: ArticleSummary) -> int:
    return max(article.fetch.checked_at, article.fetch.fetched_at) or article.added_at
