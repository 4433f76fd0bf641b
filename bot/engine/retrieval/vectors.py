"""Vectors in 8 bits a number with one scale a vector, and cosines with a query in full precision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray

_BLOCK_ROWS = 2048
"""Rows widened to float32 at once: small enough to stay in the cache between widening and multiplying."""

_INT8_MAX = 127


@dataclass(frozen=True, slots=True)
class Quantized:
    """``rows``: (n, d) int8; ``scales``: (n,) float32."""

    rows: npt.NDArray[np.int8]
    scales: FloatArray

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.rows.nbytes + self.scales.nbytes

    def __getitem__(self, selection: slice | npt.NDArray[np.integer]) -> Quantized:
        return Quantized(self.rows[selection], self.scales[selection])


def quantize(vectors: FloatArray) -> Quantized:
    """Round (n, d) vectors to 8 bits; a scale per vector keeps the nearest neighbours (design measurements)."""
    peaks = np.abs(vectors).max(axis=1, initial=0.0) if vectors.size else np.zeros(len(vectors))
    scales = np.where(peaks > 0, peaks / _INT8_MAX, 1.0).astype(np.float32)
    return Quantized(np.rint(vectors / scales[:, None]).astype(np.int8), scales)


def cosines(vectors: Quantized, query: FloatArray) -> FloatArray:
    """Return (n,) dot products of unit vectors with a unit query, in full precision on the query's side."""
    result = np.empty(len(vectors), dtype=np.float32)
    for block in _blocks(len(vectors)):
        np.dot(vectors.rows[block].astype(np.float32), query, out=result[block])
    result *= vectors.scales
    return result


def _blocks(length: int) -> Iterator[slice]:
    for start in range(0, length, _BLOCK_ROWS):
        yield slice(start, min(start + _BLOCK_ROWS, length))
