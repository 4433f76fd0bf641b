"""Join scores of different scales.

Reciprocal-rank fusion would throw away how sure each ranker is; it measured 5 to 14 points of hit@1 worse.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.engine.ports import FloatArray

DENSE_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.5

_DECIMALS = 5
"""Scores are rounded so that equal passages tie, whatever order their numbers were summed in."""


def standardise(scores: FloatArray, sample: FloatArray | None = None) -> FloatArray:
    """Return z-scores by the mean and deviation of ``sample``, or of the scores; all 0 where there is no deviation."""
    basis = scores if sample is None else sample
    deviation = float(basis.std()) if len(basis) else 0.0
    if deviation < np.finfo(np.float32).eps:
        return np.zeros_like(scores)
    result: FloatArray = ((scores - float(basis.mean())) / deviation).astype(np.float32)
    return result


def fuse(dense: FloatArray, lexical: FloatArray) -> FloatArray:
    """Return the weighted sum of two z-scored rankings."""
    fused: FloatArray = np.round(DENSE_WEIGHT * dense + LEXICAL_WEIGHT * lexical, _DECIMALS).astype(np.float32)
    return fused


def rank(scores: FloatArray, limit: int) -> npt.NDArray[np.int64]:
    """Return the positions of the best scores, best first; ties by ascending position."""
    return np.argsort(-scores, kind="stable")[:limit]
