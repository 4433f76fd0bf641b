"""Text safety: an article's characters arrive unchanged and none of them acts as markup."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.engine.records.passages import Span
from bot.ui.text import LONGEST_URL, cut, escape, link_target, quote, render, shown, unescape, units
from tests.unit.ui.discord_markdown import draw, normalise

MARKUP = [
    "*", "**", "_", "__", "~~", "||", "`", "```", "\\", "> ", ">>> ", "# ", "### ", "-# ", "- ", "+ ", "* ", "1. ",
    "2) ", "[a](https://b.c)", "<@1>", "<@!1>", "<@&1>", "<#1>", "</ask:1>", "<id:home>", "<:e:1>", "<a:e:1>",
    "<t:1:R>", "@everyone", "@here", ":smile:", "https://example.com/a_b_c", "<https://e.fr>", "steam://run",
    "<mailto:a@b>", "\n", "\r\n", "\r", "\u2028", "\x85", "\x0b", "  ", "\t", "a", "b c", "0", "é", "🎉", "\u200b",
    "\u202e",
]  # fmt: skip
marked_texts = st.lists(st.sampled_from(MARKUP), max_size=25).map("".join)
texts = st.one_of(marked_texts, st.text(max_size=200))


@st.composite
def texts_with_spans(draw_from: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and up to four spans, some of them outside it, overlapping or empty."""
    text = draw_from(texts)
    ends = st.integers(-2, len(text) + 2)
    return text, [Span(*pair) for pair in draw_from(st.lists(st.tuples(ends, ends), max_size=4))]


@given(texts)
@example("\\")
@example("\\*")
def test_unescape_is_the_inverse_of_escape(text: str) -> None:
    """Every text comes back exactly."""
    assert unescape(escape(text)) == text


@pytest.mark.parametrize("markup", MARKUP)
def test_each_construct_is_disarmed(markup: str) -> None:
    """Every construct of Discord's markup is drawn as plain characters, at a line's beginning and within it."""
    text = f"{markup}one{markup} two {markup}three\n {markup}four{markup}"
    assert draw(escape(text)).kinds == set()
    assert draw(escape(text)).text == normalise(text)


@given(texts)
@example("https://example.com/a_b_c")
@example("1. one\n- two\n\n  + three")
def test_escaped_text_is_drawn_as_its_own_characters(text: str) -> None:
    """Discord's grammar finds no markup in an escaped text, and draws exactly its characters."""
    drawn = draw(escape(text))
    assert drawn.kinds == set()
    assert drawn.text == normalise(text)


@given(texts_with_spans())
@example(("a *b*\n **c** ", [Span(0, 13)]))
@example(("ends with \\", [Span(0, 11)]))
def test_quoted_text_is_one_quote_with_nothing_else_in_it(case: tuple[str, list[Span]]) -> None:
    """A quoted text is drawn as one block quote, holding the text and our bold runs and nothing else."""
    text, bold = case
    drawn = draw(quote(render(text, bold)))
    assert drawn.kinds <= {"quote", "strong"}
    assert drawn.text == normalise(text)


@given(texts_with_spans())
def test_shown_gives_back_what_was_quoted(case: tuple[str, list[Span]]) -> None:
    """Taking out prefixes, bold marks and escapes leaves the text, whatever the text is."""
    text, bold = case
    assert shown(quote(render(text, bold))) == text
    assert shown(render(text, bold)) == text or text.startswith("> ")


@given(texts_with_spans())
def test_bold_runs_hold_only_what_was_highlighted(case: tuple[str, list[Span]]) -> None:
    """Every bold run lies in the highlighted characters and neither begins nor ends with white space."""
    text, bold = case
    highlighted = "".join(c for i, c in enumerate(text) if any(start <= i < end for start, end in bold))
    for run in draw(quote(render(text, bold))).bold:
        assert run == run.strip()
        assert run in normalise(highlighted)


@pytest.mark.parametrize("markup", [m for m in MARKUP if m.strip() and not m.isalnum()])
def test_the_grammar_of_these_tests_sees_unescaped_markup(markup: str) -> None:
    """The second opinion is one: most of the sample markup acts when it is not escaped."""
    harmless = {"\\", "*", "**", "_", "__", "~~", "||", "`", "```", "b c", "é", "🎉", "\u200b", "\u202e"}
    if markup not in harmless:
        assert draw(markup + "x").kinds


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text, with 3.5 and a-b (c) #1", "plain text, with 3.5 and a-b (c) #1"),
        ("**bold** _it_ ~~no~~", r"\*\*bold\*\* \_it\_ \~\~no\~\~"),
        ("```py\nx\n```", "\\`\\`\\`py\nx\n\\`\\`\\`"),
        ("@everyone <@1> <#2> </a:3>", r"\@everyone \<\@1> \<#2> \</a\:3>"),
        ("- a\n  - b\n12. c\n# d\n-# e\n> f", "\\- a\n  \\- b\n12\\. c\n\\# d\n\\-# e\n\\> f"),
        ("||x|| [t](https://u.v)", r"\|\|x\|\| \[t\](https\://u.v)"),
    ],
)
def test_escape_literally(text: str, escaped: str) -> None:
    """Markup gets a backslash where it could act, and plain text stays readable."""
    assert escape(text) == escaped


def test_bold_is_closed_on_every_line_and_keeps_white_space_out() -> None:
    """A highlight over two lines is two bold runs; touching spans are one."""
    assert render("a b \n c*d", [Span(2, 4), Span(4, 9)]) == "a **b** \n **c\\*d**"


def test_every_kind_of_line_end_begins_a_quoted_line() -> None:
    """No line of a quote escapes its prefix, however it ends."""
    assert quote("a\nb\r\nc\rd") == "> a\n> b\r\n> c\r> d"


@given(st.text(), st.integers(1, 60))
def test_cut_labels_fit(text: str, limit: int) -> None:
    """A label is one line within its limit, and whole where it fits."""
    label = cut(text, limit)
    assert units(label) <= limit
    assert not set(label) & set("\r\n\t")
    plain = " ".join(text.split())
    if units(plain) <= limit:
        assert label == plain
    else:
        assert label.endswith("…")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("https://example.com/a_(b)?q=1&r=<x>#:~:text=c", "https://example.com/a_%28b%29?q=1&r=%3Cx%3E#:~:text=c"),
        ("https://example.com/caf\u00e9 au\nlait", "https://example.com/caf%C3%A9%20au%0Alait"),
        ("https://example.com/a%20b", "https://example.com/a%20b"),
        ("javascript:alert(1)", None),
        ("https://user:pass@example.com/", None),
        ("https://exa mple.com/", None),
        ("https://[::1", None),
        ("https://", None),
        ("https://example.com/" + "a" * LONGEST_URL, None),
        ("", None),
        (None, None),
    ],
)
def test_links_are_made_of_clean_web_addresses_only(url: str | None, target: str | None) -> None:
    """An address cannot end a masked link early; what is no plain web address is not linked."""
    assert link_target(url) == target
