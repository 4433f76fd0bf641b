"""From raw scores to probabilities and thresholds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.retrieval.calibration import (
    LEAST_SAMPLES,
    WRONG_IN_100,
    Calibration,
    CalibrationSample,
    fit_calibration,
)


def draw(count: int, *, slope: float = 1.5, seed: int = 0) -> list[CalibrationSample]:
    """Samples whose probability of being answered is a known function of the score; one in four is off topic."""
    random = np.random.default_rng(seed)
    scores = random.normal(0, 2, count)
    answered = random.random(count) < 1 / (1 + np.exp(-slope * scores + 0.5))
    off_topic = ~answered & (random.random(count) < 0.5)
    return [
        CalibrationSample(float(score), bool(is_answered), bool(is_off))
        for score, is_answered, is_off in zip(scores, answered, off_topic, strict=True)
    ]


@pytest.mark.parametrize(("count", "error"), [(80, 0.15), (800, 0.05), (8000, 0.05)])
def test_fitted_confidences_are_the_true_probabilities(count: int, error: float) -> None:
    """Few samples give a line, many a bent one; either comes near the probability that the samples were drawn with."""
    fitted = fit_calibration(draw(count))
    for score in (-4.0, -1.0, 0.0, 1.0, 4.0):
        assert fitted.to_confidence(score) == pytest.approx(1 / (1 + np.exp(-1.5 * score + 0.5)), abs=error)


def test_confidences_bend_where_the_samples_do() -> None:
    """A mapping that no line can follow is followed all the same, and still rises everywhere."""
    random = np.random.default_rng(1)
    scores = random.uniform(0, 10, 6000)
    truth = np.where(scores < 5, 0.1, 0.6 + 0.03 * scores)
    answered = random.random(6000) < truth
    fitted = fit_calibration([CalibrationSample(float(s), bool(a)) for s, a in zip(scores, answered, strict=True)])
    assert fitted.to_confidence(2.0) == pytest.approx(0.1, abs=0.06)
    assert fitted.to_confidence(8.0) == pytest.approx(0.84, abs=0.06)
    assert all(fitted.to_confidence(low) < fitted.to_confidence(low + 0.1) for low in np.arange(-2, 12, 0.1).tolist())


@given(st.lists(st.tuples(st.floats(-50, 50), st.booleans()), max_size=60), st.floats(-100, 100), st.floats(0.01, 100))
def test_any_samples_give_a_rising_mapping(extra: list[tuple[float, bool]], score: float, more: float) -> None:
    """Whatever the samples, and beyond them, more score is never less confidence, and all stays within 0 and 1."""
    samples = [CalibrationSample(*pair) for pair in extra]
    samples += [CalibrationSample(float(n), bool(n % 2)) for n in range(2 * LEAST_SAMPLES)]
    fitted = fit_calibration(samples)
    assert 0 <= fitted.to_confidence(score) <= fitted.to_confidence(score + more) <= 1
    thresholds = [fitted.to_threshold(rate) for rate in (0, 0.3, 1, 7, 100)]
    assert all(high >= low for high, low in pairwise(thresholds))


def test_a_threshold_lets_the_allowed_share_through() -> None:
    """Of the off-topic samples, as many are above the threshold as are allowed, and it tells how many again."""
    samples = draw(4000)
    fitted = fit_calibration(samples)
    off_topic = [fitted.to_confidence(sample.raw_score) for sample in samples if sample.is_off_topic]
    for allowed in (1.0, 5.0, 20.0):
        threshold = fitted.to_threshold(allowed)
        assert 100 * np.mean(np.array(off_topic) > threshold) == pytest.approx(allowed, abs=0.3)
        assert fitted.to_wrong_in_100(threshold) == pytest.approx(allowed, abs=0.01)


def test_without_off_topic_samples_all_unanswered_ones_count() -> None:
    """The rate of wrong answers is then counted among whatever was not answered."""
    samples = [CalibrationSample(sample.raw_score, sample.is_answered) for sample in draw(4000)]
    fitted = fit_calibration(samples)
    wrong = np.array([fitted.to_confidence(sample.raw_score) for sample in samples if not sample.is_answered])
    assert 100 * np.mean(wrong > fitted.to_threshold(10)) == pytest.approx(10, abs=0.3)


def test_too_few_samples_are_refused() -> None:
    """Without enough questions of both kinds nothing is fitted, and the message counts them."""
    with pytest.raises(ValueError, match=f"there are 30 and {LEAST_SAMPLES - 1}"):
        fit_calibration([CalibrationSample(float(n), n < 30) for n in range(30 + LEAST_SAMPLES - 1)])


def test_a_calibration_survives_its_file(tmp_path: Path) -> None:
    """What is saved is what is loaded, and no draft is left behind."""
    fitted = fit_calibration(draw(500), model="some encoder")
    fitted.save(tmp_path / "own.json")
    assert Calibration.load(tmp_path / "own.json") == fitted
    assert [path.name for path in tmp_path.iterdir()] == ["own.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"scores": [1], "logits": [1], "thresholds": []}',
        '{"scores": 3, "logits": 1, "thresholds": 2}',
        f'{{"scores": [1, 0], "logits": [0, 1], "thresholds": {[0.5] * len(WRONG_IN_100)}}}',
    ],
)
def test_what_is_no_calibration_is_refused(tmp_path: Path, text: str) -> None:
    """A damaged file raises ValueError, whatever the damage."""
    path = tmp_path / "own.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"calibration|Expecting"):
        Calibration.load(path)


def test_the_bundled_calibration_is_one() -> None:
    """It lets a threshold fall from rate to rate and spans low to high confidences."""
    bundled = Calibration.default()
    assert bundled.to_threshold(0.1) > bundled.to_threshold(2) > bundled.to_threshold(50)
    assert bundled.to_confidence(-20) < 0.05
    assert bundled.to_confidence(20) > 0.9
