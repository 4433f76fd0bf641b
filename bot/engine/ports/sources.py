"""What reads sources: a parser, and a fetcher of web pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.engine.records.articles import ParsedArticle
from bot.engine.records.sources import ArticleSource, FetchedPage, NotModified


class Parser(Protocol):
    """Turns a source into an article. Thread-safe."""

    def parse(self, guild: int, source: ArticleSource, *, tick: Callable[[], None] | None = None) -> ParsedArticle:
        """Parse a source. ``tick`` is called now and then while it waits, and may raise to give up.

        Raises ExtractFailed, TooLarge, Unsupported, Busy.
        """
        ...


class Fetcher(Protocol):
    """Gets pages from the web for coroutines."""

    async def fetch(
        self,
        guild: int,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        public_only: bool = False,
    ) -> FetchedPage | NotModified:
        """Get one page. Raises FetchFailed, TooLarge, Unsupported, Busy.

        ``public_only``: from the public web alone, whatever hosts the operator opened to those who add articles.

        ``etag`` and ``last_modified`` are those of the page as it was got before; only with one of them the answer may
        be NotModified.
        """
        ...
