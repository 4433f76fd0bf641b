"""How probable it is that the best passage answers: the honest "not in the articles".

Two questions, kept apart because what tells one says little of the other: are the articles about this at all, and does
the passage answer it? A linear head for each, fitted by benchmarks/fit_confidence.py on training sets; their
probabilities are multiplied, and the product is calibrated. Numpy alone at run time.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.engine.ports.encoders import EncoderIdentity, FloatArray
from bot.engine.records.answers import AnswerState
from bot.engine.retrieval.calibration import CONFIDENCE_FILE, Calibration, read_calibration
from bot.engine.retrieval.evidence import EVIDENCE

WRONG_IN_100 = 1.0
"""Of 100 questions about something else, so many may be given an answer."""

UNSURE_FACTOR = 2.0
"""And so many times as many may be shown the closest passages, as not sure."""

# The heads of an encoder that nothing was fitted for: the best sentence cosine plus the share of BM25's ceiling, judged
# against how many passages there were to be the best of. Weights that trusted the cosine more did worse on other texts.
UNTRAINED = {"cosine and bm25": 10.85, "log rows": -0.83, "bias": -6.1}


@dataclass(frozen=True, slots=True)
class Head:
    """``weights``: (e,) of EVIDENCE, and the ``bias``; their sum is a logit."""

    weights: FloatArray
    bias: float

    def score(self, evidence: FloatArray) -> float:
        """Return the logit."""
        return float(self.weights @ evidence) + self.bias


@dataclass(frozen=True, slots=True)
class Judge:
    """``is_about``: whether the passages are about the question; ``answers``: whether the first answers it, or None.

    ``quote_gap``: a further quote that the ranker scores more than this below the first is not worth showing. Infinite
    where no ranker was fitted.
    """

    is_about: Head
    answers: Head | None
    calibration: Calibration
    quote_gap: float = math.inf

    def score(self, evidence: FloatArray) -> float:
        """Return the raw score: the log-odds of the heads' product."""
        about = self.is_about.score(evidence)
        return about if self.answers is None else multiply(about, self.answers.score(evidence))


@dataclass(frozen=True, slots=True)
class Limits:
    """Confidences: from ``answers`` on a quote is an answer; from ``unsure`` on it is shown as perhaps one."""

    answers: float
    unsure: float

    def choose_state(self, confidence: float) -> AnswerState:
        """Return what a confidence means."""
        if confidence >= self.answers:
            return AnswerState.ANSWERS
        return AnswerState.UNSURE if confidence >= self.unsure else AnswerState.NOT_IN_ARTICLES


def multiply(one: float, other: float) -> float:
    """Return the log-odds of the product of two probabilities given by theirs."""
    return float(-np.logaddexp(np.logaddexp(-one, -other), -one - other))


def choose_limits(calibration: Calibration, wrong_in_100: float) -> Limits:
    """Return the limits at a rate of wrong answers."""
    return Limits(calibration.to_threshold(wrong_in_100), calibration.to_threshold(UNSURE_FACTOR * wrong_in_100))


def limits_from(calibration: Calibration, threshold: float) -> Limits:
    """Return the limits where the confidence of an answer is given."""
    wrong_in_100 = calibration.to_wrong_in_100(threshold)
    # Where no wrong answer is allowed, there is nothing between an answer and none.
    unsure = calibration.to_threshold(UNSURE_FACTOR * wrong_in_100) if wrong_in_100 else threshold
    return Limits(threshold, min(unsure, threshold))


def open_judge(
    identity: EncoderIdentity | None,
    *,
    has_tokens: bool,
    calibration: Calibration | None = None,
    path: Path = CONFIDENCE_FILE,
) -> Judge:
    """Return the judge fitted for an encoder, with or without token vectors, or the untrained one.

    ``calibration`` replaces the judge's own; whoever gives it knows that it was fitted for this encoder.
    """
    found = _read(path)
    fits = identity is not None and found["encoder"] == [identity.name, identity.revision]
    part = found["with_tokens" if has_tokens else "without_tokens"] if fits else found["untrained"]
    judge = Judge(
        _read_head(part["about"] if fits else UNTRAINED),
        _read_head(part["answers"]) if fits else None,
        read_calibration(part["calibration"]),
        float(part.get("quote_gap", math.inf)),
    )
    return judge if calibration is None else replace(judge, calibration=calibration)


def _read_head(weights: dict[str, float]) -> Head:
    return Head(
        np.array([weights.get(name, 0.0) for name in EVIDENCE], dtype=np.float32), float(weights.get("bias", 0.0))
    )


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
