"""What another version of an article changed: passages that came, went, or say nearly the same in other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.engine.records.sources import PassageChanges

_ALIKE = 0.5
"""Share of words that two passages have in common, in order, to be one passage that was edited."""
_REACH = 3
"""How many removed passages an added one is compared with: an edit rarely moves a passage further."""
_LONGEST_WORDS = 400
"""Words that are compared of a passage: what differs further on does not make it another passage."""


def compare_passages(old: Sequence[str], new: Sequence[str]) -> PassageChanges:
    """Compare the texts of an article's passages with those of its next version."""
    kept = Counter(old) & Counter(new)
    gone, come = _without(old, kept), _without(new, kept)
    words = [text.split()[:_LONGEST_WORDS] for text in gone]
    edited = position = 0
    for text in come:
        mine = text.split()[:_LONGEST_WORDS]
        for other in range(position, min(position + _REACH, len(words))):
            if _are_alike(words[other], mine):
                edited += 1
                position = other + 1
                break
    return PassageChanges(len(come) - edited, len(gone) - edited, edited)


def _without(texts: Sequence[str], kept: Counter[str]) -> list[str]:
    left = Counter(kept)
    rest = []
    for text in texts:
        if left[text]:
            left[text] -= 1
        else:
            rest.append(text)
    return rest


def _are_alike(first: Sequence[str], second: Sequence[str]) -> bool:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
