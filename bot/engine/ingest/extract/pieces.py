"""What an extractor hands over, and the one way in which it becomes a stored text with labelled lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.engine.ingest.characters import is_visible
from bot.engine.records.articles import ArticleDetails
from bot.engine.records.passages import LEFT_OUT, Line, LineLabel


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of a source. ``level``: 1 to 6 for headings, else 0; ``number``: its line in the source, 0 if none."""

    label: LineLabel
    text: str
    level: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Pieces:
    """What an extractor makes of bytes: blocks in reading order and what the source says of itself."""

    blocks: tuple[Piece, ...]
    title: str | None = None
    details: ArticleDetails = field(default_factory=ArticleDetails)


@dataclass(frozen=True, slots=True)
class Extract:
    """A source as it is stored: its text, every line of it labelled, the title that was found, and its details."""

    title: str | None
    text: str
    lines: tuple[Line, ...]
    details: ArticleDetails = field(default_factory=ArticleDetails)


def assemble_pieces(pieces: Pieces, title: str | None) -> Extract:
    """Build the stored text: the blocks' words parted by blank lines, each block a line.

    ``title`` is the one given, which wins over the source's own. A heading that says the title and has no text before
    it is the title's line. Line numbers are the source's, or count the lines of the stored text where it has none.
    """
    title = title or pieces.title
    blocks = list(_tidy(pieces.blocks))
    titled = _find_title(blocks, title)
    text: list[str] = []
    lines: list[Line] = []
    at, number = 0, 1
    for index, piece in enumerate(blocks):
        if text:
            text.append("\n\n")
            at, number = at + 2, number + 2
        label, level = (LineLabel.TITLE, 0) if index == titled else (piece.label, piece.level)
        text.append(piece.text)
        lines.append(Line(piece.number or number, at, at + len(piece.text), label, level))
        at += len(piece.text)
        number += piece.text.count("\n")
    return Extract(title, "".join(text), tuple(lines), pieces.details)


def _tidy(blocks: Iterable[Piece]) -> Iterable[Piece]:
    """Yield the blocks of which something can be seen; lone surrogates cannot be stored, NUL is no text."""
    for piece in blocks:
        words = piece.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")
        words = words.strip()
        if not is_visible(words):
            continue
        level = min(6, max(1, piece.level)) if piece.label is LineLabel.HEADING else 0
        text = " ".join(words.split()) if level else words
        yield Piece(piece.label, text, level, piece.number)


def _find_title(blocks: Sequence[Piece], title: str | None) -> int | None:
    """Return the index of the heading that says the title, where nothing but what is left out stands before it."""
    if title is None:
        return None
    wanted = " ".join(title.split()).casefold()
    for index, piece in enumerate(blocks):
        if piece.label is LineLabel.TITLE or (piece.label is LineLabel.HEADING and piece.text.casefold() == wanted):
            return index
        if piece.label not in LEFT_OUT:
            return None
    return None
