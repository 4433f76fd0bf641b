"""The sentence of a passage that answers, by late interaction, the question's words, and what stands before it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from bot.engine.ports.encoders import EncoderIdentity, FloatArray
from bot.engine.records.passages import Span
from bot.engine.retrieval.features import carry_pieces, count_words
from bot.engine.retrieval.late_interaction import Matches
from bot.engine.retrieval.query import QueryTerms
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.tokens import hash_term, stem
from bot.engine.retrieval.vectors import cosines

SENTENCES_FILE = Path(__file__).with_name("sentences.json")

SENTENCE_FEATURES = (
    "match", "match mean", "weakest piece", "overlap", "cosine", "type", "run", "log length", "first",
    "match before", "match after", "opens with a pronoun", "pronoun after match",
    "carried match", "carried overlap", "carried from first",
)  # fmt: skip

OVERLAP_WEIGHT = 0.5
COSINE_WEIGHT = 0.5

MATCH_WEIGHT = 0.5
MATCHED_OVERLAP_WEIGHT = 0.17
MATCHED_COSINE_WEIGHT = 0.33
TYPE_WEIGHT = 0.13
"""With token vectors, for any encoder: a listwise softmax fitted on the training slice."""

PARTNER_SHARE = 0.5
"""On held-out articles of the training sets 8 to 9 % of highlights get a neighbour so, and the share that holds the
answer rises from 84.3 to 87.7 % (squad_train_slice) and from 89.1 to 91.8 % (shifts_new_wiki)."""

_LONGEST_RUN = 5
_FADING_FROM_FIRST = 0.05
_PRONOUNS = "he she it they this these that those his her its their him them such here there"


@cache
def open_sentence_weights(identity: EncoderIdentity | None, path: Path = SENTENCES_FILE) -> FloatArray | None:
    """Return (f,) weights of SENTENCE_FEATURES that were fitted for an encoder, or None."""
    if identity is None or not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    if found["encoder"] != [identity.name, identity.revision] or set(found["weights"]) != set(SENTENCE_FEATURES):
        return None
    return np.array([found["weights"][name] for name in SENTENCE_FEATURES], dtype=np.float32)


def choose_sentences(
    snapshot: Snapshot,
    row: int,
    query: QueryTerms,
    embedding: FloatArray,
    matches: Matches | None = None,
    weights: FloatArray | None = None,
) -> tuple[Span, ...]:
    """Return the span of the answering sentence, or of two neighbours in order, as offsets into the passage's text.

    ``matches``: of the row's sentences, or None without token vectors. ``weights``: of SENTENCE_FEATURES, for the
    encoder that they were fitted for; used with token vectors only.
    """
    spans = snapshot.sentence_spans(row)
    if len(spans) == 1:
        return tuple(spans)
    if weights is None or matches is None:
        return (spans[int(np.argmax(score_sentences(snapshot, row, query, embedding, matches)))],)
    features = describe_sentences(snapshot, row, query, embedding, matches)
    best = int(np.argmax(features @ weights))
    other = _find_partner(features, features @ weights, best)
    return (spans[best],) if other is None else (spans[min(best, other)], spans[max(best, other)])


def _find_partner(features: FloatArray, scores: FloatArray, best: int) -> int | None:
    """Return the neighbour to highlight beside the best sentence, or None.

    One that is half as probable at least; or the one before a sentence that opens with a pronoun, where it holds more
    of the question's words: what "it" is stands there.
    """
    beside = [number for number in (best - 1, best + 1) if 0 <= number < len(scores)]
    other = max(beside, key=lambda number: float(scores[number]))
    if scores[other] >= scores[best] + np.log(PARTNER_SHARE):
        return other
    overlap = features[:, SENTENCE_FEATURES.index("overlap")]
    unresolved = features[best, SENTENCE_FEATURES.index("opens with a pronoun")] > 0
    return best - 1 if best and unresolved and overlap[best - 1] > overlap[best] else None


def score_sentences(
    snapshot: Snapshot, row: int, query: QueryTerms, embedding: FloatArray, matches: Matches | None
) -> FloatArray:
    """Return (s,) scores of the row's sentences that need nothing fitted for the encoder."""
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


def describe_sentences(
    snapshot: Snapshot, row: int, query: QueryTerms, embedding: FloatArray, matches: Matches
) -> FloatArray:
    """Return (s, f) the features of the row's sentences in the order of SENTENCE_FEATURES."""
    words = count_words(snapshot, np.array([row]), query)
    result = np.zeros((len(words.sentences), len(SENTENCE_FEATURES)), dtype=np.float32)
    columns = {name: result[:, number] for number, name in enumerate(SENTENCE_FEATURES)}
    best = matches.sentences
    columns["match"][:] = best
    columns["match mean"][:] = matches.pieces.mean(axis=1)
    columns["weakest piece"][:] = matches.pieces[:, matches.weights >= matches.weights.mean()].min(axis=1)
    columns["overlap"][:] = words.overlap
    columns["cosine"][:] = cosines(snapshot.sentences[slice(*snapshot.sentence_edges[row : row + 2])], embedding)
    columns["type"][:] = snapshot.types[words.sentences] & query.asked_type > 0
    columns["run"][:] = np.minimum(words.pairs, _LONGEST_RUN)
    columns["log length"][:] = np.log1p(words.lengths)
    columns["first"][0] = 1
    columns["match before"][1:] = best[:-1]
    columns["match before"][0] = best.mean()
    columns["match after"][:-1] = best[1:]
    columns["match after"][-1] = best.mean()
    pronouns = _open_with_pronouns(snapshot, words.sentences)
    columns["opens with a pronoun"][:] = pronouns
    columns["pronoun after match"][1:] = pronouns[1:] * (best[:-1] - best.mean())
    carried = carry_pieces(matches.pieces, np.zeros(1, dtype=np.int64), np.array([len(result)]))
    columns["carried match"][:] = carried @ matches.weights
    columns["carried from first"][:] = (
        np.maximum(matches.pieces, matches.pieces[:1] - _FADING_FROM_FIRST) @ matches.weights
    )
    columns["carried overlap"][:] = np.maximum.accumulate(words.counts > 0) @ words.weights
    return result


def _open_with_pronouns(snapshot: Snapshot, sentences: np.ndarray[tuple[int], np.dtype[np.int64]]) -> FloatArray:
    postings = snapshot.postings
    starts, ends = postings.sequence_edges[sentences], postings.sequence_edges[sentences + 1]
    opening = np.zeros(len(sentences), dtype=np.float32)
    held = ends > starts
    opening[held] = np.isin(postings.terms[postings.sequence[starts[held]]], _pronoun_hashes())
    return opening


@cache
def _pronoun_hashes() -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array([hash_term(stem(word)) for word in _PRONOUNS.split()], dtype=np.uint64)
