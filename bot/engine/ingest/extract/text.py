"""Bytes that should be text: told from binary files, and decoded."""

from __future__ import annotations

import codecs
import re

from bot.engine.errors import Unsupported

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP, Word or EPUB file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a sound, video or WebP file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"{\\rtf", "an RTF file"),
    (b"ID3", "a sound file"),
)

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x7f]")
_MOST_CONTROLS = 0.005
_SNIFFED = 65_536


def decode_text(data: bytes) -> str:
    """Decode a text file: by its byte-order mark, else as UTF-8, else as Windows-1252. The mark is dropped.

    Raises Unsupported for what is no text, naming what it looks like.
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise Unsupported(f"That is {kind}, which cannot be read yet. Copy its text and add that instead.")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _require_text(data[len(mark) :].decode(encoding, "replace"))
    try:
        return _require_text(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _require_text(_decode_other(data))


def _decode_other(data: bytes) -> str:
    """Decode what is not UTF-8: mostly UTF-8 with broken bytes, or one byte a character as Windows writes it."""
    replaced = data.decode("utf-8", "replace")
    broken = replaced.count("\ufffd")
    multibyte = sum(character > "\x7f" for character in replaced) - broken
    if multibyte > broken:
        return replaced
    return data.decode("cp1252", "replace")


def _require_text(text: str) -> str:
    """Refuse text that holds what no text file holds: a NUL, or many control characters."""
    sample = text[:_SNIFFED]
    if "\x00" in text or len(_CONTROLS.findall(sample)) > max(2, len(sample) * _MOST_CONTROLS):
        raise Unsupported("That is not a text file, whatever its name says. Add the article's text instead.")
    return text
