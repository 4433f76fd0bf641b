"""A PDF's lines made into paragraphs again: across columns and pages, hyphens mended, headings told by their size."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.engine.ingest.characters import count_words, ends_with_stop
from bot.engine.ingest.credits import About, find_about
from bot.engine.ingest.extract.pdf_lines import Column, Sheet, TextLine, find_columns
from bot.engine.ingest.extract.pieces import Piece
from bot.engine.records.passages import LineLabel

_LARGER, _SMALLER = 1.12, 0.88
_HEADING_WORDS = 30
_FEWEST_STEPS = 10
_CAPTION = re.compile(
    r"(?:Fig(?:ure|\.)?|Table|Abb(?:ildung|\.)|Tab(?:elle|\.)|Tableau|Figura|Рис\.)\s?\d{1,3}\s?[.:]\s"
)
_BULLET = re.compile(r"[•‣◦▪▸►●○■□✓➤·–—]\s+(?=\S)")
_NUMBERED = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_HYPHENS = "-\u00ad\u2010"
_HYPHENED = re.compile(r"[^\W\d_][-\u00ad\u2010]\Z")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]+(?=[-\u00ad\u2010]\Z)")


@dataclass(slots=True)
class _Draft:
    """Lines on their way to a paragraph. ``is_open``: the next column may go on with it."""

    lines: list[TextLine]
    column: Column
    kind: LineLabel = LineLabel.PARAGRAPH
    level: int = 0
    is_open: bool = False
    bullet: int = 0


@dataclass(frozen=True, slots=True)
class _Style:
    """What is usual in a document: the body's type size, the step from line to line, and whether paragraphs indent."""

    size: float
    leading: float
    indents: bool
    words: Counter[str]


def regroup(sheets: Sequence[Sheet]) -> list[Piece]:
    """Return the paragraphs, headings, list items and captions in reading order, heads and feet as chrome."""
    columns = [list(find_columns(sheet.lines)) for sheet in sheets]
    style = _measure(columns)
    drafts: list[_Draft] = []
    chrome: list[tuple[int, str]] = []
    for sheet, parts in zip(sheets, columns, strict=True):
        chrome += [(len(drafts), line.text) for line in sheet.running]
        for column in parts:
            for draft in _split(column, style):
                _classify(draft, style)
                if not _continue(drafts, draft, style):
                    drafts.append(draft)
    levels = _levels(drafts)
    pieces: list[Piece] = []
    pending = iter([*chrome, (len(drafts), "")])
    place, words = next(pending)
    for index, draft in enumerate(drafts):
        while place <= index and words:
            pieces.append(Piece(LineLabel.CHROME, words))
            place, words = next(pending)
        text = _join(draft.lines, style.words)[draft.bullet :]
        level = levels.get(_size(draft), 6) if draft.kind is LineLabel.HEADING else 0
        pieces.append(Piece(draft.kind, text, level))
    while words:
        pieces.append(Piece(LineLabel.CHROME, words))
        _, words = next(pending)
    return pieces


def _measure(columns: Sequence[Sequence[Column]]) -> _Style:
    lines = [line for parts in columns for column in parts for line in column.lines]
    sizes: Counter[float] = Counter()
    words: Counter[str] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
        words.update(word.casefold() for word in _WORD.findall(line.text))
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    steps: Counter[float] = Counter()
    indented = body = 0
    for parts in columns:
        for column in parts:
            for above, line in zip(column.lines, column.lines[1:], strict=False):
                if above.size == line.size == size and above.y0 > line.y0:
                    steps[round(above.y0 - line.y0, 1)] += 1
                    body += 1
                    indented += 0.6 * size < line.x0 - column.left < 4 * size
    leading = steps.most_common(1)[0][0] if steps else 1.2 * size
    if steps.total() < _FEWEST_STEPS:
        leading = min(leading, 1.3 * size)
    return _Style(size, leading, body > 0 and indented * 40 > body, words)


def _split(column: Column, style: _Style) -> Iterator[_Draft]:
    """Part a column's lines where a gap, an indent, a mark, a change of size or a short last line says so."""
    draft: _Draft | None = None
    for line in _merge_rows(column.lines):
        if draft is not None and not _starts(draft.lines, line, column, style):
            draft.lines.append(line)
            continue
        if draft is not None:
            yield draft
        draft = _Draft([line], column)
    if draft is not None:
        draft.is_open = True
        yield draft


def _merge_rows(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """Join pieces of one row, as wide spaces and tabs part them."""
    row: TextLine | None = None
    for line in lines:
        if row is not None and abs(row.y0 - line.y0) < 0.3 * row.size and line.x0 >= row.x1 - 1:
            row = TextLine(
                f"{row.text} {line.text}",
                row.x0,
                min(row.y0, line.y0),
                line.x1,
                max(row.y1, line.y1),
                max(row.size, line.size),
                row.is_bold and line.is_bold,
            )
            continue
        if row is not None:
            yield row
        row = line
    if row is not None:
        yield row


def _starts(lines: Sequence[TextLine], line: TextLine, column: Column, style: _Style) -> bool:
    above = lines[-1]
    if abs(line.size - above.size) > 0.08 * style.size or line.is_bold != above.is_bold:
        return not (_is_same_kind(lines, line) and abs(line.size - above.size) <= 0.08 * style.size)
    step = above.y0 - line.y0
    usual = style.leading * max(1.0, line.size / style.size)
    if step > 1.3 * usual or step < 0:
        return True
    if _BULLET.match(line.text) or (_CAPTION.match(line.text) and _is_short(above, column)):
        return True
    is_marked = _BULLET.match(lines[0].text) or _NUMBERED.match(lines[0].text)
    if is_marked:
        return bool(_NUMBERED.match(line.text)) or (
            line.x0 < lines[0].x0 + 0.2 * style.size and ends_with_stop(above.text) and _is_short(above, column)
        )
    if (
        _NUMBERED.match(line.text)
        and (ends_with_stop(above.text) or above.text.endswith(":"))
        and _is_short(above, column)
    ):
        return True
    indent = line.x0 - column.left
    if style.indents and indent > 0.6 * style.size and above.x0 - column.left < 0.4 * style.size:
        return True
    return _is_short(above, column, 0.2) and ends_with_stop(above.text) and not style.indents


def _is_same_kind(lines: Sequence[TextLine], line: TextLine) -> bool:
    """Say whether bold words at a line's start or end, and not a bold heading, made the difference."""
    return not (all(item.is_bold for item in lines) or line.is_bold)


def _is_short(line: TextLine, column: Column, share: float = 0.08) -> bool:
    return line.x1 < column.right - share * (column.right - column.left)


def _size(draft: _Draft) -> float:
    return statistics.median(line.size for line in draft.lines)


def _classify(draft: _Draft, style: _Style) -> None:
    text = " ".join(line.text for line in draft.lines)
    words = count_words(text)
    size = _size(draft)
    bullet = _BULLET.match(text)
    if size > _LARGER * style.size and words <= _HEADING_WORDS and any(letter.isalpha() for letter in text):
        draft.kind = LineLabel.HEADING
    elif bullet:
        draft.kind, draft.bullet = LineLabel.LIST_ITEM, bullet.end()
    elif find_about(text, words) is About.CAPTION or (_CAPTION.match(text) and size < style.size):
        draft.kind = LineLabel.CAPTION
    elif find_about(text, words) is About.CREDIT:
        draft.kind = LineLabel.CREDIT
    elif (
        all(line.is_bold for line in draft.lines)
        and len(draft.lines) <= 2
        and words <= 14
        and not text.endswith((".", ",", ";"))
        and size >= _SMALLER * style.size
    ):
        draft.kind = LineLabel.HEADING
    elif _NUMBERED.match(text):
        draft.kind = LineLabel.LIST_ITEM


def _continue(drafts: list[_Draft], draft: _Draft, style: _Style) -> bool:
    """Join a column's first paragraph to the one that the column before, or the page before, left open."""
    if draft.kind is not LineLabel.PARAGRAPH or draft.lines[0] is not draft.column.lines[0]:
        return False
    for earlier in reversed(drafts):
        if earlier.kind in (LineLabel.CAPTION, LineLabel.CREDIT) or _size(earlier) < _SMALLER * style.size:
            continue
        last, first = earlier.lines[-1], draft.lines[0]
        if not earlier.is_open or earlier.kind not in (LineLabel.PARAGRAPH, LineLabel.LIST_ITEM):
            return False
        if abs(last.size - first.size) > 0.08 * style.size or _is_broken(earlier, last, draft, first, style):
            return False
        earlier.lines += draft.lines
        earlier.column, earlier.is_open = draft.column, draft.is_open
        return True
    return False


def _is_broken(earlier: _Draft, last: TextLine, draft: _Draft, first: TextLine, style: _Style) -> bool:
    if style.indents and first.x0 - draft.column.left > 0.6 * style.size:
        return True
    if _HYPHENED.search(last.text) or first.text[:1].islower() or not ends_with_stop(last.text):
        return False
    return _is_short(last, earlier.column, 0.03)


def _levels(drafts: Sequence[_Draft]) -> dict[float, int]:
    """Give each size of heading a level, the largest 1; bold headings of the body's size come last."""
    sizes = sorted({_size(draft) for draft in drafts if draft.kind is LineLabel.HEADING}, reverse=True)
    levels: dict[float, int] = {}
    level, last = 0, 0.0
    for size in sizes:
        if not level or size < 0.95 * last:
            level, last = level + 1, size
        levels[size] = min(6, level)
    return levels


def _join(lines: Sequence[TextLine], words: Counter[str]) -> str:
    text = lines[0].text
    for line in lines[1:]:
        if _HYPHENED.search(text) and line.text[:1].islower():
            text = text[: len(text) - (0 if _keeps_hyphen(text, line.text, words) else 1)] + line.text
        elif text.endswith("-") and text[-2:-1].isalnum():
            text += line.text
        else:
            text += f" {line.text}"
    return text.replace("\u00ad", "")


def _keeps_hyphen(text: str, following: str, words: Counter[str]) -> bool:
    """Say whether the word is written with a hyphen elsewhere in the document, and never without."""
    if text[-1] == "\u00ad":
        return False
    before, after = _LAST_WORD.search(text), _FIRST_WORD.match(following)
    if before is None or after is None:
        return False
    one, other = before.group().casefold(), after.group().casefold()
    return words[one + other] == 0 and words[f"{one}-{other}"] > 0
