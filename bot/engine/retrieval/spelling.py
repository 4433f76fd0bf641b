"""Misspelt words of a question, corrected to words that the guild's own passages hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.tokens import STOP_WORDS, Word, hash_term, is_stop_word, stem
from bot.engine.retrieval.vocabulary import Vocabulary
from bot.engine.retrieval.word_rows import find_word_rows, is_among, is_written

SHORTEST_WORD = 3
TWO_EDITS_FROM = 6
_SHORT = 4

# Chosen on typos put into the questions of squad_train_slice, on its clean questions and on its off-topic ones. The
# scale is natural: one unit of log-frequency counts 0.3, the whole rest of the question in the candidate's passage 4.
_EDIT_COSTS = (0.0, 4.0, 6.0)
_FIRST_LETTER_COST = 2.0
_LENGTH_GAIN = 0.25
_USUAL_LENGTH = 6
_NAME_COST = 1.0
_SAME_LETTERS_GAIN = 1.0
_FREQUENCY_GAIN = 0.3
_FUNCTION_WORD_GAIN = 1.0
_SCOPE_GAIN = 1.0
_CONTEXT_GAIN = 4.0
_LEAST_SCORE = -3.0


class Correction(NamedTuple):
    """A word of the question and what is searched for in its place: ``start`` and ``end`` in the question's text."""

    start: int
    end: int
    found: str


class _Candidate(NamedTuple):
    word: str
    score: float


@dataclass(frozen=True, slots=True)
class Spelling:
    """Corrects words against a state of a guild's index. ``rows``: (r,) the rows searched, ascending."""

    snapshot: Snapshot
    vocabulary: Vocabulary
    rows: npt.NDArray[np.int64]

    def correct(self, words: Sequence[Word], unknown: Sequence[int], names: Sequence[int] = ()) -> list[Correction]:
        """Return the corrections of the ``unknown`` words (numbers); a word without a likely candidate has none.

        ``names``: numbers of words with a capital inside the question; they are changed less readily.
        """
        rest = [word.text for number, word in enumerate(words) if number not in unknown and not is_stop_word(word.text)]
        context = self._score_context(rest)
        corrections = []
        for number in unknown:
            word = words[number]
            bare = word.text.partition("'")[0]
            ranked = self.rank(bare, context, is_name=number in names)
            likely = (candidate.word for candidate in ranked if candidate.score >= _LEAST_SCORE)
            # The vocabulary may hold forms that only hidden or removed articles have, of words that these have too.
            found = next((it for it in likely if it in STOP_WORDS or is_written(self.snapshot, it)), None)
            if found is not None:
                end = word.end - len(word.text) + len(bare)
                corrections.append(Correction(word.start, end, found))
        return corrections

    def rank(self, word: str, context: FloatArray | None, *, is_name: bool = False) -> list[_Candidate]:
        """Return the candidates for one word, the likeliest first."""
        edits = 2 if len(word) >= TWO_EDITS_FROM else 1
        found = []
        for candidate, distance in self.vocabulary.find_near(word, edits):
            score = self._score(word, candidate, distance, context, is_name=is_name)
            if score is not None:
                found.append(_Candidate(candidate, score))
        found.sort(key=lambda item: (-item.score, item.word))
        return found

    def _score(
        self, word: str, candidate: str, distance: int, context: FloatArray | None, *, is_name: bool
    ) -> float | None:
        score = -_EDIT_COSTS[distance]
        is_swap = sorted(candidate) == sorted(word)
        if len(word) == SHORTEST_WORD and not is_swap and len(candidate) == len(word):
            return None
        if candidate[0] != word[0] and not is_swap:
            if distance > 1:
                return None
            score -= _FIRST_LETTER_COST
        score -= _NAME_COST * is_name
        score += _LENGTH_GAIN * min(max(min(len(word), len(candidate)) - _USUAL_LENGTH, -2), 4)
        score += _SAME_LETTERS_GAIN * (set(candidate) == set(word))
        if candidate in STOP_WORDS:
            return None if is_name or len(candidate) < _SHORT else score + _FUNCTION_WORD_GAIN + _SCOPE_GAIN
        rows = find_word_rows(self.snapshot, candidate)
        if not len(rows):
            return None
        here = rows[is_among(rows, self.rows)]
        score += _FREQUENCY_GAIN * math.log1p(len(here))
        if len(here):
            score += _SCOPE_GAIN
            if context is not None:
                score += _CONTEXT_GAIN * float(context[here].max())
        return score

    def _score_context(self, words: Sequence[str]) -> FloatArray | None:
        """Return (n,) how much of the rest of the question each row holds, 0 to about 1."""
        hashes = np.unique(np.array([hash_term(stem(word)) for word in words], dtype=np.uint64))
        ceiling = float(self.snapshot.postings.idf(hashes).sum())
        return self.snapshot.postings.score(hashes) / np.float32(ceiling) if ceiling > 0 else None


def find_unknown(snapshot: Snapshot, words: Sequence[Word]) -> list[int]:
    """Return the numbers of the words that no passage of the guild holds and that may be misspelt."""
    if not words:
        return []
    hashes = np.array([hash_term(stem(word.text)) for word in words], dtype=np.uint64)
    positions = snapshot.postings.find(hashes).tolist()
    return [
        number
        for number, (word, position) in enumerate(zip(words, positions, strict=True))
        if position < 0 and _may_be_misspelt(word.text)
    ]


def _may_be_misspelt(word: str) -> bool:
    return (
        len(word.partition("'")[0]) >= SHORTEST_WORD
        and word not in STOP_WORDS
        and not any(char.isdigit() for char in word)
    )
