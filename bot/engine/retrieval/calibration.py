"""From a raw score to a probability, and from "wrong answers allowed in 100" to the probability that it takes.

The mapping is monotone and made of straight pieces between the logits at a few knots, so it can be fitted to any
encoder's or reranker's scores (Platt, 1999, with two knots; Zadrozny and Elkan, 2002, with more) and changes no order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

CONFIDENCE_FILE = Path(__file__).with_name("confidence.json")

LEAST_SAMPLES = 20
"""Of questions that are answered and of such that are not: with fewer, no calibration is fitted."""

WRONG_IN_100 = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Rates at which the thresholds are kept; between them they are interpolated."""

_KNOT_SAMPLES = 150
_FEWEST_KNOTS, _MOST_KNOTS = 8, 16
_PRIOR_SAMPLES = 10
_STEEPEST, _FLATTEST = 50.0, 0.05
_CERTAIN = 12.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CalibrationSample:
    """One question: its ``raw_score`` (that of Answer or Retrieval) and whether the first quote answers it.

    ``is_off_topic``: the articles searched are about something else; where such samples are given, the rate of wrong
    answers is counted among them, else among all that are not answered.
    """

    raw_score: float
    is_answered: bool
    is_off_topic: bool = False


@dataclass(frozen=True, slots=True)
class Calibration:
    """``scores`` and ``logits``: the knots, both ascending. ``thresholds``: confidences, one for each WRONG_IN_100.

    ``model``: what it was fitted for (an encoder's identity, and a reranker's name); it fits nothing else.
    """

    scores: tuple[float, ...]
    logits: tuple[float, ...]
    thresholds: tuple[float, ...]
    model: str = ""

    def __post_init__(self) -> None:
        knots = np.array([self.scores, self.logits], dtype=np.float64)
        if len(self.scores) < 2 or not np.isfinite(knots).all() or (np.diff(knots) <= 0).any():
            raise ValueError("a calibration needs two knots or more, ascending")
        if len(self.thresholds) != len(WRONG_IN_100) or (np.diff(self.thresholds) > 0).any():
            raise ValueError(f"a calibration needs {len(WRONG_IN_100)} thresholds, descending")

    @staticmethod
    def default() -> Calibration:
        """Return the one that belongs to the bundled encoder."""
        return _default()

    @staticmethod
    def load(path: Path) -> Calibration:
        """Read a calibration. Raises OSError, and ValueError where the file is no calibration."""
        try:
            return read_calibration(json.loads(path.read_text(encoding="utf-8")))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name} is no calibration: {error!r}") from None

    def save(self, path: Path) -> None:
        """Write the calibration as JSON, whole or not at all."""
        draft = path.with_name(path.name + ".new")
        draft.write_text(json.dumps(self.as_json(), indent=1) + "\n", encoding="utf-8")
        draft.replace(path)

    def as_json(self) -> dict[str, list[float] | str]:
        """Return what JSON holds of it."""
        numbers = {name: [float(v) for v in getattr(self, name)] for name in ("scores", "logits", "thresholds")}
        return {**numbers, "model": self.model}

    def to_confidence(self, raw_score: float) -> float:
        """Return the probability, 0 to 1, that the first quote answers. Beyond the knots the last pieces go on."""
        scores, logits = self.scores, self.logits
        right = int(np.clip(np.searchsorted(scores, raw_score), 1, len(scores) - 1))
        slope = (logits[right] - logits[right - 1]) / (scores[right] - scores[right - 1])
        return sigmoid(logits[right - 1] + slope * (raw_score - scores[right - 1]))

    def to_threshold(self, wrong_in_100: float) -> float:
        """Return the confidence above which so many of 100 questions about something else are answered."""
        return float(np.interp(wrong_in_100, WRONG_IN_100, self.thresholds))

    def to_wrong_in_100(self, threshold: float) -> float:
        """Return how many of 100 questions about something else have this confidence or more: for showing it."""
        return float(np.interp(-threshold, [-value for value in self.thresholds], WRONG_IN_100))


def read_calibration(found: dict[str, object]) -> Calibration:
    """Make a calibration of what JSON holds. Raises KeyError, TypeError, ValueError."""
    values = {name: tuple(map(float, found[name])) for name in ("scores", "logits", "thresholds")}  # type: ignore[call-overload]
    return Calibration(**values, model=str(found.get("model", "")))


def fit_calibration(samples: Sequence[CalibrationSample], *, model: str = "") -> Calibration:
    """Fit the mapping to asked questions: Platt's line, and knots on it where there are samples enough.

    Raises ValueError for fewer than LEAST_SAMPLES of either kind.
    """
    scores = np.array([sample.raw_score for sample in samples], dtype=np.float64)
    answered = np.array([sample.is_answered for sample in samples], dtype=np.float64)
    off_topic = np.array([sample.is_off_topic for sample in samples], dtype=np.bool_)
    if min(answered.sum(), (1 - answered).sum()) < LEAST_SAMPLES:
        raise ValueError(
            f"at least {LEAST_SAMPLES} questions that are answered and {LEAST_SAMPLES} that are not are needed; there "
            f"are {int(answered.sum())} and {int((1 - answered).sum())}"
        )
    knots, logits = fit_knots(scores, answered, np.ones_like(scores))
    plain = Calibration(tuple(knots.tolist()), tuple(logits.tolist()), (0.0,) * len(WRONG_IN_100))
    wrong = scores[off_topic if off_topic.any() else answered == 0]
    confidence = np.array([plain.to_confidence(score) for score in wrong.tolist()])
    thresholds = find_thresholds(confidence, np.ones_like(confidence))
    return Calibration(plain.scores, plain.logits, thresholds, model)


def fit_knots(scores: Floats, answered: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the knots' scores and logits: of weighted samples, at quantiles, pooled until they ascend."""
    slope, intercept = fit_line(scores, answered, weights)
    low, high = float(scores.min()), float(scores.max())
    count = min(_MOST_KNOTS, len(scores) // _KNOT_SAMPLES)
    ends = np.array([low, max(high, low + 1e-6)])
    if count < _FEWEST_KNOTS:
        return ends, np.clip(slope * ends + intercept, -_CERTAIN, _CERTAIN)
    # Each bin leans on the line a little, so that one without misses stays finite.
    order = np.argsort(scores, kind="stable")
    shares = np.cumsum(weights[order]) / weights.sum()
    bins = np.minimum((shares * count).astype(int), count - 1)
    knots, logits = [], []
    for number in range(count):
        chosen = order[bins == number]
        if not len(chosen):
            continue
        mass = weights[chosen] / weights[chosen].mean()
        middle = float(np.average(scores[chosen], weights=mass))
        prior = sigmoid(slope * middle + intercept)
        share = (float(mass @ answered[chosen]) + _PRIOR_SAMPLES * prior) / (len(chosen) + _PRIOR_SAMPLES)
        knots.append(middle)
        logits.append(float(np.log(share / (1 - share))))
    pooled = _ascend(np.array(knots), np.array(logits))
    return np.array(knots), np.clip(pooled, -_CERTAIN, _CERTAIN)


def fit_line(scores: Floats, answered: Floats, weights: Floats) -> tuple[float, float]:
    """Return slope and intercept of Platt's logistic line by Newton's method; the slope is never negative."""
    centre, spread = float(scores.mean()), max(float(scores.std()), 1e-9)
    design = np.column_stack([(scores - centre) / spread, np.ones_like(scores)])
    scale = weights / weights.mean()
    # Platt's targets: a little less certain than what was seen.
    right, wrong = float(answered.sum()), float((1 - answered).sum())
    targets = np.where(answered > 0, (right + 1) / (right + 2), 1 / (wrong + 2))
    solution = np.zeros(2)
    for _ in range(50):
        probability = 1 / (1 + np.exp(-np.clip(design @ solution, -30, 30)))
        curvature = (design * (scale * probability * (1 - probability))[:, None]).T @ design + 1e-3 * np.eye(2)
        solution += np.linalg.solve(curvature, design.T @ (scale * (targets - probability)) - 1e-3 * solution)
    slope = max(float(solution[0]), 1e-3) / spread
    return slope, float(solution[1]) - slope * centre


def _ascend(knots: Floats, logits: Floats) -> Floats:
    """Return logits that rise between all knots, pooled where they fall (Ayer et al., 1955), by bounded slopes."""
    blocks: list[tuple[float, int]] = []
    for logit in logits.tolist():
        blocks.append((logit, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (value, size), (before, earlier) = blocks.pop(), blocks.pop()
            blocks.append(((value * size + before * earlier) / (size + earlier), size + earlier))
    pooled = np.repeat([value for value, _ in blocks], [size for _, size in blocks])
    steps = np.diff(knots)
    slope = max(float(pooled[-1] - pooled[0]) / max(float(knots[-1] - knots[0]), 1e-9), 1e-3)
    rises = np.clip(np.diff(pooled), _FLATTEST * slope * steps, _STEEPEST * slope * steps)
    ascending: Floats = np.concatenate([[0.0], np.cumsum(rises)])
    return ascending + float((pooled - ascending).mean())


def find_thresholds(confidence: Floats, weights: Floats) -> tuple[float, ...]:
    """Return the weighted quantiles of the confidence of wrong answers at WRONG_IN_100."""
    order = np.argsort(-confidence, kind="stable")
    above = 100 * np.cumsum(weights[order]) / weights.sum()
    return tuple(float(value) for value in np.interp(WRONG_IN_100, above, confidence[order]))


def sigmoid(logit: float) -> float:
    """Return the probability of a logit."""
    return float(1 / (1 + np.exp(-np.clip(logit, -500.0, 500.0))))


@lru_cache(maxsize=1)
def _default() -> Calibration:
    found = json.loads(CONFIDENCE_FILE.read_text(encoding="utf-8"))
    return read_calibration(found["with_tokens"]["calibration"])
