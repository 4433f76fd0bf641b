"""Summaries of what is not in the library, for coroutines: a lane of their own, and how much of it there may be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol

from bot.engine.errors import TooLarge
from bot.engine.ingest.pages import page_source
from bot.engine.ports.encoders import Progress
from bot.engine.records.articles import Article
from bot.engine.records.sources import ArticleSource, FetchedPage
from bot.engine.records.summaries import Summary, SummaryLength
from bot.engine.scopes.records import Viewer
from bot.engine.summaries.contents import Section
from bot.engine.summaries.guests import Allowance, Guest, GuestBook, GuestRates
from bot.lanes import Lane, ProgressRelay, be_nice

if TYPE_CHECKING:
    from bot.engine.library import Library

PATIENCE_SECONDS = 600.0
BUSY_GUESTS = "Several pages and files are already waiting to be summarised. Try again in a minute."
_WAITING = 4
_LARGEST_KEPT_BYTES = 16 * 1024 * 1024


class Fetch(Protocol):
    """Gets a page for a guild."""

    def __call__(self, guild: int, url: str, *, public_only: bool) -> Awaitable[FetchedPage]:
        """``public_only``: not from hosts that the operator opened to those who add articles."""
        ...


class Guests:
    """Reads, summarises and remembers guests. Belongs to one event loop.

    Their lane is none of the library's: neither questions nor articles being added wait for a guest, and a guest does
    not wait for an import.
    """

    def __init__(self, library: Library, fetch: Fetch, reads: Lane, *, rates: GuestRates | None = None) -> None:
        """``fetch`` gets a page for a guild, ``reads`` does what is quick; without ``rates`` any number may come."""
        self._library = library
        self._fetch = fetch
        self._reads = reads
        self._allowance = Allowance(rates) if rates is not None else None
        self._book = GuestBook()
        self.lane = Lane("guests", workers=1, waiting=_WAITING, busy=BUSY_GUESTS, initializer=be_nice)

    def count(self, guild: int, member: int) -> None:
        """Count a guest against the shares of a member and of a guild. Raises Busy where one of them is used up."""
        if self._allowance is not None:
            self._allowance.count(guild, member)

    def find(self, guild: int, token: str) -> Guest | None:
        """Return a guest that is still at hand, or None."""
        return self._book.find(guild, token)

    async def find_address(self, guild: int, url: str, *, viewer: Viewer) -> int | None:
        """The id of the stored article from this address that the viewer may see, or None."""
        return await self._reads.run(lambda: self._library.find_address(guild, url, viewer=viewer))

    async def read_url(
        self, guild: int, url: str, *, viewer: Viewer, public_only: bool, progress: Progress | None = None
    ) -> Guest | int:
        """Fetch a page and read it as a guest, or return the id of the stored article that it turns out to be.

        ``public_only`` for whoever may not add articles: hosts that the operator opened are not open to them.
        Raises what fetching and parsing raise.
        """
        page = await self._fetch(guild, url, public_only=public_only)
        if (
            page.final_url != url
            and (known := await self.find_address(guild, page.final_url, viewer=viewer)) is not None
        ):
            return known
        source = await asyncio.to_thread(page_source, page)
        return await self.read_source(guild, source, progress=progress)

    async def read_again(self, guild: int, url: str, token: str, *, public_only: bool) -> Guest:
        """Fetch and read the page of a guest that is not at hand any more. Raises what ``read_url`` raises."""
        source = await asyncio.to_thread(page_source, await self._fetch(guild, url, public_only=public_only))
        return await self.read_source(guild, source, token=token)

    async def read_source(
        self, guild: int, source: ArticleSource, *, token: str = "", progress: Progress | None = None
    ) -> Guest:
        """Read a file or a text as a guest. Raises what parsing raises."""
        if len(source.data) > _LARGEST_KEPT_BYTES:
            raise TooLarge("That is too large to be summarised without being stored. Have it added as an article.")
        relay = ProgressRelay(progress, asyncio.get_running_loop(), self.lane)
        article: Article = await self.lane.run(
            lambda: self._library.summaries.read_guest(guild, source, relay), seconds=PATIENCE_SECONDS
        )
        return self._book.put(guild, article, source, token)

    async def summarise(
        self,
        guest: Guest,
        length: SummaryLength,
        *,
        about: str = "",
        section: Section | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Summarise a guest. Raises TooLarge, Busy."""
        relay = ProgressRelay(progress, asyncio.get_running_loop(), self.lane)
        return await self.lane.run(
            lambda: self._library.summaries.summarise_guest(
                guest.article, length, about=about, section=section, progress=relay
            ),
            seconds=PATIENCE_SECONDS,
        )
