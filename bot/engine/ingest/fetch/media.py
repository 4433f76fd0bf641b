"""What a page's bytes are, and in which encoding: what the server says is believed only where the bytes agree."""

from __future__ import annotations

import codecs
import re
from email.message import Message

from bot.engine.errors import Unsupported
from bot.engine.ingest.fetch.urls import INSTEAD

HTML = "text/html"
XHTML = "application/xhtml+xml"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
EPUB = "application/epub+zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ACCEPT = f"{HTML}, {XHTML}, {MARKDOWN}, {TEXT};q=0.9, {PDF};q=0.8, */*;q=0.1"

GZIP = "application/gzip"
FEEDS = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml", GZIP}
)
"""What feeds and sitemaps are sent as; no article is."""

_ALIASES = {"text/x-markdown": MARKDOWN, "application/x-pdf": PDF, "application/x-gzip": GZIP}
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
_ALLOWED = frozenset({HTML, XHTML, TEXT, MARKDOWN, PDF, EPUB, DOCX})
_TEXTUAL = frozenset({HTML, XHTML, TEXT, MARKDOWN})
_HEAD = 4_096
_META_BYTES = 2_048
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,5}=\s{0,5}[\"']([A-Za-z0-9_:.-]{2,40})[\"']", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# As the Encoding Standard has it: pages that say Latin-1 or ASCII mean Windows-1252, and so on.
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}  # fmt: skip
_CHARSETS = frozenset(
    {
        "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030", "big5hkscs", "cp932", "euc_jp",
        "iso2022_jp", "cp949", "johab", "hz", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874",
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    }
)  # fmt: skip
"""The encodings of texts: Python's list also has ones that unpack archives or run escapes."""


def check_media_type(header: str, also: frozenset[str] = frozenset()) -> str:
    """Return the media type that a Content-Type header names, or "" where it names none that means anything.

    ``also``: media types that are wanted besides those of articles.

    Raises Unsupported for one that is never an article, so that nothing of it need be read.
    """
    named = header.partition(";")[0].strip().lower()
    named = _ALIASES.get(named, named)
    if named in _UNTOLD:
        return ""
    if named not in _ALLOWED | also:
        shown = named if re.fullmatch(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,80}", named) else "something unknown"
        raise Unsupported(f"That address holds no article but {shown}. Give the address of a page, or paste its text.")
    return named


def sniff_media_type(data: bytes, named: str, path: str, also: frozenset[str] = frozenset()) -> str:
    """Return what the bytes are: their signature first, then what the header named, then the ending of the path.

    ``also``: media types that are wanted besides those of articles.

    Raises Unsupported for bytes that are neither text nor a known kind of file.
    """
    head = data[:_HEAD]
    if head.startswith(b"%PDF-") or (named == PDF and b"%PDF-" in head[:1_024]):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if GZIP in also and head.startswith(b"\x1f\x8b"):
        return GZIP
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if named != XHTML and (start.startswith((b"<!doctype html", b"<html")) or b"<html" in start[:1_024]):
        return HTML
    has_wide_bom = any(head.startswith(bom) for bom, _ in _BOMS[1:])
    if not has_wide_bom and b"\x00" in head and (named not in _TEXTUAL or _is_binary(head)):
        raise Unsupported(f"That address holds a file of a kind that cannot be read. {INSTEAD}")
    if named in (PDF, EPUB, DOCX):
        raise Unsupported(f"That address promises a file that it does not hold: its bytes are no {_name(named)}.")
    is_markdown = path.lower().endswith((".md", ".markdown"))
    if named in ("", TEXT):
        return MARKDOWN if is_markdown else TEXT
    return named


def find_charset(data: bytes, header: str, media_type: str) -> str | None:
    """Return Python's name of the encoding that is stated: by byte order mark, header, or the page; else None."""
    if media_type not in _TEXTUAL:
        return None
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    message = Message()
    message["Content-Type"] = header
    stated = message.get_content_charset()
    if (known := _known(stated)) is not None:
        return known
    if media_type in (HTML, XHTML):
        start = data[:_META_BYTES]
        found = _XML.match(start) or _META.search(start)
        named = _known(found.group(1).decode("ascii")) if found else None
        # A page that could be searched for ASCII is not UTF-16, whatever it says of itself.
        return "utf-8" if named and named.startswith(("utf-16", "utf-32")) else named
    return None


def _known(label: str | None) -> str | None:
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _CHARSETS else None


def _is_binary(head: bytes) -> bool:
    """Say whether zeros are where no UTF-16 has them: at even and at odd places."""
    return b"\x00" in head[::2] and b"\x00" in head[1::2]


def _zip_kind(data: bytes) -> str:
    ends = data[:65_536] + data[-65_536:]
    if b"application/epub+zip" in ends[:200]:
        return EPUB
    if b"word/" in ends:
        return DOCX
    raise Unsupported(f"That address holds an archive of a kind that cannot be read. {INSTEAD}")


def _name(media_type: str) -> str:
    return {PDF: "PDF", EPUB: "EPUB", DOCX: "Word file"}[media_type]
