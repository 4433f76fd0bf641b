"""What holds for any text: passages are trimmed, ordered spans of the stored text, and no character is lost."""

from __future__ import annotations

import contextlib
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.engine.errors import EngineError
from bot.engine.ingest.characters import is_visible
from bot.engine.ingest.parse import parse_bytes, parse_text
from bot.engine.ingest.sentences import split_sentences
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import LEFT_OUT, QUOTABLE, Line, LineLabel, digest

QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Fragments that mean something to some rule, and text of any characters between them.
FRAGMENTS = st.sampled_from(
    [
        *(
            "# ",
            "## ",
            "###### ",
            "- ",
            "* ",
            "1. ",
            "2.1 ",
            "> ",
            "Q: ",
            "A: ",
            "```",
            "~~~",
            "---",
            "===",
            "| a | b |",
        ),
        *(
            "|---|---|",
            "    ",
            "\t",
            "[",
            "](x)",
            "![",
            "**",
            "`",
            "<b>",
            "<div>",
            "<!--",
            "-->",
            "&amp;",
            "\\",
            "\r\n",
        ),
        *("\n", "\n\n", "\n\n\n", "\f", "\u2028", "\u2029", "\x85", "\xa0", "\u200b", "\ufeff", "\u202e", "e\u0301"),
        *(
            "By Ragna Holt",
            "3 February 2025",
            "Share on Facebook",
            "Related stories",
            "Photo: Marit Osei",
            "👩\u200d👧",
        ),
        *("Who mended the weir?", "Yes.", "Chapter 1", "Subscribe now", "The weir below the mill was built in 1803. "),
        "It is eleven metres wide, and in a dry summer no water passes over it at all. ",
        *(
            "港の灯台が点灯した。",
            "مرحبا بالعالم. ",
            "2025-03-04 02:11:07 INFO up",
            "O\n2",
            "Dr. ",
            "e.g. ",
            "…",
            "“",
            "”",
        ),
    ]
)
TEXTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=40).map("".join)


def check(parsed: ParsedArticle) -> None:
    """Assert what every parsed article must be."""
    text = parsed.text
    assert parsed.title
    assert parsed.title == parsed.title.strip()
    assert parsed.passages
    assert [found.position for found in parsed.passages] == list(range(1, len(parsed.passages) + 1))
    for found in parsed.passages:
        cut = text[found.start : found.end]
        assert 0 <= found.start < found.end <= len(text)
        assert cut == cut.strip()
        assert is_visible(cut)
        assert found.digest == digest(cut)
        assert found.kind in QUOTABLE
        assert all(heading == " ".join(heading.split()) != "" for heading in found.headings)
    assert all(one.end <= other.start for one, other in pairwise(parsed.passages))
    for line in parsed.lines:
        assert 0 <= line.start < line.end <= len(text)
        assert line.number >= 1
        assert (line.level > 0) is (line.label is LineLabel.HEADING)
    assert all(one.end <= other.start and one.number <= other.number for one, other in pairwise(parsed.lines))
    kept_out = [line for line in parsed.lines if line.label not in QUOTABLE]
    assert not any(overlap(line, found.start, found.end) for line in kept_out for found in parsed.passages)
    assert set(parsed.left_out) == {line for line in parsed.lines if line.label in LEFT_OUT}


def overlap(line: Line, start: int, end: int) -> bool:
    """Say whether a line and a span share a character."""
    return line.start < end and start < line.end


def outside(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """The stretches of a text that no span covers: where each begins, the start of the span after it, and its text."""
    edges = [(0, 0), *spans, (len(text), len(text))]
    return [(one[1], other[0], text[one[1] : other[0]]) for one, other in pairwise(edges)]


@QUICK
@given(TEXTS, st.booleans(), st.one_of(st.none(), st.text(max_size=20)))
def test_any_text_is_refused_or_parsed_into_sound_passages(text: str, markdown: bool, title: str | None) -> None:
    """Any text either raises an EngineError or gives passages that can be quoted."""
    with contextlib.suppress(EngineError):
        check(parse_text(text, title=title, markdown=markdown))


@QUICK
@given(
    st.one_of(st.binary(max_size=200), TEXTS.map(lambda text: text.encode("utf-8", "replace"))),
    st.sampled_from(["a.txt", "a.md", ""]),
)
def test_any_bytes_are_refused_or_parsed(data: bytes, file_name: str) -> None:
    """Any bytes either raise an EngineError or give passages that can be quoted."""
    with contextlib.suppress(EngineError):
        check(parse_bytes(data, file_name=file_name))


@QUICK
@given(TEXTS)
def test_every_visible_character_of_plain_text_is_in_one_line(text: str) -> None:
    """The stored text is the pasted one, and only whitespace and the marks of titles and headings lie in no line."""
    try:
        parsed = parse_text(text)
    except EngineError:
        assume(False)
    assert parsed.text == text.removeprefix("\ufeff")
    marked = {line.start for line in parsed.lines if line.label in (LineLabel.TITLE, LineLabel.HEADING)}
    for _, following, gap in outside(parsed.text, [(line.start, line.end) for line in parsed.lines]):
        if following in marked:
            gap = gap.rstrip().rsplit("\n", 1)[-1]
            assert len(gap) < 20
        else:
            assert not is_visible(gap)


@QUICK
@given(TEXTS)
def test_every_character_of_markdowns_stored_text_is_in_one_line(text: str) -> None:
    """The text that Markdown is stored as is its lines and the blank lines between them."""
    try:
        parsed = parse_text(text, markdown=True)
    except EngineError:
        assume(False)
    gaps = outside(parsed.text, [(line.start, line.end) for line in parsed.lines])
    assert {gap for _, _, gap in gaps[1:-1]} <= {"\n\n"}
    assert gaps[0][2] == gaps[-1][2] == ""


@QUICK
@given(TEXTS)
def test_quotable_lines_lie_in_passages(text: str) -> None:
    """Every visible character of a quotable line can be quoted."""
    try:
        parsed = parse_text(text)
    except EngineError:
        assume(False)
    spans = [(found.start, found.end) for found in parsed.passages]
    for start, end, gap in outside(parsed.text, spans):
        lines = [line for line in parsed.lines if line.label in QUOTABLE and overlap(line, start, end)]
        assert not is_visible(gap) or not any(
            is_visible(parsed.text[max(start, line.start) : min(end, line.end)]) for line in lines
        )


@QUICK
@given(TEXTS)
def test_parsing_the_same_text_twice_gives_the_same(text: str) -> None:
    """Parsing keeps no state."""
    try:
        parsed = parse_text(text)
    except EngineError:
        return
    assert parse_text(text) == parsed


@QUICK
@given(st.one_of(TEXTS, TEXTS.map(lambda text: text * 40), st.text(max_size=60)))
def test_sentences_tile_all_text(text: str) -> None:
    """Every character that is not whitespace lies in exactly one sentence, none with whitespace at its edge."""
    spans = split_sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert not any(gap.strip() for _, _, gap in outside(text, [tuple(span) for span in spans]))
