"""Which lines of plain text were parted by the width of a window, and which by their writer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.engine.ingest.characters import count_words, ends_with_stop, first_word_length, starts_lower

_MIN_WIDTH, _MAX_WIDTH = 45, 130
_SLACK = 10
_VERSE_WIDTH = 70
_SYMBOL_END = re.compile(r"(?:\A|[\s(\[,/\d])[A-Z][a-z]?[−–+-]?\Z")
_INDEX_START = re.compile(r"\d{1,2}[−–+-]?(?=[\s.,;:)\]A-Z]|\Z)")
_LIST_MARK = re.compile(r"\d{1,2}[.)]\s")
_VERSE_BREAKS = (",", ";", ":", "—", "–", "-", "،", "，", "、")


@dataclass(frozen=True, slots=True)
class WrapStyle:
    """How a text breaks its lines.

    ``width``: characters it is hard-wrapped at, 0 where it is not; ``is_verse``: most of its runs of lines are verse.
    """

    width: int
    is_verse: bool


def measure_wrap(groups: Sequence[Sequence[str]]) -> WrapStyle:
    """Measure how a text breaks lines; ``groups`` are the runs of lines that no blank line parts."""
    broken = kept = width = 0
    verses = runs = 0
    for group in groups:
        for line, following in pairwise(group):
            if not _MIN_WIDTH <= len(line) <= _MAX_WIDTH:
                continue
            if not ends_with_stop(line) and starts_lower(following):
                broken += 1
                width = max(width, len(line))
            else:
                kept += 1
        if len(group) > 1:
            runs += 1
            verses += is_verse(group)
    is_wrapped_text = broken >= 2 and broken * 4 >= kept
    return WrapStyle(width if is_wrapped_text else 0, verses >= 2 and verses * 2 >= runs)


def find_joins(lines: Sequence[str], style: WrapStyle) -> list[bool]:
    """Say for each line but the first whether it goes on from the line before it: one value fewer than lines."""
    if len(lines) < 2:
        return []
    pairs = list(pairwise(lines))
    longest = max(map(len, lines))
    if longest <= _MAX_WIDTH:
        width = max(longest, style.width) if len(lines) == 2 else longest
        filled = [_fills(line, following, width) for line, following in pairs]
        if style.width and longest >= _MIN_WIDTH:
            return [full or _goes_on(line, following) for full, (line, following) in zip(filled, pairs, strict=True)]
        stops = sum(map(ends_with_stop, lines))
        if len(lines) > 2 and longest >= _MIN_WIDTH and all(filled) and stops < len(lines) - 1:
            return filled
        if longest <= _VERSE_WIDTH and (is_verse(lines) or (style.is_verse and _has_words(lines))):
            return [True] * len(pairs)
    return [len(line) >= _MIN_WIDTH and _goes_on(line, following) for line, following in pairs]


def is_verse(lines: Sequence[str]) -> bool:
    """Say whether short lines read as verse: several words each, many of them running on into the next."""
    if len(lines) < 2 or max(map(len, lines)) > _VERSE_WIDTH or not _has_words(lines):
        return False
    run_on = sum(line.endswith(_VERSE_BREAKS) or starts_lower(following) for line, following in pairwise(lines))
    return run_on * 3 >= len(lines) - 1


def is_index(line: str, following: str) -> bool:
    """Say whether the next line begins with the index of a symbol, as a copied "O₂" is parted into "O" and "2"."""
    if not _SYMBOL_END.search(line) or not _INDEX_START.match(following):
        return False
    return len(line) >= _MIN_WIDTH or not _LIST_MARK.match(following)


def _fills(line: str, following: str, width: int) -> bool:
    """Say whether the next line's first word would not have fitted on this one."""
    return len(line) + 1 + first_word_length(following) + _SLACK > width


def _goes_on(line: str, following: str) -> bool:
    return line.endswith(",") or (not ends_with_stop(line) and not line.endswith(":") and starts_lower(following))


def _has_words(lines: Sequence[str]) -> bool:
    return sum(map(count_words, lines)) >= 3 * len(lines)
