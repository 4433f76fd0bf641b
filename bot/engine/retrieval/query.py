"""A question as the lexical side sees it: distinct terms, which of them carry its topic, and what it asks for."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.retrieval.answer_types import find_asked_type
from bot.engine.retrieval.tokens import find_words, hash_term, is_stop_word, stem

_NEGATION = re.compile(r"\b(?:not|never|neither|nor|without|except|unlike|cannot|least)\b|n[’']t\b", re.IGNORECASE)

LONGEST_QUERY = 4096
"""Distinct terms; a longer text is cut."""


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """``hashes``: (q,) distinct terms in order of appearance; ``topical``: (q,) False for function words.

    ``numbers`` and ``names``: (q,) terms with a digit, and capitalised ones after the first word. ``neighbours``:
    distinct pairs of terms side by side of which one at least is topical, as ``first * q + second``. ``asked_type``: an
    AnswerType's bit; ``is_negated``: whether it asks for what is not so.
    """

    hashes: npt.NDArray[np.uint64]
    topical: npt.NDArray[np.bool_]
    numbers: npt.NDArray[np.bool_]
    names: npt.NDArray[np.bool_]
    neighbours: npt.NDArray[np.int64]
    asked_type: int
    is_negated: bool = False

    @property
    def ranking(self) -> npt.NDArray[np.uint64]:
        """The terms to rank by: the topical ones, or all where there is nothing else."""
        return self.hashes[self.topical] if self.topical.any() else self.hashes


def analyse_query(text: str) -> QueryTerms:
    """Return the terms of a question."""
    order: dict[int, int] = {}
    topical: set[int] = set()
    numbers: set[int] = set()
    names: set[int] = set()
    sequence: list[int] = []
    for place, word in enumerate(find_words(text)):
        term = hash_term(stem(word.text))
        if term not in order and len(order) == LONGEST_QUERY:
            break
        number = order.setdefault(term, len(order))
        sequence.append(number)
        if not is_stop_word(word.text):
            topical.add(number)
            if place and text[word.start].isupper():
                names.add(number)
        if any(character.isdigit() for character in word.text):
            numbers.add(number)
    pairs = {(a, b) for a, b in itertools.pairwise(sequence) if a in topical or b in topical}
    return QueryTerms(
        np.array(list(order), dtype=np.uint64),
        _mark(topical, len(order)),
        _mark(numbers, len(order)),
        _mark(names, len(order)),
        np.array(sorted(a * len(order) + b for a, b in pairs), dtype=np.int64),
        find_asked_type(text),
        _NEGATION.search(text) is not None,
    )


def _mark(chosen: set[int], count: int) -> npt.NDArray[np.bool_]:
    marks = np.zeros(count, dtype=np.bool_)
    marks[list(chosen)] = True
    return marks
