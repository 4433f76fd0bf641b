"""The linear ranker: one number a feature, fitted by benchmarks/fit_ranker.py for one encoder, numpy alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import EncoderIdentity, FloatArray
from bot.engine.retrieval.features import FEATURES
from bot.engine.retrieval.fusion import standardise

RANKER_FILE = Path(__file__).with_name("ranker.json")

USUAL_SPREADS = {
    "passage cosine": 0.1,
    "best sentence cosine": 0.12,
    "second sentence cosine": 0.1,
    "bm25": 0.17,
    "local coverage": 0.1,
    "bm25 best sentence": 0.1,
    "all words in a sentence": 0.1,
    "run in a sentence": 1.0,
    "maxsim": 0.06,
    "maxsim by idf": 0.08,
    "maxsim best sentence": 0.08,
    "maxsim best pair": 0.08,
    "weakest piece": 0.08,
    "matched pieces": 0.2,
    "maxsim carried": 0.08,
    "emphasised": 0.08,
    "emphasised sentence": 0.08,
    "emphasised carried": 0.08,
    "close pieces": 0.03,
    "close in a sentence": 0.05,
    "widest gap": 0.02,
}
"""Deviations of each score within an article of the training slice, rounded; for any encoder."""

# Section 2 of the design measurements: untrained, this mixture of late interaction and BM25 generalises.
_UNTRAINED = {"maxsim by idf": 0.8, "bm25": 0.2}


@dataclass(frozen=True, slots=True)
class Ranker:
    """``with_tokens`` and ``without_tokens``: (f,) weights of FEATURES; None: the first stage's order stands."""

    with_tokens: FloatArray
    without_tokens: FloatArray | None

    def score(self, features: FloatArray, *, has_tokens: bool) -> FloatArray | None:
        """Return (c,) scores of candidates with (c, f) features, or None where there is nothing to go by."""
        weights = self.with_tokens if has_tokens else self.without_tokens
        if weights is None:
            return None
        scores: FloatArray = standardise_features(features) @ weights
        return scores


def standardise_features(features: FloatArray) -> FloatArray:
    """Return features with their scores as z-scores over the candidates, leaning on the usual spreads."""
    columns, spreads = _usual_spreads()
    result = features.copy()
    result[:, columns] = standardise(features[:, columns], spreads)
    return result


@lru_cache(maxsize=1)
def _usual_spreads() -> tuple[list[int], FloatArray]:
    columns = [number for number, name in enumerate(FEATURES) if name in USUAL_SPREADS]
    return columns, np.array([USUAL_SPREADS[FEATURES[number]] for number in columns], dtype=np.float32)


def open_ranker(identity: EncoderIdentity | None, path: Path = RANKER_FILE) -> Ranker:
    """Return the ranker that was fitted for an encoder, or the untrained one."""
    found = json.loads(path.read_text(encoding="utf-8"))
    fits = identity is not None and found["encoder"] == [identity.name, identity.revision]
    if not fits or set(found["with_tokens"]) != set(FEATURES):
        return Ranker(_align(_UNTRAINED), None)
    return Ranker(_align(found["with_tokens"]), _align(found["without_tokens"]))


def _align(weights: dict[str, float]) -> npt.NDArray[np.float32]:
    return np.array([weights.get(name, 0.0) for name in FEATURES], dtype=np.float32)
