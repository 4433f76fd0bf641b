"""Labelled lines cut into passages: spans of the stored text that never cross a heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.engine.errors import TooLarge
from bot.engine.ingest.characters import count_words, cut_before, trim
from bot.engine.ingest.sentences import split_sentences
from bot.engine.records import QUOTABLE, Line, LineLabel, Passage, Span, digest

_SHORT_WORDS = 3
"""A paragraph of up to so many words ("Yes.", "Not quite.") says nothing alone: it joins the one that it opens."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage on its way: one line or several, under the headings ``path`` of the section number ``section``."""

    start: int
    end: int
    kind: LineLabel
    section: int
    path: tuple[str, ...]


def split_passages(
    text: str, lines: Sequence[Line], *, longest: int = 1_800, most: int = 20_000
) -> tuple[Passage, ...]:
    """Return the passages of labelled ``lines``.

    A line longer than ``longest`` characters is cut at sentence ends; more than ``most`` passages raise TooLarge.
    """
    passages: list[Passage] = []
    for piece in _join_short(text, list(_pieces(text, lines))):
        for start, end in _cut(text, piece, longest):
            if len(passages) == most:
                raise TooLarge(
                    f"That article has more than {most:,} passages. Split it into several and add them one by one."
                )
            passages.append(Passage(len(passages) + 1, start, end, piece.kind, piece.path, digest(text[start:end])))
    return tuple(passages)


def _pieces(text: str, lines: Sequence[Line]) -> Iterator[_Piece]:
    """Yield the quotable lines with the headings above them; what is left out parts the lines around it."""
    path: list[tuple[int, str]] = []
    section = 0
    for line in lines:
        if line.label is LineLabel.HEADING:
            path = [entry for entry in path if entry[0] < line.level]
            path.append((line.level, " ".join(text[line.start : line.end].split())))
        if line.label not in QUOTABLE:
            section += 1
            continue
        start, end = trim(text, line.start, line.end)
        if start < end:
            yield _Piece(start, end, line.label, section, tuple(words for _, words in path))


def _join_short(text: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Join a paragraph of a few words to the paragraph after it, or at a section's end to the one before."""
    joined: list[_Piece] = []
    waiting: _Piece | None = None
    for piece in pieces:
        if waiting is not None and _may_join(waiting, piece):
            joined.append(replace(piece, start=waiting.start))
            waiting = None
            continue
        if waiting is not None:
            _append_short(joined, waiting)
        waiting = None
        if piece.kind is LineLabel.PARAGRAPH and count_words(text[piece.start : piece.end]) <= _SHORT_WORDS:
            waiting = piece
        else:
            joined.append(piece)
    if waiting is not None:
        _append_short(joined, waiting)
    return joined


def _append_short(joined: list[_Piece], piece: _Piece) -> None:
    if joined and _may_join(joined[-1], piece):
        joined[-1] = replace(joined[-1], end=piece.end)
    else:
        joined.append(piece)


def _may_join(first: _Piece, second: _Piece) -> bool:
    return first.section == second.section and first.kind is second.kind is LineLabel.PARAGRAPH


def _cut(text: str, piece: _Piece, longest: int) -> Iterator[Span]:
    """Cut an over-long piece into parts: at sentence ends, else at blanks, else at the last whole character."""
    if piece.end - piece.start <= longest:
        yield Span(piece.start, piece.end)
        return
    body = text[piece.start : piece.end]
    units = [part for span in split_sentences(body) for part in _cut_sentence(body, span, longest)]
    start, end = units[0]
    for unit in units[1:]:
        if unit.end - start > longest:
            yield Span(piece.start + start, piece.start + end)
            start = unit.start
        end = unit.end
    yield Span(piece.start + start, piece.start + end)


def _cut_sentence(body: str, span: Span, longest: int) -> Iterator[Span]:
    start = span.start
    while span.end - start > longest:
        blank = max(body.rfind(blank, start + longest // 2, start + longest) for blank in " \n\t")
        cut = blank if blank > start else max(cut_before(body, start + longest), start + 1)
        first, last = trim(body, start, cut)
        if first < last:
            yield Span(first, last)
        start = cut
    first, last = trim(body, start, span.end)
    if first < last:
        yield Span(first, last)
