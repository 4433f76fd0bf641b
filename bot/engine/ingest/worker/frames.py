"""What parent and child say to each other: frames of a length and its bytes, which are JSON or text, never code.

The parent trusts nothing that comes back: a child may have been taken over by the file it reads. Long lists come in
portions, because decoding one long piece of JSON would keep every other thread of the parent waiting.
"""

from __future__ import annotations

import codecs
import dataclasses
import json
import time
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TypeVar, get_type_hints

from bot.engine.ingest.parse import IngestLimits
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import Line, LineLabel, Passage, digest

T = TypeVar("T")

LENGTH_BYTES = 8
MOST_JSON_BYTES = 4 * 1024 * 1024
# So few that reading them takes about a millisecond: the event loop waits no longer for the interpreter.
_ROWS = 200
_TEXT_STEP = 262_144
_HEADINGS = 50
_SHORT_CHARACTERS = 4_000
_APART = frozenset({"text", "lines", "passages"})


class BadFrame(Exception):
    """What arrived is not what was agreed on."""


def frame(data: bytes) -> bytes:
    """Put the length before the bytes."""
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def json_frame(value: Any) -> bytes:
    """Put a JSON value into a frame."""
    return frame(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def read_frame(stream: BinaryIO) -> bytes:
    """Read one frame from a stream that is trusted. Raises BadFrame where it ends too early."""
    length = int.from_bytes(_read_exactly(stream, LENGTH_BYTES), "big")
    return _read_exactly(stream, length)


def split_frames(data: bytes | bytearray) -> Iterator[bytes]:
    """Yield the frames that make up ``data``. Raises BadFrame where they do not."""
    at, view = 0, memoryview(data)
    while at < len(view):
        start = at + LENGTH_BYTES
        end = start + int.from_bytes(view[at:start], "big")
        if start > len(view) or end > len(view):
            raise BadFrame("a frame is cut off")
        yield bytes(view[start:end])
        at = end


def article_frames(parsed: ParsedArticle) -> Iterator[bytes]:
    """Yield an article as frames: what is short, the text, the headings, then lines and passages in portions."""
    paths = {passage.headings: None for passage in parsed.passages}
    headings = {heading: None for path in paths for heading in path}
    heading_numbers = {heading: number for number, heading in enumerate(headings)}
    values = {item.name: getattr(parsed, item.name) for item in dataclasses.fields(parsed) if item.name not in _APART}
    rest = {name: dataclasses.asdict(value) if _is_record(value) else value for name, value in values.items()}
    counts = [len(headings), len(parsed.lines), len(parsed.passages)]
    yield json_frame({"rest": rest, "counts": counts})
    yield frame(parsed.text.encode())
    yield from _portions(list(headings), _HEADINGS)
    yield from _portions([[line.number, line.start, line.end, line.label, line.level] for line in parsed.lines], _ROWS)
    yield from _portions(
        [
            [passage.start, passage.end, passage.kind, [heading_numbers[heading] for heading in passage.headings]]
            for passage in parsed.passages
        ],
        _ROWS,
    )


def read_answer(data: bytes | bytearray, limits: IngestLimits) -> ParsedArticle | tuple[str, str]:
    """Return the article that a child answered, or the name and the message of its error. Raises BadFrame."""
    frames = split_frames(data)
    try:
        verdict = _load(next(frames))
        if verdict.get("ok") is not True:
            return str(verdict["error"]), str(verdict.get("message", ""))
    except (StopIteration, AttributeError, KeyError, ValueError, RecursionError) as error:
        raise BadFrame(f"the answer is malformed ({type(error).__name__})") from None
    return read_article(frames, limits)


def read_article(frames: Iterator[bytes], limits: IngestLimits) -> ParsedArticle:
    """Build the article that the frames hold, checking all of it. Raises BadFrame.

    Digests are not taken from the child: they prove what is quoted, so they are made here.
    """
    try:
        opening = _load(next(frames))
        rest, counts = _checked_rest(opening["rest"]), [_checked(count, int) for count in opening["counts"]]
        text = _decode(next(frames))
        if len(text) > limits.max_characters or counts[2] > limits.max_passages or min(counts) < 0:
            raise BadFrame("more than the limits allow")
        headings = [_checked(heading, str) for heading in _read_portions(frames, counts[0])]
        lines = tuple(_line(row, len(text)) for row in _read_portions(frames, counts[1]))
        passages = tuple(
            _passage(position, row, text, headings)
            for position, row in enumerate(_read_portions(frames, counts[2]), start=1)
        )
    except (StopIteration, KeyError, IndexError, TypeError, ValueError, RecursionError) as error:
        raise BadFrame(f"the answer is malformed ({type(error).__name__})") from None
    if not passages or next(frames, None) is not None:
        raise BadFrame("the answer is too short or too long")
    return ParsedArticle(text=text, lines=lines, passages=passages, **rest)


def most_answer_bytes(limits: IngestLimits) -> int:
    """Return how many bytes an answer within the limits can have at most, generously."""
    return 65_536 + 8 * limits.max_characters + 128 * limits.max_lines + 256 * limits.max_passages


def _decode(data: bytes) -> str:
    """Decode step by step, so that no other thread waits for all of a long text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    parts = []
    for start in range(0, len(data), _TEXT_STEP):
        parts.append(decoder.decode(data[start : start + _TEXT_STEP]))
        time.sleep(0)
    return "".join([*parts, decoder.decode(b"", final=True)])


def _is_record(value: Any) -> bool:
    return dataclasses.is_dataclass(value)


def _line(row: list[Any], length: int) -> Line:
    number, start, end, label, level = row
    _check_span(start, end, length)
    return Line(_checked(number, int), start, end, LineLabel(label), _checked(level, int))


def _passage(position: int, row: list[Any], text: str, headings: list[str]) -> Passage:
    start, end, kind, path = row
    _check_span(start, end, len(text))
    if not all(_checked(number, int) >= 0 for number in path) or len(path) > len(headings):
        raise BadFrame("a heading path is malformed")
    return Passage(
        position, start, end, LineLabel(kind), tuple(headings[number] for number in path), digest(text[start:end])
    )


def _check_span(start: Any, end: Any, length: int) -> None:
    if not 0 <= _checked(start, int) <= _checked(end, int) <= length:
        raise BadFrame("a span is outside the text")


def _checked(value: Any, kind: type[T]) -> T:
    if type(value) is not kind:
        raise BadFrame(f"expected {kind.__name__}")
    return value


def _checked_rest(values: dict[str, Any]) -> dict[str, Any]:
    """Build the article's other fields: short strings, or records of short strings."""
    hints = get_type_hints(ParsedArticle)
    rest: dict[str, Any] = {}
    for item in dataclasses.fields(ParsedArticle):
        if item.name in _APART:
            continue
        kind, value = hints[item.name], values[item.name]
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            names = {inner.name for inner in dataclasses.fields(kind)}
            rest[item.name] = kind(**{name: _short(text) for name, text in value.items() if name in names})
        else:
            rest[item.name] = _short(value)
    return rest


def _short(value: Any) -> str:
    text = _checked(value, str)
    if len(text) > _SHORT_CHARACTERS:
        raise BadFrame("a title or a detail is too long")
    return text


def _portions(rows: list[Any], most: int) -> Iterator[bytes]:
    for start in range(0, len(rows), most):
        yield json_frame(rows[start : start + most])


def _load(data: bytes) -> Any:
    if len(data) > MOST_JSON_BYTES:
        raise BadFrame("a portion is too long")
    return json.loads(data)


def _read_portions(frames: Iterator[bytes], count: int) -> Iterable[Any]:
    while count > 0:
        rows = _load(next(frames))
        if not isinstance(rows, list) or not 0 < len(rows) <= count:
            raise BadFrame("a portion has the wrong length")
        count -= len(rows)
        yield from rows
        # Offers the interpreter to the event loop, which would else have to wait for the switch interval.
        time.sleep(0)


def _read_exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) != count:
        raise BadFrame("the stream ended too early")
    return data
