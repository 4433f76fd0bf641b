"""The lines of a PDF's pages with where they stand, and in which order a reader goes through them."""

from __future__ import annotations

import io
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.engine.errors import ExtractFailed
from bot.engine.ingest.characters import ends_with_stop

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " ", "\x00": None}
)
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_DIGITS = re.compile(r"\d+")
_BAND = 0.09
_MOST_CHARACTERS = 2_000_000
_MOST_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line: its words, its box in points from the lower left corner, its type size, whether all of it is bold."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that are read from top to bottom, and the column's left and right edge."""

    lines: tuple[TextLine, ...]
    left: float
    right: float


@dataclass(slots=True)
class Sheet:
    """One page: its lines, and those that stand on half of all pages at its head and foot."""

    height: float
    lines: list[TextLine]
    running: list[TextLine]


def read_sheets(data: bytes) -> list[Sheet]:
    """Read the pages of a PDF. Raises ExtractFailed where their characters cannot be told."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams, LTTextBox

    sheets: list[Sheet] = []
    characters = unmapped = 0
    for page in extract_pages(io.BytesIO(data), laparams=LAParams(boxes_flow=None)):
        lines = [line for box in page if isinstance(box, LTTextBox) for item in box if (line := _line(item))]
        found = sum(len(_UNMAPPED.findall(line.text)) for line in lines)
        unmapped += found
        characters += sum(len(line.text) for line in lines) - 8 * found
        sheets.append(Sheet(page.height, lines, []))
        if characters > _MOST_CHARACTERS:
            break
    if unmapped * 5 > characters:
        raise ExtractFailed(
            "That PDF's letters are pictures without a name. Run text recognition over it (OCR) and add the result, "
            "or paste its text."
        )
    _part_running(sheets)
    return sheets


def _line(item: Any) -> TextLine | None:
    from pdfminer.layout import LTChar, LTTextLineHorizontal

    if not isinstance(item, LTTextLineHorizontal):
        return None
    letters = [letter for letter in item if isinstance(letter, LTChar)]
    upright = [letter for letter in letters if letter.upright and letter.matrix[0] > 0]
    text = " ".join(item.get_text().translate(_LIGATURES).split())
    if not text or len(upright) * 2 < len(letters):
        return None
    size = statistics.median(letter.size for letter in upright)
    bold = sum("bold" in letter.fontname.lower() or "black" in letter.fontname.lower() for letter in upright)
    return TextLine(text, item.x0, item.y0, item.x1, item.y1, round(size, 1), bold * 10 > len(upright) * 9)


def _part_running(sheets: Sequence[Sheet]) -> None:
    """Move running heads, feet and page numbers out of the pages' lines."""
    seen: Counter[str] = Counter()
    for sheet in sheets:
        seen.update({_mask(line.text) for line in sheet.lines if _is_edge(line, sheet)})
    # Left and right pages often differ, so half of the pages, less one, is enough.
    enough = max(2, (len(sheets) - 1) // 2)
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    for sheet in sheets:
        edges = [line for line in sheet.lines if _is_edge(line, sheet)]
        sheet.running = [line for line in edges if seen[_mask(line.text)] >= enough or _is_aside(line, body)]
        sheet.lines = [line for line in sheet.lines if line not in sheet.running]


def _is_aside(line: TextLine, body: float) -> bool:
    """Say whether a line at an edge is a page's number, or small print that is no sentence."""
    if _mask(line.text).strip("-–— ./|") in ("#", ""):
        return True
    return line.size < 0.9 * body and len(line.text) < 100 and not ends_with_stop(line.text)


def _is_edge(line: TextLine, sheet: Sheet) -> bool:
    return line.y0 > sheet.height * (1 - _BAND) or line.y1 < sheet.height * _BAND


def _mask(text: str) -> str:
    return _DIGITS.sub("#", text.casefold())


def find_columns(lines: Sequence[TextLine], depth: int = 0) -> Iterator[Column]:
    """Yield the columns of a page in reading order; a line across the gutter parts what is above from what is below."""
    lines = sorted(lines, key=lambda line: (-line.y1, line.x0))
    gutter = _find_gutter(lines) if depth < _MOST_COLUMNS else None
    if gutter is None:
        if lines:
            yield Column(tuple(lines), min(line.x0 for line in lines), max(line.x1 for line in lines))
        return
    band: list[TextLine] = []
    across: list[TextLine] = []
    for line in lines:
        if line.x0 < gutter < line.x1:
            yield from _sides(band, gutter, depth)
            band = []
            across.append(line)
        else:
            if across:
                yield Column(tuple(across), min(item.x0 for item in across), max(item.x1 for item in across))
                across = []
            band.append(line)
    yield from _sides(band, gutter, depth)
    if across:
        yield Column(tuple(across), min(item.x0 for item in across), max(item.x1 for item in across))


def _sides(band: Sequence[TextLine], gutter: float, depth: int) -> Iterator[Column]:
    left = [line for line in band if line.x1 <= gutter]
    right = [line for line in band if line.x1 > gutter]
    yield from find_columns(left, depth + 1)
    yield from find_columns(right, depth + 1)


def _find_gutter(lines: Sequence[TextLine]) -> float | None:
    """Return the x of the gutter that the fewest lines cross, where enough lines stand side by side; else None."""
    if len(lines) < 6:
        return None
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    starts = sorted({round(line.x0) for line in lines if left + 0.15 * (right - left) < line.x0})
    best: tuple[int, float] | None = None
    for start in starts:
        x = start - 2.0
        crossing = sum(line.x0 < x < line.x1 for line in lines)
        if best is None or crossing < best[0]:
            before = [line for line in lines if line.x1 <= x]
            after = [line for line in lines if line.x0 >= x]
            if _stand_beside(before, after) and crossing * 3 <= len(lines):
                best = (crossing, x)
    return best[1] if best else None


def _stand_beside(before: Sequence[TextLine], after: Sequence[TextLine]) -> bool:
    """Say whether two sets of lines are columns: several lines each, of text width, over the same heights."""
    if min(len(before), len(after)) < 3:
        return False
    widths = [statistics.median(line.x1 - line.x0 for line in side) for side in (before, after)]
    sizes = [statistics.median(line.size for line in side) for side in (before, after)]
    if any(width < 8 * size for width, size in zip(widths, sizes, strict=True)):
        return False
    top = min(max(line.y1 for line in before), max(line.y1 for line in after))
    bottom = max(min(line.y0 for line in before), min(line.y0 for line in after))
    shared = sum(bottom <= line.y0 and line.y1 <= top for line in (*before, *after))
    return shared >= 6
