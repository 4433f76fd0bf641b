"""The sentence of a passage that answers: late interaction, the share of the question's words, and the cosine."""

from __future__ import annotations

import numpy as np

from bot.engine.ports import FloatArray
from bot.engine.records import Span
from bot.engine.retrieval.features import count_words
from bot.engine.retrieval.late_interaction import Matches
from bot.engine.retrieval.query import QueryTerms
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.vectors import cosines

OVERLAP_WEIGHT = 0.5
COSINE_WEIGHT = 0.5

MATCH_WEIGHT = 0.5
MATCHED_OVERLAP_WEIGHT = 0.17
MATCHED_COSINE_WEIGHT = 0.33
TYPE_WEIGHT = 0.13
"""With token vectors: a listwise softmax fitted on the training slice, MaxSim plain and by idf at 1 in all."""


def choose_sentences(
    snapshot: Snapshot, row: int, query: QueryTerms, embedding: FloatArray, matches: Matches | None = None
) -> tuple[Span, ...]:
    """Return the spans of the row's sentences to highlight, as offsets into the passage's text.

    ``matches``: of the row's sentences, or None without token vectors.
    """
    spans = snapshot.sentence_spans(row)
    if len(spans) == 1:
        return tuple(spans)
    scores = score_sentences(snapshot, row, query, embedding, matches)
    return (spans[int(np.argmax(scores))],)


def score_sentences(
    snapshot: Snapshot, row: int, query: QueryTerms, embedding: FloatArray, matches: Matches | None
) -> FloatArray:
    """Return (s,) scores of the row's sentences."""
    words = count_words(snapshot, np.array([row]), query)
    similar = cosines(snapshot.sentences[slice(*snapshot.sentence_edges[row : row + 2])], embedding)
    if matches is None:
        return (OVERLAP_WEIGHT * words.overlap + COSINE_WEIGHT * similar).astype(np.float32)
    holds_type = snapshot.types[words.sentences] & query.asked_type > 0
    scores: FloatArray = (
        MATCH_WEIGHT * (matches.sentences + matches.pieces.mean(axis=1))
        + MATCHED_OVERLAP_WEIGHT * words.overlap
        + MATCHED_COSINE_WEIGHT * similar
        + TYPE_WEIGHT * holds_type
    ).astype(np.float32)
    return scores
