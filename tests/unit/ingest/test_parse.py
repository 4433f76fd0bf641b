"""Parsing a whole article: titles, limits, and one clear sentence for what cannot be read."""

from __future__ import annotations

import contextlib
import re
import time

import pytest

from bot.engine.errors import EngineError, ExtractFailed, TooLarge, Unsupported
from bot.engine.ingest.parse import IngestLimits, parse_bytes, parse_text
from bot.engine.records.passages import LineLabel

BODY = "The weir below the paper mill was built in 1803. It is eleven metres wide, and the frost is lifting its stones."
ONLY_CHROME = "Skip to content\n\nShare on Facebook\n\nAccept all cookies\n\n© 2025 Wessel Post. All rights reserved."


def quoted(text: str) -> list[str]:
    """The passages' texts of a pasted text."""
    parsed = parse_text(text)
    return [parsed.text[found.start : found.end] for found in parsed.passages]


BAD = {
    "no bytes": (b"", ExtractFailed),
    "blank": ("   \n\t\n", ExtractFailed),
    "invisible": ("\u200b\u2060\u00ad\ufeff", ExtractFailed),
    "one character": ("x", ExtractFailed),
    "one sign": ("?", ExtractFailed),
    "only chrome": (ONLY_CHROME, ExtractFailed),
    "only a rule": ("-" * 70, ExtractFailed),
    "NUL": ("The weir\x00was built in 1803.", Unsupported),
    "picture named .txt": (b"\x89PNG\r\n\x1a\n" + bytes(64), Unsupported),
    "noise named .txt": (bytes(range(256)) * 40, Unsupported),
    "program named .txt": (b"\x7fELF\x02\x01\x01" + bytes(90), Unsupported),
    "PDF without pages": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ExtractFailed),
    "web page without an article": (b"<!DOCTYPE html><html><body></body></html>", ExtractFailed),
    "broken UTF-8": (
        "Der Turm von Lindau – schön und schief, für immer. ".encode() * 3 + b"\xc3\x28 und",
        ExtractFailed,
    ),
    "too many characters": ("The weir is wide. " * 400_000, TooLarge),
    "too many bytes": (b"The weir is wide. " * 600_000, TooLarge),
    "too many lines": ("The weir is wide.\n" * 200_000, TooLarge),
    "too many passages": ("The weir is wide, the pool is deep.\n\n" * 30_000, TooLarge),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_a_clear_sentence(name: str) -> None:
    """What cannot be read is refused in one or two short sentences that name the next step."""
    source, kind = BAD[name]
    with pytest.raises(EngineError) as caught:
        parse_bytes(source, file_name="notes.txt") if isinstance(source, bytes) else parse_text(source)
    assert type(caught.value) is kind
    message = caught.value.user_message
    assert message[0].isupper()
    assert message.endswith(".")
    assert len(message) < 240
    assert "\n" not in message
    assert re.search(r"\b(?:[Pp]aste|[Aa]dd|[Cc]hoose|[Ss]plit|[Ss]ave|[Cc]opy)\b", message)


@pytest.mark.parametrize(
    "text",
    [
        "تعود العبارة الليلية إلى العمل في الثاني من يونيو بعد توقف دام تسع سنوات.",
        "The party 🎉👩‍👩‍👧‍👦 begins at noon\u200b and ends at six.",
        "אין מעבורת בלילה, והאי מחכה עד הבוקר לסירת הדגים.",
        "港の古い灯台が六月二日、九年ぶりに点灯した。",
        "Two words",
    ],
)
def test_unusual_text_is_kept_as_it_is(text: str) -> None:
    """Right-to-left text, emoji, zero-width characters and a note of two words are stored and quoted unchanged."""
    assert quoted(text) == [text]


def test_long_text_of_five_megabytes_is_read() -> None:
    """Five megabytes of paragraphs are no problem."""
    text = "\n\n".join([BODY * 4] * (5_000_000 // (4 * len(BODY))))
    parsed = parse_text(text, title="Weirs")
    assert len(parsed.passages) == text.count("\n\n") + 1


def test_three_thousand_headings_are_read() -> None:
    """Every one of three thousand sections keeps its own heading."""
    text = "\n\n".join(f"Section number {number}\n\n{BODY}" for number in range(3000))
    parsed = parse_text(text, title="Sections")
    assert [found.headings for found in parsed.passages] == [(f"Section number {number}",) for number in range(3000)]


HOSTILE = {
    "newlines": "\n" * 1_000_000 + BODY,
    "hashes": "#" * 1_000_000,
    "hash lines": "#\n" * 500_000,
    "brackets": "[" * 100_000,
    "opened comments": "<!--" * 100_000,
    "opened comments in blocks": "<!--\n\n" * 40_000,
    "emphasis": "**a" * 100_000,
    "opened links": "[a](" * 100_000,
    "back-ticks": " ".join("`" * (number % 300 + 1) + "a" for number in range(5_000)),
    "quotation in quotation": (">" * 5_000 + " weir\n") * 20,
    "list in list": "".join("  " * number + "- eel\n" for number in range(1_000)),
    "fences": "```\n" * 90_000,
    "captions": "A weir. (Photo: Someone)\n\n" * 15_000,
    "names": "By " + "Aa " * 100_000,
    "spaces": "a" + " " * 1_000_000 + "b c d",
}


@pytest.mark.parametrize("markdown", [False, True], ids=["plain", "markdown"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_repetition_takes_linear_time(name: str, markdown: bool) -> None:
    """Repetition that makes a parser go back and forth is read or refused within seconds, not minutes."""
    started = time.perf_counter()
    with contextlib.suppress(EngineError):
        parse_text(HOSTILE[name], title="Weirs", markdown=markdown)
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (IngestLimits(max_characters=50), BODY),
        (IngestLimits(max_lines=3), "One line here.\n" * 4),
        (IngestLimits(max_passages=2), f"{BODY}\n\n{BODY}\n\n{BODY}"),
    ],
)
def test_limits_are_named_in_the_refusal(limits: IngestLimits, text: str) -> None:
    """A text over a limit is refused with the limit's number; one at the limit is not."""
    with pytest.raises(TooLarge, match=r"\b(?:50|3|2)\b"):
        parse_text(text, limits=limits)
    at_limit = {"max_characters": len(text), "max_lines": 4, "max_passages": 3}
    assert parse_text(text, limits=IngestLimits(**at_limit)).passages


def test_byte_limit_is_for_files() -> None:
    """A file over the byte limit is refused before it is decoded."""
    with pytest.raises(TooLarge, match="21 bytes"):
        parse_bytes(b"The weir is very wide", limits=IngestLimits(max_bytes=20))


def test_given_title_wins_and_its_line_is_not_quoted() -> None:
    """A title that is given names the article; the line that says it, in any quotes or case, is the title's line."""
    parsed = parse_text(f"The “Old” Weir\n\n{BODY}", title='the "old" weir')
    assert parsed.title == 'the "old" weir'
    assert [line.label for line in parsed.lines] == [LineLabel.TITLE, LineLabel.PARAGRAPH]


def test_given_title_of_other_words_leaves_the_text_alone() -> None:
    """Where no line says the given title, the first line stays a heading."""
    parsed = parse_text(f"The Old Weir\n\n{BODY}", title="Notes of March")
    assert parsed.title == "Notes of March"
    assert parsed.passages[0].headings == ("The Old Weir",)


def test_file_name_names_an_article_without_a_title() -> None:
    """A text without a title line is named by its file, or pasted by its first words."""
    assert parse_bytes(BODY.encode(), file_name="weir-notes.txt").title == "weir-notes"
    assert parse_text(BODY).title == "The weir below the paper mill was built in 1803. …"


def test_endless_title_is_cut() -> None:
    """A title is at most two hundred characters, on one line."""
    parsed = parse_text(BODY, title="weir\n" * 100)
    assert len(parsed.title) <= 200
    assert "\n" not in parsed.title
    assert parsed.title.endswith("…")


@pytest.mark.parametrize(
    "title", ["iPhone sales fall in every market", "the clock tower of varnby", "eBay and the weir"]
)
def test_title_may_begin_small(title: str) -> None:
    """A first line that stands alone is the title, also where it begins with a small letter."""
    assert parse_text(f"{title}\n\n{BODY}").title == title


def test_lone_surrogates_and_a_byte_order_mark_are_mended() -> None:
    """What cannot be stored is replaced, and a byte order mark is dropped."""
    parsed = parse_text("\ufeffThe weir \ud800 is wide and old.")
    assert parsed.text == "The weir \ufffd is wide and old."


def test_article_may_begin_with_signs() -> None:
    """Signs before the first words do not make a text too short."""
    parsed = parse_text("☆\n\n☆☆\n\n☆\n\n☆☆\n\n☆\n\n☆☆\n\n" + BODY)
    assert parsed.text[parsed.passages[-1].start : parsed.passages[-1].end].endswith(BODY)
