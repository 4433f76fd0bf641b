"""Fitting the heads of the confidence: what they may go by, and which way."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.heads import ANSWER_EVIDENCE, FALLING, FREE, SIGNS, fit_head, score
from bot.engine.retrieval.evidence import EVIDENCE


def sample(**slopes: float) -> tuple[np.ndarray, np.ndarray]:
    """Return random evidence and truths that depend on some of it."""
    random = np.random.default_rng(0)
    x = random.normal(size=(2000, len(EVIDENCE)))
    logits = sum(slope * x[:, EVIDENCE.index(name.replace("_", " "))] for name, slope in slopes.items())
    return x, random.random(2000) < 1 / (1 + np.exp(-logits))


def test_the_names_are_evidence() -> None:
    """What is named as falling, free, or of the second head is evidence that is gathered."""
    assert set(EVIDENCE) >= FALLING | FREE | ANSWER_EVIDENCE
    assert not FALLING & FREE


def test_evidence_speaks_only_the_way_that_makes_sense() -> None:
    """Evidence that correlates the wrong way gets no weight, and the others keep theirs."""
    x, y = sample(margin=-1.0, lead=1.0, absent_words=1.0)
    head = fit_head(x, y, np.ones(len(x)))
    assert head[EVIDENCE.index("margin")] == 0
    assert head[EVIDENCE.index("absent words")] == 0
    assert head[EVIDENCE.index("lead")] > 0.5
    assert np.all(head[:-1] * SIGNS >= 0)


def test_only_allowed_evidence_is_used() -> None:
    """A head fitted on some evidence has no weight for the rest, whatever that tells."""
    x, y = sample(margin=1.0, lead=1.0)
    head = fit_head(x, y, np.ones(len(x)), ("lead",))
    assert np.flatnonzero(head[:-1]).tolist() == [EVIDENCE.index("lead")]


def test_samples_without_weight_do_not_count() -> None:
    """What weighs nothing could be anything."""
    x, y = sample(lead=1.0)
    weights = np.ones(len(x))
    weights[1000:] = 0
    kept = fit_head(x, y, weights)
    x[1000:], y[1000:] = 9.0, ~y[1000:]
    assert fit_head(x, y, weights).tolist() == pytest.approx(kept.tolist())


def test_the_score_is_below_either_head() -> None:
    """The product of two probabilities is below each of them."""
    x, y = sample(lead=1.0)
    one = fit_head(x, y, np.ones(len(x)))
    raw = score(x, (one, one))
    assert np.all(raw < x @ one[:-1] + one[-1])
