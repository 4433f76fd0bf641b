"""Which rows hold a word, and the words that a row holds, in order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.engine.retrieval.segment import Lexicon
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.tokens import hash_term, stem

_SAME_LETTERS = 3
MOST_READ = 20
"""Rows that are read word by word in search of one string."""


def is_among(values: npt.NDArray[np.int64], among: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return whether each value is one of some ascending ones."""
    if not len(among):
        return np.zeros(len(values), dtype=np.bool_)
    places = np.minimum(np.searchsorted(among, values), len(among) - 1)
    return np.equal(among[places], values)


def find_word_rows(snapshot: Snapshot, word: str) -> npt.NDArray[np.int64]:
    """Return the rows whose passage or heading holds the word's term, ascending."""
    postings = snapshot.postings
    position = int(postings.find(np.array([hash_term(stem(word))], dtype=np.uint64))[0])
    if position < 0:
        return np.zeros(0, dtype=np.int64)
    return postings.rows[postings.edges[position] : postings.edges[position + 1]].astype(np.int64)


def find_common_rows(snapshot: Snapshot, scope: npt.NDArray[np.int64], words: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the rows of ``scope`` that hold every word's term, ascending."""
    held = sorted((find_word_rows(snapshot, word) for word in set(words)), key=len)
    rows = held[0][is_among(held[0], scope)] if held else scope[:0]
    for others in held[1:]:
        rows = rows[is_among(rows, others)]
    return rows


def stand_together(snapshot: Snapshot, scope: npt.NDArray[np.int64], first: str, second: str) -> bool:
    """Return whether a word and a form of another stand side by side in the ``scope``; of many rows some are read."""
    wanted = stem(second)
    for row in find_common_rows(snapshot, scope, (first, second))[:MOST_READ].tolist():
        for name, following in itertools.pairwise(read_words(snapshot, row)):
            if name == first and following[:_SAME_LETTERS] == second[:_SAME_LETTERS] and stem(following) == wanted:
                return True
    return False


def are_held(snapshot: Snapshot, words: Sequence[str]) -> list[bool]:
    """Return whether any row of the guild holds each word's term."""
    hashes = np.array([hash_term(stem(word)) for word in words], dtype=np.uint64)
    held: list[bool] = (snapshot.postings.find(hashes) >= 0).tolist()
    return held


def is_written(snapshot: Snapshot, word: str) -> bool:
    """Return whether an article whose rows hold the folded word's term has the word in this very form."""
    numbers = np.unique(np.searchsorted(snapshot.row_edges, find_word_rows(snapshot, word), side="right")) - 1
    line = f"\n{word}\n".encode("utf-8", "replace")
    return any(line in b"\n" + snapshot.lexicons[number].word_blob + b"\n" for number in numbers.tolist())


def read_words(snapshot: Snapshot, row: int) -> list[str]:
    """Return the folded words of a row's passage in order."""
    lexicon, sequence = _cut(snapshot, row)
    names = lexicon.words
    return [names[place] for place in sequence.tolist()]


def holds_verbatim(snapshot: Snapshot, row: int, phrase: Sequence[str]) -> bool:
    """Return whether folded words, or their possessives, stand side by side in a row's passage."""
    lexicon, sequence = _cut(snapshot, row)
    blob = b"\n" + lexicon.word_blob + b"\n"
    here = np.ones(max(len(sequence) - len(phrase) + 1, 0), dtype=np.bool_)
    for offset, word in enumerate(phrase):
        part = sequence[offset : offset + len(here)]
        here &= (part == _find_number(blob, word)) | (part == _find_number(blob, f"{word}'s"))
    return bool(here.any())


def _cut(snapshot: Snapshot, row: int) -> tuple[Lexicon, npt.NDArray[np.int64]]:
    number = int(np.searchsorted(snapshot.row_edges, row, side="right")) - 1
    lexicon = snapshot.lexicons[number]
    first = int(snapshot.sentence_edges[snapshot.row_edges[number]])
    low, high = lexicon.sequence_edges[snapshot.sentence_edges[row : row + 2] - first]
    return lexicon, lexicon.sequence[low:high].astype(np.int64)


def _find_number(blob: bytes, word: str) -> int:
    """Return a word's number in a vocabulary of one word a line, or -1."""
    place = blob.find(f"\n{word}\n".encode("utf-8", "replace"))
    return blob.count(b"\n", 0, place) if place >= 0 else -1
