"""Page chrome, captions and credits told from the article's own lines.

Biased to keep: a line is left out only where its own words and its neighbours agree, for text wrongly left out can
never be quoted, while a stray line kept does little harm.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.engine.ingest.blocks import Shape
from bot.engine.ingest.credits import About, may_be_source
from bot.engine.ingest.cues import Cue
from bot.engine.ingest.drafts import Draft, runs
from bot.engine.records.passages import LineLabel

_CAPTION_WORDS = 40
_ALT_WORDS = 14
_LINK_WORDS = 20
_STRAY_WORDS = 15
_CERTAIN = (Cue.CHROME, Cue.OFFER)
_OPENERS = (Cue.OFFER, Cue.CALL)


def mark_pictures(drafts: Sequence[Draft]) -> None:
    """Label photo credits and captions, and the line tightly above one, which is its alt text or its caption."""
    for item in drafts:
        if item.is_open and item.about is About.CREDIT:
            item.label = LineLabel.CREDIT
        elif item.is_open and item.about is About.CAPTION:
            item.label = LineLabel.CAPTION
    for index in range(len(drafts) - 1, 0, -1):
        above, item = drafts[index - 1], drafts[index]
        if not above.is_open or above.block.group != item.block.group or above.block.rows > 1:
            continue
        opens = _opens_group(drafts, index - 1)
        if opens and _closes_group(drafts, index) and _names_source(above, item):
            above.label, item.label = LineLabel.ALT, LineLabel.CREDIT
        elif item.label is LineLabel.CAPTION and above.words <= _CAPTION_WORDS:
            if _overlap(above.text, item.text) >= 0.5 or (opens and above.words <= _ALT_WORDS):
                above.label = LineLabel.ALT
        elif item.label is LineLabel.CREDIT and above.words <= _CAPTION_WORDS and opens:
            above.label = LineLabel.ALT if above.words <= _ALT_WORDS else LineLabel.CAPTION


def mark_chrome(drafts: Sequence[Draft], title: int | None) -> None:
    """Label page chrome, bylines and dates. ``title``: the index of the title's draft, None where there is none."""
    dates = sum(item.about is About.DATE for item in drafts)
    _mark_last_links(drafts)
    for start, end in list(runs(drafts)):
        run = drafts[start:end]
        has_chrome = any(item.cue in _CERTAIN for item in run)
        is_head, is_tail = start == 0, end == len(drafts)
        cues = sum(item.cue is not Cue.NONE for item in run)
        is_edge = (is_head or is_tail) and not (is_head and is_tail)
        drops_weak = has_chrome or (is_edge and cues >= 2)
        for index, item in enumerate(run, start):
            if item.label is LineLabel.TITLE:
                continue
            is_menu = item.cue is Cue.NAVIGATION and title is not None and index < title
            if is_menu or item.cue in _CERTAIN or (drops_weak and item.cue is not Cue.NONE):
                item.label = LineLabel.CHROME
            elif item.about is About.BYLINE and item.is_open:
                item.label = LineLabel.CREDIT
            elif item.about is About.UPDATE and item.is_open:
                is_page = has_chrome or any(near.about in (About.BYLINE, About.DATE) for near in run)
                item.label = LineLabel.CHROME if is_page else LineLabel.PARAGRAPH
            elif item.about is About.DATE and item.is_open and dates < 3 and (is_edge or has_chrome):
                item.label = LineLabel.CHROME
        _mark_links(drafts, start, end)
        _mark_strays(drafts, start, end, title)


def _mark_last_links(drafts: Sequence[Draft]) -> None:
    """Label the links under "Most read" and its like after the last running text, numbered and long ones too."""
    end = max((index for index, item in enumerate(drafts) if item.is_prose), default=len(drafts))
    is_linked = False
    for item in drafts[end + 1 :]:
        is_opener = item.cue is Cue.RELATED and item.label is not LineLabel.TITLE
        is_linked = is_opener or (is_linked and (_is_link(item) or item.is_left_out or item.cue is not Cue.NONE))
        if is_linked:
            item.label = LineLabel.CHROME


def _mark_links(drafts: Sequence[Draft], start: int, end: int) -> None:
    """Label the links that follow "Related articles" and its like; a last line that heads the body after it is kept."""
    is_tail = end == len(drafts)
    opener: Draft | None = None
    for index in range(start, end):
        item = drafts[index]
        if item.cue is Cue.RELATED and item.label is not LineLabel.TITLE:
            opener = item
            if is_tail or (index + 1 < end and _is_link(drafts[index + 1])):
                item.label = LineLabel.CHROME
        elif opener is not None and _is_link(item):
            heads_body = index + 1 == end and not is_tail and item.block.group != opener.block.group
            if not heads_body:
                item.label = LineLabel.CHROME


def _mark_strays(drafts: Sequence[Draft], start: int, end: int, title: int | None) -> None:
    """Label short lines that say nothing themselves but stand among chrome."""
    left_out = [index for index in range(start, end) if drafts[index].label is LineLabel.CHROME]
    left_out = [index for index in left_out if drafts[index].block.shape is not Shape.RULE]
    if not left_out:
        return
    first, last = left_out[0], left_out[-1]
    is_tail = end == len(drafts) and start > 0
    for index in range(start, end):
        item = drafts[index]
        if not item.is_open or item.block.shape is Shape.HASHES:
            continue
        is_before_title = start == 0 and title is not None and index < title and item.words <= 5 and not item.stops
        is_after_chrome = is_tail and index > first and item.words <= _STRAY_WORDS and not item.stops
        is_between = (
            first < index < last
            and item.words <= _STRAY_WORDS
            and drafts[index - 1].label is drafts[index + 1].label is LineLabel.CHROME
            and drafts[index - 1].block.group == item.block.group == drafts[index + 1].block.group
        )
        opens_offer = (
            index + 1 < end
            and item.words <= 8
            and drafts[index + 1].label is LineLabel.CHROME
            and drafts[index + 1].cue in _OPENERS
        )
        if is_before_title or is_after_chrome or is_between or opens_offer:
            item.label = LineLabel.CHROME
        elif _is_beside_byline(drafts, index):
            item.label = LineLabel.CREDIT


def _is_beside_byline(drafts: Sequence[Draft], index: int) -> bool:
    """Say whether a few words stand tightly under or over a byline or a date, as a writer's name or post does."""
    item = drafts[index]
    if item.words > 6 or item.stops:
        return False
    beside = [drafts[near] for near in (index - 1, index + 1) if 0 <= near < len(drafts)]
    return any(near.block.group == item.block.group and near.about in (About.BYLINE, About.DATE) for near in beside)


def _is_link(item: Draft) -> bool:
    if item.label not in (None, LineLabel.LIST_ITEM) or item.about is not None:
        return False
    return item.words <= _LINK_WORDS and item.block.rows == 1 and (not item.stops or item.asks)


def _opens_group(drafts: Sequence[Draft], index: int) -> bool:
    return index == 0 or drafts[index - 1].block.group != drafts[index].block.group


def _closes_group(drafts: Sequence[Draft], index: int) -> bool:
    return index + 1 == len(drafts) or drafts[index + 1].block.group != drafts[index].block.group


def _names_source(above: Draft, item: Draft) -> bool:
    """Say whether a short description stands tightly over nothing but a name: a picture's alt text and its source."""
    if item.label is not None or item.block.rows > 1 or item.block.shape is not Shape.TEXT:
        return False
    is_description = (
        above.block.shape is Shape.TEXT and above.stops and not above.asks and 4 <= above.words <= _ALT_WORDS
    )
    return is_description and item.words <= 6 and may_be_source(item.text)


def _overlap(text: str, other: str) -> float:
    """Return the share of the shorter text's words that the other has too."""
    words, others = set(text.casefold().split()), set(other.casefold().split())
    return len(words & others) / max(1, min(len(words), len(others)))
