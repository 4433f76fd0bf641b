"""Figures as functions of how much each question weighs, so that resampled questions need no second reckoning.

A statistic takes (n,) weights, one a question, and returns its value, NaN where nothing with weight is left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Statistic = Callable[[Floats], float]

RESAMPLES = 1000
RECALL = 0.95
BINS = 10

_EPSILON = 1e-9


def mean_of(values: npt.ArrayLike, among: Truths) -> Statistic:
    """The weighted mean of the values ``among`` which is true."""
    chosen = np.asarray(values, dtype=np.float64)[among]

    def value(weights: Floats) -> float:
        own = weights[among]
        return _divide(float(own @ chosen), float(own.sum()))

    return value


def auroc_of(scores: Floats, positive: Truths, negative: Truths) -> Statistic:
    """The probability that a positive scores above a negative, ties counting half."""
    levels, ranks = np.unique(scores[positive | negative], return_inverse=True)
    of_positive, of_negative = ranks[positive[positive | negative]], ranks[negative[positive | negative]]

    def value(weights: Floats) -> float:
        above = np.bincount(of_positive, weights[positive], len(levels))
        below = np.bincount(of_negative, weights[negative], len(levels))
        wins = above @ (np.cumsum(below) - below / 2)
        return _divide(float(wins), float(above.sum() * below.sum()))

    return value


def share_at_recall_of(scores: Floats, positive: Truths, negative: Truths, recall: float = RECALL) -> Statistic:
    """The share of negatives at or above the highest threshold that ``recall`` of the positives reach."""
    order = np.argsort(-scores[positive], kind="stable")
    descending, others = scores[positive][order], scores[negative]

    def value(weights: Floats) -> float:
        own, against = weights[positive][order], weights[negative]
        total = float(own.sum())
        if total <= 0:
            return float("nan")
        reached = int(np.searchsorted(np.cumsum(own), recall * total - _EPSILON))
        return _divide(float(against @ (others >= descending[reached])), float(against.sum()))

    return value


def calibration_error_of(confidence: Floats, right: Truths, among: Truths, bins: int = BINS) -> Statistic:
    """The expected calibration error: the mean distance of confidence and rightness over bins of equal weight.

    Naeini, Cooper and Hauskrecht, 2015, with bins of equal count.
    """
    order = np.argsort(confidence[among], kind="stable")
    gaps = (confidence[among] - right[among])[order]

    def value(weights: Floats) -> float:
        own = weights[among][order]
        total = float(own.sum())
        if total <= 0:
            return float("nan")
        middles = (np.cumsum(own) - own / 2) / total
        owners = np.minimum((middles * bins).astype(np.int64), bins - 1)
        return float(np.abs(np.bincount(owners, own * gaps, bins)).sum()) / total

    return value


def bootstrap(
    statistics: Mapping[str, Statistic], owners: Sequence[str], *, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, tuple[float, float] | None]:
    """Return each statistic's 95 % interval, drawing whole articles (``owners``: the article of each question).

    None where there are fewer than two articles, or where no resample gives a value.
    """
    names, numbers = np.unique(np.asarray(owners), return_inverse=True)
    if len(names) < 2:
        return dict.fromkeys(statistics)
    random = np.random.default_rng(seed)
    values = np.empty((resamples, len(statistics)))
    for row in range(resamples):
        drawn = np.bincount(random.integers(0, len(names), len(names)), minlength=len(names))
        weights = drawn[numbers].astype(np.float64)
        values[row] = [statistic(weights) for statistic in statistics.values()]
    intervals: dict[str, tuple[float, float] | None] = {}
    for column, name in enumerate(statistics):
        known = values[:, column][~np.isnan(values[:, column])]
        low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
        intervals[name] = (float(low), float(high)) if len(known) else None
    return intervals


def _divide(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
