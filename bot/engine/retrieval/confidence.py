"""How probable it is that the passages are about the question at all: the honest "not in the articles".

A passage's best sentence cosine plus its BM25 by the question's ceiling, the best of all passages, judged against how
many passages there were to be the best of. The two are added with equal weight: weights fitted on one kind of text
trusted the cosine too much on another (fairytale_val: 15 % of off-topic questions answered instead of 11 %).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# Printed by benchmarks/fit_confidence.py from squad_train_slice alone.
SLOPE = 10.85
ROWS_SLOPE = -0.83
INTERCEPT = -6.1
DEFAULT_THRESHOLD = 0.762
"""Below lie at most 4 % of the answerable questions of one article or a tiny guild, 12 % of those to 845 passages."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """``score``: the best passage's sentence cosine plus its share of the ceiling; ``rows``: out of how many."""

    score: float
    rows: int


def estimate_confidence(evidence: Evidence) -> float:
    """Return the probability, 0 to 1, that the best passage is about the question."""
    logit = SLOPE * evidence.score + ROWS_SLOPE * math.log(max(evidence.rows, 1)) + INTERCEPT
    return 1 / (1 + math.exp(-min(max(logit, -500.0), 500.0)))
