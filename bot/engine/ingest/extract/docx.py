"""DOCX: python-docx walks the body in order; the names of the styles say what each block is."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.engine.errors import ExtractFailed
from bot.engine.ingest.extract.archives import open_archive, read_member
from bot.engine.ingest.extract.pieces import Piece, Pieces
from bot.engine.records.articles import ArticleDetails
from bot.engine.records.passages import LineLabel

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_HEADING = re.compile(r"heading ([1-9])\Z")
_KINDS = {
    "caption": LineLabel.CAPTION,
    "quote": LineLabel.BLOCK_QUOTE,
    "intense quote": LineLabel.BLOCK_QUOTE,
    "block text": LineLabel.BLOCK_QUOTE,
    "list paragraph": LineLabel.LIST_ITEM,
    "macro text": LineLabel.CODE,
    "html preformatted": LineLabel.CODE,
    "plain text": LineLabel.CODE,
}
_CODE = re.compile(r"(?:source )?code\b|preformatted")
_CONTENTS = re.compile(r"toc(?: heading| \d)?\Z|table of (?:figures|contents)")
_FONT_GAP = re.compile(r"[ \t]+")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DEEPEST_TABLE = 5


def extract_docx(data: bytes) -> Pieces:
    """Extract a Word document. Raises ExtractFailed, TooLarge, Unsupported."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    _check_members(data)
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = tuple(_blocks(document))
        return Pieces(blocks, _title(document, blocks), _details(document))
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, TypeError, RecursionError):
        raise ExtractFailed("That DOCX file is damaged. Save or download it again, or paste its text.") from None


def _check_members(data: bytes) -> None:
    """Check sizes, and refuse declarations of entities, which Word never writes."""
    with open_archive(data) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and _DOCTYPE.search(read_member(archive, name)):
                raise ExtractFailed(
                    "That DOCX file holds XML entities, as no word processor writes them. "
                    "Save it again, or paste its text."
                )


def _blocks(document: Document) -> Iterator[Piece]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block, 0)
        else:
            yield from _paragraph(block)


def _paragraph(paragraph: Paragraph) -> Iterator[Piece]:
    name = ((paragraph.style.name if paragraph.style is not None else None) or "").casefold()
    text = _FONT_GAP.sub(" ", paragraph.text).strip()
    heading = _HEADING.match(name)
    if name == "title":
        yield Piece(LineLabel.TITLE, " ".join(text.split()))
    elif name == "subtitle":
        yield Piece(LineLabel.HEADING, text, 2)
    elif heading:
        yield Piece(LineLabel.HEADING, text, int(heading[1]))
    elif _CONTENTS.match(name):
        yield Piece(LineLabel.CHROME, text)
    elif _CODE.match(name):
        yield Piece(LineLabel.CODE, paragraph.text.strip("\n"))
    else:
        is_listed = name.startswith("list") or _is_numbered(paragraph)
        yield Piece(LineLabel.LIST_ITEM if is_listed else _KINDS.get(name, LineLabel.PARAGRAPH), text)


def _is_numbered(paragraph: Paragraph) -> bool:
    properties = paragraph._p.pPr  # noqa: SLF001 -- python-docx shows numbering by its element only
    number: Any = properties.numPr if properties is not None else None
    return number is not None and number.numId is not None and number.numId.val != 0


def _rows(table: Table, depth: int) -> Iterator[Piece]:
    for row in table.rows:
        cells: list[str] = []
        seen: set[Any] = set()
        inner: list[Table] = []
        for cell in row.cells:
            if cell._tc in seen:  # noqa: SLF001 -- a merged cell comes once for each column it spans
                continue
            seen.add(cell._tc)  # noqa: SLF001
            cells.append(" ".join(cell.text.split()))
            inner += cell.tables
        if any(cells):
            yield Piece(LineLabel.TABLE_ROW, " | ".join(cells))
        if depth < _DEEPEST_TABLE:
            for nested in inner:
                yield from _rows(nested, depth + 1)


def _title(document: Document, blocks: tuple[Piece, ...]) -> str | None:
    titled = next((block.text for block in blocks if block.label is LineLabel.TITLE and block.text), None)
    headed = next((block.text for block in blocks if block.level == 1 and block.text), None)
    return titled or " ".join(document.core_properties.title.split()) or headed


def _details(document: Document) -> ArticleDetails:
    core = document.core_properties
    author = "" if core.author == "python-docx" else " ".join(core.author.split())
    return ArticleDetails(author=author, language=core.language[:2].lower())
