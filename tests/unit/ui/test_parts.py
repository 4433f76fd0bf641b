"""Long texts in honest parts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.records.passages import Span
from bot.ui.parts import quote_part, split
from bot.ui.text import shown, units
from tests.unit.ui.test_text import MARKUP, texts_with_spans

long_texts = st.lists(st.sampled_from([*MARKUP, "word ", "One sentence. ", "x" * 40]), max_size=120).map("".join)


@settings(max_examples=60)
@given(long_texts, st.integers(100, 400), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=3))
def test_parts_are_the_text_and_fit(text: str, budget: int, pairs: list[tuple[int, int]]) -> None:
    """Parts follow one another without a gap, each fits its budget, and together they show the text."""
    bold = [Span(*pair) for pair in pairs]
    parts = split(text, bold, budget)
    quoted = [quote_part(text, bold, part) for part in parts]
    assert "".join(shown(part) for part in quoted) == text
    assert all(units(part) <= budget for part in quoted)
    assert [part.start for part in parts[1:]] == [part.end for part in parts[:-1]]


@given(texts_with_spans())
def test_a_short_text_is_one_part(case: tuple[str, list[Span]]) -> None:
    """What fits is not split, and an empty text is one empty part."""
    text, bold = case
    assert split(text, bold, 4000) == [Span(0, len(text))]


def test_the_cut_is_after_a_sentence() -> None:
    """A part ends with a whole sentence where one ends in its second half."""
    text = "The first sentence is here and it is quite long. " * 6
    parts = [text[part.start : part.end] for part in split(text, (), 120)]
    assert [part.count(".") for part in parts] == [2, 2, 2]


def test_the_cut_is_after_a_word_where_no_sentence_ends() -> None:
    """Without a sentence end, words stay whole."""
    text = "word " * 100
    assert all(text[part.start : part.end].endswith("word ") for part in split(text, (), 103))


def test_a_cut_never_parts_a_character() -> None:
    """Letters keep their accents and joined emoji stay joined, even where there is no white space at all."""
    accented = "e\u0301" * 200
    parts = [accented[part.start : part.end] for part in split(accented, (), 101)]
    assert len(parts) > 1
    assert all(part.startswith("e") for part in parts)
    family = "👩\u200d👩\u200d👧" * 60
    assert all(family[part.end - 1] != "\u200d" for part in split(family, (), 101))


def test_sentences_without_spaces_are_cut_at_their_own_stops() -> None:
    """Chinese and Japanese sentences end without white space."""
    text = "これは一つの長い文です。" * 30
    assert all(text[part.end - 1] == "。" for part in split(text, (), 110))
