"""One bit a number, after a rotation."""

from __future__ import annotations

import numpy as np
import pytest

from bot.engine.retrieval.rotation import make_rotation
from bot.engine.retrieval.token_vectors import compare_tokens, take_signs

ROTATED_ROW = [0, 1, 2, 3, 4, 6, 8, 9, 10, 11]
ROTATED_SIGNS = [-1, 1, 1, -1, -1, 1, 1, 1, 1, 1]


def unit_rows(count: int, dimension: int, seed: int) -> np.ndarray:
    """Return random unit vectors."""
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("dimension", [1, 7, 48, 384])
def test_a_rotation_keeps_every_length_and_angle(dimension: int) -> None:
    """The matrix is orthogonal for any dimension, and the same one every time."""
    rotation = make_rotation(dimension)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(dimension), atol=1e-5)
    assert make_rotation(dimension) is rotation


def test_the_rotation_is_the_one_that_segments_were_written_with() -> None:
    """Stored bits depend on these numbers: another rotation needs another SEGMENT_VERSION."""
    rotation = make_rotation(12)
    assert np.flatnonzero(rotation[0]).tolist() == ROTATED_ROW
    assert np.sign(rotation[0][ROTATED_ROW]).astype(int).tolist() == ROTATED_SIGNS


def test_a_rotation_spreads_one_dimension_over_many() -> None:
    """A vector that lies in one dimension alone has many different signs afterwards."""
    assert np.count_nonzero(make_rotation(384)[0]) > 100


@pytest.mark.parametrize("dimension", [13, 384])
def test_cosines_are_estimated_without_bias(dimension: int) -> None:
    """Tokens near the question's get about their cosine, others about none; each error is small in many dimensions."""
    query = unit_rows(3, dimension, 0)
    near = query[0] * 0.8 + unit_rows(2000, dimension, 1) * 0.6
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    exact = near @ query.T
    found = compare_tokens(take_signs(near), query)
    assert found.shape == (2000, 3)
    assert abs(float((found[:, 0] - exact[:, 0]).mean())) < (0.02 if dimension > 100 else 0.15)
    if dimension > 100:
        assert float(np.abs(found - exact).max()) < 0.2


def test_no_tokens_give_no_cosines() -> None:
    """An article without words compares to nothing."""
    assert compare_tokens(take_signs(np.zeros((0, 16), dtype=np.float32)), unit_rows(2, 16, 0)).shape == (0, 2)
