"""How much each word piece of a question matters, read off its own token vector.

A contextual token vector knows which role its word plays: some weigh little whatever their idf, and some want to be
matched more exactly than others. Two linear read-outs, fitted by benchmarks/fit_emphasis.py for one encoder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bot.engine.ports.encoders import EncoderIdentity, FloatArray

EMPHASIS_FILE = Path(__file__).with_name("emphasis.json")

SHARPNESS = 3.0
"""Both read-outs are multiplied by it, so that their numbers are small enough to be fitted with one penalty."""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """``importance``, ``exactness``: (d,) read-outs of a unit token vector; ``bias`` of the second."""

    importance: FloatArray
    exactness: FloatArray
    bias: float

    def weigh(self, tokens: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return (q,) weights with sum 1, and (q,) how much a close match of each piece counts.

        ``tokens``: (q, d) of the question; ``weights``: (q,) by idf, with sum 1.
        """
        important = weights * np.exp(SHARPNESS * (tokens @ self.importance))
        exact = weights / (1 + np.exp(-SHARPNESS * (tokens @ self.exactness) - self.bias))
        total = max(float(important.sum()), 1e-9)
        return (important / total).astype(np.float32), exact.astype(np.float32)


@cache
def open_emphasis(identity: EncoderIdentity | None, path: Path = EMPHASIS_FILE) -> Emphasis | None:
    """Return what was fitted for an encoder, or None."""
    if identity is None or not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    if found["encoder"] != [identity.name, identity.revision] or len(found["importance"]) != identity.dimension:
        return None
    return Emphasis(
        np.array(found["importance"], dtype=np.float32),
        np.array(found["exactness"], dtype=np.float32),
        float(found["bias"]),
    )
