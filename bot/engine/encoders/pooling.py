"""From the token vectors of chunks to one encoded passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.encoders.chunks import IntArray, own_pieces
from bot.engine.ports.encoders import EncodedPassage, FloatArray, PassageInput
from bot.engine.records.passages import Span


@dataclass(frozen=True, slots=True)
class EncodedText:
    """One text after the forward pass.

    ``embedding``: (d,) unit length. ``states``: (t, d) last hidden states of the text's own pieces, as the model gave
    them, or None. ``starts``: (t,) their character offsets; ``names``: the pieces.
    """

    embedding: FloatArray
    states: FloatArray | None
    starts: IntArray
    names: tuple[str, ...]


def join_chunks(
    passage: PassageInput, chunks: Sequence[tuple[Span, EncodedText]], sentences: FloatArray | None
) -> EncodedPassage:
    """Make one passage of its chunks: the embedding is their mean weighted by length, as mean pooling would weigh.

    ``sentences``: (s, d) vectors that were encoded apart, or None to pool them from the chunks' hidden states.
    """
    weights = np.array([max(len(text.starts), 1) for _, text in chunks], dtype=np.float32)
    stacked = np.stack([text.embedding for _, text in chunks])
    embedding = stacked[0] if len(chunks) == 1 else unit_rows(weights @ stacked)
    found = [text.states for _, text in chunks if text.states is not None]
    if len(found) < len(chunks):
        if sentences is None:
            raise ValueError("sentence vectors need either hidden states or to be given")
        return EncodedPassage(embedding, sentences, None, None)
    states = np.concatenate(found)
    owners = own_pieces(np.concatenate([text.starts + span.start for span, text in chunks]), passage.sentences)
    if sentences is None:
        sentences = _pool_sentences(states, owners, len(passage.sentences), embedding)
    return EncodedPassage(embedding, sentences, unit_rows(states), owners)


def _pool_sentences(states: FloatArray, owners: npt.NDArray[np.uint16], count: int, fallback: FloatArray) -> FloatArray:
    """Return (count, d) unit means of the rows each sentence owns; one that owns none takes the passage's embedding."""
    sums = np.zeros((count, states.shape[1]), dtype=np.float32)
    if count:
        np.add.at(sums, owners, states)
    sums[~sums.any(axis=1)] = fallback
    return unit_rows(sums)


def unit_rows(rows: FloatArray) -> FloatArray:
    """Return the vectors of the last axis at unit length; zero stays zero."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    result: FloatArray = (rows / np.maximum(norms, np.finfo(np.float32).tiny)).astype(np.float32)
    return result
