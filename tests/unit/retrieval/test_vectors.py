"""Quantized vectors."""

from __future__ import annotations

import numpy as np

from bot.engine.retrieval.vectors import cosines, quantize


def unit_rows(count: int, dimension: int, seed: int = 0) -> np.ndarray:
    """Return random unit vectors."""
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_cosines_of_eight_bits_are_near_the_exact_ones() -> None:
    """Over several blocks of rows no cosine is off by more than half a hundredth."""
    rows, query = unit_rows(2500, 384), unit_rows(1, 384, seed=1)[0]
    np.testing.assert_allclose(cosines(quantize(rows), query), rows @ query, atol=0.005)


def test_equal_vectors_score_equally_wherever_they_stand() -> None:
    """A duplicate passage ties with its twin, so that ties are broken by order alone."""
    rows = np.repeat(unit_rows(1, 384), 2500, axis=0)
    assert np.ptp(cosines(quantize(rows), unit_rows(1, 384, seed=1)[0])) < 1e-6


def test_zero_and_no_vectors_are_taken() -> None:
    """A zero vector scores 0 and no vectors give no scores."""
    assert cosines(quantize(np.zeros((2, 4), dtype=np.float32)), np.ones(4, dtype=np.float32)).tolist() == [0, 0]
    assert cosines(quantize(np.zeros((0, 4), dtype=np.float32)), np.ones(4, dtype=np.float32)).tolist() == []
