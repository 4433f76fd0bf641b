"""Join scores of different scales.

Reciprocal-rank fusion would throw away how sure each ranker is; it measured 5 to 14 points of hit@1 worse.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray

DENSE_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.5

# Mean deviations within an article of the training slice. With the prior, hit@1 in windows of 2 to 8 of its passages is
# 0.4 points higher; in whole articles it is the same.
DENSE_SPREAD = 0.20
LEXICAL_SPREAD = 0.17
_PRIOR_SCORES = 4

_SORTED_WHOLE = 1024

_DECIMALS = 5
"""Scores are rounded so that equal passages tie, whatever order their numbers were summed in."""


def standardise(scores: FloatArray, spread: float | FloatArray, sample: FloatArray | None = None) -> FloatArray:
    """Return z-scores by the mean and deviation of ``sample``, or of the scores: (n,), or (n, f) by column.

    The deviation leans on ``spread``, a ranker's usual one, by a few imagined scores: between two or three passages the
    deviation alone would make every difference look equally great.
    """
    basis = scores if sample is None else sample
    if not len(basis):
        return scores
    variance = (len(basis) * basis.var(axis=0) + _PRIOR_SCORES * np.square(spread)) / (len(basis) + _PRIOR_SCORES)
    result: FloatArray = ((scores - basis.mean(axis=0)) / np.sqrt(variance)).astype(np.float32)
    return result


def fuse(dense: FloatArray, lexical: FloatArray) -> FloatArray:
    """Return the weighted sum of two z-scored rankings."""
    fused: FloatArray = np.round(DENSE_WEIGHT * dense + LEXICAL_WEIGHT * lexical, _DECIMALS).astype(np.float32)
    return fused


def rank(scores: FloatArray, limit: int) -> npt.NDArray[np.int64]:
    """Return the positions of the best scores, best first; ties by ascending position."""
    descending = -scores
    if len(scores) <= _SORTED_WHOLE or not 0 < limit < len(scores):
        return np.argsort(descending, kind="stable")[:limit]
    # What a stable sort of everything would give first, for a tenth of its time.
    last = np.partition(descending, limit - 1)[limit - 1]
    better = np.flatnonzero(descending < last)
    better = better[np.argsort(descending[better], kind="stable")]
    ties = np.flatnonzero(descending == last)[: limit - len(better)]
    return np.concatenate([better, ties])
