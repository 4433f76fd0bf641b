"""Words written together, apart or with a hyphen: the question takes the form that the passages have."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.spelling import Correction
from bot.engine.retrieval.tokens import Word, is_stop_word
from bot.engine.retrieval.word_rows import are_held, find_word_rows, is_among, read_words, stand_together

_SHORTEST_PART = 2
_SHORTEST_APART = 3
_SAME_LETTERS = 3
_MOST_READ = 12
_HYPHENS = frozenset("-\u2010\u2011")


def match_compounds(
    snapshot: Snapshot, scope: npt.NDArray[np.int64], text: str, words: Sequence[Word]
) -> list[Correction]:
    """Return what to write instead: "email" for e-mail, "long-term" for longterm, as the ``scope``'s rows do.

    Only a form that no row of the scope has is replaced, and only by one that a row has.
    """

    def is_held(word: str) -> bool:
        return bool(is_among(find_word_rows(snapshot, word), scope).any())

    found: list[Correction] = []
    pairs = [pair for pair in itertools.pairwise(words) if _may_join(*pair, text[pair[0].end : pair[1].start])]
    joined = [first.text + second.text for first, second in pairs]
    for (first, second), together, is_known in zip(pairs, joined, are_held(snapshot, joined), strict=True):
        if not is_known or (found and first.start < found[-1].end):
            continue
        stands_apart = is_held(first.text) and is_held(second.text)
        if stands_apart and stand_together(snapshot, scope, first.text, second.text):
            continue
        if _stands_joined(snapshot, scope, first.text, second.text):
            found.append(Correction(first.start, second.end, together))
    taken = [range(item.start, item.end) for item in found]
    for word, is_known in zip(words, are_held(snapshot, [word.text for word in words]), strict=True):
        if any(word.start in span for span in taken) or (is_known and is_held(word.text)):
            continue
        parts = _find_parts(snapshot, scope, word.text)
        if parts is not None:
            found.append(Correction(word.start, word.end, "-".join(parts)))
    return found


def _stands_joined(snapshot: Snapshot, scope: npt.NDArray[np.int64], first: str, second: str) -> bool:
    """Return whether the scope has the two as one word; sharing a stem is not enough ("fisherman", "able")."""
    rows = find_word_rows(snapshot, first + second)
    beginning = first + second[:_SAME_LETTERS]
    return any(
        name.startswith(beginning)
        for row in rows[is_among(rows, scope)][:_MOST_READ].tolist()
        for name in read_words(snapshot, row)
    )


def _may_join(first: Word, second: Word, between: str) -> bool:
    if between in _HYPHENS:
        return not (first.text[-1].isdigit() and second.text[0].isdigit())
    is_topical = not is_stop_word(first.text) and not is_stop_word(second.text)
    return between == " " and is_topical and min(len(first.text), len(second.text)) >= _SHORTEST_APART


def _find_parts(snapshot: Snapshot, scope: npt.NDArray[np.int64], word: str) -> tuple[str, str] | None:
    """Return the two words that this one is in the scope's sentences, or None."""
    if not word.isalnum() or is_stop_word(word):
        return None
    for place in range(1, len(word)):
        first, second = word[:place], word[place:]
        if not _may_part(first, second):
            continue
        if stand_together(snapshot, scope, first, second):
            return first, second
    return None


def _may_part(first: str, second: str) -> bool:
    if first.isdigit() != second.isdigit():
        return first.isdigit() and second.isalpha()
    if first[-1].isdigit() or second[0].isdigit() or is_stop_word(first):
        return False
    # One letter is a part only before a long word: e-mail, x-ray.
    return len(second) >= _SHORTEST_APART and (len(first) >= _SHORTEST_PART or first in "etx")
