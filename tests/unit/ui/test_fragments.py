"""Links that land on a sentence."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.records.passages import Span
from bot.ui.fragments import find_directives, link_to_sentence
from bot.ui.text import LONGEST_URL, link_target

URL = "https://example.com/foxes"
TEXT = "The fox wrote a letter. It was never sent. The post office had closed. It was never sent. Nobody knew."


def link(sentence: str, text: str = TEXT, url: str | None = URL, after: str = "") -> str | None:
    """The link to the first place of a sentence behind another text."""
    start = text.index(sentence, text.index(after))
    return link_to_sentence(url, text, Span(start, start + len(sentence)))


def browse(fragment: str, page: str) -> Span | None:
    """Find what a browser would scroll to: an independent reading of the specification.

    Page and directive are compared without regard to case, white space being one blank; matches are whole words.
    """
    parts = [unquote(part) for part in fragment.split(",")]
    raw = fragment.split(",")
    prefix = parts.pop(0)[:-1] if raw[0].endswith("-") else ""
    suffix = parts.pop()[1:] if raw[-1].startswith("-") else ""
    start, end = parts[0], parts[1] if len(parts) > 1 else ""

    def pattern(text: str) -> str:
        return r"\s+".join(map(re.escape, text.split()))

    wanted = rf"(?<!\S)({pattern(start)})"
    wanted = (rf"(?<!\S){pattern(prefix)}\s+({pattern(start)})") if prefix else wanted
    tail = rf"\s+{pattern(suffix)}(?!\S)" if suffix else r"(?!\S)"
    middle = rf"(?:.*?)(?<=\s)({pattern(end)})" if end else "()"
    found = re.search(wanted + middle + tail, page, re.DOTALL | re.IGNORECASE)
    return Span(found.start(1), found.end(2) if end else found.end(1)) if found else None


def test_a_sentence_literally() -> None:
    """One that stands once is spelled out."""
    assert link("The fox wrote a letter.") == f"{URL}#:~:text=The%20fox%20wrote%20a%20letter."


def test_a_repeated_sentence_is_told_by_its_neighbours() -> None:
    """The second of two equal sentences needs words before and after it; the first is what a browser finds anyway."""
    second = link("It was never sent.", after="The post")
    assert second == f"{URL}#:~:text=had%20closed.-,It%20was%20never%20sent.,-Nobody%20knew."
    assert link("It was never sent.") == f"{URL}#:~:text=It%20was%20never%20sent."


def test_syntax_in_the_sentence_is_encoded() -> None:
    """Dashes, commas and ampersands are a directive's own syntax."""
    found = link("A half-open, black & white fox.", "A half-open, black & white fox. Bye.")
    assert found == f"{URL}#:~:text=A%20half%2Dopen%2C%20black%20%26%20white%20fox."


def test_a_long_sentence_is_named_by_its_ends() -> None:
    """The first and the last words, and nothing between them."""
    sentence = "The fox that lived behind the mill " + "and ran and ran " * 30 + "was never seen there again."
    assert link(sentence, f"Hello. {sentence} Bye.") == (
        f"{URL}#:~:text=The%20fox%20that%20lived%20behind,was%20never%20seen%20there%20again."
    )


def test_an_address_with_a_fragment_keeps_it() -> None:
    """The directive follows the page's own fragment."""
    assert link("Nobody knew.", url=f"{URL}?a=1#top") == f"{URL}?a=1#top:~:text=Nobody%20knew."


@pytest.mark.parametrize("url", [None, "notes.txt", "ftp://example.com/a", f"{URL}#:~:text=old", f"{URL}/{'x' * 490}"])
def test_no_link_where_none_can_be(url: str | None) -> None:
    """A file, another scheme, a directive already there, and what would be over 512 characters have none."""
    assert link("The fox wrote a letter.", url=url) is None


def test_no_link_where_nothing_tells_the_sentence() -> None:
    """A sentence among many of its kind has no link rather than a wrong one."""
    text = "So it goes. " * 60
    assert link_to_sentence(URL, text, Span(360, 371)) is None


def test_a_giant_article_has_no_links() -> None:
    """What would hold up the event loop is left out."""
    assert link_to_sentence(URL, "So. " * 50_000, Span(0, 3)) is None


words = st.sampled_from(
    ["fox", "Fox", "letter.", "a", "was", "it,", "half-open", "so&so", "naïve", "狐", "never\nsent"]
)


@given(st.lists(words, min_size=1, max_size=120), st.data())
def test_a_directive_leads_to_its_sentence(tokens: list[str], data: st.DataObject) -> None:
    """Read back as the specification says, each directive finds the sentence it was made for, and no earlier one."""
    text = " ".join(tokens)
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first + 1, len(tokens)))
    start = len(" ".join(tokens[:first])) + (first > 0)
    sentence = Span(start, start + len(" ".join(tokens[first:last])))
    for directive in find_directives(text, sentence):
        assert browse(directive.encode(), text) == sentence


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=60))
def test_a_link_is_safe_in_a_masked_link(tokens: list[str]) -> None:
    """At most 512 characters of ASCII, nothing that could end the link, and the page's own address in front."""
    text = " ".join(tokens)
    found = link_to_sentence(URL, text, Span(0, len(text)))
    if found is not None:
        assert len(found) <= LONGEST_URL
        assert found.isascii()
        assert not re.search(r"[\s<>()\\]", found.removeprefix(URL))
        assert found.startswith(f"{URL}#:~:text=")
        assert link_target(found) == found
