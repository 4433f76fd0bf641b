"""What the network sees of a block: numbers of its own form, a few of the whole text, and the words it begins with."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from bot.engine.ingest.blocks import Shape
from bot.engine.ingest.credits import About
from bot.engine.ingest.cues import Cue
from bot.engine.ingest.drafts import Draft

FIRST_WORDS = 32
"""How many words at the start of a block are looked up: chrome gives itself away early."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SIGNS = (
    re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|org|net|co|io|gov|edu)\b"),
    re.compile(r"\S@\S"),
    re.compile(r"(?:\A|\s)[@#]\w"),
    re.compile(r"[©®™]"),
    re.compile(r"[|•·»«›‹→←▾▼▶►×✕]"),
    re.compile(r"[$€£¥₹]\s?\d|\d\s?[$€£¥]"),
    re.compile(r"(?:…|\.\.\.|\[\.\.\.\]|\[…\])\W*\Z"),
    re.compile(r"\A[\"“„«‘']"),
    re.compile(r"\b(?:19|20)\d\d\b"),
    re.compile(r"\b\d{1,2}:\d\d\b|\b\d+ ?(?:min|hours?|hrs?|days?|weeks?|months?|years?)\b", re.IGNORECASE),
    re.compile(r"\A\W*\d[\d.,]*\W*\Z"),
    re.compile(r"[:：]\s*\Z"),
    re.compile(r"[()\[\]]"),
    re.compile(r"\b(?:I|you|your|we|our|us)\b", re.IGNORECASE),
    re.compile(r"[{};=<>\\]|\(\)"),
    re.compile(r"[\u0400-\u1fff\u3000-\U0003ffff]"),
)
_INNER_STOP = re.compile(r"[.!?…。！？]['\"”’)\]]*\s+\S")
_COMMA = re.compile(r"[,;，、]")
_SHAPES, _CUES, _ABOUTS = tuple(Shape), tuple(Cue)[1:], tuple(About)
_SHORT_WORDS = 6
_MOST_REPEATS = 8


def describe_blocks(drafts: Sequence[Draft]) -> list[list[float]]:
    """Return one row of numbers, each about 0 to 1, for each block; all rows are of one length."""
    groups = Counter(item.block.group for item in drafts)
    keys = [item.text.casefold() for item in drafts]
    repeats = Counter(keys)
    whole = _describe_text(drafts)
    count = len(drafts)
    rows: list[list[float]] = []
    for index, item in enumerate(drafts):
        group = item.block.group
        is_first = index == 0 or drafts[index - 1].block.group != group
        is_last = index + 1 == count or drafts[index + 1].block.group != group
        rows.append(
            [
                *_describe(item),
                float(is_first),
                float(is_last),
                math.log1p(groups[group]) / 4,
                min(repeats[keys[index]] - 1, _MOST_REPEATS) / _MOST_REPEATS,
                index / count,
                math.log1p(index) / 6,
                math.log1p(count - 1 - index) / 6,
                *whole,
            ]
        )
    return rows


def first_words(text: str) -> list[str]:
    """Return the words that a block begins with, as they are looked up."""
    found = []
    for word in _WORD.finditer(text):
        found.append("0" if word.group().isdigit() else word.group().casefold().replace("’", "'"))
        if len(found) == FIRST_WORDS:
            break
    return found


def _describe(item: Draft) -> list[float]:
    text = item.text
    words = max(1, item.words)
    tokens = text.split()
    upper = sum(token[:1].isupper() for token in tokens) / max(1, len(tokens))
    short = sum(len(token) <= 3 for token in tokens) / max(1, len(tokens))
    digits = sum(character.isdigit() for character in text) / max(1, len(text))
    return [
        math.log1p(item.words) / 5,
        min(1.0, len(text) / words / 12),
        float(item.words <= 2),
        float(item.stops),
        float(item.asks),
        float(item.is_prose),
        float(text[:1].islower()),
        float(text.isupper()),
        upper,
        short,
        digits,
        min(1.0, 5 * len(_COMMA.findall(text)) / words),
        min(1.0, len(_INNER_STOP.findall(text)) / 6),
        min(1.0, math.log2(item.block.rows) / 4),
        *(float(sign.search(text) is not None) for sign in _SIGNS),
        *(float(item.block.shape is shape) for shape in _SHAPES),
        *(float(item.cue is cue) for cue in _CUES),
        *(float(item.about is about) for about in _ABOUTS),
    ]


def _describe_text(drafts: Sequence[Draft]) -> list[float]:
    words = [item.words for item in drafts]
    prose = sum(item.words for item in drafts if item.is_prose)
    count = len(drafts)
    return [
        math.log1p(count) / 7,
        math.log1p(sum(words)) / 10,
        prose / max(1, sum(words)),
        sum(number <= _SHORT_WORDS for number in words) / count,
        sum(item.cue is not Cue.NONE for item in drafts) / count,
        sum(item.block.shape is Shape.ITEM for item in drafts) / count,
        sum(item.is_prose for item in drafts) / count,
    ]
