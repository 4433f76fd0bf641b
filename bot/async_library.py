"""The one place where threads meet asyncio.

The library is synchronous; the event loop must never wait for it. Three lanes of threads, each with bounded admission:
questions (one worker), ingest (two workers, niced where the platform allows; one at a time for each guild, in turns),
and reads (two workers, for what is cheap and must feel instant). Lanes do not share workers, so a question never waits
for an ingest, and one guild's slow file holds up no other guild. What does not fit is refused at once with Busy. Web
pages are fetched by the loop itself, which is made for waiting.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, TypeVar

from bot.async_pages import AsyncPages, not_from_the_web
from bot.async_settings import AsyncSettings
from bot.engine.articles.choices import LineReport
from bot.engine.asking.found import Found, find_more, find_quotes
from bot.engine.errors import ExtractFailed, FetchFailed, TooLarge, Unsupported
from bot.engine.ingest.pages import page_source
from bot.engine.ports.encoders import FloatArray, Progress
from bot.engine.ports.sources import Fetcher
from bot.engine.questions.follow_up import Context, Place
from bot.engine.records.answers import Answer
from bot.engine.records.articles import Article, ArticleSummary
from bot.engine.records.sources import AddReport, ArticleSource, NotModified
from bot.engine.records.summaries import SummaryLength
from bot.engine.retrieval.explanation import Explanation
from bot.engine.scopes.records import EVERYBODY, EVERYTHING, ArticleScope, Viewer
from bot.engine.summaries.contents import Section
from bot.engine.summaries.guests import GuestRates
from bot.engine.summaries.summariser import summarise_whole
from bot.engine.summaries.summary import Summarised
from bot.guests import Guests
from bot.lanes import FairLane, Lane, ProgressRelay, be_nice, run_in_thread

if TYPE_CHECKING:
    from bot.engine.library import Library

T = TypeVar("T")

PATIENCE_SECONDS = 600.0
"""How long a question may take in all, waiting included: an interaction's token lives 15 minutes."""

EMBEDDED_AT_ONCE = 10
"""Questions that are encoded for a comparison in one turn, about 0.1 seconds."""

BUSY_QUESTIONS = "Too many questions are waiting right now. Ask again in a minute."
BUSY_INGEST = "Several articles are already waiting to be read. Add yours again in a few minutes; nothing was added."
BUSY_READS = "Too much is going on right now. Try again in a minute."
KEPT = "The article stays as it is."


class AsyncLibrary:
    """A library that coroutines can use. Every method raises what the library raises, and Busy where too much waits.

    Whoever reads says who is going to see it: ``viewer`` has no default, so that nobody can forget it.
    """

    def __init__(
        self,
        library: Library,
        *,
        fetcher: Fetcher | None = None,
        max_waiting: int = 64,
        ingest_waiting: int = 8,
        ingest_workers: int = 2,
        guest_rates: GuestRates | None = None,
    ) -> None:
        """``fetcher`` gets web pages; without one they are refused.

        ``max_waiting`` and ``ingest_waiting`` say how much may wait in a lane, ``ingest_workers`` how many guilds'
        articles are read at once. ``guest_rates``: how often members may have summarised what is not stored; without
        them as often as they like.
        """
        self._library = library
        self._questions = Lane("questions", workers=1, waiting=max_waiting, busy=BUSY_QUESTIONS)
        self._ingest = FairLane(
            "ingest", workers=ingest_workers, waiting=ingest_waiting, busy=BUSY_INGEST, initializer=be_nice
        )
        self._pages = AsyncPages(fetcher, self._ingest.refuses)
        self._reads = Lane("reads", workers=2, waiting=max_waiting, busy=BUSY_READS)
        self.settings = AsyncSettings(library.guild_settings, self._reads)
        self.guests = Guests(library, self._pages.fetch, self._reads, rates=guest_rates)
        self._closing: asyncio.Task[None] | None = None
        self._is_warm = False

    @property
    def is_warm(self) -> bool:
        """Whether the encoder is loaded: until then a first answer takes long."""
        return self._is_warm

    @property
    def is_busy(self) -> bool:
        """Whether a question or an article is under way: what can wait should."""
        return not (self._questions.is_idle and self._ingest.is_idle and self._pages.is_idle)

    async def warm(self) -> None:
        """Load the encoder; questions that arrive meanwhile wait for it."""
        await self._questions.run(self._warm)
        self._is_warm = True

    def _warm(self) -> None:
        self._library.warm()
        # A full collection of garbage stops every thread. What is loaded by now (torch alone makes some hundred
        # thousand objects) stays to the end, so it need not be looked through each time an article is read.
        gc.collect()
        gc.freeze()

    async def ask(
        self, guild: int, query: str, *, viewer: Viewer, article: str | None = None, top_k: int | None = None
    ) -> Answer:
        """Answer a question."""
        answer = await self._answer(
            lambda: self._library.ask(guild, query, article=article, top_k=top_k, viewer=viewer)
        )
        self._is_warm = True
        return answer

    async def find(
        self, guild: int, query: str, *, viewer: Viewer, article: str | None = None, context: Context | None = None
    ) -> Found:
        """Answer a question, and fetch what its quotes are checked against and its buttons need."""
        found = await self._answer(
            lambda: find_quotes(self._library, guild, query, article=article, context=context, viewer=viewer)
        )
        self._is_warm = True
        return found

    async def find_more(
        self,
        guild: int,
        query: str,
        *,
        viewer: Viewer,
        article: str | None = None,
        context: Context | None = None,
        quoted: Sequence[Place] = (),
        shown: int = 0,
    ) -> tuple[Found, int]:
        """Return the passages that follow those already shown, and how many are shown with them."""
        work = functools.partial(find_more, self._library, guild, query, article=article, context=context)
        return await self._answer(lambda: work(quoted=quoted, shown=shown, viewer=viewer))

    async def explain(self, guild: int, query: str, *, article: str | None = None) -> Explanation:
        """Say why a question is answered as it is."""
        return await self._answer(lambda: self._library.ranking.explain(guild, query, article=article))

    async def embed_questions(self, texts: Sequence[str]) -> list[FloatArray]:
        """Return the unit embedding of each question; a few at a time, so that no answer waits for all of them."""
        found: list[FloatArray] = []
        for start in range(0, len(texts), EMBEDDED_AT_ONCE):
            part = texts[start : start + EMBEDDED_AT_ONCE]
            found += await self._questions.run(functools.partial(self._library.ranking.embed, part))
        return found

    async def summarise(
        self,
        guild: int,
        article: str,
        length: SummaryLength,
        *,
        viewer: Viewer,
        about: str = "",
        section: Section | None = None,
    ) -> Summarised:
        """Summarise an article (id or title), or one section, or what it says ``about`` something."""
        return await self._answer(
            lambda: summarise_whole(self._library, guild, article, length, about=about, section=section, viewer=viewer)
        )

    async def _answer(self, work: Callable[[], T]) -> T:
        return await self._questions.run(work, seconds=PATIENCE_SECONDS)

    async def add_article(
        self, guild: int, source: ArticleSource, *, progress: Progress | None = None, scope: ArticleScope = EVERYBODY
    ) -> AddReport:
        """Add an article. ``progress`` is called in the event loop, with the latest figures only.

        Cancelling the caller leaves an ingest that has begun to finish by itself; closing ends it, and nothing of it
        is stored.
        """
        relay = ProgressRelay(progress, asyncio.get_running_loop(), self._ingest)
        return await self._ingest.run_for(
            guild, lambda: self._library.add_article(guild, source, progress=relay, scope=scope)
        )

    async def add_url(
        self,
        guild: int,
        url: str,
        *,
        title: str | None = None,
        progress: Progress | None = None,
        scope: ArticleScope = EVERYBODY,
    ) -> AddReport:
        """Fetch a web page and add what it holds. The page is fetched in the event loop, and in no lane."""
        page = await self._pages.fetch(guild, url)
        # In a thread: changing the encoding of a large page would hold up the loop.
        source = await asyncio.to_thread(page_source, page, title)
        return await self.add_article(guild, source, progress=progress, scope=scope)

    async def refresh_article(
        self, guild: int, article: str, *, is_forced: bool = False, progress: Progress | None = None
    ) -> AddReport:
        """Look at the page of an article (id or title) again, and bring the article up to it.

        Raises Unsupported for one that is not from the web. Where the page cannot be had or read, or seems not to be
        the article any more (unless ``is_forced``), the article stays as it is and remembers why: FetchFailed.
        """
        found = await self.get_summary(guild, article, viewer=EVERYTHING)
        key = str(found.id)
        if found.url is None:
            raise Unsupported(not_from_the_web(found.title))
        self._pages.require()
        try:
            page = await self._pages.fetch_again(guild, found.url, found.fetch)
            if isinstance(page, NotModified):
                seen_at = page.fetched_at
                return await self._reads.run(lambda: self._library.confirm_article(guild, key, seen_at))
            source = await asyncio.to_thread(page_source, page)
            relay = ProgressRelay(progress, asyncio.get_running_loop(), self._ingest)
            return await self._ingest.run_for(
                guild, lambda: self._library.update_article(guild, key, source, is_forced=is_forced, progress=relay)
            )
        except (FetchFailed, ExtractFailed, TooLarge, Unsupported) as error:
            problem, now = error.user_message, int(time.time())
            await self._reads.run(lambda: self._library.note_problem(guild, key, problem, now))
            raise FetchFailed(f"{problem} {KEPT}") from error

    async def list_due(self, before: int) -> list[tuple[int, ArticleSummary]]:
        """List every guild's web articles whose page was last asked for before this time (Unix seconds)."""
        return await self._reads.run(lambda: self._library.list_due(before))

    async def rename_article(self, guild: int, article: str, title: str) -> ArticleSummary:
        """Give an article a title that updates keep."""
        return await self._ingest.run_for(guild, lambda: self._library.rename_article(guild, article, title))

    async def restore_lines(self, guild: int, article: str, choose: Callable[[Article], Collection[int]]) -> LineReport:
        """Quote lines that were left out."""
        return await self._ingest.run_for(guild, lambda: self._library.restore_lines(guild, article, choose))

    async def leave_out_lines(
        self, guild: int, article: str, choose: Callable[[Article], Collection[int]]
    ) -> LineReport:
        """Leave lines out of what is quoted."""
        return await self._ingest.run_for(guild, lambda: self._library.leave_out_lines(guild, article, choose))

    async def get_summary(self, guild: int, article: str, *, viewer: Viewer) -> ArticleSummary:
        """Say what the list says of one article."""
        return await self._reads.run(lambda: self._library.get_summary(guild, article, viewer=viewer))

    async def list_articles(self, guild: int, *, viewer: Viewer) -> list[ArticleSummary]:
        """List the guild's articles by id."""
        return await self._reads.run(lambda: self._library.list_articles(guild, viewer=viewer))

    async def get_article(self, guild: int, article: str, *, viewer: Viewer) -> Article:
        """Get one article, whole."""
        return await self._reads.run(lambda: self._library.get_article(guild, article, viewer=viewer))

    async def get_article_by_id(self, guild: int, article_id: int, *, viewer: Viewer) -> Article:
        """Get one article by nothing but its id, whole."""
        return await self._reads.run(lambda: self._library.get_article_by_id(guild, article_id, viewer=viewer))

    async def guilds(self) -> list[int]:
        """List every guild that has articles."""
        return await self._reads.run(self._library.guilds)

    async def remove_article(self, guild: int, article: str) -> ArticleSummary:
        """Remove an article and return what it was."""
        return await self._reads.run(lambda: self._library.remove_article(guild, article))

    async def complete_articles(
        self, guild: int, prefix: str, limit: int = 25, *, viewer: Viewer
    ) -> list[ArticleSummary]:
        """List the articles that a half-typed title may mean."""
        return await self._reads.run(lambda: self._library.complete_articles(guild, prefix, limit, viewer=viewer))

    async def close(self) -> None:
        """Refuse what waits, let what runs finish (an ingest stops and stores nothing), then close the library.

        May be called any number of times; every call returns when all is closed.
        """
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        lanes = (self._questions, self._reads, self._ingest, self.guests.lane)
        for lane in lanes:
            lane.refuse()
        self._pages.give_up()
        for lane in lanes:
            await lane.finish()
        await run_in_thread(self._library.close)
