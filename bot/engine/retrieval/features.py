"""What the ranker knows of each candidate, computed for all candidates at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.late_interaction import Matches
from bot.engine.retrieval.query import QueryTerms
from bot.engine.retrieval.snapshot import Snapshot

SCORES = (
    "passage cosine", "best sentence cosine", "second sentence cosine", "bm25", "local coverage", "bm25 best sentence",
    "all words in a sentence", "run in a sentence",
)  # fmt: skip
"""Standardised over the candidates: what they mean differs from question to question."""

MATCH_SCORES = (
    "maxsim",
    "maxsim by idf",
    "maxsim best sentence",
    "maxsim best pair",
    "weakest piece",
    "matched pieces",
    "maxsim carried",
    "emphasised",
    "emphasised sentence",
    "emphasised carried",
    "close pieces",
    "close in a sentence",
    "widest gap",
)
"""The same, from token vectors."""

FACTS = (
    "coverage", "coverage in a sentence", "coverage in two sentences", "bigrams", "numbers", "names", "type in passage",
    "type in best sentence", "first", "position", "log length", "score before", "score after",
)  # fmt: skip
"""Taken as they are."""

FEATURES = (*SCORES, *FACTS, *MATCH_SCORES)

_MATCHED = 0.5
_CLOSE = 0.65
_FADING = 0.05
_K1, _B = 0.9, 0.4


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows that the first stage chose, and its scores of each.

    ``rows``: (c,) ascending. ``passage``: cosines; ``lexical``: BM25 by the question's ceiling; ``before`` and
    ``after``: the first-stage score of the neighbour in the article, 0 at its ends. ``cosines``: of all sentences of
    all rows, in order.
    """

    rows: npt.NDArray[np.int64]
    passage: FloatArray
    lexical: FloatArray
    before: FloatArray
    after: FloatArray
    cosines: FloatArray


def describe_candidates(
    snapshot: Snapshot, candidates: Candidates, query: QueryTerms, matches: Matches | None
) -> FloatArray:
    """Return (c, f) the candidates' features in the order of FEATURES; without ``matches`` those of tokens are 0."""
    rows = candidates.rows
    counts = snapshot.sentence_edges[rows + 1] - snapshot.sentence_edges[rows]
    firsts = np.cumsum(counts) - counts
    words = count_words(snapshot, rows, query)
    result = np.zeros((len(rows), len(FEATURES)), dtype=np.float32)
    columns = {name: result[:, number] for number, name in enumerate(FEATURES)}
    best, second = _two_best(candidates.cosines, firsts, counts)
    columns["passage cosine"][:] = candidates.passage
    columns["best sentence cosine"][:] = best
    columns["second sentence cosine"][:] = second
    columns["bm25"][:] = candidates.lexical
    _describe_words(columns, words, query, firsts)
    _describe_places(columns, snapshot, rows)
    columns["score before"][:] = candidates.before
    columns["score after"][:] = candidates.after
    types = snapshot.types[words.sentences]
    columns["type in passage"][:] = np.bitwise_or.reduceat(types, firsts) & query.asked_type > 0
    likeliest = candidates.cosines + words.overlap
    if matches is not None:
        likeliest = likeliest + matches.sentences
        _describe_matches(columns, matches, firsts, counts)
    best_sentences = _argmax(likeliest, firsts, counts)
    columns["type in best sentence"][:] = types[best_sentences] & query.asked_type > 0
    return result


@dataclass(frozen=True, slots=True)
class WordCounts:
    """``sentences``: (s,) sentence numbers of the rows in order; ``counts``: (s, q) how often each holds each term.

    ``weights``: (q,) share of each topical term in the question, by idf; ``every``: (q,) idf of all terms; ``overlap``:
    (s,) share found in each sentence; ``lengths``: (s,) words; ``pairs``: (s,) neighbouring words of the question that
    stand side by side.
    """

    sentences: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    weights: FloatArray
    every: FloatArray
    overlap: FloatArray
    lengths: npt.NDArray[np.int64]
    pairs: npt.NDArray[np.int64]


def expand(starts: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the numbers ``starts[i]`` to ``starts[i] + counts[i]``, one range after the other."""
    total = np.cumsum(counts)
    return np.repeat(starts - total + counts, counts) + np.arange(int(total[-1]) if len(total) else 0)


def count_words(snapshot: Snapshot, rows: npt.NDArray[np.int64], query: QueryTerms) -> WordCounts:
    """Count the question's terms in every sentence of some rows."""
    postings = snapshot.postings
    first = snapshot.sentence_edges[rows]
    sentences = expand(first, snapshot.sentence_edges[rows + 1] - first)
    starts = postings.sequence_edges[sentences]
    lengths = postings.sequence_edges[sentences + 1] - starts
    terms = postings.sequence[expand(starts, lengths)]
    owners = np.repeat(np.arange(len(sentences)), lengths)
    positions = postings.find(query.hashes)
    lookup = np.full(len(postings.terms), -1, dtype=np.int16)
    known = positions >= 0
    lookup[positions[known]] = np.flatnonzero(known)
    found = lookup[terms]
    width = len(query.hashes)
    here = np.flatnonzero(found >= 0)
    cells = np.bincount(owners[here] * width + found[here], minlength=len(sentences) * width)
    counts = cells.reshape(len(sentences), width)
    weights = postings.idf(query.hashes) * (query.topical if query.topical.any() else 1)
    weights = (weights / max(float(weights.sum()), 1e-9)).astype(np.float32)
    overlap = (counts > 0).astype(np.float32) @ weights
    side = here[:-1][(np.diff(here) == 1) & (owners[here[:-1]] == owners[here[1:]])] if len(here) else here
    joined = side[_is_among(found[side].astype(np.int64) * width + found[side + 1], query.neighbours)]
    pairs = np.bincount(owners[joined], minlength=len(sentences))
    return WordCounts(sentences, counts, weights, postings.idf(query.hashes), overlap, lengths, pairs)


def _is_among(values: npt.NDArray[np.int64], among: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return whether each value is one of some ascending ones; quicker than numpy's own for few."""
    if not len(among):
        return np.zeros(len(values), dtype=np.bool_)
    positions = np.minimum(np.searchsorted(among, values), len(among) - 1)
    return np.equal(among[positions], values)


def _describe_words(
    columns: dict[str, FloatArray], words: WordCounts, query: QueryTerms, firsts: npt.NDArray[np.int64]
) -> None:
    counts, weights = words.counts, words.weights
    in_rows = np.add.reduceat(counts, firsts, axis=0)
    held = in_rows > 0
    columns["coverage"][:] = held @ weights
    columns["coverage in a sentence"][:] = np.maximum.reduceat(words.overlap, firsts)
    columns["coverage in two sentences"][:] = np.maximum.reduceat(_join_pairs(counts, firsts) @ weights, firsts)
    local = np.log1p((len(held) - held.sum(axis=0) + 0.5) / (held.sum(axis=0) + 0.5)) * (weights > 0)
    norm = _K1 * (1 - _B + _B * words.lengths / max(float(words.lengths.mean()), 1.0))
    saturated = counts / (counts + norm[:, None])
    columns["bm25 best sentence"][:] = np.maximum.reduceat(saturated @ weights, firsts)
    every = words.every / max(float(words.every.sum()), 1e-9)
    columns["all words in a sentence"][:] = np.maximum.reduceat(saturated @ every, firsts)
    columns["run in a sentence"][:] = np.maximum.reduceat(words.pairs, firsts)
    lengths = np.add.reduceat(words.lengths, firsts)
    norm = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))
    columns["local coverage"][:] = (in_rows / (in_rows + norm[:, None])) @ (local / max(float(local.sum()), 1e-9))
    columns["bigrams"][:] = np.minimum(np.add.reduceat(words.pairs, firsts) / max(len(query.neighbours), 1), 1)
    for name, chosen in (("numbers", query.numbers), ("names", query.names)):
        columns[name][:] = held[:, chosen].mean(axis=1) if chosen.any() else 0
    columns["log length"][:] = np.log1p(lengths)


def _join_pairs(counts: npt.NDArray[np.int64], firsts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return (s, q) whether a sentence or the next one of its row holds each term."""
    following = np.zeros_like(counts)
    following[:-1] = counts[1:]
    following[firsts[1:] - 1] = 0
    return counts + following > 0


def _describe_places(columns: dict[str, FloatArray], snapshot: Snapshot, rows: npt.NDArray[np.int64]) -> None:
    numbers = np.searchsorted(snapshot.row_edges, rows, side="right") - 1
    positions = rows - snapshot.row_edges[numbers]
    columns["first"][:] = positions == 0
    columns["position"][:] = positions / (snapshot.row_edges[numbers + 1] - snapshot.row_edges[numbers])


def _describe_matches(
    columns: dict[str, FloatArray], matches: Matches, firsts: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> None:
    pieces = np.maximum.reduceat(matches.pieces, firsts, axis=0)
    columns["maxsim"][:] = pieces.mean(axis=1)
    columns["maxsim by idf"][:] = pieces @ matches.weights
    columns["maxsim best sentence"][:] = np.maximum.reduceat(matches.sentences, firsts)
    following = matches.pieces.copy()
    following[:-1] = np.maximum(following[:-1], matches.pieces[1:])
    following[firsts + counts - 1] = matches.pieces[firsts + counts - 1]
    columns["maxsim best pair"][:] = np.maximum.reduceat(following @ matches.weights, firsts)
    columns["weakest piece"][:] = pieces[:, matches.topical].min(axis=1)
    columns["matched pieces"][:] = (pieces > _MATCHED) @ matches.weights
    carried = carry_pieces(matches.pieces, firsts, counts)
    columns["maxsim carried"][:] = np.maximum.reduceat(carried @ matches.weights, firsts)
    _describe_emphasised(columns, matches, firsts, pieces, carried)


def _describe_emphasised(
    columns: dict[str, FloatArray],
    matches: Matches,
    firsts: npt.NDArray[np.int64],
    pieces: FloatArray,
    carried: FloatArray,
) -> None:
    """Describe the same by what was learned of the pieces; ``pieces``: (c, q) of the rows, ``carried``: (s, q)."""
    emphasis = matches.weights if matches.emphasis is None else matches.emphasis
    exactness = matches.weights if matches.exactness is None else matches.exactness
    columns["emphasised"][:] = pieces @ emphasis
    columns["emphasised sentence"][:] = np.maximum.reduceat(matches.pieces @ emphasis, firsts)
    columns["emphasised carried"][:] = np.maximum.reduceat(carried @ emphasis, firsts)
    columns["close pieces"][:] = np.maximum(pieces - _CLOSE, 0) @ exactness
    close = np.maximum(matches.pieces - _CLOSE, 0) @ emphasis
    columns["close in a sentence"][:] = np.maximum.reduceat(close, firsts)
    columns["widest gap"][:] = -((pieces.max(axis=0) - pieces) * emphasis).max(axis=1)


def carry_pieces(pieces: FloatArray, firsts: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> FloatArray:
    """Return (s, q) matches where a sentence may be about what those before it in its row named.

    "It was founded in 1986" has no word of the question's subject: the sentence before it has. It fades with each step.
    """
    result = pieces.copy()
    for step in range(1, int(counts.max(initial=1))):
        here = firsts[counts > step] + step
        result[here] = np.maximum(result[here], result[here - 1] - _FADING)
    return result


def _two_best(
    scores: FloatArray, firsts: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> tuple[FloatArray, FloatArray]:
    """Return (c,) each row's best and second-best score; the best twice for a row of one sentence."""
    best = np.maximum.reduceat(scores, firsts)
    rest = scores.copy()
    rest[_argmax(scores, firsts, counts)] = -np.inf
    second = np.maximum.reduceat(rest, firsts)
    return best, np.where(np.isfinite(second), second, best)


def _argmax(scores: FloatArray, firsts: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return (c,) the position of each row's best score, the first of equal ones."""
    is_best = scores == np.repeat(np.maximum.reduceat(scores, firsts), counts)
    found = np.flatnonzero(is_best)
    owners = np.repeat(np.arange(len(firsts)), counts)[found]
    return found[np.searchsorted(owners, np.arange(len(firsts)))]
