"""Web pages for coroutines: fetched by the event loop itself, in no lane, and given up when the bot closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.engine.errors import Busy, FetchFailed
from bot.engine.ports.sources import Fetcher
from bot.engine.records.freshness import NEVER_FETCHED, FetchState
from bot.engine.records.sources import FetchedPage, NotModified
from bot.lanes import SHUTTING_DOWN

NO_WEB = (
    "Reading web pages is switched off here (fetch.enabled). Save the page and add it as a file, or paste its text."
)


def not_from_the_web(title: str) -> str:
    """Say why an article cannot be refreshed."""
    return f"“{title}” did not come from a web address, so there is nothing to look at again. Add its file again."


class AsyncPages:
    """Gets pages. Belongs to one event loop."""

    def __init__(self, fetcher: Fetcher | None, refuses: Callable[[], bool]) -> None:
        """Without a ``fetcher`` every page is refused. ``refuses``: whether the bot is closing."""
        self._fetcher = fetcher
        self._refuses = refuses
        self._fetches: set[asyncio.Task[FetchedPage | NotModified]] = set()

    @property
    def is_idle(self) -> bool:
        """Whether no page is on its way."""
        return not self._fetches

    def require(self) -> None:
        """Raise FetchFailed where the web is switched off."""
        if self._fetcher is None:
            raise FetchFailed(NO_WEB)

    async def fetch(self, guild: int, url: str, *, public_only: bool = False) -> FetchedPage:
        """Get a page for the first time. Raises FetchFailed, TooLarge, Unsupported, Busy."""
        page = await self.fetch_again(guild, url, NEVER_FETCHED, public_only=public_only)
        assert isinstance(page, FetchedPage)  # noqa: S101 -- nothing was sent that "not modified" could be the answer to
        return page

    async def fetch_again(
        self, guild: int, url: str, known: FetchState, *, public_only: bool = False
    ) -> FetchedPage | NotModified:
        """Get a page of which something is known, unless the bot closes meanwhile. Raises what ``fetch`` raises."""
        if self._refuses():
            raise Busy(SHUTTING_DOWN)
        if self._fetcher is None:
            raise FetchFailed(NO_WEB)
        fetch = asyncio.create_task(_run(self._fetcher, guild, url, known, public_only=public_only))
        self._fetches.add(fetch)
        try:
            return await fetch
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._refuses() and task is not None and not task.cancelling():
                raise Busy(SHUTTING_DOWN) from None
            fetch.cancel()
            raise
        finally:
            self._fetches.discard(fetch)

    def give_up(self) -> None:
        """End every fetch that is on its way."""
        for fetch in self._fetches:
            fetch.cancel()


async def _run(
    fetcher: Fetcher, guild: int, url: str, known: FetchState, *, public_only: bool
) -> FetchedPage | NotModified:
    return await fetcher.fetch(
        guild, url, etag=known.etag or None, last_modified=known.last_modified or None, public_only=public_only
    )
