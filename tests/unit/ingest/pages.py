"""Reads the pages of the folder beside it: what people paste, written for these tests, with a label for each line.

Every line of a ``.page`` file is a label, a bar and the line's text; ``+`` goes on with the block of the line above,
and a blank label stands before a blank line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.engine.records.passages import LineLabel

_FOLDER = Path(__file__).with_name("pages")
_SHORT_NAMES = {
    "para": LineLabel.PARAGRAPH,
    "item": LineLabel.LIST_ITEM,
    "quote": LineLabel.BLOCK_QUOTE,
    "row": LineLabel.TABLE_ROW,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A pasted text and the label of each of its blocks, by the number of the block's first line."""

    name: str
    text: str
    labels: dict[int, LineLabel]


def read_pages() -> list[Page]:
    """Return the pages by name."""
    return [_read_page(path) for path in sorted(_FOLDER.glob("*.page"))]


def _read_page(path: Path) -> Page:
    lines: list[str] = []
    labels: dict[int, LineLabel] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        mark, _, words = line.partition("|")
        lines.append(words.removeprefix(" "))
        name = mark.strip()
        if name and name != "+":
            labels[number] = _SHORT_NAMES.get(name) or LineLabel(name)
    return Page(path.stem, "\n".join(lines), labels)
