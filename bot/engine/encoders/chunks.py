"""Cut a long passage into runs of whole sentences that fit the model, and say which sentence owns which word piece."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bot.engine.records.passages import Span

IntArray = npt.NDArray[np.int64]


def plan_chunks(piece_starts: IntArray, sentences: Sequence[Span], length: int, budget: int) -> list[Span]:
    """Return the chunks of a text as spans that cover it, each of at most ``budget`` word pieces.

    ``piece_starts``: (t,) ascending character offsets of the text's word pieces. Sentences stay whole unless one alone
    is over the budget; chunks are of about equal size, because a short last chunk would lack context.
    """
    total = len(piece_starts)
    if total <= budget:
        return [Span(0, length)]
    target = -(-total // -(-total // budget))
    cuts = [0]  # in pieces
    for low, high in _units(piece_starts, sentences, budget):
        if low > cuts[-1] and (low - cuts[-1] >= target or high - cuts[-1] > budget):
            cuts.append(low)
    edges = [0, *(int(piece_starts[cut]) for cut in cuts[1:]), length]
    return [Span(start, end) for start, end in itertools.pairwise(edges) if end > start]


def _units(piece_starts: IntArray, sentences: Sequence[Span], budget: int) -> list[tuple[int, int]]:
    """Return piece ranges that no chunk may be cut within: sentences, over-long ones in parts of ``budget``."""
    starts = np.array([sentence.start for sentence in sentences[1:]], dtype=np.int64)
    edges = [0, *np.searchsorted(piece_starts, starts).tolist(), len(piece_starts)]
    return [unit for low, high in itertools.pairwise(edges) for unit in _cut_unit(piece_starts, low, high, budget)]


def _cut_unit(piece_starts: IntArray, low: int, high: int, budget: int) -> Iterator[tuple[int, int]]:
    """Cut a range of pieces into parts of ``budget``, never between two pieces of the same character."""
    while low < high:
        cut = min(low + budget, high)
        while low < cut - 1 and cut < high and piece_starts[cut] == piece_starts[cut - 1]:
            cut -= 1
        yield low, cut
        low = cut


def own_pieces(piece_starts: IntArray, sentences: Sequence[Span]) -> npt.NDArray[np.uint16]:
    """Return for each word piece the number of its sentence: the last one that starts at or before it."""
    starts = np.array([sentence.start for sentence in sentences], dtype=np.int64)
    owners = np.searchsorted(starts, piece_starts, side="right") - 1
    return np.clip(owners, 0, np.iinfo(np.uint16).max).astype(np.uint16)
