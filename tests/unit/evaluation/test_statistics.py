"""Figures against hand-computed values, brute force, and themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.evaluation.statistics import (
    auroc_of,
    bootstrap,
    calibration_error_of,
    mean_of,
    share_at_recall_of,
)

scores = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]), min_size=1, max_size=12)
whole_weights = st.integers(0, 3)


def truths(*values: int) -> np.ndarray:
    """Zeros and ones as truths."""
    return np.array(values, dtype=np.bool_)


def split(positive: list[float], negative: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of both kinds in one array, and which are which."""
    is_positive = np.arange(len(positive) + len(negative)) < len(positive)
    return np.array([*positive, *negative]), is_positive, ~is_positive


def test_mean_counts_chosen_questions_by_weight() -> None:
    """Values 1, 0, 1 of chosen questions at weights 3, 1, 0 have the mean 0.75; the fourth is not chosen."""
    mean = mean_of([1, 0, 1, 1], truths(1, 1, 1, 0))
    assert mean(np.ones(4)) == pytest.approx(2 / 3)
    assert mean(np.array([3.0, 1, 0, 9])) == pytest.approx(0.75)


def test_a_mean_of_nothing_is_nan() -> None:
    """Where no chosen question has weight there is no value."""
    assert math.isnan(mean_of([1, 1], truths(1, 0))(np.array([0.0, 1])))


def test_auroc_by_hand() -> None:
    """Of 0.9 and 0.4 against 0.4, 0.2 and 0.7: wins 3 + 1, one tie: 4.5 of 6."""
    values, positive, negative = split([0.9, 0.4], [0.4, 0.2, 0.7])
    assert auroc_of(values, positive, negative)(np.ones(5)) == pytest.approx(4.5 / 6)


@given(scores, scores, st.data())
def test_auroc_is_the_share_of_pairs_won(first: list[float], second: list[float], data: st.DataObject) -> None:
    """It equals counting every pair, each as often as its questions were drawn."""
    values, positive, negative = split(first, second)
    weights = np.array(data.draw(st.lists(whole_weights, min_size=len(values), max_size=len(values))), dtype=float)
    pairs = won = 0.0
    for above, weight in zip(first, weights[positive], strict=True):
        for below, other in zip(second, weights[negative], strict=True):
            pairs += weight * other
            won += weight * other * (above > below) + weight * other * (above == below) / 2
    value = auroc_of(values, positive, negative)(weights)
    assert value == pytest.approx(won / pairs) if pairs else math.isnan(value)


def test_share_at_recall_by_hand() -> None:
    """95 of 100 positives reach 0.06; two of three negatives do too."""
    values, positive, negative = split([n / 100 for n in range(1, 101)], [0.05, 0.06, 0.5])
    assert share_at_recall_of(values, positive, negative)(np.ones(103)) == pytest.approx(2 / 3)


@given(scores, scores, st.data())
def test_share_at_recall_keeps_the_recall(first: list[float], second: list[float], data: st.DataObject) -> None:
    """The share belongs to the highest threshold among the positives' scores that 95 % of them reach."""
    values, positive, negative = split(first, second)
    weights = np.array(data.draw(st.lists(whole_weights, min_size=len(values), max_size=len(values))), dtype=float)
    own, against = weights[positive], weights[negative]
    value = share_at_recall_of(values, positive, negative)(weights)
    if not own.sum() or not against.sum():
        assert math.isnan(value)
        return
    reaching = [t for t in first if own @ (np.array(first) >= t) >= 0.95 * own.sum() - 1e-9]
    assert value == pytest.approx(against @ (np.array(second) >= max(reaching)) / against.sum())


def test_calibration_error_by_hand() -> None:
    """Two bins of two: means 0.2 against 0.5 and 0.8 against 1 are 0.3 and 0.2 off, 0.25 on average."""
    error = calibration_error_of(np.array([0.9, 0.1, 0.7, 0.3]), truths(1, 0, 1, 1), truths(1, 1, 1, 1), bins=2)
    assert error(np.ones(4)) == pytest.approx(0.25)


def test_calibration_error_of_a_perfect_confidence_is_nothing() -> None:
    """Certain where right and certain where wrong."""
    right = truths(*([1, 0] * 50))
    error = calibration_error_of(right.astype(np.float64), right, np.ones(100, dtype=np.bool_))
    assert error(np.ones(100)) == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.data())
def test_calibration_error_is_between_bias_and_one(confidence: list[float], data: st.DataObject) -> None:
    """It is at least the distance of mean confidence and mean rightness, and at most 1."""
    right = truths(*data.draw(st.lists(whole_weights.map(bool), min_size=len(confidence), max_size=len(confidence))))
    values, every = np.array(confidence), np.ones(len(confidence), dtype=np.bool_)
    error = calibration_error_of(values, right, every)(np.ones(len(confidence)))
    assert abs(values.mean() - right.mean()) - 1e-9 <= error <= 1 + 1e-9


def test_weights_stand_for_repetition() -> None:
    """A question of weight 2 counts as if it were there twice, for every statistic."""
    values, positive, negative = split([0.9, 0.4, 0.6], [0.4, 0.2])
    twice = np.array([2.0, 1, 1, 1, 1])
    repeated = np.r_[values[:1], values], np.r_[positive[:1], positive], np.r_[negative[:1], negative]
    for make in (auroc_of, share_at_recall_of):
        assert make(values, positive, negative)(twice) == pytest.approx(make(*repeated)(np.ones(6)))
    assert mean_of(values, positive)(twice) == pytest.approx(mean_of(repeated[0], repeated[1])(np.ones(6)))


def test_bootstrap_is_the_same_every_time() -> None:
    """One seed gives one interval; another seed another."""
    values = np.random.default_rng(1).random(60)
    owners = [str(number % 7) for number in range(60)]
    statistics = {"mean": mean_of(values, np.ones(60, dtype=np.bool_))}
    assert bootstrap(statistics, owners) == bootstrap(statistics, owners)
    assert bootstrap(statistics, owners) != bootstrap(statistics, owners, seed=1)


def test_bootstrap_draws_whole_articles() -> None:
    """Two articles, one all right and one all wrong: the mean of a resample is 0, a half or 1, never in between."""
    seen = set()
    mean = mean_of([1] * 5 + [0] * 5, np.ones(10, dtype=np.bool_))

    def watch(weights: np.ndarray) -> float:
        seen.add(mean(weights))
        return mean(weights)

    assert bootstrap({"mean": watch}, ["a"] * 5 + ["b"] * 5)["mean"] == (0, 1)
    assert seen == {0, 0.5, 1}


def test_bootstrap_needs_two_articles() -> None:
    """A single article says nothing of how articles differ: no interval."""
    assert bootstrap({"mean": mean_of([1, 0], truths(1, 1))}, ["a", "a"]) == {"mean": None}


@given(st.lists(st.booleans(), min_size=2, max_size=30))
def test_interval_lies_around_the_value(hits: list[bool]) -> None:
    """The interval of a mean holds the mean where every question is an article of its own."""
    mean = mean_of(hits, np.ones(len(hits), dtype=np.bool_))
    interval = bootstrap({"mean": mean}, [str(n) for n in range(len(hits))], resamples=200)["mean"]
    assert interval is not None
    assert 0 <= interval[0] <= interval[1] <= 1
    assert interval[0] - 1e-9 <= mean(np.ones(len(hits))) <= interval[1] + 1e-9
