"""Where in an article the quotes of an answer stand, as a strip and in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.records.passages import Span
from bot.ui.language import hearing
from bot.ui.places import CELLS, draw_strip, place_line
from bot.ui.quotes import answer_views
from bot.ui.text import units
from tests.unit.ui.samples import check_limits, make_answer, texts
from tests.unit.ui.test_buttons import make_article, offers_for


def strips(*numbers: int, of: int = 10) -> list[str]:
    """The lines below the quotes of an answer that quotes these passages of an article of so many equal ones."""
    offers, quotes = offers_for(*(f"Passage {number:02} has words." for number in range(1, of + 1)))
    views = answer_views(make_answer(*(quotes[number - 1] for number in numbers)), offers=offers)
    check_limits(views)
    return [text.split("\n")[1] for view in views for text in texts(view) if "¶" in text and "\n" in text]


@pytest.mark.parametrize(
    ("passage", "line"),
    [
        (1, "-# ██▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ at the beginning"),
        (2, "-# ▁▁██▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ in the first third"),
        (5, "-# ▁▁▁▁▁▁▁▁██▁▁▁▁▁▁▁▁▁▁ in the middle"),
        (8, "-# ▁▁▁▁▁▁▁▁▁▁▁▁▁▁███▁▁▁▁ in the last third"),
        (10, "-# ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁██ at the end"),
    ],
)
def test_an_answer_shows_where_its_quote_stands(passage: int, line: str) -> None:
    """Below the source stands a strip of the article with the quote's place in it, and the same in words."""
    shown = strips(passage)
    assert [text.partition(" ")[0] for text in shown] == ["-#"]
    assert len(shown[0].split(" ")[1]) == CELLS
    assert shown[0].split(" ", 2)[2] == line.split(" ", 2)[2]
    assert shown[0].split(" ")[1].index("█") == line.split(" ")[1].index("█")


def test_a_strip_shows_the_other_quotes_of_the_article_half_as_high() -> None:
    """With several quotes each card's strip shows them all, its own in full."""
    first, second = strips(2, 9)
    assert first.index("█") < first.index("▄")
    assert second.index("▄") < second.index("█")


def test_an_article_of_one_passage_has_no_strip() -> None:
    """There is nowhere else in it."""
    assert strips(1, of=1) == []


def test_a_long_quote_has_its_strip_once() -> None:
    """Of a quote in several parts the first tells the place."""
    offers, quotes = offers_for("Before.", "A sentence of it. " * 500, "After.")
    views = answer_views(make_answer(quotes[1]), offers=offers)
    check_limits(views)
    assert len(views) > 1
    assert sum("█" in text for view in views for text in texts(view)) == 1


def test_words_tell_the_place_in_the_readers_language() -> None:
    """Blocks say nothing to a screen reader, so the place is told in words too."""
    with hearing("de", None):
        assert strips(5)[0].endswith(" in der Mitte")


def test_only_what_can_be_quoted_is_measured() -> None:
    """The page around an article moves nothing: its first passage is at the beginning."""
    article = make_article("Menu. " * 50, "First.", "Second.")
    quotable = article.passages[1:]
    cropped = article.__class__(1, "T", "", 0, article.content_hash, article.text, (), quotable)
    line = place_line(cropped, Span(quotable[0].start, quotable[0].end))
    assert line.endswith("at the beginning")
    assert line.split(" ")[1].startswith("█")


@given(
    st.lists(st.text(min_size=1, max_size=40), min_size=2, max_size=8), st.integers(0, 7), st.lists(st.integers(0, 7))
)
def test_a_line_is_short_and_shows_its_place(paragraphs: list[str], at: int, others: list[int]) -> None:
    """Whatever the article, the strip keeps its width, holds the quote, and costs little of the message."""
    article = make_article(*paragraphs)
    spans = [Span(passage.start, passage.end) for passage in article.passages]
    line = place_line(article, spans[at % len(spans)], [spans[other % len(spans)] for other in others])
    assert len(line.split(" ")[1]) == CELLS
    assert "█" in line
    assert units(line) <= 60


@pytest.mark.parametrize(
    ("spans", "strip"),
    [
        ([], "▁" * 10),
        ([Span(0, 1)], "█" + "▁" * 9),
        ([Span(999, 1000)], "▁" * 9 + "█"),
        ([Span(200, 400), Span(700, 705)], "▁▁██▁▁▁█▁▁"),
        ([Span(0, 1000)], "█" * 10),
    ],
)
def test_a_strip_literally(spans: list[Span], strip: str) -> None:
    """Ten cells over a thousand characters."""
    assert draw_strip(1000, spans, 10) == strip


@given(
    st.integers(0, 10**7),
    st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)).map(lambda p: Span(*sorted(p)))),
)
def test_a_strip_is_always_one_line(characters: int, spans: list[Span]) -> None:
    """As many cells as asked for, whatever the spans."""
    assert len(draw_strip(characters, spans)) == CELLS
