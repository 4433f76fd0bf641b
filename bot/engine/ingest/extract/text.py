"""Bytes turned into text, or a plain reason why they are none."""

from __future__ import annotations

import codecs
import re

from bot.engine.errors import ExtractFailed, Unsupported

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "PDF files"),
    (b"\x89PNG\r\n", "PNG pictures"),
    (b"\xff\xd8\xff", "JPEG pictures"),
    (b"GIF8", "GIF pictures"),
    (b"BM", "BMP pictures"),
    (b"II*\x00", "TIFF pictures"),
    (b"MM\x00*", "TIFF pictures"),
    (b"RIFF", "pictures and sound files"),
    (b"\x7fELF", "programs"),
    (b"MZ", "programs"),
    (b"\xca\xfe\xba\xbe", "programs"),
    (b"\xcf\xfa\xed\xfe", "programs"),
    (b"\x1f\x8b", "gzip archives"),
    (b"BZh", "bzip2 archives"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archives"),
    (b"Rar!\x1a\x07", "RAR archives"),
    (b"\xfd7zXZ\x00", "xz archives"),
    (b"(\xb5/\xfd", "Zstandard archives"),
    (b"SQLite format 3\x00", "databases"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word, Excel and PowerPoint files"),
    (b"{\\rtf", "RTF files"),
    (b"ID3", "sound files"),
    (b"OggS", "sound files"),
    (b"fLaC", "sound files"),
    (b"\x00asm", "programs"),
)
# Short enough to open a real text by chance: believed only where the bytes hold a NUL.
_WEAK_MAGIC = frozenset({b"BM", b"MZ", b"ID3", b"RIFF", b"GIF8", b"BZh", b"OggS", b"fLaC"})
_ZIP_MEMBERS = (
    (b"application/epub+zip", "EPUB files"),
    (b"META-INF/container.xml", "EPUB files"),
    (b"application/vnd.oasis.opendocument", "OpenDocument files"),
    (b"word/", "DOCX files"),
    (b"xl/", "Excel files"),
    (b"ppt/", "PowerPoint files"),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_C1 = re.compile(r"[\x80-\x9f]")
_WIDE_LETTER = re.compile(r"[\u00c0-\u024f\u0192]")
_NARROW_LETTER = re.compile(r"[A-Za-z]")
_HEAD = 65_536


def decode_text(data: bytes) -> str:
    """Decode the bytes of a text file, its byte order mark dropped.

    A byte order mark decides; else UTF-8; else, where that gives words, Windows-1252. Raises Unsupported for what is no
    text file and ExtractFailed for text that is damaged or of an encoding that cannot be told.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _decode_strictly(data[len(bom) :], encoding)
    wide = _guess_wide(data)
    if wide is not None:
        return _decode_strictly(data, wide)
    head = data[:_HEAD]
    controls = len(_CONTROL.findall(head))
    if b"\x00" in data or controls * 50 > len(head):
        raise Unsupported("That is not a text file, whatever its name says. Add the article's text instead.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(data, error)


def find_kind(data: bytes) -> str | None:
    """Name the kind of file, in the plural, where its first bytes show that it is no plain text."""
    if any(data.startswith(bom) for bom, _ in BOMS):
        return "HTML files" if _HTML.match(data.removeprefix(codecs.BOM_UTF8)[:4_096]) else None
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        head = data[:_HEAD] + data[-_HEAD:]
        return next((kind for member, kind in _ZIP_MEMBERS if member in head), "ZIP archives")
    for magic, kind in _MAGIC:
        if data.startswith(magic) and (magic not in _WEAK_MAGIC or b"\x00" in data[:_HEAD]):
            return kind
    if data[4:8] == b"ftyp" and b"\x00" in data[:4]:
        return "video files"
    return "HTML files" if _HTML.match(data[:4_096]) else None


def clean_text(text: str) -> str:
    """Mend what cannot be stored: lone surrogates are replaced, a byte order mark is dropped. Raises Unsupported."""
    text = text.removeprefix("\ufeff").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\x00" in text:
        raise Unsupported("That is not text: it holds NUL characters. Add the article's text instead.")
    return text


def _guess_wide(data: bytes) -> str | None:
    """Tell UTF-16 without a byte order mark by zeros that are nearly all at even or nearly all at odd places."""
    head = data[:_HEAD]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd * 2 > half and even * 50 < half:
        return "utf-16-le"
    if even * 2 > half and odd * 50 < half:
        return "utf-16-be"
    return None


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(data, error) from None


def _decode_legacy(data: bytes, error: UnicodeDecodeError) -> str:
    """Decode as Windows-1252 what is not UTF-8, unless it is damaged UTF-8 or reads as no Western language."""
    lenient = data[: _HEAD * 4].decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    whole = sum(character > "\x7f" for character in lenient) - broken
    if whole > broken:
        raise _damaged(data, error) from None
    text = data.decode("cp1252", errors="replace") if b"\x81" not in data else "\x81"
    wide, narrow = len(_WIDE_LETTER.findall(text)), len(_NARROW_LETTER.findall(text))
    if _C1.search(text) or "\ufffd" in text or wide * 2 > narrow:
        raise ExtractFailed(
            "The text's encoding cannot be told; save the file as UTF-8 and add it again, or paste the text."
        ) from None
    return text


def _damaged(data: bytes, error: UnicodeDecodeError) -> ExtractFailed:
    line = data.count(b"\n", 0, error.start) + 1
    return ExtractFailed(
        f"The text is damaged in line {line} (byte {error.start + 1} is not valid {error.encoding.upper()}); "
        "save the file as UTF-8 and add it again, or paste the text."
    )
