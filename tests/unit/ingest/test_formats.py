"""Which format a source is taken for: its bytes decide, then what it was served as, then its name."""

from __future__ import annotations

import pytest

from bot.engine.errors import Unsupported
from bot.engine.ingest.extract.formats import Format, find_format
from tests.unit.ingest.books import make_archive, make_book

HTML = b"<!DOCTYPE html><html><body>The weir</body></html>"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.4\n", Format.PDF),
        (make_archive({"word/document.xml": "x"}), Format.DOCX),
        (make_book({"a.xhtml": "<p>x</p>"}), Format.EPUB),
        (make_archive({"mimetype": "application/epub+zip", "META-INF/container.xml": "x"}), Format.EPUB),
        (HTML, Format.HTML),
        (b"\xef\xbb\xbf" + HTML, Format.HTML),
        (b"<?xml version='1.0'?>\n<!-- saved -->\n<html xmlns='x'>", Format.HTML),
        (b"The weir is old.", Format.TEXT),
    ],
)
@pytest.mark.parametrize("name", ["", "article.txt", "article.jpg"])
def test_bytes_tell_the_format_whatever_the_name_says(data: bytes, found: Format, name: str) -> None:
    """A PDF called .txt is a PDF."""
    assert find_format(data, name) is found


@pytest.mark.parametrize(
    ("name", "media_type", "found"),
    [
        ("weir.md", "", Format.MARKDOWN),
        ("weir.HTM", "", Format.HTML),
        ("weir", "text/html; charset=utf-8", Format.HTML),
        ("weir.txt", "text/markdown", Format.MARKDOWN),
        ("weir.html", "text/plain", Format.HTML),
        ("weir", "", Format.TEXT),
    ],
)
def test_header_and_name_tell_one_text_from_another(name: str, media_type: str, found: Format) -> None:
    """Words that could be anything are what they were served as, or what the name says."""
    assert find_format(b"<p>The weir is old.</p>", name, media_type) is found


@pytest.mark.parametrize("name", ["weir.pdf", "weir.docx", "weir.epub"])
def test_text_that_is_called_a_document_is_refused(name: str) -> None:
    """A file that promises another format than it holds was spoiled on its way."""
    with pytest.raises(Unsupported, match="whatever its name says"):
        find_format(b"The weir is wide.", name)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "JPEG"),
        (b"GIF89a" + bytes(20), "GIF"),
        (make_archive({"xl/workbook.xml": "x"}), "Excel"),
        (make_archive({"notes.txt": "x"}), "ZIP"),
        (b"\x1f\x8b\x08" + bytes(20), "gzip"),
        (b"MZ\x90\x00" + bytes(60), "program"),
        (b"SQLite format 3\x00" + bytes(20), "database"),
        (b"{\\rtf1\\ansi The weir.}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "old Word"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(20), "video"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, kind: str) -> None:
    """A file of another kind is refused by the name of that kind, with the next step."""
    with pytest.raises(Unsupported, match=f"(?i){kind}.*Copy the text"):
        find_format(data, "article.txt")
