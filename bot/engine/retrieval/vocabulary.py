"""The words of a guild, searchable by likeness: what a misspelt word may have been meant to be."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.tokens import STOP_WORDS

SHORTEST_WORD = 3
_LONGEST_WORD = 40
_NEWLINE = 10
_OTHER = re.compile(rb"[0-9']")
_STALE = 2
"""Articles taken in, gone ones included, beside the present ones, before the words are collected anew."""


def _letter_bits() -> npt.NDArray[np.uint64]:
    """Return (256,) the bit of each byte in a word's signature: a to z have their own, the rest share the others."""
    places = 26 + np.arange(256) % 38
    places[ord("a") : ord("z") + 1] = np.arange(26)
    bits: npt.NDArray[np.uint64] = np.uint64(1) << places.astype(np.uint64)
    return bits


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Distinct folded words without digits and apostrophes.

    ``blob``: the words in UTF-8, one a line; ``starts``: (w,) where each begins; ``lengths``: (w,) characters;
    ``signatures``: (w,) which letters each holds, as bits. One edit changes at most two bits a byte of a character.
    """

    blob: bytes
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.uint8]
    signatures: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return len(self.blob) + self.starts.nbytes + self.lengths.nbytes + self.signatures.nbytes

    def find_near(self, word: str, edits: int) -> list[tuple[str, int]]:
        """Return the words that 1 to ``edits`` edits make of this one, with how many.

        An edit is a letter put in, left out or replaced, or two neighbours swapped (optimal string alignment).
        """
        if not len(self):
            return []
        own = _describe(f"{word}\n".encode("utf-8", "replace"))
        width = max(len(character.encode("utf-8", "replace")) for character in word)
        near = np.bitwise_count(self.signatures ^ own.signatures[0]) <= 2 * edits * width
        near &= np.abs(self.lengths.astype(np.int16) - len(word)) <= edits
        starts = self.starts[near].tolist()
        words = [self.blob[start : self.blob.index(b"\n", start)].decode() for start in starts]
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        return [(candidate, int(distance)) for candidate, distance, _ in found if distance]


def _describe(blob: bytes) -> Vocabulary:
    """Measure words that are joined and ended by newlines."""
    if not blob:
        nothing = np.zeros(0, dtype=np.int64)
        return Vocabulary(b"", nothing, nothing.astype(np.uint8), nothing.astype(np.uint64))
    codes = np.frombuffer(blob, dtype=np.uint8)
    ends = np.flatnonzero(codes == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1])
    bits = _letter_bits()
    bits[_NEWLINE] = 0
    # In UTF-8 the other bytes of a character begin with the bits 10.
    is_first_byte = (codes & 0xC0) != 0x80
    lengths = np.add.reduceat(is_first_byte.astype(np.int64), starts) - 1
    return Vocabulary(
        blob, starts, np.minimum(lengths, 255).astype(np.uint8), np.bitwise_or.reduceat(bits[codes], starts)
    )


class VocabularyCache:
    """The vocabulary of one guild, collected at the first question that needs it and then kept up. Thread-safe.

    Words of articles that are gone may linger: whoever takes a word asks whether an article has it (``is_written``).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start_anew()

    def _start_anew(self) -> None:
        self._taken: set[tuple[int, int]] = set()
        self._seen = {word.encode() for word in STOP_WORDS}
        self._vocabulary = _describe(_join(self._seen))

    @property
    def nbytes(self) -> int:
        """Bytes held, roughly: the set of words costs about 70 bytes each."""
        return self._vocabulary.nbytes + 70 * len(self._seen)

    def take(self, snapshot: Snapshot) -> Vocabulary:
        """Return the vocabulary of at least this state's articles, and of the language's function words."""
        present = list(zip(snapshot.article_ids.tolist(), snapshot.checksums.tolist(), strict=True))
        with self._lock:
            missing = [number for number, key in enumerate(present) if key not in self._taken]
            if missing and len(self._taken) + len(missing) > _STALE * len(present):
                self._start_anew()
                missing = list(range(len(present)))
            if missing:
                found: set[bytes] = set()
                for number in missing:
                    found.update(snapshot.lexicons[number].word_blob.split(b"\n"))
                    self._taken.add(present[number])
                found -= self._seen
                self._seen |= found
                self._vocabulary = _describe(self._vocabulary.blob + _join(found))
            return self._vocabulary


def _join(words: Iterable[bytes]) -> bytes:
    """Join the words that can be misspelt, sorted, so that equal guilds have equal vocabularies."""
    kept = [word for word in words if SHORTEST_WORD <= len(word) <= _LONGEST_WORD and not _OTHER.search(word)]
    return b"".join(word + b"\n" for word in sorted(kept))
