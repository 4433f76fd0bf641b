"""The two linear heads of the confidence: what each may go by, how it is fitted, and how their scores are joined."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, minimize

from bot.engine.retrieval.evidence import EVIDENCE

PENALTY = 10.0
"""Quadratic, on standardised evidence and a thousand samples. From 1 to 100 it hardly matters."""

FALLING = frozenset({
    "absent words", "words elsewhere", "missing names", "missing numbers", "negated", "log rows",
    "unmatched in sentence", "loosely matched in sentence", "exact piece missed",
})  # fmt: skip
FREE = frozenset({
    "first: type in passage", "first: run in a sentence", "untyped", "log words", "names", "numbers",
    "spread of pieces",
})  # fmt: skip
"""Evidence that may speak against, and that may speak for or against; all other may only speak for."""

ANSWER_EVIDENCE = frozenset({
    "first: passage cosine", "first: best sentence cosine", "first: second sentence cosine",
    "any: best sentence cosine", "cosine and bm25", "first: maxsim", "first: maxsim by idf",
    "first: maxsim best sentence", "first: weakest piece",
    "first: emphasised", "first: emphasised sentence", "first: emphasised carried", "first: close pieces",
    "first: close in a sentence", "weakest in sentence", "exact piece missed", "missing names", "missing numbers",
    "negated", "absent words",
})  # fmt: skip
"""What the second head may go by. Whoever asks what a passage nearly answers takes the words from it, so that the words
it shares say nothing, and the few real near misses (two articles) teach those articles: they are kept to check by."""

SIGNS = np.array([0 if name in FREE else -1 if name in FALLING else 1 for name in EVIDENCE])

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def fit_head(x: Floats, y: Truths, weights: Floats, evidence: Collection[str] = EVIDENCE) -> Floats:
    """Return logistic weights and bias, each weight of the sign that it may have, 0 for what is not in ``evidence``."""
    used = weights > 0
    x, weights = x[used], weights[used] / weights[used].mean()
    truth = y[used].astype(np.float64)
    centre = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - centre) ** 2, axis=0, weights=weights)) + 1e-9
    design = np.column_stack([(x - centre) / spread, np.ones(len(x))])
    penalty = np.append(np.full(x.shape[1], PENALTY * len(x) / 1000), 1e-6)
    allowed = np.array([name in evidence for name in EVIDENCE]) & (spread > 1e-6)

    def measure(tried: Floats) -> tuple[float, Floats]:
        logits = design @ tried
        loss = weights @ (np.logaddexp(0, logits) - truth * logits) + penalty @ tried**2 / 2
        return float(loss), design.T @ (weights * (1 / (1 + np.exp(-logits)) - truth)) + penalty * tried

    low = np.append(np.where(allowed & (SIGNS <= 0), -np.inf, 0), -np.inf)
    high = np.append(np.where(allowed & (SIGNS >= 0), np.inf, 0), np.inf)
    found = minimize(measure, np.zeros(len(low)), jac=True, method="L-BFGS-B", bounds=Bounds(low, high))
    solution: Floats = found.x
    return np.append(solution[:-1] / spread, solution[-1] - float(solution[:-1] / spread @ centre))


def score(x: Floats, heads: tuple[Floats, Floats]) -> Floats:
    """Return raw scores: the log-odds of the heads' product."""
    about, answers = (x @ head[:-1] + head[-1] for head in heads)
    raw: Floats = -np.logaddexp(np.logaddexp(-about, -answers), -about - answers)
    return raw
