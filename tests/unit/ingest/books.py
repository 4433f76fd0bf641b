"""Books and other archives made for tests, in memory."""

from __future__ import annotations

import io
import zipfile

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = """<?xml version="1.0"?>{doctype}
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">
<metadata><dc:title>The Weir Book</dc:title><dc:creator>Ottilie Brandt</dc:creator><dc:language>en-GB</dc:language>
<dc:publisher>Fennel Lane Press</dc:publisher><dc:date>2024-05-11T00:00:00Z</dc:date></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>{items}</manifest>
<spine><itemref idref="nav"/>{spine}</spine></package>"""
PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>No text</title></head><body>{body}</body></html>'


def make_book(chapters: dict[str, str], *, spine: list[str] | None = None, doctype: str = "") -> bytes:
    """Return an EPUB of chapters (member name → body); ``spine`` orders them otherwise than they are stored."""
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters)
    order = "".join(f'<itemref idref="{name}"/>' for name in spine or list(chapters))
    members = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE.format(doctype=doctype, items=items, spine=order),
        "OEBPS/nav.xhtml": PAGE.format(body="<nav><ol><li>Contents of the book</li></ol></nav>"),
        **{f"OEBPS/{name}": PAGE.format(body=body) for name, body in chapters.items()},
    }
    return make_archive(members, first="application/epub+zip")


def make_archive(members: dict[str, str | bytes], *, first: str = "") -> bytes:
    """Return a ZIP archive; ``first`` is the content of an uncompressed member called mimetype."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def replace_member(data: bytes, name: str, content: str | bytes) -> bytes:
    """Return a copy of an archive in which one member is another, or is added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return file.getvalue()
