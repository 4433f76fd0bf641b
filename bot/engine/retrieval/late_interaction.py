"""Late interaction (Khattab and Zaharia, 2020): each word piece of a question finds its best match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import EncodedQuery, FloatArray
from bot.engine.retrieval.bm25 import Postings
from bot.engine.retrieval.emphasis import Emphasis
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.token_cache import TokenSource
from bot.engine.retrieval.token_vectors import TokenVectors, compare_tokens
from bot.engine.retrieval.tokens import find_words, fold, hash_term, stem
from bot.engine.retrieval.visible import SearchedIndex

_MARKS = ("##", "▁", "Ġ")
"""How tokenizers mark a piece that goes on with a word, or that begins one."""

_ROUNDING = 1e-5

_OTHER_WEIGHT = 0.5
"""What a piece outside any word (a question mark) counts, beside the lightest word."""


@dataclass(frozen=True, slots=True)
class Matches:
    """``pieces``: (s, q) best cosine of each question piece in each sentence; ``weights``: (q,) by idf, with sum 1.

    ``emphasis``: (q,) what was learned of how much each piece matters, with sum 1; ``exactness``: (q,) how much a close
    match counts. None for an encoder that nothing was learned for.
    """

    pieces: FloatArray
    weights: FloatArray
    emphasis: FloatArray | None = None
    exactness: FloatArray | None = None

    @property
    def sentences(self) -> FloatArray:
        """Return (s,) the weighted mean of each sentence."""
        result: FloatArray = self.pieces @ self.weights
        return result

    @property
    def topical(self) -> npt.NDArray[np.bool_]:
        """Return (q,) the pieces of at least mean weight. Never none, though a mean may round above equal weights."""
        marked: npt.NDArray[np.bool_] = self.weights >= self.weights.mean() * (1 - _ROUNDING)
        return marked

    def cut(self, first: int, last: int) -> Matches:
        """Return those of the sentences ``first`` up to but not including ``last``."""
        return replace(self, pieces=self.pieces[first:last])


def match_rows(
    index: SearchedIndex,
    snapshot: Snapshot,
    source: TokenSource,
    rows: npt.NDArray[np.int64],
    text: str,
    query: EncodedQuery,
    emphasis: Emphasis | None = None,
) -> Matches | None:
    """Match a question with every sentence of ascending rows; None where any of them lacks token vectors."""
    if query.tokens is None or not len(query.tokens) or not len(rows):
        return None
    numbers = np.searchsorted(snapshot.row_edges, rows, side="right") - 1
    parts: list[npt.NDArray[np.uint8]] = []
    counts: list[npt.NDArray[np.int64]] = []
    for number in np.unique(numbers).tolist():
        article_id, core = int(snapshot.article_ids[number]), int(snapshot.checksums[number])
        found = index.tokens.take(source, article_id, core, snapshot.version)
        if found is None:
            return None
        first = snapshot.sentence_edges[snapshot.row_edges[number]]
        _select(found, snapshot, rows[numbers == number], int(first), parts, counts)
    best = _reduce(compare_tokens(np.concatenate(parts), query.tokens), np.concatenate(counts))
    weights = weigh_pieces(text, query.pieces, len(query.tokens), snapshot.postings, query.starts)
    return Matches(best, weights, *((None, None) if emphasis is None else emphasis.weigh(query.tokens, weights)))


def _select(
    found: TokenVectors,
    snapshot: Snapshot,
    rows: npt.NDArray[np.int64],
    first: int,
    parts: list[npt.NDArray[np.uint8]],
    counts: list[npt.NDArray[np.int64]],
) -> None:
    """Append the tokens of one article's rows, runs of neighbouring rows at once."""
    breaks = np.flatnonzero(np.diff(rows) != 1)
    for low, high in zip(
        rows[np.concatenate([[0], breaks + 1])].tolist(), rows[np.concatenate([breaks, [-1]])].tolist(), strict=True
    ):
        edges = found.edges[snapshot.sentence_edges[low] - first : snapshot.sentence_edges[high + 1] - first + 1]
        parts.append(found.bits[edges[0] : edges[-1]])
        counts.append(np.diff(edges))


def _reduce(cosines: FloatArray, counts: npt.NDArray[np.int64]) -> FloatArray:
    """Return (s, q) the best of each sentence's tokens; 0 for a sentence without any."""
    best = np.zeros((len(counts), cosines.shape[1]), dtype=np.float32)
    held = counts > 0
    if held.any():
        best[held] = np.maximum.reduceat(cosines, (np.cumsum(counts) - counts)[held], axis=0)
    return best


def weigh_pieces(
    text: str,
    pieces: Sequence[str],
    count: int,
    postings: Postings,
    starts: npt.NDArray[np.int64] | None = None,
) -> FloatArray:
    """Return (q,) weights with sum 1: the guild's idf of the word that each piece belongs to.

    ``starts``: where each piece starts in ``text``; without them pieces are looked for by their names.
    """
    words = find_words(text)
    if len(pieces) != count or not words:
        return np.full(count, 1 / count, dtype=np.float32)
    idf = postings.idf(np.array([hash_term(stem(word.text)) for word in words], dtype=np.uint64))
    weights = np.full(count, _OTHER_WEIGHT * float(idf.min()), dtype=np.float32)
    for number, start in enumerate(_find_pieces(text, pieces) if starts is None else starts.tolist()):
        # A lone mark for the space before a word is no part of it.
        if start >= 0 and pieces[number] not in _MARKS:
            owner = next((i for i, word in enumerate(words) if word.start <= start < word.end), None)
            if owner is not None:
                weights[number] = idf[owner]
    return weights / max(float(weights.sum()), 1e-9)


def _find_pieces(text: str, pieces: Sequence[str]) -> list[int]:
    """Return where each piece starts, -1 where it is not found."""
    folded, position = text.lower(), 0
    if len(folded) != len(text):
        folded = text
    starts = []
    for piece in pieces:
        bare = piece
        for mark in _MARKS:
            bare = bare.removeprefix(mark)
        start = folded.find(bare if folded is text else bare.lower(), position)
        if start < 0:
            start = fold(folded).find(fold(bare), position) if len(fold(folded)) == len(folded) else -1
        if start >= 0:
            position = start + len(bare)
        starts.append(start)
    return starts
