"""The rule of exact strings: what a question names letter by letter is among the quotes where few passages hold it.

Error codes, file names, versions, figures, names, rare words and phrases in quotation marks. If at most FEW passages of
those searched hold one verbatim (case and surrounding punctuation aside), one of these passages takes the last place,
unless a passage with the string is among the best anyway. The first place is the ranker's; only an answer of one single
quote gives it up, and only for a code or a phrase in quotation marks, which are asked for themselves. Where one of
these two is found, a question that seems to be about something else gets its quotes as "not sure".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import EncodedQuery, FloatArray
from bot.engine.retrieval.pieces import find_whole
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.tokens import find_words, is_stop_word
from bot.engine.retrieval.word_rows import MOST_READ, find_common_rows, holds_verbatim

FEW = 10
_MOST_STRINGS = 8
_LONGEST_PHRASE = 24

_QUOTED = re.compile(r"\"([^\"]+)\"|[“„]([^“”„]+)[”“]|«([^«»]+)»|(?<!\w)['‘]([^'‘’]+)['’](?!\w)")
_CHUNK = re.compile(r"[^\s\"“”„«»()\[\]{}<>]+")
_EDGES = ".,;:!?'‘’…"
_JOINED = re.compile(r"\w[_\\/:@=.]+\w|\w-+\w*[0-9]|[0-9]-+\w|\+\+|#")
_FIGURE = re.compile(r"[0-9][0-9.,]*(?:%|s|st|nd|rd|th|k|m|bn)?")
_ORDINARY = re.compile(r"(?:\w\.)+\w?|\w+(?:['’]\w+|[/]\w+)")
"""Initials (U.S.) and "and/or" are joined by punctuation, too, and are no codes."""


@dataclass(frozen=True, slots=True)
class ExactString:
    """``rows``: the rows that hold it, 1 to FEW, ascending; ``is_strict``: a code, or in quotation marks."""

    rows: npt.NDArray[np.int64]
    is_strict: bool


@dataclass(frozen=True, slots=True)
class ExactStrings:
    """The strings of one question that few of the rows searched hold, the strict and then the rarest ones first."""

    strings: tuple[ExactString, ...] = ()

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """All rows that hold any of them, ascending."""
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(string.rows for string in self.strings)]))

    @property
    def has_strict(self) -> bool:
        """Whether the passages hold a code or a quoted phrase of the question: then they are about it."""
        return any(string.is_strict for string in self.strings)

    def add_candidates(
        self, rows: npt.NDArray[np.int64], scores: FloatArray, chosen: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Return ``chosen`` (positions in ``rows``, ascending) with the best holder of each string without one."""
        for string in self.strings:
            held = np.flatnonzero(np.isin(rows, string.rows))
            if len(held) and not np.isin(held, chosen).any():
                chosen = np.union1d(chosen, held[np.argmax(scores[held])])
        return chosen

    def reserve(self, rows: npt.NDArray[np.int64], order: npt.NDArray[np.int64], top_k: int) -> npt.NDArray[np.int64]:
        """Return the positions in ``rows`` to quote: the first ``top_k`` of ``order``, the last ones making room.

        With more strings than places behind the first, the strict and the rarest go before.
        """
        kept = order[:top_k].tolist()
        for number, string in enumerate(self.strings):
            if _is_held(string, rows[kept]):
                continue
            holders = [place for place in order.tolist() if rows[place] in string.rows]
            first_open = 0 if top_k == 1 and string.is_strict else 1
            for place in range(len(kept) - 1, first_open - 1, -1):
                others = kept[:place] + kept[place + 1 :]
                needed = [earlier for earlier in self.strings[:number] if _is_held(earlier, rows[kept])]
                if holders and all(_is_held(earlier, rows[[*others, holders[0]]]) for earlier in needed):
                    kept = [*others, holders[0]]
                    break
        ranks = {place: number for number, place in enumerate(order.tolist())}
        return np.array(sorted(kept, key=ranks.__getitem__), dtype=np.int64)

    def find_ranks(self, quoted: npt.NDArray[np.int64]) -> frozenset[int]:
        """Return the ranks, from 1, of the quoted rows that must stay: for each string the first that holds it."""
        places = [np.flatnonzero(np.isin(quoted, string.rows)) for string in self.strings]
        return frozenset(int(held[0]) + 1 for held in places if len(held))


def _is_held(string: ExactString, rows: npt.NDArray[np.int64]) -> bool:
    return bool(np.isin(rows, string.rows).any())


def find_exact_strings(
    snapshot: Snapshot, scope: npt.NDArray[np.int64], text: str, encoded: EncodedQuery
) -> ExactStrings:
    """Find the strings of a question that at least one and at most FEW of the ``scope``'s rows hold verbatim."""
    found = []
    for phrase, is_strict in _find_candidates(text, encoded).items():
        rows = find_verbatim(snapshot, scope, phrase)
        if 0 < len(rows) <= FEW:
            found.append(ExactString(rows, is_strict))
    found.sort(key=lambda string: (not string.is_strict, len(string.rows)))
    return ExactStrings(tuple(found[:_MOST_STRINGS]))


def _find_candidates(text: str, encoded: EncodedQuery) -> dict[tuple[str, ...], bool]:
    """Return the strings that a question may mean letter by letter, as folded words; True for strict ones."""
    candidates: dict[tuple[str, ...], bool] = {}
    for match in _QUOTED.finditer(text):
        phrase = _split(next(group for group in match.groups() if group is not None))
        if phrase and not (len(phrase) == 1 and is_stop_word(phrase[0])):
            candidates[phrase[:_LONGEST_PHRASE]] = True
    is_shouted = text.isupper()
    for match in _CHUNK.finditer(text):
        chunk = match[0].strip(_EDGES)
        if _is_code(chunk, is_shouted=is_shouted):
            candidates.setdefault(_split(chunk), True)
    words = find_words(text)
    whole = find_whole(text, words, encoded)
    for number, word in enumerate(words):
        if is_stop_word(word.text):
            continue
        is_name = number > 0 and text[word.start].isupper() and not is_shouted
        is_rare = encoded.cuts_words and number not in whole
        if is_name or is_rare or word.text[0].isdigit():
            candidates.setdefault((word.text.removesuffix("'s"),), False)
    candidates.pop((), None)
    return candidates


def _split(phrase: str) -> tuple[str, ...]:
    return tuple(word.text.removesuffix("'s") for word in find_words(phrase))


def _is_code(chunk: str, *, is_shouted: bool) -> bool:
    if _FIGURE.fullmatch(chunk) or _ORDINARY.fullmatch(chunk):
        return False
    has_digit = any(char.isdigit() for char in chunk)
    has_letter = any(char.isalpha() for char in chunk)
    mixes_case = not is_shouted and any(char.isupper() for char in chunk[1:]) and len(chunk) > len("NATO")
    return has_letter and (has_digit or mixes_case or _JOINED.search(chunk) is not None)


def find_verbatim(snapshot: Snapshot, scope: npt.NDArray[np.int64], phrase: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the rows of ``scope`` in which folded words stand side by side; none where too many might."""
    rows = find_common_rows(snapshot, scope, phrase)
    if len(rows) > MOST_READ:
        return rows[:0]
    return rows[[holds_verbatim(snapshot, row, phrase) for row in rows.tolist()]]
