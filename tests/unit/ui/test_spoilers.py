"""Texts behind spoilers: nothing of them is to be read before they are opened, and then everything, as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.engine.records.passages import Span
from bot.ui.parts import quote_part, split
from bot.ui.spoilers import hide, is_hidden
from bot.ui.text import bold_spans, escape, quote, render, shown, units
from tests.unit.ui.discord_markdown import draw, normalise
from tests.unit.ui.test_text import texts, texts_with_spans


@given(texts_with_spans())
@example(("ends with a bar|", [Span(0, 4)]))
@example(("all of it bold|", [Span(0, 15)]))
@example(("bold before the bar|", [Span(0, 19)]))
@example(("|", []))
@example(("||", [Span(1, 2)]))
@example(("a ||hidden|| word", []))
@example(("ends with \\", []))
@example(("`code` and ```fence```", []))
@example(("one\n\n  two|\r\n \nthree", [Span(0, 20)]))
def test_nothing_is_read_before_a_spoiler_is_opened(case: tuple[str, list[Span]]) -> None:
    """Discord finds everything behind spoilers, exactly the text's characters, and no other markup than bold."""
    text, bold = case
    hidden = quote(hide(render(text, bold)))
    drawn = draw(hidden)
    assert drawn.text == normalise(text)
    assert not drawn.open_text.strip()
    assert drawn.kinds <= {"quote", "strong", "spoiler"}
    assert is_hidden(hidden)


@given(texts_with_spans())
@example(("ends with a bar|", []))
@example(("|", [Span(0, 1)]))
def test_what_is_hidden_is_read_back(case: tuple[str, list[Span]]) -> None:
    """The characters come back exactly; what was highlighted does, but for a bar at the end of a run of lines."""
    text, bold = case
    plain, hidden = quote(render(text, bold)), quote(hide(render(text, bold)))
    assert shown(hidden) == text
    if "|" not in text:
        assert bold_spans(hidden) == bold_spans(plain)
    else:
        read = [text[span.start : span.end] for span in bold_spans(hidden)]
        assert all(part.strip("|") in text for part in read)


@given(texts)
def test_what_is_not_hidden_is_told(text: str) -> None:
    """A text in the open is no hidden one, unless it has nothing to read."""
    assert is_hidden(quote(escape(text))) == (not text.strip())


@pytest.mark.parametrize("leak", ["> ||a|| b", "> a", "> ||a||\n> b", "> ||a", "> ||a\\|||"])
def test_a_word_outside_is_told(leak: str) -> None:
    """One word, one bar beside the spoiler are enough."""
    assert not is_hidden(leak)


def test_a_spoiler_ends_at_an_empty_line() -> None:
    """Each run of lines has its own: a client that ends a quotation at an empty line shows nothing of the rest."""
    assert quote(hide(render("one\ntwo\n\nthree"))) == "> ||one\n> two||\n> \n> ||three||"


@given(texts_with_spans(), st.integers(100, 300))
def test_parts_behind_spoilers_keep_within_their_budget(case: tuple[str, list[Span]], budget: int) -> None:
    """The marks count, each part is hidden by itself, and together the parts are the text."""
    text, bold = case
    spans = split(text * 3, bold, budget, is_spoiler=True)
    parts = [quote_part(text * 3, bold, span, is_spoiler=True) for span in spans]
    assert all(units(part) <= budget for part in parts)
    assert all(map(is_hidden, parts))
    assert "".join(map(shown, parts)) == text * 3
