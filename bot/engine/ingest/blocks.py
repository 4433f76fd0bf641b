"""Plain text cut into blocks: a line each, or a run of hard-wrapped lines that is one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.engine.ingest.characters import ends_with_stop, is_visible, trim
from bot.engine.ingest.wrapping import WrapStyle, find_joins, is_index, measure_wrap

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_PARAGRAPH_ENDS = frozenset("\f\u2029")

_MARKED = re.compile(
    r"(?P<hashes>\#{1,6})[ \t]+(?=\S)"
    r"|(?P<quote>>)"
    r"|(?P<ask>(?:Q|Question)(?:[ ]?\d{1,3})?[.:)][ \t]+(?=\S))"
    r"|(?P<reply>(?:A|Answer)(?:[ ]?\d{1,3})?[:)][ \t]+(?=\S))"
    r"|(?P<item>(?:[-*+•‣◦▪▸►●○■□✓✔➤➔·]|\d{1,3}(?:\.\d{1,3}){0,3}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}"
    r"|\(?[a-zA-Z0-9]{1,2}\)|(?:Step|STEP)[ ]\d{1,2}[:.])[ \t\xa0]+(?=\S))"
)
# A row of signs, or of an icon font's glyphs (private use).
_RULE = re.compile(r"[-=_*~#+.•·—–|<>/\\^\s]{3,}\Z|[\ue000-\uf8ff\s]+\Z")
_FENCE = re.compile(r"(```+|~~~+)[^`]*\Z")
_LOG_ROW = re.compile(
    r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d\b|\w{3} [ \d]\d \d\d:\d\d:\d\d "
    r"|\[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|TRACE|CRITICAL)\b[\]:]|(?:\$|>>>|\.\.\.) \S|Traceback \(most|  File \""
)
_PIPE_ROW = re.compile(r"\|.*\|\Z")
_CODE_SIGN = re.compile(r"[{};=<>$\\]|\(\)|^\s*(?:#|//|--|import |from |def |return )")


class Shape(Enum):
    """What the form of a block says before its words are looked at."""

    TEXT = auto()
    HASHES = auto()
    ITEM = auto()
    QUOTE = auto()
    ASK = auto()
    REPLY = auto()
    CODE = auto()
    TABLE = auto()
    RULE = auto()


_SHAPES = {
    "hashes": Shape.HASHES,
    "quote": Shape.QUOTE,
    "ask": Shape.ASK,
    "reply": Shape.REPLY,
    "item": Shape.ITEM,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One physical line: its number from 1, the span of what is visible in it, its indent in columns."""

    number: int
    start: int
    end: int
    indent: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """One or more rows that belong together. ``group`` numbers the runs of rows that no blank line parts.

    ``marker`` is the length of the list, quote or heading mark at its start.
    """

    number: int
    start: int
    end: int
    text: str
    shape: Shape
    group: int
    rows: int
    marker: int = 0


def split_blocks(text: str) -> list[Block]:
    """Cut ``text`` into blocks in order; every visible character lies in exactly one block. Linear in the length."""
    groups = _group_rows(list(_rows(text)))
    style = measure_wrap([[row.text for row in group] for group, is_fenced in groups if not is_fenced])
    blocks: list[Block] = []
    for index, (group, is_fenced) in enumerate(groups):
        if is_fenced or _is_code(group):
            blocks.append(_block(text, group, index, Shape.CODE))
        else:
            blocks += [_block(text, rows, index, shape, marker) for rows, shape, marker in _split_group(group, style)]
    return blocks


def _rows(text: str) -> Iterator[Row | None]:
    """Yield the rows, and None where a blank line or a form feed parts them."""
    number, offset = 0, 0
    while True:
        found = _LINE_END.search(text, offset)
        end = found.start() if found else len(text)
        number += 1
        first, last = trim(text, offset, end)
        if first < last and is_visible(line := text[first:last]):
            yield Row(number, first, last, len(text[offset:first].expandtabs(4)), line)
        else:
            yield None
        if not found:
            return
        if found.group() in _PARAGRAPH_ENDS:
            yield None
        offset = found.end()


def _group_rows(rows: list[Row | None]) -> list[tuple[list[Row], bool]]:
    """Part the rows at blank lines; what two fences enclose is one group, blank lines and all, and marked True."""
    closing = _pair_fences(rows)
    groups: list[tuple[list[Row], bool]] = []
    group: list[Row] = []
    index = 0
    while index < len(rows):
        row = rows[index]
        close = closing.get(index)
        if row is not None and close is None:
            group.append(row)
        elif group:
            groups.append((group, False))
            group = []
        if close is not None:
            inside = [row for row in rows[index + 1 : close] if row is not None]
            fences = [row for row in (rows[index], rows[close]) if row is not None]
            groups += [(fences[:1], False), *([(inside, True)] if inside else []), (fences[1:], False)]
            index = close
        index += 1
    if group:
        groups.append((group, False))
    return groups


def _pair_fences(rows: list[Row | None]) -> dict[int, int]:
    """Map the index of each opening code fence to that of its closing one; a fence that never closes is none."""
    pairs: dict[int, int] = {}
    opened: dict[str, int] = {}
    for index, row in enumerate(rows):
        if row is None or row.text[0] not in "`~" or not (found := _FENCE.match(row.text)):
            continue
        sign = row.text[0]
        if not opened:
            opened[sign] = index
        elif sign in opened and found.end(1) == len(row.text):
            pairs[opened.pop(sign)] = index
    return pairs


def _is_code(group: Sequence[Row]) -> bool:
    """Say whether a group without fences is code or a log: all of it indented and full of signs, or rows of a log."""
    logged = sum(_LOG_ROW.match(row.text) is not None for row in group)
    if logged * 2 > len(group) and (len(group) > 1 or not ends_with_stop(group[0].text)):
        return True
    if any(row.indent < 4 or _MARKED.match(row.text) for row in group):
        return False
    signed = sum(_CODE_SIGN.search(row.text) is not None for row in group)
    return signed * 2 >= len(group)


def _split_group(group: Sequence[Row], style: WrapStyle) -> Iterator[tuple[Sequence[Row], Shape, int]]:
    """Part one group where a mark, an indent or the line breaks say that something new begins."""
    start = 0
    shape, marker = _shape(group[0])
    joins = find_joins([row.text for row in group], style)
    for index in range(1, len(group)):
        before, row = group[index - 1], group[index]
        row_shape, row_marker = _shape(row)
        is_text = shape in (Shape.TEXT, Shape.ITEM, Shape.ASK, Shape.REPLY)
        goes_on = (
            row_shape is Shape.TEXT
            and is_text
            and (
                (joins[index - 1] and row.indent < before.indent + 2)
                or (shape is Shape.ITEM and row.indent > group[start].indent + 1)
            )
        ) or (is_text and is_index(before.text, row.text))
        goes_on = goes_on or (
            row_shape is shape is Shape.QUOTE and row.text.strip("> ") != "" and before.text.strip("> ") != ""
        )
        if not goes_on:
            yield group[start:index], shape, marker
            start, shape, marker = index, row_shape, row_marker
    yield group[start:], shape, marker


def _shape(row: Row) -> tuple[Shape, int]:
    if _RULE.match(row.text) or _FENCE.match(row.text):
        return Shape.RULE, 0
    if _PIPE_ROW.match(row.text):
        return Shape.TABLE, 0
    found = _MARKED.match(row.text)
    if not found:
        return Shape.TEXT, 0
    return _SHAPES[found.lastgroup or "item"], found.end()


def _block(text: str, rows: Sequence[Row], group: int, shape: Shape, marker: int = 0) -> Block:
    start, end = rows[0].start, rows[-1].end
    return Block(rows[0].number, start, end, text[start:end], shape, group, len(rows), marker)
