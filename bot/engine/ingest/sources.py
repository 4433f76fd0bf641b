"""From a source as it came to a parsed article, in this process."""

from __future__ import annotations

from collections.abc import Callable

from bot.engine.ingest.extract.formats import is_markdown_name
from bot.engine.ingest.limits import IngestLimits
from bot.engine.ingest.parse import parse_bytes, parse_text
from bot.engine.records.articles import ParsedArticle, find_url
from bot.engine.records.sources import ArticleSource


def parse_source(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Parse a source's bytes or text. Raises ExtractFailed, TooLarge, Unsupported."""
    if isinstance(source.data, bytes):
        url = find_url(source.source) or ""
        return parse_bytes(source.data, file_name=source.file_name, url=url, title=source.title, limits=limits)
    is_markdown = is_markdown_name(source.file_name)
    return parse_text(source.data, title=source.title, markdown=is_markdown, limits=limits)


class DirectParser:
    """Parses in the calling thread, whatever it is given: for texts that are trusted, and for tests."""

    def __init__(self, limits: IngestLimits | None = None) -> None:
        self._limits = limits or IngestLimits()

    def parse(self, guild: int, source: ArticleSource, *, tick: Callable[[], None] | None = None) -> ParsedArticle:  # noqa: ARG002
        """Parse a source. Raises ExtractFailed, TooLarge, Unsupported."""
        return parse_source(source, self._limits)
