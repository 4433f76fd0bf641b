"""A web without a network: it hands out the pages that it is given, and can be made slow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.engine.errors import FetchFailed
from bot.engine.records.sources import FetchedPage, NotModified


@dataclass
class FakeFetcher:
    """Has the method of a fetcher.

    ``pages`` maps addresses to texts; ``unchanged`` ones are not modified for whoever sends an etag; ``gate`` (closed
    by clearing) makes it wait.
    """

    pages: dict[str, str] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)
    validators: list[tuple[str | None, str | None]] = field(default_factory=list)
    asked: list[tuple[int, str]] = field(default_factory=list)
    public_only: list[bool] = field(default_factory=list)
    asking: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def fetch(
        self,
        guild: int,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        public_only: bool = False,
    ) -> FetchedPage | NotModified:
        """Hand out a page."""
        self.public_only.append(public_only)
        self.asked.append((guild, url))
        self.validators.append((etag, last_modified))
        self.asking.set()
        await self.gate.wait()
        if url in self.unchanged and etag:
            return NotModified(url, 99)
        if url not in self.pages:
            raise FetchFailed("The page answered 404: there is no such page. Check the address.")
        return FetchedPage(url, url, "text/plain", "utf-8", self.pages[url].encode(), None, None, 0)
