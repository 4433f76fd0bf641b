"""An encoder without a model: hashed bags of words. For tests, and for a machine too small for a real one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bot.engine.ports.encoders import EncodedPassage, EncodedQuery, EncoderIdentity, FloatArray, PassageInput, Progress

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "ly", "e", "y")
_SHORTEST_STEM = 3
_COMMON_WEIGHT = 0.2
_COMMON = frozenset(
    """
    a an and are as at be by did do does for from had has have how in is it of on or that the this to was were what when
    where which who why will with
    """.split()  # noqa: SIM905
)


class HashingEncoder:
    """Each word stem is a fixed random sign vector; a text is their weighted mean. Deterministic across processes."""

    def __init__(self, dimension: int = 64) -> None:
        if dimension < 1:
            raise ValueError("dimension must be at least 1")
        self._dimension = dimension

    @property
    def identity(self) -> EncoderIdentity:
        """The identity that the store records."""
        return EncoderIdentity("hashing", "1", self._dimension)

    def encode_query(self, text: str) -> EncodedQuery:
        """Encode a question."""
        matches = list(_WORD.finditer(text))
        words = [match.group() for match in matches]
        starts = np.array([match.start() for match in matches], dtype=np.int64)
        return EncodedQuery(self._pool(words), self._rows(words), tuple(words), starts, cuts_words=False)

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Encode passages, results in input order."""
        encoded = []
        for number, passage in enumerate(passages, start=1):
            encoded.append(self._encode_passage(passage))
            if progress is not None:
                progress(number, len(passages))
        return encoded

    def _encode_passage(self, passage: PassageInput) -> EncodedPassage:
        matches = list(_WORD.finditer(passage.text))
        words = [match.group() for match in matches]
        starts = np.array([span.start for span in passage.sentences], dtype=np.int64)
        owners = np.searchsorted(starts, [match.start() for match in matches], side="right") - 1
        owned = np.clip(owners, 0, np.iinfo(np.uint16).max).astype(np.uint16)
        sentences = [
            self._pool([word for word, owner in zip(words, owned, strict=True) if owner == number])
            for number in range(len(passage.sentences))
        ]
        stacked = np.stack(sentences) if sentences else np.zeros((0, self._dimension), dtype=np.float32)
        return EncodedPassage(self._pool(words), stacked, self._rows(words), owned)

    def _rows(self, words: Sequence[str]) -> FloatArray:
        if not words:
            return np.zeros((0, self._dimension), dtype=np.float32)
        return np.stack([_word_vector(_stem(word), self._dimension) for word in words])

    def _pool(self, words: Sequence[str]) -> FloatArray:
        total = np.zeros(self._dimension, dtype=np.float32)
        for word in words:
            stem = _stem(word)
            weight = _COMMON_WEIGHT if stem in _COMMON else 1.0
            total += weight * _word_vector(stem, self._dimension)
        norm = float(np.linalg.norm(total))
        # Words can cancel out exactly in few dimensions; a text without words has a direction of its own.
        return total / norm if norm > 0 else _word_vector("", self._dimension)


def _stem(word: str) -> str:
    folded = word.casefold()
    if folded in _COMMON:
        return folded
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_STEM:
            return folded[: -len(ending)]
    return folded


@lru_cache(maxsize=16384)
def _word_vector(stem: str, dimension: int) -> FloatArray:
    """Return the stem's unit vector of equal-sized signs, bits of BLAKE2b in counter mode. Read only: it is shared."""
    blocks = range(-(-dimension // 512))
    stream = b"".join(hashlib.blake2b(f"{block}\x00{stem}".encode()).digest() for block in blocks)
    bits = np.unpackbits(np.frombuffer(stream, dtype=np.uint8), count=dimension, bitorder="little")
    vector: FloatArray = ((bits.astype(np.float32) * 2 - 1) / np.sqrt(dimension)).astype(np.float32)
    vector.setflags(write=False)
    return vector
