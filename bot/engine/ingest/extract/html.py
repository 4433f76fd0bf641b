"""Web pages: trafilatura finds the article, its own tree keeps the kinds of blocks apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.engine.errors import ExtractFailed, TooLarge
from bot.engine.ingest.extract.charsets import decode_html
from bot.engine.ingest.extract.page_blocks import label_pieces, read_blocks
from bot.engine.ingest.extract.pieces import Piece, Pieces
from bot.engine.records.articles import ArticleDetails, find_url
from bot.engine.records.passages import LineLabel

if TYPE_CHECKING:
    from lxml.etree import _Element

_KINDS = {"p": LineLabel.PARAGRAPH, "item": LineLabel.LIST_ITEM, "quote": LineLabel.BLOCK_QUOTE, "code": LineLabel.CODE}
_BLOCKS = frozenset({"p", "item", "quote", "list", "table", "row", "cell", "head", "div", "code", "ab"})
_MOST_TAGS = 120_000
_GAP = re.compile(r"\n\s*\n\s*")


def extract_html(data: bytes, *, media_type: str = "", url: str = "") -> Pieces:
    """Extract a page's article. Raises ExtractFailed, TooLarge."""
    from trafilatura import bare_extraction

    tree = parse_page(decode_html(data, media_type))
    found = bare_extraction(tree, url=url or None, output_format="xml", include_comments=False, with_metadata=True)
    if found is None or isinstance(found, dict) or found.body is None:
        raise ExtractFailed("No article was found on that page. Copy the article's text and add that instead.")
    pieces = label_pieces(list(_blocks(found.body)), read_blocks(tree))
    return Pieces(tuple(pieces), found.title or None, _details(found, url))


def parse_page(text: str) -> Any:
    """Parse a page's text into lxml's tree. Raises ExtractFailed, TooLarge."""
    from lxml import etree, html

    if text.count("<") > _MOST_TAGS:
        raise TooLarge(f"That page has more than {_MOST_TAGS:,} tags. Copy the article's text and add that instead.")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        raise ExtractFailed("That page is empty or broken. Copy the article's text and add that instead.") from None
    return tree


def _details(found: Any, url: str) -> ArticleDetails:
    return ArticleDetails(
        author=found.author or "",
        site=found.sitename or "",
        published=found.date or "",
        canonical_url=find_url(found.url or "") or find_url(url) or "",
    )


def _blocks(body: _Element) -> Iterator[Piece]:
    for child in body:
        yield from _element(child, LineLabel.PARAGRAPH)


def _element(element: _Element, kind: LineLabel) -> Iterator[Piece]:
    tag = element.tag
    if tag == "head":
        rend = element.get("rend") or ""
        level = int(rend[1:]) if re.fullmatch(r"h[1-6]", rend) else 2
        yield Piece(LineLabel.HEADING, _words(element), level)
    elif tag == "row":
        cells = [" ".join(_words(cell).split()) for cell in element.iter("cell")]
        if any(cells):
            yield Piece(LineLabel.TABLE_ROW, " | ".join(cells))
    elif tag == "code" and kind is LineLabel.PARAGRAPH:
        yield Piece(LineLabel.CODE, "".join(_code(element)).strip("\n"))
    else:
        inner = _KINDS.get(str(tag), kind) if kind is not LineLabel.BLOCK_QUOTE or tag == "item" else kind
        if tag == "p" and kind in (LineLabel.LIST_ITEM, LineLabel.BLOCK_QUOTE):
            inner = kind
        yield from _mixed(element, inner)


def _mixed(element: _Element, kind: LineLabel) -> Iterator[Piece]:
    """Yield an element's own words, and each block inside it apart."""
    run = [element.text or ""]
    for child in element:
        if child.tag in _BLOCKS and not (child.tag == "code" and kind is not LineLabel.CODE and _is_inline(child)):
            yield from _paragraphs("".join(run), kind)
            run = []
            yield from _element(child, kind)
        elif child.tag == "lb":
            run.append("\n")
        else:
            run.append(_words(child))
        run.append(child.tail or "")
    yield from _paragraphs("".join(run), kind)


def _is_inline(code: _Element) -> bool:
    return "\n" not in "".join(code.itertext()) and code.find(".//lb") is None


def _paragraphs(text: str, kind: LineLabel) -> Iterator[Piece]:
    for part in _GAP.split(text):
        if part.strip():
            yield Piece(kind, part.strip())


def _words(element: _Element) -> str:
    return "".join(_code(element))


def _code(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "lb":
            yield "\n"
        else:
            yield from _code(child)
        yield child.tail or ""
