"""The encoding of web pages: byte order mark, header, UTF-8, the page's own declaration, and a guess last."""

from __future__ import annotations

import codecs
import re

from bot.engine.errors import ExtractFailed
from bot.engine.ingest.extract.text import BOMS

_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,80}?encoding=["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 4_096
_GUESSED = 65_536
# As browsers read them: the wider encoding that each name is used for (WHATWG Encoding, "names and labels").
_READ_AS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_REPLACED_AT_MOST = 1_000
"""One broken character in so many is a page's own slip; more, and the encoding is not the one that was named."""


def decode_html(data: bytes, media_type: str = "") -> str:
    """Decode a page. ``media_type``: the header it came with. Raises ExtractFailed where no encoding gives words."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    names = [name for name in (_named(_HEADER.search(media_type)), "utf-8", _declared(data)) if name]
    for name in names:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    for name in names:
        text = data.decode(name, "replace")
        if text.count("\ufffd") * _REPLACED_AT_MOST <= len(text):
            return text
    return _guess(data)


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_GUESSED]).best()
    if best is None:
        raise ExtractFailed("That page's encoding cannot be told. Copy the article's text and add that instead.")
    return data.decode(best.encoding, "replace")


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_HEAD])
    name = (found[1] or found[2]).decode("ascii") if found else ""
    # A page that can be searched for ASCII is not UTF-16, whatever it says.
    return None if name.lower().startswith("utf-16") else _codec(name)


def _named(found: re.Match[str] | None) -> str | None:
    return _codec(found[1]) if found else None


def _codec(name: str) -> str | None:
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs such as "hex" or "zlib" turn bytes into bytes.
    return _READ_AS.get(known.name, known.name) if known._is_text_encoding else None  # noqa: SLF001
