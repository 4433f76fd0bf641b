"""The passages after those that are quoted, in order: for whoever measures a ranking, not for members."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.records.answers import Hit
from bot.engine.retrieval.fusion import rank
from bot.engine.retrieval.snapshot import Snapshot

_DECIMALS = 5


def list_others(
    snapshot: Snapshot,
    rows: npt.NDArray[np.int64],
    fused: FloatArray,
    reranked: npt.NDArray[np.int64],
    final: FloatArray,
    quoted: npt.NDArray[np.int64],
    depth: int,
) -> tuple[Hit, ...]:
    """Return the hits after those ``quoted``, to rank ``depth``: what else the second stage ranked, then the first.

    ``rows`` and their scores ``fused`` are of the first stage; ``reranked``, some of them, have the scores ``final``;
    ``quoted``: positions in ``reranked``.
    """
    if depth <= len(quoted):
        return ()
    ranked = rank(final, len(final))
    ranked = ranked[~np.isin(ranked, quoted)]
    left = rank(fused, depth + len(reranked))
    left = left[~np.isin(rows[left], reranked)]
    # The stages' scores differ in scale: those of the first go on downwards from where those of the second end.
    below = fused[left] + (final.min() - fused[np.isin(rows, reranked)].min())
    ordered = [*reranked[ranked].tolist(), *rows[left].tolist()]
    scores = [*final[ranked].tolist(), *np.round(below, _DECIMALS).tolist()]
    return tuple(
        Hit(*snapshot.locate(row), score, number)
        for number, (row, score) in enumerate(zip(ordered, scores, strict=True), start=len(quoted) + 1)
        if number <= depth
    )
