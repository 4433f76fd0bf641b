"""Where a conversation is: passages near those that were just quoted are a little likelier to be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.snapshot import Snapshot

Place = tuple[int, int]

FIRST_STAGE, SECOND_STAGE = 0.5, 1.0
"""What the nearest gain, on the scales of the two stages."""
SAME_ARTICLE = 0.8
"""Share of it for a passage of the same article, however far; the rest falls with the distance."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """``places``: (article id, position) of what was quoted last, best first."""

    places: Sequence[Place]
    first_stage: float = FIRST_STAGE
    second_stage: float = SECOND_STAGE
    same_article: float = SAME_ARTICLE

    def find_rows(self, snapshot: Snapshot) -> npt.NDArray[np.int64]:
        """Return the rows that are still there, best first."""
        rows = [snapshot.find_row(article, position) for article, position in self.places]
        return np.array([row for row in rows if row is not None], dtype=np.int64)

    def measure(self, snapshot: Snapshot, rows: npt.NDArray[np.int64]) -> FloatArray:
        """Return (r,) how near each row is: 1 beside what was quoted best, 0 in other articles."""
        nearness = np.zeros(len(rows), dtype=np.float32)
        owners = np.searchsorted(snapshot.row_edges, rows, side="right")
        for rank, place in enumerate(self.find_rows(snapshot).tolist()):
            same = owners == np.searchsorted(snapshot.row_edges, place, side="right")
            distance = np.maximum(np.abs(rows - place), 1)
            near = (self.same_article + (1 - self.same_article) / distance) / (1 + rank)
            nearness = np.maximum(nearness, np.where(same, near, 0)).astype(np.float32)
        return nearness
