"""Plain and pasted text: every line labelled, the stored text untouched."""

from __future__ import annotations

import re

from bot.engine.ingest.blocks import Shape, split_blocks
from bot.engine.ingest.clean import mark_chrome, mark_pictures
from bot.engine.ingest.drafts import Draft, draft
from bot.engine.ingest.extract.labelled import Labelled
from bot.engine.ingest.headings import mark_headings, mark_title
from bot.engine.records import QUOTABLE, Line, LineLabel

_TRAILING_HASHES = re.compile(r"\s#+\Z")


def extract_plain(text: str, title: str | None = None) -> Labelled:
    """Label the lines of plain text; ``title`` is the one that was given, if any. The text comes back unchanged."""
    drafts = [draft(block) for block in split_blocks(text)]
    mark_pictures(drafts)
    title_index = mark_title(drafts, title)
    mark_chrome(drafts, title_index)
    mark_headings(drafts)
    for item in drafts:
        if item.label is None:
            item.label = LineLabel.PARAGRAPH
    if not any(item.label in QUOTABLE for item in drafts):
        _restore(drafts)
    lines = tuple(_line(item) for item in drafts)
    found = drafts[title_index] if title_index is not None else None
    if found is None:
        found = next((item for item in drafts if item.block.shape is Shape.HASHES and item.level == 1), None)
    return Labelled(text, lines, _TRAILING_HASHES.sub("", found.text) if found else None)


def _restore(drafts: list[Draft]) -> None:
    """Make titles and headings paragraphs where nothing else is left to quote: a note of one line is all body."""
    for item in drafts:
        if item.label in (LineLabel.TITLE, LineLabel.HEADING):
            item.label, item.level = LineLabel.PARAGRAPH, 0


def _line(item: Draft) -> Line:
    return Line(item.block.number, item.block.start, item.block.end, item.label or LineLabel.PARAGRAPH, item.level)
