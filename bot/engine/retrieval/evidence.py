"""What speaks for and against the best passage's being the answer: numbers that the confidence is estimated from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.features import FEATURES, Candidates, carry_pieces
from bot.engine.retrieval.fusion import rank
from bot.engine.retrieval.late_interaction import Matches
from bot.engine.retrieval.query import QueryTerms
from bot.engine.retrieval.snapshot import Snapshot

OF_THE_BEST = (
    "passage cosine", "best sentence cosine", "second sentence cosine", "bm25", "bm25 best sentence",
    "all words in a sentence", "run in a sentence", "coverage", "coverage in a sentence", "coverage in two sentences",
    "bigrams", "type in passage", "type in best sentence", "maxsim", "maxsim by idf", "maxsim best sentence",
    "maxsim best pair", "weakest piece", "matched pieces", "emphasised", "emphasised sentence", "emphasised carried",
    "close pieces", "close in a sentence",
)  # fmt: skip
"""FEATURES of the passage that the ranker puts first, not standardised."""

OF_ANY = ("best sentence cosine", "bm25", "coverage", "maxsim by idf", "maxsim best sentence", "weakest piece")
"""The highest among all candidates: that a passage is first and yet not the best by these speaks against it."""

# Relations of the first passage to the next ones and to the question.
RELATIONS = (
    "cosine and bm25", "margin", "lead", "agreement", "absent words", "words elsewhere", "missing names",
    "missing numbers", "names", "numbers", "negated", "untyped", "log rows", "log words",
)  # fmt: skip

# Of the question's topical pieces, in the first passage and in its best sentence.
PIECES = (
    "lower quarter of pieces", "spread of pieces", "weakest in sentence", "lower quarter in sentence",
    "unmatched in sentence", "loosely matched in sentence", "exact piece missed",
)  # fmt: skip

EVIDENCE = (
    *(f"first: {name}" for name in OF_THE_BEST), *(f"any: {name}" for name in OF_ANY), *RELATIONS, *PIECES,
)  # fmt: skip

WIDEST_MARGIN = 6.0
"""A margin beyond it says no more; a single passage has half of it."""

_UNMATCHED, _LOOSE = 0.5, 0.7
_RIVALS = ("maxsim by idf", "maxsim best sentence", "best sentence cosine", "bm25")

_COLUMNS = {name: number for number, name in enumerate(FEATURES)}
_FIRST = [_COLUMNS[name] for name in OF_THE_BEST]
_ANY = [_COLUMNS[name] for name in OF_ANY]


def gather_evidence(
    snapshot: Snapshot,
    scope: npt.NDArray[np.int64],
    query: QueryTerms,
    candidates: Candidates,
    features: FloatArray,
    matches: Matches | None,
    scores: FloatArray,
) -> FloatArray:
    """Return (e,) the numbers in the order of EVIDENCE; without ``matches`` those of pieces are 0.

    ``scope``: ascending rows that were searched; ``features``: (c, f) of the ``candidates``, and ``scores``: (c,) the
    ranker's.
    """
    first = int(rank(scores, 1)[0])
    found = dict.fromkeys((*RELATIONS, *PIECES), 0.0)
    _compare(found, features, scores, first, has_topic=bool(query.topical.any()))
    _weigh_words(found, snapshot, scope, query, features[first])
    if matches is not None:
        counts = np.diff(snapshot.sentence_edges)[candidates.rows[: first + 1]]
        _weigh_pieces(found, matches.cut(int(counts[:-1].sum()), int(counts.sum())))
    return np.concatenate([features[first, _FIRST], features[:, _ANY].max(axis=0), list(found.values())]).astype(
        np.float32
    )


def _compare(found: dict[str, float], features: FloatArray, scores: FloatArray, first: int, *, has_topic: bool) -> None:
    """Compare the first passage with the others."""
    # Function words alone say nothing about the topic: they rank, but are no evidence.
    lexical = features[:, _COLUMNS["bm25"]] * has_topic
    found["cosine and bm25"] = float((features[:, _COLUMNS["best sentence cosine"]] + lexical).max())
    behind = scores[first] - np.delete(scores, first)
    found["margin"] = min(float(behind.min()), WIDEST_MARGIN) if len(behind) else WIDEST_MARGIN / 2
    found["lead"] = float(1 / (1 + np.exp(-behind).sum()))
    found["agreement"] = float(np.mean([features[:, _COLUMNS[name]].argmax() == first for name in _RIVALS]))


def _weigh_words(
    found: dict[str, float],
    snapshot: Snapshot,
    scope: npt.NDArray[np.int64],
    query: QueryTerms,
    first: FloatArray,
) -> None:
    """Weigh the question's words that no passage searched holds, and those that only others than the first hold."""
    weights = snapshot.postings.idf(query.hashes) * (query.topical if query.topical.any() else 1)
    weights = weights / max(float(weights.sum()), 1e-9)
    held = float(weights[_find_held(snapshot, scope, query)].sum())
    found["absent words"] = 1 - held
    found["words elsewhere"] = held - float(first[_COLUMNS["coverage"]])
    for name, marked in (("names", query.names), ("numbers", query.numbers)):
        if marked.any():
            found[name] = 1.0
            found[f"missing {name}"] = 1 - float(first[_COLUMNS[name]])
    found["negated"] = float(query.is_negated)
    found["untyped"] = float(query.asked_type == 0)
    found["log rows"] = float(np.log(len(scope)))
    found["log words"] = float(np.log1p(query.topical.sum()))


def _find_held(snapshot: Snapshot, scope: npt.NDArray[np.int64], query: QueryTerms) -> npt.NDArray[np.bool_]:
    """Return (q,) whether any row of the scope holds each term."""
    postings = snapshot.postings
    positions = postings.find(query.hashes)
    held = positions >= 0
    if len(scope) == len(snapshot):
        return held
    inside = np.zeros(len(snapshot), dtype=np.bool_)
    inside[scope] = True
    for place in np.flatnonzero(held).tolist():
        low, high = postings.edges[positions[place] : positions[place] + 2]
        held[place] = inside[postings.rows[low:high]].any()
    return held


def _weigh_pieces(found: dict[str, float], matches: Matches) -> None:
    """Describe how the topical pieces of the question are matched in the first passage and its best sentence."""
    topical = matches.topical
    weights = matches.weights[topical] / max(float(matches.weights[topical].sum()), 1e-9)
    passage = matches.pieces[:, topical].max(axis=0)
    sentence = matches.pieces[int(np.argmax(matches.sentences)), topical]
    found["lower quarter of pieces"] = float(np.quantile(passage, 0.25))
    found["spread of pieces"] = float(passage.std())
    found["weakest in sentence"] = float(sentence.min())
    found["lower quarter in sentence"] = float(np.quantile(sentence, 0.25))
    found["unmatched in sentence"] = float(weights[sentence < _UNMATCHED].sum())
    found["loosely matched in sentence"] = float(weights[sentence < _LOOSE].sum())
    if matches.emphasis is None or matches.exactness is None:
        return
    only = np.zeros(1, dtype=np.int64), np.array([len(matches.pieces)])
    carried = carry_pieces(matches.pieces, *only)
    likeliest = carried[int(np.argmax(carried @ matches.emphasis))]
    found["exact piece missed"] = float((matches.exactness * (1 - likeliest)).max())
