"""Long texts into parts: cut at sentence ends, else at word ends; together the parts are the text, exactly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.engine.records.passages import Span
from bot.ui.spoilers import hide
from bot.ui.text import quote, render, units

_SENTENCE_END = re.compile(r"[.!?…؟۔।][\"'”’»)\]]*\s+|[。！？][」』”’）]*\s*|\n\s*")
_WORD_END = re.compile(r"\s+")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")
_LONGEST_CLUSTER = 64


def split(text: str, bold: Sequence[Span], budget: int, *, is_spoiler: bool = False) -> list[Span]:
    """Cut text into spans whose quoted form takes at most ``budget`` units each; they follow one another without a gap.

    ``budget`` is at least 100; ``is_spoiler``: each part goes behind spoilers. The cut is after the last sentence that
    fits, or the last word where that would leave the part less than half full, or anywhere a character ends.
    """
    spans: list[Span] = []
    start = 0
    while start < len(text) or not spans:
        end = _furthest(text, bold, start, budget, is_spoiler=is_spoiler)
        if end < len(text):
            end = _step_back(text, start, end)
        spans.append(Span(start, end))
        start = end
    return spans


def quote_part(text: str, bold: Sequence[Span], part: Span, *, is_spoiler: bool = False) -> str:
    """Render one part as a quote, behind spoilers or not. ``bold`` spans are offsets into the whole text."""
    shifted = [Span(start - part.start, end - part.start) for start, end in bold]
    rendered = render(text[part.start : part.end], [span for span in shifted if span.end > 0])
    return quote(hide(rendered) if is_spoiler else rendered)


def _furthest(text: str, bold: Sequence[Span], start: int, budget: int, *, is_spoiler: bool) -> int:
    low, high = start, min(start + budget, len(text))
    while low < high:
        middle = (low + high + 1) // 2
        if units(quote_part(text, bold, Span(start, middle), is_spoiler=is_spoiler)) <= budget:
            low = middle
        else:
            high = middle - 1
    return low


def _step_back(text: str, start: int, end: int) -> int:
    half = start + (end - start) // 2
    for pattern in (_SENTENCE_END, _WORD_END):
        ends = [match.end() for match in pattern.finditer(text, start, end)]
        if ends and ends[-1] > half:
            return ends[-1]
    for back in range(min(_LONGEST_CLUSTER, end - start - 1)):
        if not _joins(text, end - back):
            return end - back
    return end


def _joins(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return (
        before in _JOINERS
        or after in _JOINERS
        or unicodedata.combining(after) != 0
        or (before == "\r" and after == "\n")
    )
