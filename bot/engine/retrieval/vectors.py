"""Vectors in 8 or 4 bits a number with one scale a vector, and cosines with a query in full precision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ports import FloatArray

_BLOCK_ROWS = 1024
"""Rows widened to float32 at once: small enough to stay in the cache between widening and multiplying."""

_INT8_MAX = 127
_INT4_MAX = 7


@dataclass(frozen=True, slots=True)
class Quantized:
    """``rows``: (n, d) int8, or (n, d / 2) uint8 of two 4-bit numbers each; ``scales``: (n,) float32."""

    rows: npt.NDArray[np.int8] | npt.NDArray[np.uint8]
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
    scales = _scales(vectors, _INT8_MAX)
    return Quantized(np.rint(vectors / scales[:, None]).astype(np.int8), scales)


def _scales(vectors: FloatArray, largest: int) -> FloatArray:
    peaks = np.abs(vectors).max(axis=1, initial=0.0) if vectors.size else np.zeros(len(vectors))
    return np.where(peaks > 0, peaks / largest, 1.0).astype(np.float32)


def quantize_tokens(vectors: FloatArray, bits: int) -> Quantized:
    """Round (t, d) vectors to 8 or 4 bits a number; an odd dimension is padded with a zero."""
    if bits == 8:
        return quantize(vectors)
    if vectors.shape[1] % 2:
        vectors = np.pad(vectors, ((0, 0), (0, 1)))
    # float16 is what the segment keeps of the scale, so round with that.
    scales = _scales(vectors, _INT4_MAX).astype(np.float16).astype(np.float32)
    numbers = (np.clip(np.rint(vectors / scales[:, None]), -_INT4_MAX, _INT4_MAX) + _INT4_MAX + 1).astype(np.uint8)
    return Quantized(numbers[:, 0::2] | (numbers[:, 1::2] << 4), scales)


def unpack_tokens(packed: Quantized, bits: int, low: int, high: int) -> FloatArray:
    """Return rows ``low`` to ``high`` as (t, d) float32 (d rounded up to even for 4 bits)."""
    rows, scales = packed.rows[low:high], packed.scales[low:high, None]
    if bits == 8:
        return rows.astype(np.float32) * scales
    wide = np.empty((len(rows), rows.shape[1] * 2), dtype=np.float32)
    wide[:, 0::2] = rows & 15
    wide[:, 1::2] = rows >> 4
    wide -= _INT4_MAX + 1
    wide *= scales
    return wide


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
