"""Which format a source has: told by its bytes first, by what it was served as next, by its name last."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from bot.engine.errors import Unsupported
from bot.engine.ingest.extract.text import find_kind

_KINDS = {"PDF files": "pdf", "DOCX files": "docx", "EPUB files": "epub", "HTML files": "html"}
_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".xht": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
}
_PROMISES = {".pdf": "PDF", ".docx": "DOCX", ".epub": "EPUB"}
_MEDIA_TYPES = {"text/html": "html", "application/xhtml+xml": "html", "text/markdown": "markdown"}


class Format(StrEnum):
    """A format that can be read."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    EPUB = "epub"
    MARKDOWN = "markdown"
    TEXT = "text"


def find_format(data: bytes, file_name: str = "", media_type: str = "") -> Format:
    """Return the format of a source. Raises Unsupported where the bytes are of a kind that cannot be read."""
    kind = find_kind(data)
    if kind in _KINDS:
        return Format(_KINDS[kind])
    if kind is not None:
        raise Unsupported(f"{kind[0].upper()}{kind[1:]} cannot be read. Copy the text and add that instead.")
    suffix = PurePath(file_name).suffix.lower()
    if suffix in _PROMISES:
        raise Unsupported(
            f"That file is not a {_PROMISES[suffix]} file, whatever its name says. "
            f"Save it again as {_PROMISES[suffix]}, or paste its text."
        )
    named = _MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower()) or _SUFFIXES.get(suffix)
    return Format(named or "text")


def is_markdown_name(file_name: str) -> bool:
    """Say whether a file's name says that it holds Markdown."""
    return _SUFFIXES.get(PurePath(file_name).suffix.lower()) == "markdown"
