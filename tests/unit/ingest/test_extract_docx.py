"""DOCX: the styles' names keep the kinds of blocks apart."""

from __future__ import annotations

import io

import docx
import pytest

from bot.engine.errors import EngineError, ExtractFailed, TooLarge, Unsupported
from bot.engine.ingest.parse import parse_bytes
from tests.unit.ingest.books import make_archive, replace_member

BODY = "The weir below the paper mill was built in 1803, and eleven metres of it still stand."
BLOCKS = [
    ("title", 0, "Title", "The Weir Book"),
    ("heading", 2, "Subtitle", "Notes of three summers"),
    ("heading", 1, "Heading 1", "Building"),
    ("paragraph", 0, "Normal", BODY),
    ("heading", 2, "Heading 2", "Stone"),
    ("paragraph", 0, "Body Text", "It was laid by hand, and no two blocks of it are alike."),
    ("list_item", 0, "List Bullet", "Granite from the quarry"),
    ("list_item", 0, "List Number", "Sand from the bay"),
    ("block_quote", 0, "Quote", "Water remembers every stone."),
    ("block_quote", 0, "Intense Quote", "And every mason."),
    ("caption", 0, "Caption", "The weir in May, seen from the mill"),
]


def make_document() -> bytes:
    """A document with a block of every kind, and a table."""
    document = docx.Document()
    for _, _, style, text in BLOCKS:
        document.add_paragraph(text, style=style)
    table = document.add_table(2, 3)
    table.cell(0, 0).text, table.cell(0, 2).text = "Year", "Width"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).text, table.cell(1, 1).text, table.cell(1, 2).text = "1803", "spring", "11 m"
    document.core_properties.author = "Ottilie Brandt"
    document.core_properties.language = "en-GB"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_every_kind_of_block_is_kept() -> None:
    """Title, headings, paragraphs, list items, quotations, captions and table rows come out as what they are."""
    parsed = parse_bytes(make_document(), file_name="book.docx")
    found = [(str(line.label), line.level, parsed.text[line.start : line.end]) for line in parsed.lines]
    rows = [("table_row", 0, "Year | Width"), ("table_row", 0, "1803 | spring | 11 m")]
    assert found == [*((kind, level, text) for kind, level, _, text in BLOCKS), *rows]
    assert parsed.title == "The Weir Book"
    assert (parsed.details.author, parsed.details.language) == ("Ottilie Brandt", "en")


def test_document_under_another_name_is_still_a_document() -> None:
    """The bytes decide: a DOCX that is called .txt or .pdf is read as what it is."""
    assert parse_bytes(make_document(), file_name="book.txt") == parse_bytes(make_document(), file_name="book.docx")


def _bomb() -> bytes:
    return replace_member(make_document(), "word/media/zeros.bin", bytes(30_000_000))


def _entities(declaration: str) -> bytes:
    xml = f'<?xml version="1.0"?><!DOCTYPE w [{declaration}]><w:document xmlns:w="x"><w:body>&b;</w:body></w:document>'
    return replace_member(make_document(), "word/document.xml", xml)


LAUGHS = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "' + "&a;" * 50 + '">'
BAD = {
    "zip bomb": (_bomb, TooLarge, "unpacks"),
    "two thousand members": (
        lambda: make_archive({f"word/{number}.xml": "x" for number in range(2_100)}),
        TooLarge,
        "unpacks",
    ),
    "billion laughs": (lambda: _entities(LAUGHS), ExtractFailed, "entities"),
    "external entity": (lambda: _entities('<!ENTITY b SYSTEM "file:///etc/passwd">'), ExtractFailed, "entities"),
    "way out": (lambda: replace_member(make_document(), "../../evil.xml", "x"), Unsupported, "outside"),
    "cut off": (lambda: make_document()[:9_000], EngineError, "damaged"),
    "no document": (lambda: make_archive({"word/other.xml": "<a/>"}), ExtractFailed, "damaged"),
    "deep nesting": (
        lambda: replace_member(make_document(), "word/document.xml", "<a>" * 100_000 + "</a>" * 100_000),
        ExtractFailed,
        "damaged",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_document_that_cannot_be_read_is_refused_in_a_sentence(name: str) -> None:
    """Bombs, entities, ways out and damage are each called what they are, with the next step."""
    make, kind, words = BAD[name]
    with pytest.raises(kind, match=words) as caught:
        parse_bytes(make(), file_name="book.docx")
    assert "paste its text" in caught.value.user_message
