"""Question to ranked passages, in two stages, and whether they answer at all.

First BM25 and cosines of all passages, fused by z-scores; then late interaction and the linear ranker on the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.engine.ports import EncodedQuery, EncoderIdentity, FloatArray
from bot.engine.records import AnswerState, Hit, Span
from bot.engine.retrieval.confidence import DEFAULT_THRESHOLD, Evidence, estimate_confidence
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.exact_strings import find_exact_strings
from bot.engine.retrieval.features import Candidates, describe_candidates, expand
from bot.engine.retrieval.fusion import DENSE_SPREAD, LEXICAL_SPREAD, fuse, rank, standardise
from bot.engine.retrieval.headings import boost_by_heading
from bot.engine.retrieval.highlight import choose_sentences
from bot.engine.retrieval.late_interaction import Matches, match_rows
from bot.engine.retrieval.query import QueryTerms, analyse_query
from bot.engine.retrieval.ranker import open_ranker
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.token_cache import TokenSource
from bot.engine.retrieval.vectors import cosines

CANDIDATES = 400
"""Rows of a large guild whose sentences are compared: the best by cosine and by BM25, half each, and a sample."""

EXACT_ROWS = 12_000
"""Up to this many rows every sentence is compared: a few milliseconds, and nothing can be missed."""

RERANKED = 30
"""Rows that the second stage compares. Chosen on the training slice (benchmarks/RESULTS.md)."""

_SAMPLE = 256
_DECIMALS = 5
"""Scores are rounded so that equal passages tie, whatever order their numbers were summed in."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """``hits``, best first; ``highlights``: the answering sentences of each hit, as offsets into its passage.

    ``confidence``: the probability, 0 to 1, that the passages searched are about the question, and the ``evidence`` it
    was estimated from; ``state``: how it compares with the threshold. Without hits it is 0.
    """

    hits: tuple[Hit, ...]
    highlights: tuple[tuple[Span, ...], ...]
    confidence: float
    state: AnswerState
    evidence: Evidence | None = None

    @property
    def answers(self) -> bool:
        """Whether there is something to show."""
        return self.state is not AnswerState.NOT_IN_ARTICLES


class _Scores(NamedTuple):
    """Scores of ``rows``, ascending row numbers; ``lexical``: BM25 by the question's ceiling."""

    rows: npt.NDArray[np.int64]
    fused: FloatArray
    passage: FloatArray
    sentence: FloatArray
    lexical: FloatArray


class Reranked(NamedTuple):
    """``candidates``, their (c, f) ``features``, and where the store has them the ``matches`` of their sentences."""

    candidates: Candidates
    features: FloatArray
    matches: Matches | None


class Retriever:
    """Ranks the passages of an index. Holds settings only, so one serves every guild and thread.

    ``identity``: the encoder's, for which the ranker was fitted or not.
    """

    def __init__(
        self,
        identity: EncoderIdentity | None = None,
        *,
        threshold: float = DEFAULT_THRESHOLD,
        exact_rows: int = EXACT_ROWS,
        candidates: int = CANDIDATES,
        reranked: int = RERANKED,
    ) -> None:
        self.threshold = threshold
        self._ranker = open_ranker(identity)
        self._exact_rows = exact_rows
        self._candidates = candidates
        self._reranked = reranked

    def search(
        self,
        index: CorpusIndex,
        query_text: str,
        encoded_query: EncodedQuery,
        *,
        article_ids: Sequence[int] | None = None,
        top_k: int,
        threshold: float | None = None,
        tokens: TokenSource | None = None,
    ) -> Retrieval:
        """Return the ``top_k`` best passages of these articles, or of all, for a question.

        ``threshold`` replaces the retriever's own for this search (a guild's setting). ``tokens``: where token vectors
        are read from; without it, or where an article has none, the ranking goes by what is in memory.
        """
        snapshot = index.snapshot
        scope = snapshot.find_rows(article_ids)
        if not len(scope) or top_k < 1:
            return Retrieval((), (), 0.0, AnswerState.NOT_IN_ARTICLES)
        query = analyse_query(query_text)
        exact = find_exact_strings(snapshot, scope, query_text, encoded_query)
        scores = self._score(snapshot, scope, query, encoded_query.embedding, exact.rows)
        # Function words alone say nothing about the topic: they rank, but are no evidence.
        covered = scores.lexical if query.topical.any() else np.zeros_like(scores.lexical)
        evidence = Evidence(float((scores.sentence + covered).max()), len(scope))
        confidence = estimate_confidence(evidence)
        chosen = np.sort(rank(scores.fused, max(self._reranked, top_k)))
        chosen = exact.add_candidates(scores.rows, scores.fused, chosen)
        second = _describe(index, snapshot, scores, chosen, query_text, query, encoded_query, tokens)
        ranked = self._ranker.score(second.features, has_tokens=second.matches is not None)
        final = scores.fused[chosen] if ranked is None else ranked
        final = np.round(final + boost_by_heading(snapshot, second.candidates.rows, query), _DECIMALS)
        hits, highlights = [], []
        quoted = exact.reserve(second.candidates.rows, rank(final, len(final)), top_k)
        for number, position in enumerate(quoted.tolist(), start=1):
            row = int(second.candidates.rows[position])
            article_id, passage = snapshot.locate(row)
            hits.append(Hit(article_id, passage, float(final[position]), number))
            own = _cut_matches(snapshot, second, position)
            highlights.append(choose_sentences(snapshot, row, query, encoded_query.embedding, own))
        limit = self.threshold if threshold is None else threshold
        state = AnswerState.ANSWERS if confidence >= limit else AnswerState.NOT_IN_ARTICLES
        if state is AnswerState.NOT_IN_ARTICLES and exact.has_strict:
            state = AnswerState.UNSURE
        return Retrieval(tuple(hits), tuple(highlights), confidence, state, evidence)

    def describe(
        self,
        index: CorpusIndex,
        query_text: str,
        encoded_query: EncodedQuery,
        *,
        article_ids: Sequence[int] | None = None,
        tokens: TokenSource | None = None,
    ) -> Reranked:
        """Return what the second stage sees of its candidates, for fitting and measuring."""
        snapshot = index.snapshot
        query = analyse_query(query_text)
        scores = self._score(snapshot, snapshot.find_rows(article_ids), query, encoded_query.embedding)
        chosen = np.sort(rank(scores.fused, self._reranked))
        return _describe(index, snapshot, scores, chosen, query_text, query, encoded_query, tokens)

    def _score(
        self,
        snapshot: Snapshot,
        scope: npt.NDArray[np.int64],
        query: QueryTerms,
        embedding: FloatArray,
        wanted: npt.NDArray[np.int64] | None = None,
    ) -> _Scores:
        """Score every row, or in a large guild a choice of them with the ``wanted`` rows in it."""
        ceiling = float(snapshot.postings.idf(query.ranking).sum()) or np.inf
        lexical = snapshot.postings.score(query.ranking)[scope] / np.float32(ceiling)
        passage = _take_cosines(snapshot, scope, embedding)
        if len(scope) <= self._exact_rows:
            sentence = _best_sentences(snapshot, scope, embedding)
            fused = fuse(standardise(passage + sentence, DENSE_SPREAD), standardise(lexical, LEXICAL_SPREAD))
            return _Scores(scope, fused, passage, sentence, lexical)
        # Sentences of candidates only; an evenly spaced sample tells how the sum would spread over all rows.
        half = self._candidates // 2
        chosen = np.union1d(rank(passage, half), rank(lexical, half))
        if wanted is not None:
            chosen = np.union1d(chosen, np.searchsorted(scope, wanted))
        sampled = np.linspace(0, len(scope) - 1, _SAMPLE).astype(np.int64)
        sample = passage[sampled] + _best_sentences(snapshot, scope[sampled], embedding)
        sentence = _best_sentences(snapshot, scope[chosen], embedding)
        fused = fuse(
            standardise(passage[chosen] + sentence, DENSE_SPREAD, sample),
            standardise(lexical[chosen], LEXICAL_SPREAD, lexical),
        )
        return _Scores(scope[chosen], fused, passage[chosen], sentence, lexical[chosen])


def _describe(
    index: CorpusIndex,
    snapshot: Snapshot,
    scores: _Scores,
    chosen: npt.NDArray[np.int64],
    text: str,
    query: QueryTerms,
    encoded: EncodedQuery,
    tokens: TokenSource | None,
) -> Reranked:
    rows = scores.rows[chosen]
    first = snapshot.sentence_edges[rows]
    owned = expand(first, snapshot.sentence_edges[rows + 1] - first)
    numbers = np.searchsorted(snapshot.row_edges, scores.rows, side="right")
    joined = (np.diff(scores.rows) == 1) & (np.diff(numbers) == 0)
    before, after = np.zeros_like(scores.fused), np.zeros_like(scores.fused)
    before[1:] = np.where(joined, scores.fused[:-1], 0)
    after[:-1] = np.where(joined, scores.fused[1:], 0)
    candidates = Candidates(
        rows,
        scores.passage[chosen],
        scores.lexical[chosen],
        before[chosen],
        after[chosen],
        cosines(snapshot.sentences[owned], encoded.embedding),
    )
    matches = None if tokens is None else match_rows(index, snapshot, tokens, rows, text, encoded)
    return Reranked(candidates, describe_candidates(snapshot, candidates, query, matches), matches)


def _cut_matches(snapshot: Snapshot, second: Reranked, position: int) -> Matches | None:
    """Return the matches of one candidate's sentences."""
    if second.matches is None:
        return None
    rows = second.candidates.rows[: position + 1]
    counts = snapshot.sentence_edges[rows + 1] - snapshot.sentence_edges[rows]
    return second.matches.cut(int(counts[:-1].sum()), int(counts.sum()))


def _take_cosines(snapshot: Snapshot, rows: npt.NDArray[np.int64], embedding: FloatArray) -> FloatArray:
    vectors = snapshot.embeddings if len(rows) == len(snapshot) else snapshot.embeddings[rows]
    return cosines(vectors, embedding)


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
