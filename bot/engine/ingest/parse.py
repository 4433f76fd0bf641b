"""From a file's bytes or pasted text to a parsed article: every line labelled, every passage a span of the text."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import PurePath

from bot.engine.errors import ExtractFailed, TooLarge, Unsupported
from bot.engine.ingest.characters import count_words, is_visible
from bot.engine.ingest.extract.markdown import extract_markdown
from bot.engine.ingest.extract.text import decode_text
from bot.engine.ingest.label import label_lines
from bot.engine.ingest.split import split_passages
from bot.engine.records import ParsedArticle

_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_TITLE_CHARACTERS = 200
_TITLE_WORDS = 10
_FEWEST_WORDS = 2


def is_markdown_name(file_name: str) -> bool:
    """Say whether a file's name says that it holds Markdown."""
    return PurePath(file_name).suffix.lower() in _MARKDOWN_SUFFIXES


@dataclass(frozen=True, slots=True)
class IngestLimits:
    """What an article may be: bytes of a file, characters and lines of its text, passages, characters of a passage."""

    max_bytes: int = 10 * 1024 * 1024
    max_characters: int = 6_000_000
    max_passages: int = 20_000
    max_passage_characters: int = 1_800
    max_lines: int = 100_000


def parse_bytes(
    data: bytes, *, file_name: str = "", title: str | None = None, limits: IngestLimits | None = None
) -> ParsedArticle:
    """Parse a text or Markdown file. Raises ExtractFailed, TooLarge, Unsupported."""
    limits = limits or IngestLimits()
    if len(data) > limits.max_bytes:
        raise TooLarge(
            f"That file has {len(data):,} bytes; {limits.max_bytes:,} are possible. Split it into several articles."
        )
    if not data:
        raise ExtractFailed("That file is empty. Choose the file that holds the article's text.")
    text = decode_text(data, file_name)
    stem = PurePath(file_name).stem
    return _parse(text, title, is_markdown=is_markdown_name(file_name), fallback=stem, limits=limits)


def parse_text(
    text: str, *, title: str | None = None, markdown: bool = False, limits: IngestLimits | None = None
) -> ParsedArticle:
    """Parse pasted text. Raises ExtractFailed, TooLarge, Unsupported."""
    return _parse(text, title, is_markdown=markdown, fallback="", limits=limits or IngestLimits())


def _parse(text: str, title: str | None, *, is_markdown: bool, fallback: str, limits: IngestLimits) -> ParsedArticle:
    # Lone surrogates cannot be stored or sent; a byte-order mark is no part of the text.
    text = text.removeprefix("\ufeff").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\x00" in text:
        raise Unsupported("That is not text: it holds NUL characters. Add the article's text instead.")
    if len(text) > limits.max_characters:
        raise TooLarge(
            f"That text has {len(text):,} characters; {limits.max_characters:,} are possible. "
            "Split it into several articles."
        )
    if not is_visible(text):
        raise ExtractFailed("That text is empty. Paste the article's text, or choose another file.")
    if sum(not line.isspace() for line in text.splitlines() if line) > limits.max_lines:
        raise TooLarge(
            f"That text has more than {limits.max_lines:,} lines. Split it into several and add them one by one."
        )
    wanted = _tidy(title) if title else None
    if is_markdown:
        found, text, lines = extract_markdown(text, wanted)
    else:
        found, lines = label_lines(text, wanted)
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
    return ParsedArticle(_tidy(found or "") or _tidy(fallback) or _opening(first), text, lines, passages)


def _tidy(title: str) -> str:
    words = " ".join(title.split())
    return words if len(words) <= _TITLE_CHARACTERS else words[: _TITLE_CHARACTERS - 1].rstrip() + "…"


def _opening(text: str) -> str:
    """Return the first words of an article that has neither a title nor a file name."""
    words = text.split()
    return _tidy(" ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else ""))
