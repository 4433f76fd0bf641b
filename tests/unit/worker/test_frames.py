"""What a child answers is checked as if an enemy had written it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.ingest.parse import IngestLimits, parse_text
from bot.engine.ingest.worker.frames import (
    MOST_JSON_BYTES,
    BadFrame,
    article_frames,
    frame,
    json_frame,
    most_answer_bytes,
    read_answer,
    split_frames,
)
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import LineLabel, digest

TEXT = """# Tower

## When

The tower was built in 1742 – by 石.

- One item

## Who

### By hand

Elsa Thorne built it.
"""
LIMITS = IngestLimits()
OK = json_frame({"ok": True})


def sample() -> ParsedArticle:
    """A parsed article with headings on two levels."""
    return parse_text(TEXT, markdown=True)


def values() -> list[Any]:
    """The sample's frames: what is short, the text, headings, lines, passages."""
    first, text, *portions = split_frames(b"".join(article_frames(sample())))
    return [json.loads(first), text.decode(), *(json.loads(portion) for portion in portions)]


def answer(parts: list[Any]) -> ParsedArticle | tuple[str, str]:
    """Read an answer made of values."""
    frames = [frame(part.encode()) if index == 1 else json_frame(part) for index, part in enumerate(parts)]
    return read_answer(OK + b"".join(frames), LIMITS)


def test_article_comes_back_whole() -> None:
    """What was parsed is what arrives, digests included; nested headings and odd characters survive."""
    assert read_answer(OK + b"".join(article_frames(sample())), LIMITS) == sample()
    assert answer(values()) == sample()


def test_long_lists_come_in_portions() -> None:
    """No frame but the text is long, so that reading one never keeps the process waiting."""
    parsed = parse_text("Title\n\n" + "".join(f"Sentence number {number} stands here.\n\n" for number in range(5_000)))
    data = b"".join(article_frames(parsed))
    frames = list(split_frames(data))
    assert max(len(part) for index, part in enumerate(frames) if index != 1) < 100_000
    assert read_answer(OK + data, LIMITS) == parsed
    assert len(data) < most_answer_bytes(LIMITS)


def test_digests_are_made_here() -> None:
    """A child cannot claim that another text was stored: it sends no digest at all."""
    parsed = answer(values())
    assert isinstance(parsed, ParsedArticle)
    assert digest(parsed.text) not in str(values())
    assert all(item.digest == digest(parsed.text[item.start : item.end]) for item in parsed.passages)


def forged(index: int, path: list[Any], value: Any) -> list[Any]:
    """The sample's frames with one value replaced."""
    parts = values()
    place = parts[index]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return parts


@pytest.mark.parametrize(
    ("index", "path", "value"),
    [
        (0, ["rest", "title"], 7),
        (0, ["rest", "title"], "x" * 5_000),
        (0, ["rest", "title"], ["x"]),
        (0, ["rest"], {}),
        (0, ["counts"], [1, 2]),
        (0, ["counts", 0], -1),
        (0, ["counts", 2], 10**9),
        (0, ["counts", 2], True),
        (0, ["counts", 2], "9"),
        (2, [0], 7),
        (3, [0, 1], -1),
        (3, [0, 2], 10**9),
        (3, [0, 1], 1.5),
        (3, [0, 1], True),
        (3, [0, 3], "no such label"),
        (3, [0, 4], "1"),
        (3, [0], []),
        (3, [0], None),
        (4, [0, 0], -5),
        (4, [0, 1], 10**9),
        (4, [0, 2], "no such label"),
        (4, [0, 3], [99]),
        (4, [0, 3], [-1]),
        (4, [0, 3], [0] * 99),
        (4, [0, 3], "00"),
    ],
)
def test_forged_answers_are_refused(index: int, path: list[Any], value: Any) -> None:
    """A span outside the text, an unknown label, a wrong type or count: the whole answer is refused."""
    with pytest.raises(BadFrame):
        answer(forged(index, path, value))


def test_answers_beyond_the_limits_are_refused() -> None:
    """More text, and more passages, than a parser may return, and one long piece of JSON."""
    data = OK + b"".join(article_frames(sample()))
    for limits in (dataclasses.replace(LIMITS, max_characters=10), dataclasses.replace(LIMITS, max_passages=1)):
        with pytest.raises(BadFrame):
            read_answer(data, limits)
    with pytest.raises(BadFrame):
        read_answer(OK + frame(b"[" * (MOST_JSON_BYTES + 1)), LIMITS)
    with pytest.raises(BadFrame):
        read_answer(frame(b"[" * 100_000), LIMITS)


@pytest.mark.parametrize("cut", [1, 7, 8, 9, 20, 60, -1])
def test_cut_answers_are_refused(cut: int) -> None:
    """An answer that ends too early, or goes on, is none."""
    data = OK + b"".join(article_frames(sample()))
    with pytest.raises(BadFrame):
        read_answer(data[:cut], LIMITS)
    with pytest.raises(BadFrame):
        read_answer(data + json_frame([]), LIMITS)


@given(st.lists(st.binary(max_size=60) | st.sampled_from([b'{"ok":true}', b"[]", b"{}", b"null"])))
def test_any_bytes_are_an_answer_or_refused(parts: list[bytes]) -> None:
    """Nothing but BadFrame comes of whatever a child sends."""
    for data in (
        b"".join(parts),
        b"".join(frame(part) for part in parts),
        OK + b"".join(frame(part) for part in parts),
    ):
        try:
            found = read_answer(data, LIMITS)
        except BadFrame:
            continue
        assert isinstance(found, tuple | ParsedArticle)


def test_labels_travel_as_their_values() -> None:
    """The wire format does not depend on how Python writes an enumeration."""
    assert {row[3] for row in values()[3]} <= {label.value for label in LineLabel}
