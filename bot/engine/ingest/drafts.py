"""The working record of labelling: a block, what was measured of it, and the label it has been given so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.engine.ingest.blocks import Block, Shape
from bot.engine.ingest.characters import count_words, ends_with_question, ends_with_stop
from bot.engine.ingest.credits import About, find_about
from bot.engine.ingest.cues import Cue, find_cue
from bot.engine.records.passages import LEFT_OUT, LineLabel

_PROSE_WORDS, _LONG_WORDS, _ITEM_WORDS = 12, 25, 6

_SHAPE_LABELS = {
    Shape.CODE: LineLabel.CODE,
    Shape.TABLE: LineLabel.TABLE_ROW,
    Shape.RULE: LineLabel.CHROME,
    Shape.QUOTE: LineLabel.BLOCK_QUOTE,
    Shape.ITEM: LineLabel.LIST_ITEM,
}


@dataclass(slots=True)
class Draft:
    """A block on its way to a label. ``label`` is None while nothing has been decided."""

    block: Block
    words: int
    stops: bool
    asks: bool
    cue: Cue
    about: About | None
    label: LineLabel | None
    level: int = 0

    @property
    def text(self) -> str:
        """The block's words without its list, quote or heading mark."""
        return self.block.text[self.block.marker :]

    @property
    def is_open(self) -> bool:
        """Whether the block may still become a title, a heading or chrome."""
        return self.label is None

    @property
    def is_left_out(self) -> bool:
        """Whether the block has been found to be no part of the article's text."""
        return self.label in LEFT_OUT

    @property
    def is_prose(self) -> bool:
        """Whether the block is running text by its own measure: long, or of some length and ended by a stop."""
        if self.cue is not Cue.NONE or self.about is not None or self.is_left_out:
            return False
        return self.words >= _LONG_WORDS or (self.words >= _PROSE_WORDS and self.stops)

    @property
    def is_body(self) -> bool:
        """Whether the block is surely part of the text, so that chrome is sought before and after it only."""
        if self.is_prose:
            return True
        if self.block.shape in (Shape.CODE, Shape.QUOTE, Shape.TABLE, Shape.ASK, Shape.REPLY):
            return True
        if self.cue is not Cue.NONE or self.about is not None or self.is_left_out:
            return False
        return self.block.rows > 1 or (self.block.shape is Shape.ITEM and self.words >= _ITEM_WORDS)


def draft(block: Block) -> Draft:
    """Measure one block and give it the label that its shape alone decides."""
    words = count_words(block.text)
    stops = ends_with_stop(block.text)
    asks = ends_with_question(block.text)
    cue, about = Cue.NONE, None
    if block.shape in (Shape.TEXT, Shape.ITEM, Shape.HASHES):
        text = block.text[block.marker :]
        cue = find_cue(text, words)
        about = find_about(text, words) if cue is Cue.NONE and block.shape is Shape.TEXT else None
    return Draft(block, words, stops, asks, cue, about, _SHAPE_LABELS.get(block.shape))


def runs(drafts: Sequence[Draft]) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of drafts that hold no body."""
    start = 0
    for index, item in enumerate(drafts):
        if item.is_body:
            if start < index:
                yield start, index
            start = index + 1
    if start < len(drafts):
        yield start, len(drafts)
