"""What an article's text is made of: labelled lines, and the passages that are stored, ranked and quoted.

Every ``start``/``end`` pair is a half-open range of *character* offsets (Python string indices). Unless a field says
otherwise the offsets count in the article's stored text, which is kept exactly as it was extracted; whatever is shown
to a member is cut from that text by span and never rebuilt from tokens.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


class LineLabel(StrEnum):
    """What a line of an article is. The first block is structure, the second is quotable, the third is left out."""

    TITLE = "title"
    HEADING = "heading"

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    BLOCK_QUOTE = "block_quote"
    TABLE_ROW = "table_row"
    CODE = "code"

    CAPTION = "caption"
    ALT = "alt"
    CREDIT = "credit"
    CHROME = "chrome"


QUOTABLE = frozenset(
    {LineLabel.PARAGRAPH, LineLabel.LIST_ITEM, LineLabel.BLOCK_QUOTE, LineLabel.TABLE_ROW, LineLabel.CODE}
)
LEFT_OUT = frozenset({LineLabel.CAPTION, LineLabel.ALT, LineLabel.CREDIT, LineLabel.CHROME})


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled block of the stored text: a line, or a run of hard-wrapped lines that is one paragraph.

    ``number`` counts physical lines from 1 (that of the block's first line); ``level`` is 1 to 6 for headings, else 0.
    ``is_chosen``: a person decided that it is quoted, or that it is not; later versions of the article keep to that.
    """

    number: int
    start: int
    end: int
    label: LineLabel
    level: int = 0
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is stored, ranked and quoted.

    ``position`` counts passages of the article from 1. ``headings`` is the heading path, outermost first. ``digest`` is
    :func:`digest` of the passage's text: it is compared with the cut text each time the passage is quoted.
    """

    position: int
    start: int
    end: int
    kind: LineLabel
    headings: tuple[str, ...]
    digest: str


def digest(text: str) -> str:
    """Return the 128-bit BLAKE2b of the UTF-8 text as 32 hex digits; it proves that a quote is what was stored."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()
