"""From a file's bytes or pasted text to a parsed article: every line labelled, every passage a span of the text."""

from __future__ import annotations

import itertools
from pathlib import PurePath

from bot.engine.errors import ExtractFailed, TooLarge
from bot.engine.ingest.characters import count_words
from bot.engine.ingest.extract.extraction import extract, extract_text
from bot.engine.ingest.extract.pieces import Extract
from bot.engine.ingest.extract.text import clean_text
from bot.engine.ingest.limits import IngestLimits as IngestLimits
from bot.engine.ingest.split import split_passages
from bot.engine.records.articles import ParsedArticle

_TITLE_CHARACTERS = 200
_TITLE_WORDS = 10
_FEWEST_WORDS = 2


def parse_bytes(
    data: bytes,
    *,
    file_name: str = "",
    media_type: str = "",
    url: str = "",
    title: str | None = None,
    limits: IngestLimits | None = None,
) -> ParsedArticle:
    """Parse a file or a fetched page; its bytes tell the format. Raises ExtractFailed, TooLarge, Unsupported."""
    limits = limits or IngestLimits()
    if len(data) > limits.max_bytes:
        raise TooLarge(
            f"That file has {len(data):,} bytes; {limits.max_bytes:,} are possible. Split it into several articles."
        )
    if not data:
        raise ExtractFailed("That file is empty. Choose the file that holds the article's text.")
    wanted = _tidy(title) if title else None
    found = extract(data, file_name=file_name, media_type=media_type, url=url, title=wanted, limits=limits)
    return _finish(found, PurePath(file_name).stem, limits)


def parse_text(
    text: str, *, title: str | None = None, markdown: bool = False, limits: IngestLimits | None = None
) -> ParsedArticle:
    """Parse pasted text. Raises ExtractFailed, TooLarge, Unsupported."""
    limits = limits or IngestLimits()
    wanted = _tidy(title) if title else None
    return _finish(extract_text(clean_text(text), wanted, is_markdown=markdown, limits=limits), "", limits)


def _finish(found: Extract, fallback: str, limits: IngestLimits) -> ParsedArticle:
    """Make the passages, and refuse what has none worth quoting."""
    text, lines = found.text, found.lines
    passages = split_passages(text, lines, longest=limits.max_passage_characters, most=limits.max_passages)
    if not passages:
        raise ExtractFailed(
            "There is nothing to quote in that: every line looks like a title, a menu, a caption or the like. "
            "Paste the article's own paragraphs."
        )
    words = itertools.accumulate(count_words(text[passage.start : passage.end]) for passage in passages)
    if not any(count >= _FEWEST_WORDS for count in words):
        raise ExtractFailed("That is too short to quote. Paste the article's whole text.")
    first = text[passages[0].start : passages[0].end]
    return ParsedArticle(_title(found.title, fallback, first), text, lines, passages, found.details)


def _title(found: str | None, fallback: str, first: str) -> str:
    return _tidy(found or "") or _tidy(fallback) or _opening(first)


def _tidy(title: str) -> str:
    words = " ".join(title.split())
    return words if len(words) <= _TITLE_CHARACTERS else words[: _TITLE_CHARACTERS - 1].rstrip() + "…"


def _opening(text: str) -> str:
    """Return the first words of an article that has neither a title nor a file name."""
    words = text.split()
    return _tidy(" ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else ""))
