"""The first stage's own steps."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.retrieval.first_stage import keep_within

ROWS = st.sets(st.integers(0, 60), max_size=40).map(lambda rows: np.array(sorted(rows), dtype=np.int64))


@given(ROWS, ROWS)
def test_rows_outside_the_scope_are_left_out(rows: np.ndarray, scope: np.ndarray) -> None:
    """What is left is what both hold, in order, as a sort of everything would find it."""
    assert keep_within(rows, scope).tolist() == np.intersect1d(rows, scope).tolist()
