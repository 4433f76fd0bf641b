"""Summaries as messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.ingest.parse import parse_text
from bot.engine.records.articles import Article
from bot.engine.records.passages import LineLabel, Passage, digest
from bot.engine.records.summaries import Summary, SummarySentence
from bot.ui import summary_words
from bot.ui.summaries import Offer, Sheet, draw_sheet, fits, make_room, summary_views, unfold_all
from bot.ui.summary_buttons import Shelf
from bot.ui.summary_lines import Line, find_links, make_lines, make_options, set_open, turn
from tests.unit.ui.samples import check_limits, components, quoted, texts

URL = "https://example.com/foxes"
FOXES = """# Foxes

## At work

The fox wrote a letter. It was never sent. The post office had closed *early*.

## At home

A den has several rooms. Each of them has a use. Cubs sleep in the last one.

### In winter

Snow covers the entrance. Nobody digs it out before spring comes.
"""


def article(text: str = FOXES, source: str = "", number: int = 1) -> Article:
    """An article as the store would hand it out."""
    parsed = parse_text(text, markdown=True)
    return Article(number, parsed.title, source, 0, digest(parsed.text), parsed.text, parsed.lines, parsed.passages)


def summary(of: Article, *sentences: str, about: str = "", is_too_short: bool = False) -> Summary:
    """A summary of these sentences of an article."""
    found = []
    for text in sentences:
        start = of.text.index(text)
        passage = next(passage for passage in of.passages if passage.start <= start < passage.end)
        found.append(SummarySentence(text, passage.position, passage.headings, start, start + len(text)))
    return Summary(of.ref, tuple(found), about=about, is_too_short=is_too_short)


def views_of(made: Summary, of: Article, offer: Offer | None = None) -> list[Any]:
    """Draw a summary with its links."""
    return summary_views(made, of, find_links(make_lines(made.sentences, of), of), offer)


def labels(view: Any) -> list[str]:
    """What the buttons of a message say."""
    return [component["label"] for component in components(view) if component["type"] == 2]


def test_a_summary_literally() -> None:
    """Sentences in order under their headings, a gap shown as such, each line with its number."""
    of = article()
    made = summary(of, "The fox wrote a letter.", "The post office had closed early.", "Snow covers the entrance.")
    views = views_of(made, of)
    assert [texts(view) for view in views] == [
        [
            "**Foxes**, in its own sentences",
            "-# At work",
            "> The fox wrote a letter.",
            "-# ¶ 1\n[…]",
            "> The post office had closed early.",
            "-# ¶ 1",
            "-# At home › In winter",
            "> Snow covers the entrance.",
            "-# ¶ 3",
        ]
    ]
    assert labels(views[0]) == [summary_words.EXPAND_ALL]


def test_every_line_of_a_web_article_links_to_its_sentence() -> None:
    """The paragraph's number is a link that lands on the sentence, short enough for Discord."""
    of = article(source=URL)
    made = summary(of, "It was never sent.", "Cubs sleep in the last one.")
    found = [text for text in texts(views_of(made, of)[0]) if "¶" in text]
    assert found == [
        f"-# [¶ 1](<{URL}#:~:text=It%20was%20never%20sent.>)",
        f"-# [¶ 2](<{URL}#:~:text=Cubs%20sleep%20in%20the%20last%20one.>)",
    ]


def test_a_line_unfolds_to_its_passage_with_the_sentence_bold() -> None:
    """The whole passage stands in the sentence's place; the other lines stay as they are."""
    of = article()
    lines = make_lines(summary(of, "It was never sent.", "Snow covers the entrance.").sentences, of)
    opened = turn(lines, str(lines[0]))
    view = draw_sheet(Sheet(("Title",), tuple(opened), Offer.of(of)), of, {})[0]
    assert texts(view)[2] == "> The fox wrote a letter. **It was never sent.** The post office had closed early."
    assert texts(view)[5] == "> Snow covers the entrance."
    assert turn(opened, str(opened[0])) == lines
    options = make_options(opened, of)
    assert [option.label for option in options] == ["Fold ¶ 1 · It was never sent.", "¶ 3 · Snow covers the entrance."]
    assert [option.description for option in options] == ["At work", "At home › In winter"]


def test_two_lines_of_one_passage_unfold_to_one_passage() -> None:
    """The passage is shown once, with both sentences bold."""
    of = article()
    lines = make_lines(summary(of, "A den has several rooms.", "Cubs sleep in the last one.").sentences, of)
    view = draw_sheet(Sheet((), tuple(set_open(lines, [0])), Offer.of(of)), of, {})[0]
    assert [text for text in texts(view) if text.startswith("> ")] == [
        "> **A den has several rooms.** Each of them has a use. **Cubs sleep in the last one.**"
    ]


def test_a_line_that_the_article_lost_is_said_to_be_lost() -> None:
    """It is not shown from memory."""
    of = article()
    lines = make_lines(summary(of, "It was never sent.", "Snow covers the entrance.").sentences, of)
    changed = article(FOXES.replace("never sent", "posted"))
    drawn = texts(draw_sheet(Sheet((), tuple(lines), Offer.of(changed)), changed, {})[0])
    assert drawn == ["-# At home › In winter", "> Snow covers the entrance.", "-# ¶ 3", summary_words.LINE_CHANGED]


def test_lines_are_remembered_in_few_characters() -> None:
    """What a menu keeps of a line is at most 100 characters, and is read back as it was."""
    of = article()
    for line in turn(made := make_lines(summary(of, "It was never sent.").sentences, of), str(made[0])):
        assert len(str(line)) <= 100
        assert Line.read(str(line)) == line
    assert Line.read("nonsense") is None


def test_a_sentence_that_the_article_does_not_hold_is_not_shown() -> None:
    """A summary of another revision shows nothing rather than something else."""
    of = article()
    made = summary(of, "It was never sent.")
    views = summary_views(made, article(FOXES.replace("It was", "He was")), {})
    assert texts(views[0]) == [summary_words.NOTHING_TO_SUMMARISE]


def test_nothing_to_summarise_is_said() -> None:
    """No sentences: a sentence about that, not an empty message."""
    assert texts(views_of(summary(article()), article())[0]) == [summary_words.NOTHING_TO_SUMMARISE]


def test_too_short_to_summarise_is_said() -> None:
    """The first passage is shown whole, so there is nothing to unfold."""
    of = article("# Foxes\n\nOne. Two.\n")
    view = views_of(summary(of, "One. Two.", is_too_short=True), of)[0]
    assert texts(view) == [
        f"**Foxes**, in its own sentences\n{summary_words.TOO_SHORT_TO_SUMMARISE}",
        "> One. Two.",
        "-# ¶ 1",
    ]
    assert labels(view) == []


def test_a_guest_is_said_to_be_one() -> None:
    """What is not stored says so, and offers its page and, to who may, the library."""
    of = replace(article(source=URL), id=0)
    made = summary(of, "It was never sent.")
    offer = Offer.of(of, token="0123456789ab", can_add=True, link=(summary_words.OPEN_PAGE, URL))
    view = views_of(made, of, offer)[0]
    assert summary_words.NOT_STORED in texts(view)[0]
    assert labels(view) == [summary_words.EXPAND_ALL, summary_words.ADD_TO_LIBRARY, summary_words.OPEN_PAGE]


def whole(passages: list[str]) -> Article:
    """An article of these passages, however long they are."""
    text = "\n".join(passages)
    starts = [text.index(passage) for passage in passages]
    found = tuple(
        Passage(number, start, start + len(passage), LineLabel.PARAGRAPH, (), digest(passage))
        for number, (start, passage) in enumerate(zip(starts, passages, strict=True), start=1)
    )
    return Article(1, "Long", "", 0, digest(text), text, (), found)


def long_article(passages: int = 10, sentences: int = 12, source: str = "") -> Article:
    """An article of long passages under a heading each."""
    parts = ["# Long"]
    for passage in range(passages):
        body = " ".join(f"Passage {passage} tells in sentence {n} of the river and the town." for n in range(sentences))
        parts += [f"## Part {passage}", body]
    return article("\n\n".join(parts), source)


@pytest.mark.parametrize("source", ["", "https://example.com/" + "very-long-path/" * 25])
def test_ten_lines_keep_the_limits_even_with_long_links(source: str) -> None:
    """Ten lines of ten sections, each with a link of hundreds of characters: all are shown."""
    of = long_article(source=source)
    made = summary(of, *[f"Passage {n} tells in sentence {n} of the river and the town." for n in range(10)])
    views = views_of(made, of)
    check_limits(views)
    assert quoted(views) == "".join(sentence.text for sentence in made.sentences)
    if not source:
        assert len(views) == 1
    found = [text for view in views for text in texts(view) if "¶" in text]
    assert len(found) == 10
    assert all((":~:text=" in text) == bool(source) for text in found)


def test_expanding_all_fills_the_message_and_no_more() -> None:
    """As many passages as fit are unfolded, from the top; the rest stay folded."""
    of = long_article()
    lines = make_lines(
        summary(of, *[f"Passage {n} tells in sentence 3 of the river and the town." for n in range(10)]).sentences, of
    )
    sheet = unfold_all(Sheet(("Title",), tuple(lines), Offer.of(of)), of, {})
    opened = [line.is_open for line in sheet.lines]
    assert opened == sorted(opened, reverse=True)
    assert 0 < sum(opened) < 10
    check_limits(draw_sheet(sheet, of, {}))
    assert labels(draw_sheet(sheet, of, {})[0])[0] == summary_words.FOLD_ALL


def test_unfolding_one_folds_others_where_room_is_short() -> None:
    """The chosen passage is shown in place; what was unfolded before makes room for it."""
    of = whole([f"Passage {n} begins here. " + "word " * 500 + "end." for n in range(3)])
    lines = make_lines(summary(of, *[f"Passage {n} begins here." for n in range(3)]).sentences, of)
    sheet = Sheet((), tuple(set_open(lines, [0, 1])), Offer.of(of))
    assert not fits(sheet, of, {})
    made = make_room(sheet, 1, of, {})
    assert made is not None
    assert [line.is_open for line in made.lines] == [False, True, False]


def test_a_passage_that_fits_nowhere_is_not_unfolded() -> None:
    """A passage longer than a message has no room in place."""
    of = whole(["The first sentence is short. " + "word " * 900 + "end."])
    lines = make_lines(summary(of, "The first sentence is short.").sentences, of)
    assert make_room(Sheet((), tuple(set_open(lines, [0])), Offer.of(of)), 0, of, {}) is None


def test_one_giant_sentence_is_parted() -> None:
    """A sentence over the limit comes in numbered parts, whole."""
    text = "word " * 2000 + "end."
    of = whole([text])
    views = views_of(summary(of, text), of)
    check_limits(views)
    assert quoted(views) == text
    assert texts(views[-1])[-1] == f"-# ¶ 1 · part {len(views)} of {len(views)}"


def test_a_summary_that_does_not_fit_says_so() -> None:
    """Beyond the message limit the cut is stated."""
    bodies = [f"start {n} " + "word " * 700 + "end." for n in range(15)]
    of = whole(bodies)
    views = views_of(summary(of, *bodies), of)
    check_limits(views)
    assert texts(views[-1]) == [summary_words.REST_OF_SUMMARY]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 119), min_size=1, max_size=25, unique=True), st.sets(st.integers(0, 24)), st.booleans())
def test_whatever_is_unfolded_is_shown_exactly(chosen: list[int], opened: set[int], is_web: bool) -> None:
    """Any lines, any of them unfolded: every limit is kept, and each quote stands in the article."""
    of = long_article(source=URL if is_web else "")
    sentences = [f"Passage {n // 12} tells in sentence {n % 12} of the river and the town." for n in sorted(chosen)]
    lines = set_open(make_lines(summary(of, *sentences).sentences, of), opened)
    views = draw_sheet(Sheet(("Title",), tuple(lines), Offer(Shelf(1))), of, find_links(lines, of))
    check_limits(views)
    shown = quoted(views)
    assert all(sentence in shown for sentence in sentences)
