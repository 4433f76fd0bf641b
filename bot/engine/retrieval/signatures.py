"""Find the rows of a large guild that may be nearest to a question without reading all of their embeddings.

A signature is one bit a dimension: on which side of the guild's mean the embedding lies. Comparing the bits of every
row with the question's takes a twentieth of the time of comparing embeddings; the best sixteenth of the rows, compared
exactly afterwards, holds 99.7 % of the 200 nearest (benchmarks/RESULTS.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.vectors import Quantized

LARGE_ROWS = 50_000
"""From this many rows on a guild has signatures."""

LEAST_ROWS = 8192
_SHARE = 16
_SAMPLE_ROWS = 4096
_BLOCK_ROWS = 2048
_WORD_BYTES = 8


@dataclass(frozen=True, slots=True)
class Signatures:
    """``words``: (ceil(d / 64), n) the bits of n rows; ``centre``: (d,) what an embedding is compared with.

    ``least``: rows to find at least.
    """

    words: npt.NDArray[np.uint64]
    centre: FloatArray
    least: int = LEAST_ROWS

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.words.nbytes + self.centre.nbytes

    def find_near(self, query: FloatArray, among: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.int64]:
        """Return the rows, ascending, with the fewest bits that differ from the question's: a sixteenth of all.

        ``among``: the only rows that count, ascending, or None for all.
        """
        count = self.words.shape[1] if among is None else len(among)
        wanted = max(self.least, count // _SHARE)
        if wanted >= count:
            return np.arange(count) if among is None else among
        distances = np.zeros(self.words.shape[1], dtype=np.uint16)
        for own, asked in zip(self.words, _pack(query[None] > self.centre).T, strict=True):
            distances += np.bitwise_count(own ^ asked[0])
        if among is not None:
            distances = distances[among]
        furthest = np.partition(distances, wanted - 1)[wanted - 1]
        near = np.flatnonzero(distances <= furthest)
        return near if among is None else among[near]


def make_signatures(vectors: Quantized, *, least: int = LEAST_ROWS) -> Signatures:
    """Return the signatures of unit vectors."""
    sample = vectors[:: max(1, len(vectors) // _SAMPLE_ROWS)]
    centre = (sample.rows * sample.scales[:, None]).mean(axis=0, dtype=np.float32)
    blocks = [vectors[start : start + _BLOCK_ROWS] for start in range(0, len(vectors), _BLOCK_ROWS)]
    words = [_pack(block.rows > centre / block.scales[:, None]) for block in blocks]
    return Signatures(np.ascontiguousarray(np.concatenate(words).T), centre, least)


def _pack(above: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    """Return (n, ceil(d / 64)) words of bits."""
    packed = np.packbits(above, axis=1)
    return np.pad(packed, ((0, 0), (0, -packed.shape[1] % _WORD_BYTES))).view(np.uint64)
