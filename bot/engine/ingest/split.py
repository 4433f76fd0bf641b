"""Labelled lines made into passages: spans of the stored text that never cross a heading or a line left out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.engine.errors import TooLarge
from bot.engine.ingest.characters import count_words, cut_before, is_visible, trim
from bot.engine.ingest.sentences import split_sentences
from bot.engine.records.passages import QUOTABLE, Line, LineLabel, Passage, Span, digest

_SHORT_WORDS, _SHORT_CHARACTERS = 4, 30
_HEADING_MARKS = re.compile(r"\A#{1,6}\s+|\s#+\Z")
_PROSE = frozenset({LineLabel.PARAGRAPH, LineLabel.LIST_ITEM, LineLabel.BLOCK_QUOTE})
_LINE_CUT = re.compile(r"\n|\r\n?")
_SPACE_CUT = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A quotable stretch on its way to a passage. ``line``: the index of its last line, so that joins skip nothing."""

    start: int
    end: int
    kind: LineLabel
    line: int
    words: int

    @property
    def is_short(self) -> bool:
        return self.words < _SHORT_WORDS and self.end - self.start < _SHORT_CHARACTERS


def split_passages(
    text: str, lines: Sequence[Line], *, longest: int = 1_800, most: int = 20_000
) -> tuple[Passage, ...]:
    """Make the passages of a text from its labelled lines.

    A passage is one block, or a part of at most ``longest`` characters of a longer one, cut at sentence ends where
    there are any. A very short one ("Yes.") joins the question before it or the next one of its section. More than
    ``most`` passages raise TooLarge.
    """
    passages: list[Passage] = []
    for headings, units in _sections(text, lines):
        for unit in _join_short(text, units, longest):
            for start, end in _parts(text, unit, longest):
                if len(passages) == most:
                    raise TooLarge(
                        f"That article has more than {most:,} passages. Split it into several and add them one by one."
                    )
                cut = text[start:end]
                passages.append(Passage(len(passages) + 1, start, end, unit.kind, headings, digest(cut)))
    return tuple(passages)


def _sections(text: str, lines: Sequence[Line]) -> Iterator[tuple[tuple[str, ...], list[_Unit]]]:
    """Yield each section's heading path and units."""
    path: list[tuple[int, str]] = []
    units: list[_Unit] = []
    for index, line in enumerate(lines):
        if line.label is LineLabel.HEADING:
            if units:
                yield tuple(words for _, words in path), units
                units = []
            while path and path[-1][0] >= line.level:
                path.pop()
            path.append((line.level, heading_text(text[line.start : line.end])))
        elif line.label in QUOTABLE:
            start, end = trim(text, line.start, line.end)
            if start < end and is_visible(text[start:end]):
                units.append(_Unit(start, end, line.label, index, count_words(text[start:end])))
    if units:
        yield tuple(words for _, words in path), units


def heading_text(text: str) -> str:
    """Return a title's or a heading's words on one line, its ``#`` marks dropped."""
    return " ".join(_HEADING_MARKS.sub("", text.strip()).split()) or text.strip()


def _join_short(text: str, units: Sequence[_Unit], longest: int) -> list[_Unit]:
    joined: list[_Unit] = []
    for unit in units:
        last = joined[-1] if joined else None
        if last is not None and _may_join(last, unit, longest):
            answers = unit.is_short and text[last.start : last.end].rstrip().endswith(("?", "？", "؟"))
            if last.is_short or answers or (unit.is_short and unit is units[-1]):
                joined[-1] = _join(last, unit)
                continue
        joined.append(unit)
    return joined


def _may_join(last: _Unit, unit: _Unit, longest: int) -> bool:
    is_adjacent = unit.line == last.line + 1 and unit.end - last.start <= longest
    return is_adjacent and (last.kind is unit.kind or (last.kind in _PROSE and unit.kind in _PROSE))


def _join(last: _Unit, unit: _Unit) -> _Unit:
    kind = last.kind if last.words > unit.words else unit.kind
    return replace(last, end=unit.end, kind=kind, line=unit.line, words=last.words + unit.words)


def _parts(text: str, unit: _Unit, longest: int) -> Iterator[Span]:
    """Cut an over-long unit into parts of about equal length."""
    length = unit.end - unit.start
    if length <= longest:
        yield Span(unit.start, unit.end)
        return
    count = -(-length // longest)
    target = -(-length // count)
    start = end = unit.start
    for piece in _pieces(text, unit, longest):
        is_over = piece.end - start > longest
        is_full = end - start >= target or (
            piece.end - start > target and piece.end - start - target > target - end + start
        )
        if end > start and (is_over or is_full):
            yield Span(start, end)
            start = piece.start
        end = piece.end
    if end > start:
        yield Span(start, end)


def _pieces(text: str, unit: _Unit, longest: int) -> Iterator[Span]:
    """Yield the sentences of a unit, or the rows of code and tables; what is still too long is cut at spaces."""
    cut = text[unit.start : unit.end]
    if unit.kind in (LineLabel.CODE, LineLabel.TABLE_ROW):
        spans: Sequence[Span] = _cut_at(_LINE_CUT, cut)
    else:
        spans = split_sentences(cut)
    for span in spans:
        start, end = span.start + unit.start, span.end + unit.start
        while end - start > longest:
            at = _cut_point(text, start, start + longest)
            yield from _trimmed(text, start, at)
            start = at
        yield from _trimmed(text, start, end)


def _cut_at(pattern: re.Pattern[str], text: str) -> list[Span]:
    ends = [found.end() for found in pattern.finditer(text)] + [len(text)]
    return [Span(start, end) for start, end in itertools.pairwise([0, *ends]) if start < end]


def _cut_point(text: str, start: int, limit: int) -> int:
    """Return where to cut at or before ``limit``: after the last space of the second half, else between characters."""
    middle = (start + limit) // 2
    spaces = [found.end() for found in _SPACE_CUT.finditer(text, middle, limit)]
    return spaces[-1] if spaces else max(cut_before(text, limit, start), start + 1)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    start, end = trim(text, start, end)
    if start < end:
        yield Span(start, end)
