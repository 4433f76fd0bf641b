"""PDF: paragraphs as they were written, whatever columns, hyphens and pages did to them."""

from __future__ import annotations

import zlib

import pytest

from bot.engine.errors import EngineError, ExtractFailed, TooLarge, Unsupported
from bot.engine.ingest.parse import parse_bytes
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import QUOTABLE, LineLabel
from tests.unit.ingest.pdf_writer import Layout, Press, Sheet, make_paper, make_pdf, write_objects

LAYOUTS = {
    "one column": Layout(),
    "one column, hyphens": Layout(hyphenates=True),
    "two columns, hyphens": Layout(columns=2, hyphenates=True),
    "two columns, indents": Layout(columns=2, hyphenates=True, indents=True),
    "three columns": Layout(columns=3, hyphenates=True),
}


def texts(parsed: ParsedArticle, *labels: LineLabel) -> list[str]:
    """The texts of the lines with these labels."""
    return [parsed.text[line.start : line.end] for line in parsed.lines if line.label in labels]


@pytest.mark.parametrize("name", LAYOUTS)
def test_paragraphs_of_a_set_paper_come_back(name: str) -> None:
    """At least nine in ten paragraphs are exact both ways, every heading is one, and no running head is quoted."""
    data, written, headings = make_paper(LAYOUTS[name], seed=7, paragraphs=24)
    parsed = parse_bytes(data, file_name="paper.pdf")
    found = texts(parsed, *QUOTABLE)
    right = len(set(found) & set(written))
    assert right >= 0.9 * len(written)
    assert right >= 0.9 * len(found)
    assert texts(parsed, LineLabel.HEADING) == headings
    assert not any("Annals of River" in words or "Printed for" in words for words in found)
    assert any("Annals of River" in words for words in texts(parsed, LineLabel.CHROME))


def test_paper_says_its_title_author_and_date() -> None:
    """The large words of the first page are the title, not the file name that the file gives as one."""
    parsed = parse_bytes(make_paper(Layout(), seed=1, paragraphs=6)[0], file_name="paper.pdf")
    assert parsed.title == "On the Keeping of Rivers and Weirs"
    assert (parsed.details.author, parsed.details.published, parsed.details.language) == (
        "Ottilie Brandt",
        "2025-02-14",
        "en",
    )


def test_hyphen_that_belongs_to_a_word_stays() -> None:
    """A word that is written with a hyphen elsewhere keeps it where a line ends there; others lose the line's."""
    sheet = Sheet()
    for number, line in enumerate(
        [
            "The long-standing custom of the mill and the well-",
            "known weir was kept by every keep-",
            "er. A well-known man said so.",
        ]
    ):
        sheet.write(line, 60, 700 - 12 * number)
    parsed = parse_bytes(make_pdf([sheet]), file_name="a.pdf")
    assert parsed.text == (
        "The long-standing custom of the mill and the well-known weir was kept by every keeper. "
        "A well-known man said so."
    )


def test_list_and_caption_are_told_from_paragraphs() -> None:
    """Bullets make list items, their sign dropped; a line that begins as a caption is one and parts no paragraph."""
    press = Press(Layout())
    press.paragraph("The keepers of the weir carried three things with them on every round of the river.")
    for item in ("A lamp with two wicks", "A rope of forty metres"):
        press.paragraph(f"\u2022 {item}")
    press.paragraph("Figure 3: The lamp of the last keeper, drawn in 1871.")
    parsed = parse_bytes(make_pdf(press.sheets), file_name="a.pdf")
    assert texts(parsed, LineLabel.LIST_ITEM) == ["A lamp with two wicks", "A rope of forty metres"]
    assert texts(parsed, LineLabel.CAPTION) == ["Figure 3: The lamp of the last keeper, drawn in 1871."]


def _bomb() -> bytes:
    packed = zlib.compress(bytes(60_000_000), 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream"
    return make_pdf([_sheet("The weir is old and wide.")], extra=[stream])


def _sheet(text: str) -> Sheet:
    sheet = Sheet()
    sheet.write(text, 60, 700)
    return sheet


def _locked() -> bytes:
    from io import BytesIO

    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=BytesIO(make_pdf([_sheet("The weir is old and wide.")])))
    writer.encrypt("secret", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


WHOLE = make_paper(Layout(), seed=2, paragraphs=6)[0]
BAD = {
    "pictures only": (lambda: make_pdf([Sheet(), Sheet()]), ExtractFailed, "no text layer"),
    "201 pages": (lambda: make_pdf([_sheet("The weir is old.")] * 201), TooLarge, "201 pages"),
    "stream bomb": (_bomb, TooLarge, "unpacks"),
    "password": (_locked, Unsupported, "password"),
    "cut off": (lambda: WHOLE[: len(WHOLE) // 3], EngineError, "PDF"),
    "only a head": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", EngineError, "PDF"),
    "page that is its own parent": (
        lambda: write_objects(
            [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"], trailer=""
        ),
        EngineError,
        "PDF",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_pdf_that_cannot_be_read_is_refused_in_a_sentence(name: str) -> None:
    """Scans, locks, bombs and damage are each called what they are, with the next step."""
    make, kind, words = BAD[name]
    with pytest.raises(kind, match=words) as caught:
        parse_bytes(make(), file_name="paper.pdf")
    assert caught.value.user_message.endswith(".")
    assert "paste its text" in caught.value.user_message or "Split it" in caught.value.user_message
