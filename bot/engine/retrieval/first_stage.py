"""The first stage: BM25 and cosines of every passage, or of the likeliest of a large guild, fused by z-scores."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.fusion import DENSE_SPREAD, LEXICAL_SPREAD, fuse, rank, standardise
from bot.engine.retrieval.query import QueryTerms
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.vectors import cosines

CANDIDATES = 400
"""Rows of a large guild whose sentences are compared: the best by cosine and by BM25, half each, and a sample."""

EXACT_ROWS = 12_000
"""Up to this many rows every sentence is compared: a few milliseconds, and nothing can be missed."""

_SAMPLE = 256


class FirstScores(NamedTuple):
    """Scores of ``rows``, ascending row numbers; ``lexical``: BM25 by the question's ceiling."""

    rows: npt.NDArray[np.int64]
    fused: FloatArray
    passage: FloatArray
    sentence: FloatArray
    lexical: FloatArray


def score_rows(
    snapshot: Snapshot,
    scope: npt.NDArray[np.int64],
    query: QueryTerms,
    embedding: FloatArray,
    wanted: npt.NDArray[np.int64] | None = None,
    *,
    exact_rows: int = EXACT_ROWS,
    candidates: int = CANDIDATES,
) -> FirstScores:
    """Score every row of the scope, or where it is large a choice of them with the ``wanted`` rows in it."""
    ceiling = float(snapshot.postings.idf(query.ranking).sum()) or np.inf
    lexical = snapshot.postings.score(query.ranking)[scope] / np.float32(ceiling)
    if len(scope) <= exact_rows:
        passage = _take_cosines(snapshot, scope, embedding)
        sentence = _best_sentences(snapshot, scope, embedding)
        fused = fuse(standardise(passage + sentence, DENSE_SPREAD), standardise(lexical, LEXICAL_SPREAD))
        return FirstScores(scope, fused, passage, sentence, lexical)
    # Sentences of candidates only; an evenly spaced sample tells how the sum would spread over all rows.
    half = candidates // 2
    near = _find_near(snapshot, scope, embedding)
    chosen = np.union1d(near[rank(_take_cosines(snapshot, near, embedding), half)], scope[rank(lexical, half)])
    if wanted is not None:
        chosen = np.union1d(chosen, wanted)
    passage = _take_cosines(snapshot, chosen, embedding)
    sampled = scope[np.linspace(0, len(scope) - 1, _SAMPLE).astype(np.int64)]
    sample = _take_cosines(snapshot, sampled, embedding) + _best_sentences(snapshot, sampled, embedding)
    sentence = _best_sentences(snapshot, chosen, embedding)
    own = lexical[np.searchsorted(scope, chosen)]
    fused = fuse(standardise(passage + sentence, DENSE_SPREAD, sample), standardise(own, LEXICAL_SPREAD, lexical))
    return FirstScores(chosen, fused, passage, sentence, own)


def keep_within(rows: npt.NDArray[np.int64], scope: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return those of a few rows that are in an ascending scope, without sorting a whole guild as numpy's own would."""
    if not len(scope):
        return rows[:0]
    places = np.minimum(np.searchsorted(scope, rows), len(scope) - 1)
    kept: npt.NDArray[np.int64] = rows[scope[places] == rows]
    return kept


def _take_cosines(snapshot: Snapshot, rows: npt.NDArray[np.int64], embedding: FloatArray) -> FloatArray:
    vectors = snapshot.embeddings if len(rows) == len(snapshot) else snapshot.embeddings[rows]
    return cosines(vectors, embedding)


def _find_near(snapshot: Snapshot, scope: npt.NDArray[np.int64], embedding: FloatArray) -> npt.NDArray[np.int64]:
    """Return the rows whose embeddings are compared: all of the scope, but of a large one the likeliest."""
    if snapshot.signatures is None:
        return scope
    return snapshot.signatures.find_near(embedding, None if len(scope) == len(snapshot) else scope)


def _best_sentences(snapshot: Snapshot, rows: npt.NDArray[np.int64], embedding: FloatArray) -> FloatArray:
    """Return (r,) the cosine of each row's best sentence. Every row has at least one sentence."""
    counts = snapshot.sentence_edges[rows + 1] - snapshot.sentence_edges[rows]
    firsts = np.cumsum(counts) - counts
    total = int(counts.sum())
    if total == len(snapshot.sentences):
        vectors = snapshot.sentences
    else:
        owned = np.repeat(snapshot.sentence_edges[rows] - firsts, counts) + np.arange(total)
        vectors = snapshot.sentences[owned]
    best: FloatArray = np.maximum.reduceat(cosines(vectors, embedding), firsts)
    return best
