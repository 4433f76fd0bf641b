"""The title of plain text: the first line before the body that has the form of one."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.engine.ingest.blocks import Shape
from bot.engine.ingest.cues import Cue
from bot.engine.ingest.drafts import Draft
from bot.engine.ingest.headings import has_question_form, starts_small
from bot.engine.records.passages import LineLabel

_TITLE_WORDS, _TITLE_CHARACTERS = 30, 220
_SMALL_WORDS = 14
_FIRST_DRAFTS = 40
_QUOTES = str.maketrans("“”„«»‘’", '"""""\'\'')


def mark_title(drafts: Sequence[Draft], given: str | None, likely: int | None = None) -> int | None:
    """Label the title's line and return its index, or None where no line is the title.

    ``likely``: the index of the line that is the title unless one is given.

    A title that was given is looked for among the first lines; else the first line before the body that may be one is
    taken, the first of four words or more where there are several.
    """
    if given is not None:
        wanted = _normalise(given)
        for index, item in enumerate(drafts[:_FIRST_DRAFTS]):
            if item.label in (None, LineLabel.LIST_ITEM) and _normalise(item.text) == wanted:
                return _label_title(drafts, index)
        return None
    if likely is not None and drafts[likely].is_open:
        return _label_title(drafts, likely)
    end = next((index for index, item in enumerate(drafts) if item.is_body), min(len(drafts), _FIRST_DRAFTS))
    candidates = [index for index in range(min(end, len(drafts) - 1)) if _may_be_title(drafts, index)]
    hashed = [index for index in candidates if drafts[index].block.shape is Shape.HASHES]
    if hashed:
        return _label_title(drafts, hashed[0]) if drafts[hashed[0]].block.text.startswith("# ") else None
    if not candidates:
        return None
    chosen = next((index for index in candidates if drafts[index].words >= 4), candidates[0])
    if (
        chosen + 1 == end
        and drafts[chosen].asks
        and any(has_question_form(drafts, index) for index in range(end, len(drafts)))
    ):
        return None
    return _label_title(drafts, chosen)


def _may_be_title(drafts: Sequence[Draft], index: int) -> bool:
    item = drafts[index]
    text = item.text
    if item.block.shape is Shape.HASHES:
        return True
    if item.label is not None or item.about is not None or item.cue not in (Cue.NONE, Cue.CALL):
        return False
    if item.block.shape is not Shape.TEXT or item.block.rows > 2 or not item.words:
        return False
    # Few write a title small, and then it is the very first line and alone.
    if starts_small(text) and (
        index or item.block.rows > 1 or item.words > _SMALL_WORDS or drafts[1].block.group == item.block.group
    ):
        return False
    if item.words > _TITLE_WORDS or len(text) > _TITLE_CHARACTERS:
        return False
    return not text.rstrip("\"'”’»)").endswith((".", "。", "।", "۔", ",", ";", ":"))


def _label_title(drafts: Sequence[Draft], index: int) -> int:
    drafts[index].label = LineLabel.TITLE
    return index


def _normalise(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(folded.split()).strip("# ")
