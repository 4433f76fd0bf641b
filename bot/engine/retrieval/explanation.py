"""Why a question was answered as it was: its candidates, by what they were ranked, and what spoke against an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.records.answers import AnswerState, Hit
from bot.engine.retrieval.confidence import Limits
from bot.engine.retrieval.features import FEATURES
from bot.engine.retrieval.first_stage import FirstScores, score_rows
from bot.engine.retrieval.query import analyse_query
from bot.engine.retrieval.question import PreparedQuestion
from bot.engine.retrieval.retriever import Retriever
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.token_cache import TokenSource
from bot.engine.retrieval.tokens import find_words, hash_term, is_stop_word, stem
from bot.engine.retrieval.visible import SearchedIndex

CANDIDATES = 10
_LATE = FEATURES.index("maxsim by idf")
_COVERAGE = FEATURES.index("coverage")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that might have been quoted.

    ``score``: the ranker's; ``lexical_rank`` and ``dense_rank``: its place (from 1) by words alone and by embeddings
    alone, None where a large guild's shortcut never scored it; ``cosine``: of its embedding; ``late_interaction``: mean
    match of the question's word pieces, by weight, None without token vectors; ``coverage``: share of the question's
    words in it, by weight.
    """

    hit: Hit
    lexical_rank: int | None
    dense_rank: int | None
    cosine: float | None
    late_interaction: float | None
    coverage: float | None
    text: str = ""

    @property
    def score(self) -> float:
        """What the ranker gave it."""
        return self.hit.score


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a question.

    ``searched``: the words that were searched for; ``absent``: words of the question that no passage holds;
    ``elsewhere``: words that some passage holds, but not the first. ``limits``: the confidences that an answer, and a
    "not sure", take.
    """

    searched: str
    state: AnswerState
    confidence: float
    limits: Limits
    candidates: tuple[Candidate, ...]
    absent: tuple[str, ...]
    elsewhere: tuple[str, ...]


def explain_search(
    retriever: Retriever,
    index: SearchedIndex,
    prepared: PreparedQuestion,
    *,
    article_ids: Sequence[int] | None = None,
    wrong_in_100: float | None = None,
    tokens: TokenSource | None = None,
) -> Explanation:
    """Search as for an answer, and keep what is otherwise thrown away."""
    snapshot, text, encoded = index.snapshot, prepared.text, prepared.encoded
    found = retriever.search(
        index, text, encoded, article_ids=article_ids, top_k=CANDIDATES, wrong_in_100=wrong_in_100, tokens=tokens
    )
    if not found.hits:
        return Explanation(text, found.state, 0.0, retriever.limits(wrong_in_100, has_tokens=True), (), (), ())
    scope = snapshot.find_rows(article_ids)
    scores = score_rows(snapshot, scope, analyse_query(text), encoded.embedding)
    described = retriever.describe(index, text, encoded, article_ids=article_ids, tokens=tokens)
    rows = [snapshot.find_row(hit.article_id, hit.position) for hit in found.hits]
    places = {int(row): number for number, row in enumerate(described.candidates.rows)}
    has_tokens = described.matches is not None
    candidates = []
    for hit, row in zip(found.hits, rows, strict=True):
        features = described.features[places[row]] if row in places else None
        at = _find(scores.rows, row)
        candidates.append(
            Candidate(
                hit,
                _place(scores.lexical, at),
                _place(_dense(scores), at),
                None if at is None else float(scores.passage[at]),
                float(features[_LATE]) if features is not None and has_tokens else None,
                None if features is None else float(features[_COVERAGE]),
            )
        )
    absent, elsewhere = _sort_words(snapshot, text, rows[0])
    limits = retriever.limits(wrong_in_100, has_tokens=has_tokens)
    return Explanation(text, found.state, found.confidence, limits, tuple(candidates), absent, elsewhere)


def _dense(scores: FirstScores) -> npt.NDArray[np.float32]:
    return scores.passage + scores.sentence


def _find(rows: npt.NDArray[np.int64], row: int | None) -> int | None:
    if row is None:
        return None
    at = int(np.searchsorted(rows, row))
    return at if at < len(rows) and rows[at] == row else None


def _place(scores: npt.NDArray[np.float32], at: int | None) -> int | None:
    return None if at is None else int((scores > scores[at]).sum()) + 1


def _sort_words(snapshot: Snapshot, text: str, first: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the topical words that no passage holds, and those that others than the first hold; as they were typed."""
    words = {word.text: text[word.start : word.end] for word in find_words(text) if not is_stop_word(word.text)}
    hashes = np.array([hash_term(stem(word)) for word in words], dtype=np.uint64)
    postings = snapshot.postings
    absent, elsewhere = [], []
    for typed, position in zip(words.values(), postings.find(hashes).tolist(), strict=True):
        if position < 0:
            absent.append(typed)
            continue
        low, high = postings.edges[position : position + 2]
        if first is not None and first not in postings.rows[low:high]:
            elsewhere.append(typed)
    return tuple(absent), tuple(elsewhere)
