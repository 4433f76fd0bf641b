"""What people paste: every line of a page gets the label that a reader would give it."""

from __future__ import annotations

import pytest

from bot.engine.ingest.parse import parse_text
from tests.unit.ingest.pages import Page, read_pages

PAGES = read_pages()


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_lines_get_the_labels_that_a_reader_would_give_them(page: Page) -> None:
    """Each block of a pasted page has the expected label, and no block is missing or extra."""
    parsed = parse_text(page.text)
    found = {line.number: line.label for line in parsed.lines}
    texts = dict(enumerate(page.text.splitlines(), start=1))
    wrong = {
        texts[number]: (page.labels.get(number), found.get(number))
        for number in sorted(page.labels.keys() | found.keys())
        if page.labels.get(number) is not found.get(number)
    }
    assert not wrong
