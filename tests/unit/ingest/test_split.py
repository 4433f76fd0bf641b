"""Labelled lines to passages: what is joined, what is cut, and where."""

from __future__ import annotations

import pytest

from bot.engine.ingest.characters import is_grapheme_boundary
from bot.engine.ingest.split import split_passages
from bot.engine.records.passages import Line, LineLabel, Passage

FAMILY = "👩‍👩‍👧‍👦"


def cut(text: str, longest: int = 100, label: LineLabel = LineLabel.PARAGRAPH) -> list[str]:
    """The passages' texts of a text that is one line."""
    passages = split_passages(text, [Line(1, 0, len(text), label)], longest=longest)
    return [text[found.start : found.end] for found in passages]


def passages_of(*blocks: tuple[LineLabel, str]) -> tuple[str, tuple[Passage, ...]]:
    """The text of blocks parted by blank lines, and its passages."""
    lines: list[Line] = []
    text = ""
    for label, words in blocks:
        text += "\n\n" if text else ""
        level = 1 if label is LineLabel.HEADING else 0
        lines.append(Line(len(lines) * 2 + 1, len(text), len(text) + len(words), label, level))
        text += words
    return text, split_passages(text, lines)


def quoted(*blocks: tuple[LineLabel, str]) -> list[str]:
    """The passages' texts of some blocks."""
    text, passages = passages_of(*blocks)
    return [text[found.start : found.end] for found in passages]


def test_long_paragraph_is_cut_at_sentence_ends() -> None:
    """Every part of an over-long paragraph is whole sentences, and together they are all of it."""
    sentences = [f"Sentence number {number} speaks of the weir and its eels." for number in range(40)]
    parts = cut(" ".join(sentences), longest=300)
    assert " ".join(parts) == " ".join(sentences)
    assert all(len(part) <= 300 for part in parts)
    assert all(part.startswith("Sentence") and part.endswith("eels.") for part in parts)
    assert max(map(len, parts)) < 2 * min(map(len, parts))


def test_long_sentence_is_cut_at_blanks() -> None:
    """A sentence that is too long alone is cut between words."""
    text = " ".join(f"word{number}" for number in range(200))
    parts = cut(text)
    assert " ".join(parts) == text
    assert all(len(part) <= 100 for part in parts)


def test_ten_thousand_characters_without_a_space_are_cut() -> None:
    """A paragraph without a blank is cut by length, nothing lost."""
    text = "x" * 10_000
    parts = cut(text, longest=1_800)
    assert "".join(parts) == text
    assert all(len(part) <= 1_800 for part in parts)


@pytest.mark.parametrize("sign", [FAMILY, "🇳🇴", "e\u0301", "👍🏽", "क्षि", "각", "☂️"])
@pytest.mark.parametrize("longest", [50, 51, 53, 57])
def test_a_character_of_several_code_points_is_never_cut(sign: str, longest: int) -> None:
    """Joined emoji, flags, accents, skin tones and syllables stay whole wherever the cut falls."""
    text = sign * 120
    parts = cut(text, longest=longest)
    assert "".join(parts) == text
    assert all(len(part) % len(sign) == 0 for part in parts)


def test_endless_combining_marks_are_cut_all_the_same() -> None:
    """Marks without end do not make a passage without end."""
    parts = cut("a" + "\u0301" * 5_000, longest=500)
    assert all(len(part) <= 500 for part in parts)


@pytest.mark.parametrize(
    ("text", "index", "allowed"),
    [
        ("ab", 1, True),
        ("a\u0301", 1, False),
        ("\r\n", 1, False),
        (FAMILY, 1, False),
        (FAMILY + "a", len(FAMILY), True),
        ("🇳🇴🇸🇪", 1, False),
        ("🇳🇴🇸🇪", 2, True),
        ("👍🏽", 1, False),
        ("क्ष", 2, False),
        ("ab", 0, True),
        ("ab", 2, True),
    ],
)
def test_boundaries_of_whole_characters(text: str, index: int, allowed: bool) -> None:
    """A cut is allowed only between characters that a reader sees as two."""
    assert is_grapheme_boundary(text, index) is allowed


def test_short_paragraph_joins_the_next_of_its_section() -> None:
    """A paragraph of a word or two is quoted with the one that it opens, both as they stand."""
    assert quoted((LineLabel.PARAGRAPH, "Yes."), (LineLabel.PARAGRAPH, "It was mended in 2016 by volunteers.")) == [
        "Yes.\n\nIt was mended in 2016 by volunteers."
    ]


def test_short_paragraph_at_the_end_joins_the_one_before() -> None:
    """At a section's end a very short paragraph joins the one before it."""
    assert quoted(
        (LineLabel.PARAGRAPH, "The pump was mended in 2016 by volunteers."),
        (LineLabel.PARAGRAPH, "None stayed."),
        (LineLabel.HEADING, "Eels"),
        (LineLabel.PARAGRAPH, "They wait in the pool below the weir."),
    ) == [
        "The pump was mended in 2016 by volunteers.\n\nNone stayed.",
        "They wait in the pool below the weir.",
    ]


@pytest.mark.parametrize("between", [LineLabel.HEADING, LineLabel.CHROME, LineLabel.CAPTION, LineLabel.CREDIT])
def test_no_passage_reaches_over_another_line(between: LineLabel) -> None:
    """Short paragraphs never join over a heading or a line that is left out."""
    text, passages = passages_of(
        (LineLabel.PARAGRAPH, "Yes."),
        (between, "Something else here"),
        (LineLabel.PARAGRAPH, "No."),
    )
    assert [text[found.start : found.end] for found in passages] == ["Yes.", "No."]


def test_code_is_cut_between_its_lines() -> None:
    """Parts of long code begin and end with whole lines."""
    rows = [f"row {number} = weir.depth(3. 5) # eels. Pools." for number in range(50)]
    parts = cut("\n".join(rows), longest=200, label=LineLabel.CODE)
    assert "\n".join(parts) == "\n".join(rows)


def test_edges_are_trimmed() -> None:
    """A passage begins and ends with something that can be seen."""
    assert cut(" \u200b\tThe weir is old. \ufeff\n") == ["The weir is old."]


def test_unseen_line_is_no_passage() -> None:
    """A line of which nothing can be seen is not quoted."""
    assert cut("\u00ad\u200d\u2060") == []
