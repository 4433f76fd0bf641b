"""Where in an article something stands, as a strip of blocks."""

from __future__ import annotations

from collections.abc import Iterable

from bot.engine.records.passages import Span

CELLS = 20
_EMPTY, _FULL = "▁", "█"


def draw_strip(characters: int, spans: Iterable[Span], cells: int = CELLS) -> str:
    """Draw an article of so many characters as a strip in which the spans stand out; each takes one cell at least."""
    strip = [_EMPTY] * cells
    for start, end in spans:
        first = min(start * cells // max(characters, 1), cells - 1)
        last = min((max(end, start + 1) - 1) * cells // max(characters, 1), cells - 1)
        strip[first : last + 1] = [_FULL] * (last - first + 1)
    return "".join(strip)
