"""A fetched page as an article's source: in UTF-8, with a file name that says what it is."""

from __future__ import annotations

import codecs
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.engine.records.freshness import FetchState
from bot.engine.records.sources import ArticleSource, FetchedPage

_ENDINGS = {
    "text/html": (".html", ".htm"),
    "application/xhtml+xml": (".xhtml", ".html"),
    "text/markdown": (".md", ".markdown"),
    "text/plain": (".txt", ".text"),
    "application/pdf": (".pdf",),
    "application/epub+zip": (".epub",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
}
_NAME_CHARACTERS = 120
_STEP = 262_144


def is_web_address(source: str) -> bool:
    """Say whether a source is an address to fetch, and not a path."""
    return source.strip().lower().startswith(("http://", "https://"))


def page_source(page: FetchedPage, title: str | None = None) -> ArticleSource:
    """Return a page as a source. Its address is where redirects led, so that it is found again by either address."""
    fetch = FetchState(page.fetched_at, page.etag or "", page.last_modified or "", page.fetched_at)
    return ArticleSource(_in_utf8(page), file_name=_file_name(page), title=title, source=page.final_url, fetch=fetch)


def _in_utf8(page: FetchedPage) -> bytes:
    """Return the text in UTF-8 with a byte order mark, which outranks whatever the page says of itself.

    Bytes that are not in the stated encoding stay as they are: then the parser has to find out.
    """
    if page.charset is None:
        return page.data
    # In steps: one long decoding would keep every other thread of the process waiting.
    decoder = codecs.getincrementaldecoder(page.charset)()
    steps = [page.data[start : start + _STEP] for start in range(0, len(page.data), _STEP)]
    try:
        parts = [decoder.decode(step).encode() for step in steps]
        parts.append(decoder.decode(b"", final=True).encode())
    except UnicodeError:
        return page.data
    return codecs.BOM_UTF8 + b"".join(parts).removeprefix(codecs.BOM_UTF8)


def _file_name(page: FetchedPage) -> str:
    """Return the last part of the address's path, or its host, with the ending of the media type."""
    parts = urlsplit(page.final_url)
    name = PurePosixPath(unquote(parts.path)).name or (parts.hostname or "")
    endings = _ENDINGS.get(page.media_type, (".txt",))
    if name.lower().endswith(endings):
        return name[-_NAME_CHARACTERS:]
    stem = PurePosixPath(name).stem if name and parts.path.strip("/") else name
    return stem[:_NAME_CHARACTERS] + endings[0]
