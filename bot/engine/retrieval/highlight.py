"""The sentence of a passage that answers: the idf-weighted share of the question's words, and the cosine."""

from __future__ import annotations

import numpy as np

from bot.engine.ports import FloatArray
from bot.engine.records import Span
from bot.engine.retrieval.corpus_index import Snapshot
from bot.engine.retrieval.query import QueryTerms
from bot.engine.retrieval.vectors import cosines

OVERLAP_WEIGHT = 0.5
COSINE_WEIGHT = 0.5


def choose_sentences(snapshot: Snapshot, row: int, query: QueryTerms, embedding: FloatArray) -> tuple[Span, ...]:
    """Return the spans of the row's sentences to highlight, as offsets into the passage's text."""
    spans = snapshot.sentence_spans(row)
    if len(spans) == 1:
        return tuple(spans)
    scores = score_sentences(snapshot, row, query, embedding)
    return (spans[int(np.argmax(scores))],)


def score_sentences(snapshot: Snapshot, row: int, query: QueryTerms, embedding: FloatArray) -> FloatArray:
    """Return (s,) scores of the row's sentences."""
    terms = query.ranking
    weights = snapshot.postings.idf(terms)
    total = max(float(weights.sum()), 1e-9)
    overlap = np.array([weights[np.isin(terms, found)].sum() / total for found in snapshot.sentence_terms(row)])
    similar = cosines(snapshot.sentences[slice(*snapshot.sentence_edges[row : row + 2])], embedding)
    scores: FloatArray = (OVERLAP_WEIGHT * overlap + COSINE_WEIGHT * similar).astype(np.float32)
    return scores
