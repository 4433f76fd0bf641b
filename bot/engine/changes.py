"""What another version of an article changed: passages that came, went, or say nearly the same in other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_ALIKE = 0.5
"""Share of words that two passages have in common, in order, to be one passage that was edited."""
_REACH = 3
"""How many removed passages an added one is compared with: an edit rarely moves a passage further."""
_LONGEST_WORDS = 400
"""Words that are compared of a passage: what differs further on does not make it another passage."""


@dataclass(frozen=True, slots=True)
class PassageChanges:
    """How many passages came, went and were edited. One that only moved counts as none of these."""

    added: int = 0
    removed: int = 0
    edited: int = 0

    def __str__(self) -> str:
        counts = (("+", self.added), ("\u2212", self.removed), ("~", self.edited))
        return " ".join(f"{sign}{count}" for sign, count in counts if count) or "\u00b10"


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
