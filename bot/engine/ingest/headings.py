"""Titles and headings of plain text: short lines that stand alone over something longer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.engine.ingest.blocks import Shape
from bot.engine.ingest.cues import Cue
from bot.engine.ingest.drafts import Draft
from bot.engine.records import LineLabel

_TITLE_WORDS, _TITLE_CHARACTERS = 30, 220
_HEADING_WORDS, _HEADING_CHARACTERS = 14, 110
_QUESTION_WORDS, _QUESTION_CHARACTERS = 28, 190
_BODY_WORDS = 8
_FIRST_DRAFTS = 40

_CHAPTER = re.compile(
    r"(?:chapter|part|book|section|act|scene|appendix|annex|article|lesson|unit|kapitel|teil|chapitre|capítulo|глава"
    r"|часть)\s+(?:[ivxlcdm]+|\d+|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b.{0,80}\Z",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"(?:[,;:&(–—-]|\b(?:a|an|the|of|and|or|but|to|in|on|at|by|with|from|that|which|is|are|was|were))\Z"
)
_QUOTE_START = re.compile(r"[\"“‘'«„]")
_JOINED_QUESTION = re.compile(
    r"(?:and|but|so|or|because|then|yet)\b(?! (?:what|how|why|who|when|where)\b)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}")
_QUOTES = str.maketrans("“”„«»‘’", '"""""\'\'')


def mark_title(drafts: Sequence[Draft], given: str | None) -> int | None:
    """Label the title's line and return its index, or None where no line is the title.

    A title that was given is looked for among the first lines; else the first line before the body that may be one is
    taken, the first of four words or more where there are several.
    """
    if given is not None:
        wanted = _normalise(given)
        for index, item in enumerate(drafts[:_FIRST_DRAFTS]):
            if item.label in (None, LineLabel.LIST_ITEM) and _normalise(item.text) == wanted:
                return _label_title(drafts, index)
        return None
    end = next((index for index, item in enumerate(drafts) if item.is_body), min(len(drafts), _FIRST_DRAFTS))
    candidates = [index for index in range(end) if _may_be_title(drafts[index]) and index + 1 < len(drafts)]
    hashed = [index for index in candidates if drafts[index].block.shape is Shape.HASHES]
    if hashed:
        return _label_title(drafts, hashed[0]) if drafts[hashed[0]].block.text.startswith("# ") else None
    if not candidates:
        return None
    chosen = next((index for index in candidates if drafts[index].words >= 4), candidates[0])
    if chosen + 1 == end and drafts[chosen].asks and _has_question_after(drafts, end):
        return None
    return _label_title(drafts, chosen)


def mark_headings(drafts: Sequence[Draft]) -> None:
    """Label headings, from the end upwards: what one heads must follow it."""
    following: Draft | None = None
    depth = 0
    for index in range(len(drafts) - 1, -1, -1):
        item = drafts[index]
        if item.is_left_out or item.label is LineLabel.TITLE:
            continue
        level = _heading_level(drafts, index, following, depth)
        if level:
            item.label, item.level = LineLabel.HEADING, level
            depth += 1
        else:
            depth = 0
        following = item


def _heading_level(drafts: Sequence[Draft], index: int, following: Draft | None, depth: int) -> int:
    item = drafts[index]
    if item.block.shape is Shape.HASHES:
        return len(item.block.text) - len(item.block.text.lstrip("#")) if following is not None else 0
    if following is None:
        return 0
    if item.block.shape is Shape.ASK:
        is_answered = following.label is not LineLabel.HEADING
        return 2 if is_answered and len(item.text) <= _QUESTION_CHARACTERS and item.block.rows <= 3 else 0
    if not _has_heading_form(drafts, index) or depth >= 2:
        return 0
    if following.label is LineLabel.HEADING:
        return 1 if depth == 1 and not item.asks and item.block.shape is Shape.TEXT else 0
    is_longer = following.words > item.words and following.words >= _BODY_WORDS
    is_kind = following.block.shape in (Shape.CODE, Shape.ITEM, Shape.TABLE, Shape.QUOTE) or following.block.rows > 1
    if item.block.shape is Shape.ITEM:
        number = _NUMBER.match(item.block.text)
        is_section = number is not None and following.is_prose and following.block.shape is Shape.TEXT
        return min(6, 1 + number.group().count(".")) if number and is_section else 0
    return 1 if is_longer or is_kind else 0


def _has_heading_form(drafts: Sequence[Draft], index: int) -> bool:
    item = drafts[index]
    text = item.text
    if item.block.shape not in (Shape.TEXT, Shape.ITEM) or item.block.rows > 1 or not _stands_alone(drafts, index):
        return False
    if not item.words or text[:1].islower() or _QUOTE_START.match(text):
        return False
    if item.asks:
        fits = item.words <= _QUESTION_WORDS and len(text) <= _QUESTION_CHARACTERS
        return fits and not _JOINED_QUESTION.match(text)
    if item.words > _HEADING_WORDS or len(text) > _HEADING_CHARACTERS:
        return False
    if _CHAPTER.match(text) or (text.isupper() and item.words >= 2):
        return True
    if text.endswith((":", "：")):
        return item.words <= 5
    return not item.stops and not _OPEN_END.search(text)


def _stands_alone(drafts: Sequence[Draft], index: int) -> bool:
    """Say whether no other text is in the same run of lines, or the line opens the run over running text."""
    group = drafts[index].block.group
    before = drafts[index - 1] if index else None
    after = drafts[index + 1] if index + 1 < len(drafts) else None
    follows_text = before is not None and before.block.group == group and not before.is_left_out
    if after is None or after.block.group != group or after.is_left_out:
        return not follows_text
    is_over_text = after.is_prose or after.block.rows > 1 or after.block.shape in (Shape.CODE, Shape.ITEM)
    return is_over_text and (not follows_text or (before is not None and before.is_prose and before.stops))


def _may_be_title(item: Draft) -> bool:
    text = item.text
    if item.block.shape is Shape.HASHES:
        return True
    if item.label is not None or item.about is not None or item.cue not in (Cue.NONE, Cue.CALL):
        return False
    if item.block.shape is not Shape.TEXT or item.block.rows > 2 or not item.words or text[:1].islower():
        return False
    if item.words > _TITLE_WORDS or len(text) > _TITLE_CHARACTERS:
        return False
    return not text.rstrip("\"'”’»)").endswith((".", "。", "।", "۔", ",", ";", ":"))


def _has_question_after(drafts: Sequence[Draft], start: int) -> bool:
    return any(
        item.asks and item.block.shape is Shape.TEXT and item.words <= _QUESTION_WORDS for item in drafts[start:]
    )


def _label_title(drafts: Sequence[Draft], index: int) -> int:
    drafts[index].label = LineLabel.TITLE
    return index


def _normalise(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(folded.split()).strip("# ")
