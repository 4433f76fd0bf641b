"""A question as the lexical side sees it: distinct terms, and which of them carry its topic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.retrieval.tokens import find_words, hash_term, is_stop_word, stem


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """``hashes``: (q,) distinct terms in order of appearance; ``topical``: (q,) False for function words."""

    hashes: npt.NDArray[np.uint64]
    topical: npt.NDArray[np.bool_]

    @property
    def ranking(self) -> npt.NDArray[np.uint64]:
        """The terms to rank by: the topical ones, or all where there is nothing else."""
        return self.hashes[self.topical] if self.topical.any() else self.hashes


def analyse_query(text: str) -> QueryTerms:
    """Return the terms of a question."""
    found: dict[int, bool] = {}
    for word in find_words(text):
        term = hash_term(stem(word.text))
        found[term] = found.get(term, False) or not is_stop_word(word.text)
    return QueryTerms(np.array(list(found), dtype=np.uint64), np.array(list(found.values()), dtype=np.bool_))
