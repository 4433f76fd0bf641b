"""EPUB: the chapters of the spine in order, each walked block by block. Nothing is unpacked to disk."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from bot.engine.errors import ExtractFailed, Unsupported
from bot.engine.ingest.extract.archives import open_archive, read_member
from bot.engine.ingest.extract.page_blocks import read_blocks
from bot.engine.ingest.extract.pieces import Piece, Pieces
from bot.engine.records.articles import ArticleDetails

_CONTAINER = "META-INF/container.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_MOST_CHAPTERS = 1_000
_DAMAGED = "That EPUB file is damaged. Save or download it again, or paste its text."


def extract_epub(data: bytes) -> Pieces:
    """Extract a book's text in the order of its spine. Raises ExtractFailed, TooLarge, Unsupported."""
    with open_archive(data) as archive:
        if "META-INF/encryption.xml" in archive.namelist() and b"rights.xml" in b"".join(
            name.encode() for name in archive.namelist()
        ):
            raise Unsupported("That EPUB file is protected against copying. Add the text in another form.")
        root = _package_path(archive)
        package = _parse_xml(read_member(archive, root))
        blocks = tuple(block for name in _spine(package, root) for block in _chapter(archive, name))
    if not blocks:
        raise ExtractFailed("That EPUB file has no text. Save or download it again, or paste its text.")
    title = _named(package, "title")
    return Pieces(blocks, title or None, _details(package))


def _package_path(archive: zipfile.ZipFile) -> str:
    container = _parse_xml(read_member(archive, _CONTAINER))
    for element in container.iter():
        path = element.get("full-path")
        if _tag(element) == "rootfile" and path:
            return _inside(path, "")
    raise ExtractFailed(_DAMAGED)


def _parse_xml(data: bytes) -> Any:
    """Parse XML without entities, whatever they would name or repeat."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(data)
    except DefusedXmlException:
        raise ExtractFailed(
            "That EPUB file holds XML entities, as no book needs them. Convert it anew, or paste its text."
        ) from None
    except (ParseError, ValueError, RecursionError):
        raise ExtractFailed(_DAMAGED) from None


def _spine(package: Any, root: str) -> Iterator[str]:
    """Yield the members that the spine names, in its order; contents pages and what is not linear are passed over."""
    items = {}
    for element in package.iter():
        is_chapter = _tag(element) == "item" and element.get("media-type") in _CHAPTERS
        if is_chapter and "nav" not in (element.get("properties") or "").split():
            items[element.get("id")] = element.get("href") or ""
    references = [element for element in package.iter() if _tag(element) == "itemref"]
    for element in references[:_MOST_CHAPTERS]:
        href = items.get(element.get("idref"))
        if href and element.get("linear") != "no":
            yield _inside(href, posixpath.dirname(root))


def _inside(href: str, folder: str) -> str:
    """Return the member that a reference names. Raises Unsupported where it leads out of the book."""
    path = posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
    if path.startswith(("/", "..")) or "\\" in path or ":" in path.partition("/")[0]:
        raise Unsupported("That EPUB file names chapters outside itself. Convert it anew, or paste its text.")
    return path


def _chapter(archive: zipfile.ZipFile, name: str) -> Iterator[Piece]:
    from bot.engine.ingest.extract.charsets import decode_html
    from bot.engine.ingest.extract.html import parse_page

    tree = parse_page(decode_html(read_member(archive, name)))
    body = tree.find("body")
    for block in read_blocks(tree if body is None else body):
        yield block.piece


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _named(package: Any, name: str) -> str:
    found = (element.text for element in package.iter() if _tag(element) == name and element.text)
    return " ".join(next(found, "").split())


def _details(package: Any) -> ArticleDetails:
    date = _DATE.match(_named(package, "date"))
    return ArticleDetails(
        author=_named(package, "creator"),
        site=_named(package, "publisher"),
        published=date.group() if date else "",
        language=_named(package, "language")[:2].lower(),
    )
