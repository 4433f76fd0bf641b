"""A fixed rotation that spreads every direction over all dimensions, so that one bit a dimension tells the most of it.

Built from signs, permutations and Hadamard blocks alone: the same numbers on every machine, for any encoder.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray

_ROUNDS = 2


@lru_cache(maxsize=4)
def make_rotation(dimension: int) -> FloatArray:
    """Return the (d, d) orthogonal matrix of a dimension. Read only: it is shared."""
    size = dimension & -dimension
    hadamard = np.ones((1, 1))
    while len(hadamard) < size:
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    block = hadamard / np.sqrt(size)
    rotation = np.eye(dimension)
    for number in range(_ROUNDS):
        drawn = _draw(dimension, number)
        rotation = rotation[:, np.argsort(drawn, kind="stable")] * np.where(drawn & 1, 1.0, -1.0)
        rotation = (rotation.reshape(dimension, -1, size) @ block).reshape(dimension, dimension)
    result: FloatArray = rotation.astype(np.float32)
    result.setflags(write=False)
    return result


def _draw(count: int, number: int) -> npt.NDArray[np.uint32]:
    stream = hashlib.shake_128(f"{number} {count}".encode()).digest(4 * count)
    return np.frombuffer(stream, dtype="<u4").astype(np.uint32)
