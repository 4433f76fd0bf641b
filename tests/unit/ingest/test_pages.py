"""What people paste: every line of a page gets the label that a reader would give it."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.sandbox
from bot.engine.ingest.parse import parse_bytes, parse_text
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import LEFT_OUT, LineLabel
from tests.unit.ingest.pages import Page, read_pages

PAGES = read_pages()
ARTICLES = Path(bot.sandbox.__file__).parent / "articles"


def texts(parsed: ParsedArticle, *labels: LineLabel) -> list[str]:
    """The texts of the lines with these labels."""
    return [parsed.text[line.start : line.end] for line in parsed.lines if line.label in labels]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_lines_get_the_labels_that_a_reader_would_give_them(page: Page) -> None:
    """Each block of a pasted page has the expected label, and no block is missing or extra."""
    found = {line.number: line.label for line in parse_text(page.text).lines}
    rows = dict(enumerate(page.text.splitlines(), start=1))
    wrong = {
        rows[number]: f"{page.labels.get(number)} expected, {found.get(number)} found"
        for number in sorted(page.labels.keys() | found.keys())
        if page.labels.get(number) is not found.get(number)
    }
    assert not wrong


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_title_of_a_page_is_its_title_line(page: Page) -> None:
    """The article is named by the title line, its mark dropped; without one, by its first words."""
    rows = page.text.splitlines()
    number = next((number for number, label in page.labels.items() if label is LineLabel.TITLE), None)
    parsed = parse_text(page.text)
    if number is None:
        first = parsed.text[parsed.passages[0].start : parsed.passages[0].end]
        assert " ".join(first.split()).startswith(parsed.title.removesuffix(" …"))
    else:
        assert parsed.title == rows[number - 1].lstrip("# ")


def test_ferry_article_is_read_right() -> None:
    """A plain news text: title and byline apart, all six paragraphs quotable."""
    parsed = parse_bytes((ARTICLES / "ferry.txt").read_bytes(), file_name="ferry.txt")
    assert parsed.title == "Night ferry to Skarholm returns after nine years"
    assert texts(parsed, *LEFT_OUT) == ["By Tomas Eide, 14 February 2025"]
    assert len(parsed.passages) == 6
    assert not texts(parsed, LineLabel.HEADING)


def test_streetlights_article_is_read_right() -> None:
    """A question-and-answer page: four question headings, two picture blocks and the closing offer left out."""
    parsed = parse_bytes((ARTICLES / "streetlights.txt").read_bytes(), file_name="streetlights.txt")
    assert parsed.title.startswith("What happens when a town switches off its streetlights at midnight?")
    assert texts(parsed, LineLabel.HEADING) == [
        "Why did Ellerby decide to switch the lights off?",
        "Does crime rise when the lights go out?",
        "Is it good for wildlife?",
        "What would you advise other towns to do?",
    ]
    assert texts(parsed, LineLabel.ALT) == [
        "A dark residential street with one lit window.",
        "A map of Ellerby showing lit and unlit streets.",
    ]
    assert texts(parsed, LineLabel.CHROME) == [
        "Skip to content",
        "Enjoyed this article?",
        "Subscribe to our weekly newsletter and join 12,400 readers who get our best stories first.",
        "Sign up",
    ]
    assert len(parsed.left_out) == 8
    assert len(parsed.passages) == 9
    assert parsed.passages[0].headings == ()
    assert parsed.passages[-1].headings == ("What would you advise other towns to do?",)


def test_seed_library_article_is_read_right() -> None:
    """A Markdown guide: headings in order, list items and the quotation of their kind, nothing left out."""
    parsed = parse_bytes((ARTICLES / "seed-library.md").read_bytes(), file_name="seed-library.md")
    assert parsed.title == "How the Fennel Lane seed library works"
    assert texts(parsed, LineLabel.HEADING) == ["Borrowing", "Saving your own seed", "Returning", "Storage"]
    assert len(texts(parsed, LineLabel.LIST_ITEM)) == 4
    assert texts(parsed, LineLabel.BLOCK_QUOTE)[0].startswith("In 2019 we had one surviving packet")
    assert parsed.left_out == ()
    assert "six packets" in texts(parsed, LineLabel.PARAGRAPH)[1]
