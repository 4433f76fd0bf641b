"""What buttons remember, and what is read back from a message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.records.articles import Article
from bot.engine.records.passages import LineLabel, Passage, Span, digest
from bot.ui.anchors import Anchor, encode_number, join_anchors, split_anchors
from bot.ui.buttons import CUSTOM_ID_LIMIT, AnswerButton, Press, Verb
from bot.ui.layout import COMPONENT_LIMIT, TEXT_LIMIT
from bot.ui.offers import Offers
from bot.ui.quotes import answer_views
from bot.ui.text import bold_spans, quote, render, shown
from tests.unit.ui.samples import check_limits, make_answer, make_quote, texts
from tests.unit.ui.test_text import texts_with_spans

LARGEST_ID = 2**64 - 1
marks = st.binary(min_size=16, max_size=16).map(bytes.hex)
anchors = st.builds(
    lambda article, position, one, other: Anchor.of(
        make_quote(one, article=make_quote().article.__class__(article, "T", None), position=position),
        make_article(other, number=article),
    ),
    st.integers(1, 10**6),
    st.integers(1, 20_000),
    st.text(min_size=1),
    st.text(min_size=1),
)


def make_article(*paragraphs: str, number: int = 1) -> Article:
    """An article of these passages."""
    text, passages = "\n\n".join(paragraphs), []
    for position, paragraph in enumerate(paragraphs, start=1):
        start = passages[-1].end + 2 if passages else 0
        passages.append(Passage(position, start, start + len(paragraph), LineLabel.PARAGRAPH, (), digest(paragraph)))
    return Article(number, "Foxes", "https://example.com/foxes", 0, digest(text), text, (), tuple(passages))


def offers_for(*paragraphs: str, **more: Any) -> tuple[Offers, list[Any]]:
    """Offers over an article, and a quote of each of its passages."""
    article = make_article(*paragraphs)
    quotes = [
        make_quote(text, position=p.position, passage_count=len(paragraphs), start=p.start, end=p.end, highlight=())
        for text, p in zip(paragraphs, article.passages, strict=True)
    ]
    return Offers({1: article}, **more), quotes


@given(
    st.sampled_from(Verb),
    st.lists(anchors, max_size=4),
    st.integers(0, LARGEST_ID),
    st.none() | st.integers(1, LARGEST_ID),
)
def test_a_press_is_read_back(verb: Verb, passages: list[Anchor], number: int, guild: int | None) -> None:
    """A custom_id has at most 100 characters and gives the press again; only passages that do not fit are left out."""
    press = Press(verb, tuple(passages), number, guild)
    assert len(press.custom_id) <= CUSTOM_ID_LIMIT
    again = Press.read(press.custom_id)
    assert again is not None
    assert (again.verb, again.number, again.guild) == (verb, number, guild)
    kept = tuple(passages[: len(again.anchors)])
    assert again.anchors in (kept, tuple(replace(anchor, highlight=None) for anchor in kept))
    assert AnswerButton(press).press == press


def test_three_quotes_always_fit() -> None:
    """The usual answer's buttons hold all its passages, even in a direct message with the largest ids."""
    usual = Anchor(99, 999, "x" * 8, "y" * 4, Span(120, 310))
    assert Press.read(Press(Verb.VERIFY, (usual,) * 3).custom_id).anchors == (usual,) * 3  # type: ignore[union-attr]
    anchor = Anchor(36**4 - 1, 20_000, "x" * 8, "y" * 4)
    assert Press.read(Press(Verb.VERIFY, (anchor,) * 3, 0, LARGEST_ID).custom_id).anchors == (anchor,) * 3  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["", "pq:", "pq:z:0::", "pq:e:0", "articles:page:1", "pq:e:0::../etc", "pq:e:é::"])
def test_what_is_no_press_is_not_read(text: str) -> None:
    """Other buttons' ids and damaged ones give nothing."""
    assert Press.read(text) is None or text == "pq:e:0::../etc"
    assert split_anchors(text) == ()


@given(st.integers(0, LARGEST_ID))
def test_numbers_are_read_back(number: int) -> None:
    """The digits 0 to z, as ``int`` reads them."""
    assert int(encode_number(number), 36) == number


def test_an_anchor_finds_its_passage() -> None:
    """Where it stood, or where it moved to; never another passage's text."""
    offers, quotes = offers_for("One.", "Two.", "Three.")
    anchor = offers.anchor(quotes[1])
    assert anchor is not None
    same, moved = make_article("One.", "Two.", "Three."), make_article("Zero.", "One.", "Two.")
    assert anchor.find(same).position == 2  # type: ignore[union-attr]
    assert anchor.is_revision(same)
    assert anchor.find(moved).position == 3  # type: ignore[union-attr]
    assert not anchor.is_revision(moved)
    assert anchor.find(make_article("One.", "Two!", "Three.")) is None
    assert split_anchors(join_anchors([anchor, anchor], 100)) == (anchor, anchor)


def test_of_two_equal_passages_the_one_in_place_counts() -> None:
    """A refrain that stands twice is found where it was quoted."""
    offers, quotes = offers_for("Amen.", "Verse.", "Amen.")
    for quote_ in (quotes[0], quotes[2]):
        anchor = offers.anchor(quote_)
        assert anchor is not None
        assert anchor.find(offers.articles[1]).position == quote_.position  # type: ignore[union-attr]


def test_a_quote_that_its_article_does_not_hold_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    """The last assertion before sending: each quote stands in its article at its span."""
    offers, quotes = offers_for("One.", "Two.")
    foreign = make_quote("Tvo.", position=2, passage_count=2, start=6, end=10, highlight=())
    views = answer_views(make_answer(quotes[0], foreign), offers=offers)
    assert "> One." in texts(views[0])
    assert not any("Tvo" in text for view in views for text in texts(view))
    assert "does not hold passage 2" in caplog.text
    assert "Tvo" not in caplog.text


@pytest.mark.parametrize("asker", [None, 1])
@pytest.mark.parametrize("count", [1, 3, 5, 10])
def test_answers_with_buttons_keep_the_limits(count: int, asker: int | None) -> None:
    """However many quotes: at most 40 components and 4,000 characters a message, and no custom_id twice."""
    paragraphs = [f"Passage {number} of many. " + "It goes on. " * 20 for number in range(count)]
    offers, quotes = offers_for(*(text.strip() for text in paragraphs), can_post=True, asker=asker)
    views = answer_views(make_answer(*quotes), question="why?", offers=offers)
    check_limits(views)
    for view in views:
        ids = [item.item.custom_id for item in view.walk_children() if isinstance(item, AnswerButton)]
        assert len(ids) == len(set(ids))
        assert len(list(view.walk_children())) <= COMPONENT_LIMIT
        assert view.content_length() <= TEXT_LIMIT
        presses = [item.press.verb for item in view.walk_children() if isinstance(item, AnswerButton)]
        assert presses.count(Verb.REMOVE) == (asker is not None)
    if count <= 3:
        assert len(views) == 1


@given(texts_with_spans())
def test_highlights_are_read_back(text_and_spans: tuple[str, list[Span]]) -> None:
    """What is bold in a quote that was sent is bold again when it is drawn anew."""
    text, spans = text_and_spans
    drawn = quote(render(text, spans))
    again = bold_spans(drawn)
    assert quote(render(shown(drawn), again)) == drawn
