"""Answers as messages."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.records.answers import Answer, AnswerState
from bot.engine.records.articles import ArticleDetails, ArticleRef
from bot.engine.records.passages import Span
from bot.ui import answer_words
from bot.ui.layout import MESSAGE_LIMIT, Accent
from bot.ui.quotes import PART_LIMIT, answer_views, is_exact
from tests.unit.ui.discord_markdown import draw
from tests.unit.ui.samples import FOX, check_limits, components, make_answer, make_quote, make_unsure, quoted, texts
from tests.unit.ui.test_text import MARKUP, texts_with_spans

passages = st.lists(st.sampled_from([*MARKUP, "word ", "One sentence. ", "x" * 400]), min_size=1, max_size=40)
labels = st.lists(st.sampled_from(MARKUP), max_size=12).map("".join)


def test_a_quote_literally() -> None:
    """One short quote: heading path, the quote with its sentence in bold, the linked source with its paragraph."""
    views = answer_views(make_answer(make_quote()))
    assert [texts(view) for view in views] == [
        [
            "-# Animals › Foxes at work",
            "> **The fox wrote a letter.**\n> It was never sent; the post office had closed.",
            "-# [Foxes](<https://example.com/foxes>) · ¶ 7 of 31",
        ]
    ]
    assert [component["type"] for component in components(views[0])] == [17, 10, 10, 10]


def test_the_question_heads_a_public_answer_escaped() -> None:
    """The question is shown where it is given, and cannot act as markup."""
    views = answer_views(make_answer(make_quote()), question="why **@everyone**\nnow?")
    assert texts(views[0])[0] == r"-# Question: why \*\*\@everyone\*\* now?"


def test_corrected_words_are_named_escaped() -> None:
    """Above the quotes, and below an abstention, stands which words were searched for in place of misspelt ones."""
    corrections = (("*captial*", "capital"), ("noth", "north"))
    line = r"-# Searched for capital instead of \*captial\*, north instead of noth"
    found = replace(make_answer(make_quote()), corrections=corrections)
    assert texts(answer_views(found)[0])[0] == line
    assert texts(answer_views(found, question="why?")[0])[:2] == ["-# Question: why?", line]
    absent = replace(make_answer(), corrections=corrections)
    assert texts(answer_views(absent)[0]) == [f"{answer_words.NOT_IN_THE_ARTICLES}\n{line}"]


def test_many_corrections_stay_within_the_limits() -> None:
    """However many words were corrected and however long they are, a few are named and the message stays valid."""
    found = replace(make_answer(make_quote()), corrections=(("x" * 500, "y" * 500),) * 50)
    views = answer_views(found)
    check_limits(views)
    assert texts(views[0])[0].count("instead of") == 4


def test_a_quote_without_heading_or_address() -> None:
    """No heading path: no empty line. No web address: the title alone."""
    quote = make_quote("Short.", headings=(), article=ArticleRef(2, "*Notes*", None), highlight=())
    assert texts(answer_views(make_answer(quote))[0]) == ["> Short.", r"-# \*Notes\* · ¶ 7 of 31"]


def test_a_title_that_is_an_address_is_not_linked() -> None:
    """Discord shows a link whose text is an address as raw markup."""
    quote = make_quote(article=ArticleRef(2, "https://a.b/c", "https://a.b/c"))
    assert texts(answer_views(make_answer(quote))[0])[-1] == r"-# https\://a.b/c · ¶ 7 of 31"


def test_not_in_the_articles_is_said_plainly() -> None:
    """An abstention quotes nothing and names the next step; scoped to one article it says so."""
    assert texts(answer_views(make_answer())[0]) == [answer_words.NOT_IN_THE_ARTICLES]
    assert texts(answer_views(make_answer(), is_one_article=True)[0]) == [answer_words.NOT_IN_THIS_ARTICLE]
    unanswered = Answer("why?", AnswerState.NOT_IN_ARTICLES, 0.1, (make_quote(),))
    assert quoted(answer_views(unanswered)) == ""


def test_not_sure_is_said_above_the_closest_passages() -> None:
    """An unsure answer says so first, in the singular or the plural, and shows its quotes in another colour."""
    views = answer_views(
        make_unsure(make_quote("One.", highlight=()), make_quote("Two.", highlight=())), question="why?"
    )
    assert texts(views[0])[:2] == ["-# Question: why?", answer_words.UNSURE]
    assert quoted(views) == "One.Two."
    colours = {component["accent_color"] for component in components(views[0]) if component["type"] == 17}
    assert colours == {Accent.UNSURE}
    assert texts(answer_views(make_unsure(make_quote()))[0])[0] == answer_words.UNSURE_ONE
    sure = answer_views(make_answer(make_quote()))[0]
    assert {component["accent_color"] for component in components(sure) if component["type"] == 17} == {Accent.QUOTE}


def test_an_unsure_answer_keeps_the_limits() -> None:
    """The notice takes its place out of the message's limit."""
    views = answer_views(make_unsure(*(make_quote("x " * 1990, highlight=()) for _ in range(3))))
    check_limits(views)
    assert texts(views[0])[0] == answer_words.UNSURE


def test_several_quotes_share_a_message_best_first() -> None:
    """Short quotes come in one message, each in its own container, in the answer's order."""
    views = answer_views(make_answer(*(make_quote(f"Passage {number}.", highlight=()) for number in range(3))))
    assert len(views) == 1
    assert quoted(views) == "Passage 0.Passage 1.Passage 2."
    assert [component["type"] for component in components(views[0])].count(17) == 3


def test_a_long_paragraph_comes_in_honest_parts() -> None:
    """10,000 characters: every part says which one it is, and together they are the paragraph."""
    text = ("A sentence with a *star* and an @everyone in it. " * 250)[:10_000].strip()
    views = answer_views(make_answer(make_quote(text, highlight=(Span(0, 48), Span(9000, 9100)))))
    check_limits(views)
    assert quoted(views) == text
    sources = [texts(view)[-1] for view in views]
    assert len(views) > 2
    assert sources == [
        f"-# [Foxes](<https://example.com/foxes>) · ¶ 7 of 31 · part {number} of {len(views)}"
        for number in range(1, len(views) + 1)
    ]


def test_a_giant_paragraph_ends_with_what_is_left() -> None:
    """No one gets fifty messages: the cut is stated, with the number of characters that are not shown."""
    text = "A sentence. " * 5000
    views = answer_views(make_answer(make_quote(text, highlight=())))
    check_limits(views)
    assert len(views) == PART_LIMIT
    seen = quoted(views)
    assert text.startswith(seen)
    assert texts(views[-1])[-1] == answer_words.rest_of_passage(len(text) - len(seen))


def test_quotes_that_do_not_fit_are_counted() -> None:
    """An answer takes a bounded number of messages, and says how many quotes it leaves out."""
    long = "A sentence. " * 1000
    views = answer_views(make_answer(*(make_quote(long, highlight=()) for _ in range(8))))
    check_limits(views)
    assert len(views) <= MESSAGE_LIMIT
    shown_quotes = len(quoted(views)) // len(long)
    assert 0 < shown_quotes < 8
    assert texts(views[-1])[-1] == answer_words.more_quotes(8 - shown_quotes)


def test_a_quote_that_would_not_be_shown_exactly_is_dropped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The last check before sending: a rendering fault is logged by ids, and never reaches a reader."""
    monkeypatch.setattr("bot.ui.parts.render", lambda text, _bold: text.replace("fox", "cat"))
    with caplog.at_level(logging.ERROR):
        views = answer_views(make_answer(make_quote(), make_quote("A dog.", highlight=())))
    assert quoted(views) == "A dog."
    assert "article 1, passage 7" in caplog.text
    assert FOX not in caplog.text
    assert texts(answer_views(make_answer(make_quote()))[0]) == [answer_words.NOTHING_TO_SHOW]


def test_exactness_is_about_every_character() -> None:
    """One changed, missing or added character is a mismatch."""
    spans = [Span(0, 3), Span(3, 6)]
    assert is_exact([r"> a\*b", "> cde"], "a*bcde", spans)
    for parts in (["> a*b", "> cdE"], ["> a", "> cde"], ["> a*b ", "> cde"]):
        assert not is_exact(parts, "a*bcde", spans)


@settings(max_examples=60, deadline=None)
@given(st.lists(passages, min_size=1, max_size=5), labels, labels, labels)
def test_any_answer_fits_and_shows_its_quotes(parts: list[list[str]], title: str, heading: str, question: str) -> None:
    """Whatever an article, its labels or a question hold: limits kept, quotes whole, no markup but ours."""
    bodies = ["".join(part) or "x" for part in parts]
    quotes = [
        make_quote(body, headings=(heading, heading), article=ArticleRef(1, title, f"https://a.b/{title}"))
        for body in bodies
        if body.strip()
    ]
    views = answer_views(make_answer(*quotes), question=question)
    check_limits(views)
    assert quoted(views) == "".join(quote.text for quote in quotes)
    for text in (text for view in views for text in texts(view)):
        assert draw(text).kinds <= {"quote", "strong", "subtext", "masked_link"}


@given(texts_with_spans())
def test_highlights_never_change_what_is_shown(case: tuple[str, list[Span]]) -> None:
    """Any highlight, however odd, leaves the quote's characters alone."""
    text, bold = case
    if text.strip():
        assert quoted(answer_views(make_answer(make_quote(text, highlight=tuple(bold))))) == text


def test_source_line_says_who_wrote_it_where_and_when() -> None:
    """Author, site and date follow the title where they are known, escaped; then as of when the page was read."""
    details = ArticleDetails("Ada *Brandt*", "The Ferry", "2025-02-14")
    article = ArticleRef(1, "Foxes", "https://example.com/foxes", details, as_of=1_700_000_000)
    [view] = answer_views(make_answer(make_quote(article=article)))
    assert texts(view)[-1] == (
        "-# [Foxes](<https://example.com/foxes>) · Ada \\*Brandt\\*, The Ferry, 2025-02-14 · as of <t:1700000000:D>"
        " · ¶ 7 of 31"
    )
    [view] = answer_views(
        make_answer(make_quote(article=ArticleRef(1, "Foxes", None, ArticleDetails(site="The Ferry"))))
    )
    assert texts(view)[-1] == "-# Foxes · The Ferry · ¶ 7 of 31"


def test_endless_details_stay_within_the_limits() -> None:
    """Whatever a page says of itself, a long quote still fits its messages."""
    details = ArticleDetails("_a" * 500, "@everyone" * 90, "2025" * 90)
    quote = make_quote("The fox wrote a letter. " * 900, article=ArticleRef(1, "T" * 500, "https://a.b/c", details, 5))
    views = answer_views(make_answer(quote))
    check_limits(views)
