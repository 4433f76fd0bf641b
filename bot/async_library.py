"""The one place where threads meet asyncio.

The library is synchronous; the event loop must never wait for it. Three lanes of threads, each with bounded admission:
questions (one worker), ingest (one worker, niced where the platform allows), and reads (two workers, for what is cheap
and must feel instant). Lanes do not share workers, so a question never waits for an ingest. What does not fit is
refused at once with Busy. Web pages are fetched by the loop itself, which is made for waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from bot.engine.errors import Busy, FetchFailed
from bot.engine.found import Found, find_quotes
from bot.engine.ingest.pages import page_source
from bot.engine.ports import Fetcher, Progress
from bot.engine.records import (
    AddReport,
    Answer,
    Article,
    ArticleSource,
    ArticleSummary,
    FetchedPage,
    NotModified,
    Summary,
    SummaryLength,
)

if TYPE_CHECKING:
    from bot.engine.library import Library

log = logging.getLogger(__name__)
T = TypeVar("T")

INGEST_NICENESS = 10
PATIENCE_SECONDS = 600.0
"""How long a question may take in all, waiting included: an interaction's token lives 15 minutes."""

BUSY_QUESTIONS = "Too many questions are waiting right now. Ask again in a minute."
BUSY_INGEST = "Several articles are already waiting to be read. Add yours again in a few minutes; nothing was added."
BUSY_READS = "Too much is going on right now. Try again in a minute."
TOOK_TOO_LONG = "That took too long and was given up. Try again in a few minutes."
NO_WEB = "Reading web pages is switched off here. Save the page and add it as a file, or paste its text."
SHUTTING_DOWN = "The bot is shutting down. Try again in a minute."


class AsyncLibrary:
    """A library that coroutines can use. Every method raises what the library raises, and Busy where too much waits."""

    def __init__(
        self, library: Library, *, fetcher: Fetcher | None = None, max_waiting: int = 64, ingest_waiting: int = 8
    ) -> None:
        """``fetcher`` gets web pages; without one they are refused. Both numbers say how much may wait in a lane."""
        self._library = library
        self._fetcher = fetcher
        self._fetches: set[asyncio.Task[FetchedPage | NotModified]] = set()
        self._questions = _Lane("questions", workers=1, waiting=max_waiting, busy=BUSY_QUESTIONS)
        self._ingest = _Lane("ingest", workers=1, waiting=ingest_waiting, busy=BUSY_INGEST, initializer=_be_nice)
        self._reads = _Lane("reads", workers=2, waiting=max_waiting, busy=BUSY_READS)
        self._closing: asyncio.Task[None] | None = None
        self._is_warm = False

    @property
    def is_warm(self) -> bool:
        """Whether the encoder is loaded: until then a first answer takes long."""
        return self._is_warm

    async def warm(self) -> None:
        """Load the encoder; questions that arrive meanwhile wait for it."""
        await self._questions.run(self._library.warm)
        self._is_warm = True

    async def ask(self, guild: int, query: str, *, article: str | None = None, top_k: int | None = None) -> Answer:
        """Answer a question."""
        answer = await self._questions.run(
            lambda: self._library.ask(guild, query, article=article, top_k=top_k), seconds=PATIENCE_SECONDS
        )
        self._is_warm = True
        return answer

    async def find(self, guild: int, query: str, *, article: str | None = None) -> Found:
        """Answer a question, and fetch what its quotes are checked against and its buttons need."""
        found = await self._questions.run(
            lambda: find_quotes(self._library, guild, query, article=article), seconds=PATIENCE_SECONDS
        )
        self._is_warm = True
        return found

    async def summarise(self, guild: int, article: str, length: SummaryLength, *, about: str = "") -> Summary:
        """Summarise an article, or what it says ``about`` something."""
        return await self._questions.run(
            lambda: self._library.summarise(guild, article, length, about=about), seconds=PATIENCE_SECONDS
        )

    async def add_article(self, guild: int, source: ArticleSource, *, progress: Progress | None = None) -> AddReport:
        """Add an article. ``progress`` is called in the event loop, with the latest figures only.

        Cancelling the caller leaves an ingest that has begun to finish by itself; closing ends it, and nothing of it
        is stored.
        """
        relay = _ProgressRelay(progress, asyncio.get_running_loop(), self._ingest)
        return await self._ingest.run(lambda: self._library.add_article(guild, source, progress=relay))

    async def add_url(
        self, guild: int, url: str, *, title: str | None = None, progress: Progress | None = None
    ) -> AddReport:
        """Fetch a web page and add what it holds. The page is fetched in the event loop, and in no lane."""
        if self._fetcher is None:
            raise FetchFailed(NO_WEB)
        page = await self._fetch(self._fetcher, guild, url)
        # In a thread: changing the encoding of a large page would hold up the loop.
        source = await asyncio.to_thread(page_source, page, title)
        return await self.add_article(guild, source, progress=progress)

    async def _fetch(self, fetcher: Fetcher, guild: int, url: str) -> FetchedPage:
        """Fetch, unless the bot closes meanwhile."""
        if self._ingest.refuses():
            raise Busy(SHUTTING_DOWN)
        fetch: asyncio.Task[FetchedPage | NotModified] = asyncio.create_task(_run(fetcher, guild, url))
        self._fetches.add(fetch)
        try:
            page = await fetch
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._ingest.refuses() and task is not None and not task.cancelling():
                raise Busy(SHUTTING_DOWN) from None
            fetch.cancel()
            raise
        finally:
            self._fetches.discard(fetch)
        assert isinstance(page, FetchedPage)  # noqa: S101 -- nothing was sent that "not modified" could be the answer to
        return page

    async def list_articles(self, guild: int) -> list[ArticleSummary]:
        """List the guild's articles by id."""
        return await self._reads.run(lambda: self._library.list_articles(guild))

    async def get_article(self, guild: int, article: str) -> Article:
        """Get one article, whole."""
        return await self._reads.run(lambda: self._library.get_article(guild, article))

    async def get_article_by_id(self, guild: int, article_id: int) -> Article:
        """Get one article by nothing but its id, whole."""
        return await self._reads.run(lambda: self._library.get_article_by_id(guild, article_id))

    async def guilds(self) -> list[int]:
        """List every guild that has articles."""
        return await self._reads.run(self._library.guilds)

    async def remove_article(self, guild: int, article: str) -> ArticleSummary:
        """Remove an article and return what it was."""
        return await self._reads.run(lambda: self._library.remove_article(guild, article))

    async def complete_articles(self, guild: int, prefix: str, limit: int = 25) -> list[ArticleSummary]:
        """List the articles that a half-typed title may mean."""
        return await self._reads.run(lambda: self._library.complete_articles(guild, prefix, limit))

    async def close(self) -> None:
        """Refuse what waits, let what runs finish (an ingest stops and stores nothing), then close the library.

        May be called any number of times; every call returns when all is closed.
        """
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        lanes = (self._questions, self._reads, self._ingest)
        for lane in lanes:
            lane.refuse()
        for fetch in self._fetches:
            fetch.cancel()
        for lane in lanes:
            await lane.finish()
        await _run_in_thread(self._library.close)


class _Lane:
    """Threads with bounded admission. Everything but the work itself happens in the event loop."""

    def __init__(
        self, name: str, *, workers: int, waiting: int, busy: str, initializer: Callable[[], None] | None = None
    ) -> None:
        self._name = name
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=f"pullquote-{name}", initializer=initializer)
        self._room = workers + waiting
        self._busy = busy
        # Counted until the work is over, not until its caller gives up: a cancelled question still holds its worker.
        self._admitted = 0
        self._lock = threading.Lock()
        self._is_refusing = False

    async def run(self, work: Callable[[], T], *, seconds: float | None = None) -> T:
        if self.refuses():
            raise Busy(SHUTTING_DOWN)
        with self._lock:
            if self._admitted >= self._room:
                log.warning("The %s lane is full: %d admitted", self._name, self._admitted)
                raise Busy(self._busy)
            self._admitted += 1
        future = self._executor.submit(work)
        future.add_done_callback(self._leave)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            if not future.done() or future.cancelled():
                raise Busy(TOOK_TOO_LONG) from None
            raise
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self.refuses() and future.cancelled() and task is not None and not task.cancelling():
                raise Busy(SHUTTING_DOWN) from None
            raise

    def _leave(self, _future: Future[T]) -> None:
        with self._lock:
            self._admitted -= 1

    def refuses(self) -> bool:
        return self._is_refusing

    def refuse(self) -> None:
        self._is_refusing = True
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def finish(self) -> None:
        await _run_in_thread(self._executor.shutdown)


class _ProgressRelay:
    """Carries progress from the ingest thread into the event loop, and stops the ingest when the lane closes."""

    def __init__(self, progress: Progress | None, loop: asyncio.AbstractEventLoop, lane: _Lane) -> None:
        self._progress = progress
        self._loop = loop
        self._lane = lane
        self._latest: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def __call__(self, done: int, total: int) -> None:
        if self._lane.refuses():
            raise Busy(SHUTTING_DOWN)
        if self._progress is None:
            return
        with self._lock:
            is_scheduled = self._latest is not None
            self._latest = (done, total)
        if not is_scheduled:
            # The loop may be gone when an ingest outlives it.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        with self._lock:
            latest, self._latest = self._latest, None
        if latest is not None and self._progress is not None:
            self._progress(*latest)


async def _run(fetcher: Fetcher, guild: int, url: str) -> FetchedPage | NotModified:
    return await fetcher.fetch(guild, url)


def _be_nice() -> None:
    """Let questions have the processor first. Only Linux has a niceness per thread."""
    if sys.platform != "linux":
        return
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), INGEST_NICENESS)
    except OSError as error:
        log.debug("The ingest thread keeps its priority: %s", error)


async def _run_in_thread(work: Callable[[], None]) -> None:
    """Run work in a thread of its own: the loop's default executor may be full or closed by now."""
    executor = ThreadPoolExecutor(1, thread_name_prefix="pullquote-close")
    try:
        await asyncio.get_running_loop().run_in_executor(executor, work)
    finally:
        executor.shutdown(wait=False)
