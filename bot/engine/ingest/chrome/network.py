"""The network: word vectors and numbers of each block, then layers that look at its neighbours near and far.

The weights are in ``chrome.json``, made by ``benchmarks/fit_chrome.py`` from the pages of a public set's training part.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

WEIGHTS_FILE = Path(__file__).with_name("chrome.json")
BODY, CHROME, PICTURE, TITLE, HEADING = range(5)
_STRETCH = 4_096


@dataclass(frozen=True, slots=True)
class Layer:
    """``weight``: (inputs, outputs), ``bias``: (outputs,), both float32."""

    weight: FloatArray
    bias: FloatArray

    def __call__(self, rows: FloatArray) -> FloatArray:
        """Multiply rows of inputs, (n, inputs) to (n, outputs)."""
        product: FloatArray = rows @ self.weight + self.bias
        return product


@dataclass(frozen=True, slots=True)
class Network:
    """``vectors``: (words + 1, e), row 0 for blocks without a known word; ``reaches``: blocks each layer looks away."""

    rows: dict[str, int]
    vectors: FloatArray
    first: Layer
    layers: tuple[Layer, ...]
    reaches: tuple[int, ...]
    last: Layer

    def score(self, numbers: Sequence[Sequence[float]], words: Sequence[Sequence[str]]) -> FloatArray:
        """Return (n, 5) probabilities for n blocks, given their features and first words.

        The columns are BODY, CHROME, PICTURE, TITLE and HEADING.
        """
        # Stretch by stretch, so that 100,000 lines take little memory; stretches overlap by what a layer can see.
        count, reach = len(numbers), sum(self.reaches)
        scored = []
        for start in range(0, count, _STRETCH):
            low, high = max(0, start - reach), min(count, start + _STRETCH + reach)
            rows = self._score_stretch(numbers[low:high], words[low:high])
            scored.append(rows[start - low : start - low + _STRETCH])
        return np.concatenate(scored)

    def _score_stretch(self, numbers: Sequence[Sequence[float]], words: Sequence[Sequence[str]]) -> FloatArray:
        vectors = np.stack([self._look_up(own) for own in words])
        hidden = _relu(self.first(np.concatenate([np.asarray(numbers, np.float32), vectors], axis=1)))
        for layer, reach in zip(self.layers, self.reaches, strict=True):
            edge = np.zeros((reach, hidden.shape[1]), np.float32)
            before = np.concatenate([edge, hidden])[: len(hidden)]
            after = np.concatenate([hidden, edge])[reach:]
            hidden = hidden + _relu(layer(np.concatenate([before, hidden, after], axis=1)))
        logits = self.last(hidden)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities: FloatArray = odds / odds.sum(axis=1, keepdims=True)
        return probabilities

    def _look_up(self, words: Sequence[str]) -> FloatArray:
        known = [row for word in words if (row := self.rows.get(word)) is not None]
        mean: FloatArray = self.vectors[known or [0]].mean(axis=0)
        return mean


@cache
def load_network() -> Network:
    """Read the bundled weights, once in a process."""
    return read_network(json.loads(WEIGHTS_FILE.read_text(encoding="utf-8")))


def read_network(stored: dict[str, Any]) -> Network:
    """Make a network of its JSON form, in which each matrix is whole numbers and their unit."""
    words: str = stored["words"]
    return Network(
        {word: row for row, word in enumerate(words.split(), start=1)},
        _matrix(stored["vectors"]),
        _layer(stored["first"]),
        tuple(_layer(layer) for layer in stored["layers"]),
        tuple(stored["reaches"]),
        _layer(stored["last"]),
    )


def _layer(stored: dict[str, Any]) -> Layer:
    return Layer(_matrix(stored["weight"]), np.asarray(stored["bias"], np.float32))


def _matrix(stored: dict[str, Any]) -> FloatArray:
    matrix: FloatArray = np.asarray(stored["rows"], np.float32) * np.float32(stored["unit"])
    return matrix


def _relu(values: FloatArray) -> FloatArray:
    positive: FloatArray = np.maximum(values, np.float32(0))
    return positive
