"""Headings of plain text: short lines that stand alone over something longer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.engine.ingest.blocks import Shape
from bot.engine.ingest.characters import ends_with_question
from bot.engine.ingest.credits import About
from bot.engine.ingest.drafts import Draft
from bot.engine.records.passages import LineLabel

_HEADING_WORDS, _HEADING_CHARACTERS = 14, 110
_QUESTION_WORDS, _QUESTION_CHARACTERS = 28, 190
_BODY_WORDS, _ANSWER_WORDS = 8, 3
_SIBLINGS = 2

_CHAPTER = re.compile(
    r"(?:chapter|part|book|section|act|scene|appendix|annex|article|lesson|unit|kapitel|teil|chapitre|capítulo|глава"
    r"|часть)\s+(?:[ivxlcdm]+|\d+|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b.{0,80}\Z",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"(?:[,;:&(–—-]|\b(?:a|an|the|of|and|or|but|to|in|on|at|by|with|from|that|which|is|are|was|were))\Z"
)
# A quotation, an aside, a signature; a quantity ("3 eggs, beaten").
_NO_HEADING_START = re.compile(r"[\"“‘'«„(\[—–-]|\d[\d.,/⁄½¼¾]*[\s½¼¾]+[a-z]")
# What leads in to the words of somebody, or to what follows: it heads nothing.
_LEADS_IN = re.compile(
    r"(?:,.*|\b(?:sa(?:id|ys?)|wr(?:ote|ites?)|adds?|added|told .*|asks?|asked|repl(?:ied|ies)|posted|tweeted|answered"
    r"|continued|explain(?:ed|s)|below|here|this|these|follow(?:s|ing)?)(?: \w+){0,2})[:：]\Z",
    re.IGNORECASE,
)
_JOINED_QUESTION = re.compile(
    r"(?:and|but|so|or|because|then|yet)\b(?! (?:what|how|why|who|when|where)\b)", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|mine|we|our|us)\b", re.IGNORECASE)
_LIST_AFTER_COLON = re.compile(r"[:：].*,.*,")
# A sentence that ends as a question ("You may ask yourself, what …?") is text; a question's own words come first.
_STATED_WORDS = 10
_STATED_QUESTION = re.compile(
    r"(?:i|we|you|he|she|it|they|it['’]s|that['’]s|there['’]s|i['’]m|there|come on|maybe|perhaps|around|after|in|a"
    r"|no one|nobody|someone)\b[^?]*\?+\Z",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"[A-Z][A-Z .'’-]+:\s")
_SENTENCE_START = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}")


def mark_headings(drafts: Sequence[Draft]) -> None:
    """Label headings, from the end upwards: what one heads must follow it."""
    title = next((index for index, item in enumerate(drafts) if item.label is LineLabel.TITLE), 0)
    following: Draft | None = None
    depth = 0
    for index in range(len(drafts) - 1, title - 1, -1):
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
    _mark_siblings(drafts, title)


def has_question_form(drafts: Sequence[Draft], index: int) -> bool:
    """Say whether a block may be a heading that is a question."""
    return drafts[index].asks and drafts[index].block.shape is Shape.TEXT and _has_heading_form(drafts, index)


def _mark_siblings(drafts: Sequence[Draft], start: int) -> None:
    """Label questions with a short answer, and numbered lines over a short text, where others are headings."""
    headed = [item for item in drafts if item.label is LineLabel.HEADING]
    asked = sum(item.asks and item.block.shape is Shape.TEXT for item in headed)
    numbered = {item.level for item in headed if item.block.shape is Shape.ITEM}
    following: Draft | None = None
    for index in range(len(drafts) - 1, start - 1, -1):
        item = drafts[index]
        if item.is_left_out:
            continue
        if following is not None and following.label in (None, LineLabel.PARAGRAPH) and not following.asks:
            level = _number_level(item)
            if asked >= _SIBLINGS and item.is_open and has_question_form(drafts, index):
                is_answered = following.words >= _ANSWER_WORDS
                item.label, item.level = (LineLabel.HEADING, 1) if is_answered else (item.label, 0)
            elif level in numbered and item.label is LineLabel.LIST_ITEM and _has_heading_form(drafts, index):
                item.label, item.level = LineLabel.HEADING, level
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
        is_outer = depth == 1 and not item.asks and item.block.shape is Shape.TEXT
        return 1 if is_outer and (_CHAPTER.match(item.text) or not _is_listed(drafts, index)) else 0
    is_longer = following.words > item.words and following.words >= _BODY_WORDS
    is_kind = following.block.shape in (Shape.CODE, Shape.ITEM, Shape.TABLE) or following.block.rows > 1
    if following.block.shape is Shape.QUOTE:
        return 0 if item.asks else 1
    if item.block.shape is Shape.ITEM:
        return _number_level(item) if following.is_prose and following.block.shape is Shape.TEXT else 0
    is_contact = item.words <= 3 and not item.asks and following.words >= max(_BODY_WORDS - 3, 2 * item.words)
    return 1 if is_longer or is_kind or is_contact else 0


def _number_level(item: Draft) -> int:
    """Return the level that a section number gives ("2.1 Pumps": 2), or 0 for a line without one."""
    number = _NUMBER.match(item.block.text) if item.block.shape is Shape.ITEM else None
    return min(6, 1 + number.group().count(".")) if number else 0


def _has_heading_form(drafts: Sequence[Draft], index: int) -> bool:
    item = drafts[index]
    text = item.text
    if item.block.shape not in (Shape.TEXT, Shape.ITEM) or item.block.rows > 1 or not _stands_alone(drafts, index):
        return False
    if not item.words or item.about is About.UPDATE or starts_small(text) or _NO_HEADING_START.match(text):
        return False
    if item.asks:
        return _asks_as_heading(item)
    if _LIST_AFTER_COLON.search(text):
        return False
    if item.words > _HEADING_WORDS or len(text) > _HEADING_CHARACTERS:
        return False
    if _CHAPTER.match(text) or (text.isupper() and item.words >= 2):
        return True
    if text.endswith((":", "：")):
        return item.words <= 5 and not _LEADS_IN.search(text)
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
    is_over_text = is_over_text and not starts_small(after.text)
    return is_over_text and (not follows_text or (before is not None and before.is_prose and before.stops))


def _is_listed(drafts: Sequence[Draft], index: int) -> bool:
    """Say whether the block above has the form of a heading too, so that three stand in a row: that is a list."""
    above = drafts[index - 1] if index else None
    return above is not None and above.is_open and _has_heading_form(drafts, index - 1)


def _asks_as_heading(item: Draft) -> bool:
    """Say whether a question may head its answer, rather than be a sentence or two of somebody's text."""
    if item.words > _QUESTION_WORDS or len(item.text) > _QUESTION_CHARACTERS or _JOINED_QUESTION.match(item.text):
        return False
    if _SPEAKER.match(item.text):
        return False
    *others, last = _SENTENCE_START.split(item.text)
    if sum(not ends_with_question(other) for other in others) > 1 or (others and _FIRST_PERSON.search(item.text)):
        return False
    return item.words <= _STATED_WORDS or _STATED_QUESTION.match(last) is None


def starts_small(text: str) -> bool:
    """Say whether the first word is written small; that of "iPhone" and "eBay" is not."""
    return text[:1].islower() and not text[1:2].isupper()
