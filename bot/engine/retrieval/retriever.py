"""Question to ranked passages, in two stages, and whether they answer at all.

First BM25 and cosines of all passages, fused by z-scores; then late interaction and the linear ranker on the best.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import EncodedQuery, EncoderIdentity, FloatArray
from bot.engine.records.answers import AnswerState, Hit
from bot.engine.records.passages import Span
from bot.engine.retrieval.calibration import Calibration
from bot.engine.retrieval.confidence import WRONG_IN_100, Limits, choose_limits, limits_from, open_judge
from bot.engine.retrieval.depth import list_others
from bot.engine.retrieval.emphasis import Emphasis, open_emphasis
from bot.engine.retrieval.evidence import gather_evidence
from bot.engine.retrieval.exact_strings import find_exact_strings
from bot.engine.retrieval.features import Candidates, describe_candidates, expand
from bot.engine.retrieval.first_stage import CANDIDATES, EXACT_ROWS, FirstScores, keep_within, score_rows
from bot.engine.retrieval.fusion import rank
from bot.engine.retrieval.headings import boost_by_heading
from bot.engine.retrieval.highlight import choose_sentences, open_sentence_weights
from bot.engine.retrieval.late_interaction import Matches, match_rows
from bot.engine.retrieval.nearby import Nearby
from bot.engine.retrieval.query import QueryTerms, analyse_query
from bot.engine.retrieval.ranker import open_ranker
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.token_cache import TokenSource
from bot.engine.retrieval.vectors import cosines
from bot.engine.retrieval.visible import SearchedIndex

RERANKED = 30
"""Rows that the second stage compares. Chosen on the training slice (benchmarks/RESULTS.md)."""

_DECIMALS = 5
"""Scores are rounded so that equal passages tie, whatever order their numbers were summed in."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """``hits``, best first; ``highlights``: the answering sentences of each hit, as offsets into its passage.

    ``confidence``: the probability, 0 to 1, that the first hit answers, the ``evidence`` it was estimated from and the
    ``raw_score`` it was mapped from; ``state``: how it compares with the threshold. Without hits it is 0.
    ``quote_gap``: hits scored more than this below the first are not worth quoting. ``others``: the passages that
    follow the hits, as far as they were asked for. ``reserved``: ranks quoted for an exact string of the question.
    """

    hits: tuple[Hit, ...]
    highlights: tuple[tuple[Span, ...], ...]
    confidence: float
    state: AnswerState
    evidence: FloatArray | None = field(default=None, compare=False)
    raw_score: float = 0.0
    quote_gap: float = math.inf
    others: tuple[Hit, ...] = ()
    reserved: frozenset[int] = frozenset()

    @property
    def answers(self) -> bool:
        """Whether there is something to show."""
        return self.state is not AnswerState.NOT_IN_ARTICLES

    def drop_weak(self) -> Retrieval:
        """Return it without the hits that are not worth quoting, but for the ``reserved`` ranks."""
        kept = [
            number
            for number, hit in enumerate(self.hits)
            if hit.rank in self.reserved or self.hits[0].score - hit.score <= self.quote_gap
        ]
        return replace(
            self,
            hits=tuple(self.hits[number] for number in kept),
            highlights=tuple(self.highlights[number] for number in kept),
        )


class Reranked(NamedTuple):
    """``candidates``, their (c, f) ``features``, and where the store has them the ``matches`` of their sentences."""

    candidates: Candidates
    features: FloatArray
    matches: Matches | None


class Retriever:
    """Ranks the passages of an index. Holds settings only, so one serves every guild and thread.

    ``identity``: the encoder's, for which the ranker and the confidence were fitted or not; ``wrong_in_100``: of 100
    questions about something else, how many may be answered; ``calibration``: in place of the one that was shipped.
    """

    def __init__(
        self,
        identity: EncoderIdentity | None = None,
        *,
        wrong_in_100: float = WRONG_IN_100,
        calibration: Calibration | None = None,
        exact_rows: int = EXACT_ROWS,
        candidates: int = CANDIDATES,
        reranked: int = RERANKED,
    ) -> None:
        self.wrong_in_100 = wrong_in_100
        self._judges = {
            has_tokens: open_judge(identity, has_tokens=has_tokens, calibration=calibration)
            for has_tokens in (True, False)
        }
        self._ranker = open_ranker(identity)
        self._emphasis = open_emphasis(identity)
        self._sentence_weights = open_sentence_weights(identity)
        self._exact_rows = exact_rows
        self._candidates = candidates
        self._reranked = reranked

    def search(
        self,
        index: SearchedIndex,
        query_text: str,
        encoded_query: EncodedQuery,
        *,
        article_ids: Sequence[int] | None = None,
        top_k: int,
        depth: int = 0,
        threshold: float | None = None,
        wrong_in_100: float | None = None,
        tokens: TokenSource | None = None,
        nearby: Nearby | None = None,
    ) -> Retrieval:
        """Return the ``top_k`` best passages of these articles, or of all, for a question.

        ``depth``: how many passages to list in all, those after the hits as ``others``.

        ``wrong_in_100``: in place of the retriever's own (a guild's setting); ``threshold``: the confidence of an
        answer, in place of the one that either gives.
        ``tokens``: where token vectors are read from; without it, or where an article has none, the ranking goes by
        what is in memory. ``nearby``: where the conversation is, for a question that leans on what went before.
        """
        snapshot = index.snapshot
        scope = snapshot.find_rows(article_ids)
        if not len(scope) or top_k < 1:
            return Retrieval((), (), 0.0, AnswerState.NOT_IN_ARTICLES)
        query = analyse_query(query_text)
        exact = find_exact_strings(snapshot, scope, query_text, encoded_query)
        wanted = exact.rows if nearby is None else np.union1d(exact.rows, nearby.find_rows(snapshot))
        scores = self._score(snapshot, scope, query, encoded_query.embedding, keep_within(wanted, scope))
        if nearby is not None:
            near = nearby.first_stage * nearby.measure(snapshot, scores.rows)
            scores = scores._replace(fused=scores.fused + near)
        chosen = np.sort(rank(scores.fused, max(self._reranked, top_k)))
        chosen = exact.add_candidates(scores.rows, scores.fused, chosen)
        second = _describe(index, snapshot, scores, chosen, query_text, query, encoded_query, tokens, self._emphasis)
        ranked = self._ranker.score(second.features, has_tokens=second.matches is not None)
        final = scores.fused[chosen] if ranked is None else ranked
        boosts = boost_by_heading(snapshot, second.candidates.rows, query)
        final = np.round(final + boosts, _DECIMALS)
        if nearby is not None:
            final = final + nearby.second_stage * nearby.measure(snapshot, second.candidates.rows)
        evidence = gather_evidence(snapshot, scope, query, *second, final)
        judge = self._judges[second.matches is not None]
        # No training set has headings, so that heads know nothing of them: what ranks by its heading answers by it too.
        raw_score = judge.score(evidence) + float(boosts[rank(final, 1)[0]])
        confidence = judge.calibration.to_confidence(raw_score)
        hits, highlights = [], []
        quoted = exact.reserve(second.candidates.rows, rank(final, len(final)), top_k)
        for number, position in enumerate(quoted.tolist(), start=1):
            row = int(second.candidates.rows[position])
            article_id, passage = snapshot.locate(row)
            hits.append(Hit(article_id, passage, float(final[position]), number))
            own = _cut_matches(snapshot, second, position)
            highlights.append(
                choose_sentences(snapshot, row, query, encoded_query.embedding, own, self._sentence_weights)
            )
        if threshold is None:
            limits = choose_limits(judge.calibration, self.wrong_in_100 if wrong_in_100 is None else wrong_in_100)
        else:
            limits = limits_from(judge.calibration, threshold)
        state = limits.choose_state(confidence)
        if state is AnswerState.NOT_IN_ARTICLES and exact.has_strict:
            state = AnswerState.UNSURE
        rows = second.candidates.rows
        others = list_others(snapshot, scores.rows, scores.fused, rows, final, quoted, depth)
        reserved = exact.find_ranks(rows[quoted])
        return Retrieval(
            tuple(hits), tuple(highlights), confidence, state, evidence, raw_score, judge.quote_gap, others, reserved
        )

    def limits(self, wrong_in_100: float | None = None, *, has_tokens: bool) -> Limits:
        """Return the confidences that an answer, and a "not sure", take; ``wrong_in_100`` as in :meth:`search`."""
        chosen = self.wrong_in_100 if wrong_in_100 is None else wrong_in_100
        return choose_limits(self._judges[has_tokens].calibration, chosen)

    def highlight(
        self,
        index: SearchedIndex,
        query_text: str,
        encoded_query: EncodedQuery,
        article_id: int,
        position: int,
        *,
        tokens: TokenSource | None = None,
    ) -> tuple[Span, ...]:
        """Return the spans that a search would highlight in one passage; none where the index has no such passage."""
        snapshot = index.snapshot
        row = snapshot.find_row(article_id, position)
        if row is None:
            return ()
        rows = np.array([row])
        matches = None if tokens is None else match_rows(index, snapshot, tokens, rows, query_text, encoded_query)
        query = analyse_query(query_text)
        return choose_sentences(snapshot, row, query, encoded_query.embedding, matches, self._sentence_weights)

    def describe(
        self,
        index: SearchedIndex,
        query_text: str,
        encoded_query: EncodedQuery,
        *,
        article_ids: Sequence[int] | None = None,
        tokens: TokenSource | None = None,
        without: Collection[int] = (),
    ) -> Reranked:
        """Return what the second stage sees of its candidates but for some rows, for fitting and measuring."""
        snapshot = index.snapshot
        query = analyse_query(query_text)
        scores = self._score(snapshot, snapshot.find_rows(article_ids), query, encoded_query.embedding)
        chosen = np.sort(rank(scores.fused, self._reranked))
        chosen = chosen[~np.isin(scores.rows[chosen], list(without))]
        return _describe(index, snapshot, scores, chosen, query_text, query, encoded_query, tokens, self._emphasis)

    def _score(
        self,
        snapshot: Snapshot,
        scope: npt.NDArray[np.int64],
        query: QueryTerms,
        embedding: FloatArray,
        wanted: npt.NDArray[np.int64] | None = None,
    ) -> FirstScores:
        return score_rows(
            snapshot, scope, query, embedding, wanted, exact_rows=self._exact_rows, candidates=self._candidates
        )


def _describe(
    index: SearchedIndex,
    snapshot: Snapshot,
    scores: FirstScores,
    chosen: npt.NDArray[np.int64],
    text: str,
    query: QueryTerms,
    encoded: EncodedQuery,
    tokens: TokenSource | None,
    emphasis: Emphasis | None,
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
    matches = None if tokens is None else match_rows(index, snapshot, tokens, rows, text, encoded, emphasis)
    return Reranked(candidates, describe_candidates(snapshot, candidates, query, matches), matches)


def _cut_matches(snapshot: Snapshot, second: Reranked, position: int) -> Matches | None:
    """Return the matches of one candidate's sentences."""
    if second.matches is None:
        return None
    rows = second.candidates.rows[: position + 1]
    counts = snapshot.sentence_edges[rows + 1] - snapshot.sentence_edges[rows]
    return second.matches.cut(int(counts[:-1].sum()), int(counts.sum()))
