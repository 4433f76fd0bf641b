"""The optional last stage: the few best passages scored anew by a reranker, within a time budget.

Candidates are scored in the order of the first ranking, a few at a time. Those that were scored come first, by their
new scores; those that the budget left out follow in their old order. How sure the answer is stays what the first
ranking's evidence says: a reranker's scores mean something else with every model. Whatever goes wrong, the first
ranking stands.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.engine.errors import EncoderUnavailable
from bot.engine.ports.encoders import PassageInput, Reranker
from bot.engine.ports.stores import StoredPassage
from bot.engine.records.answers import Hit
from bot.engine.retrieval.retriever import Retrieval
from bot.engine.retrieval.visible import SearchedIndex

log = logging.getLogger(__name__)

CANDIDATES = 10
BUDGET_SECONDS = 1.0

_BATCH = 2
"""Passages between two looks at the clock; on a CPU larger batches are hardly faster."""

_DECIMALS = 5
_WATCHED = 20
"""Questions of which half must have been cut short before the log says so."""


class PassageSource(Protocol):
    """The part of a store that a reranker's candidates are read from."""

    def get_passages(self, guild: int, keys: Iterable[tuple[int, int]]) -> list[StoredPassage]:
        """The passages with these (article id, position) keys; keys that are gone are left out."""
        ...


class Reranking:
    """Reranks the hits of a search with a reranker, or leaves them as they are without one. Thread-safe.

    ``candidates``: hits that may be scored; ``budget_seconds``: no further batch begins that would, going by the
    slowest before it, end later. The first one always runs.
    """

    def __init__(
        self,
        reranker: Reranker | None = None,
        *,
        candidates: int = CANDIDATES,
        budget_seconds: float = BUDGET_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reranker = reranker
        self._candidates = candidates
        self._budget_seconds = budget_seconds
        self._clock = clock
        self._watching = threading.Lock()
        self._cut_short: deque[bool] = deque(maxlen=_WATCHED)
        self._has_told = False

    def load(self) -> None:
        """Load the model now; one that cannot be loaded is reported and done without until the next start."""
        try:
            if self._reranker is not None:
                self._reranker.load()
        except EncoderUnavailable as error:
            self._give_up(error)

    def widen(self, top_k: int) -> int:
        """Return how many hits a search must give for ``top_k`` to be left after reranking."""
        return top_k if self._reranker is None else max(top_k, self._candidates)

    def rerank(
        self,
        source: PassageSource,
        index: SearchedIndex,
        query_text: str,
        retrieval: Retrieval,
        top_k: int,
    ) -> Retrieval:
        """Return the retrieval with its ``top_k`` best hits after reranking, highlights and all.

        Hits of its ``reserved`` ranks stay among them, at the end if need be; those left over go before its ``others``.
        """
        reranker, scores = self._reranker, dict[int, float]()
        if reranker is not None and len(retrieval.hits) > 1:
            try:
                self._score(reranker, source, index, query_text, retrieval.hits[: self._candidates], scores)
            except EncoderUnavailable as error:
                self._give_up(error)
                scores.clear()
            except Exception as error:
                # Whatever a third-party model raises: the answer is not lost. The message may hold text of an article.
                log.warning("guild %d: the reranker failed (%s); ranked without it", index.guild, type(error).__name__)
                log.debug("how the reranker failed", exc_info=True)
                scores.clear()
        return _reorder(retrieval, scores, top_k)

    def _score(
        self,
        reranker: Reranker,
        source: PassageSource,
        index: SearchedIndex,
        query_text: str,
        hits: Sequence[Hit],
        scores: dict[int, float],
    ) -> None:
        """Put the scores of as many hits as the budget allows into ``scores``, by their numbers."""
        deadline = self._clock() + self._budget_seconds
        passages = _read(source, index, hits)
        numbers = list(passages)
        slowest, before = 0.0, self._clock()
        for first in range(0, len(numbers), _BATCH):
            if first and before + slowest > deadline:
                break
            batch = numbers[first : first + _BATCH]
            found = reranker.score(query_text, [passages[number] for number in batch])
            scores.update(zip(batch, found, strict=True))
            now = self._clock()
            slowest, before = max(slowest, now - before), now
        self._watch(len(scores), len(numbers))

    def _watch(self, scored: int, candidates: int) -> None:
        """Say once that the budget regularly leaves candidates out."""
        with self._watching:
            self._cut_short.append(scored < candidates)
            if self._has_told or len(self._cut_short) < _WATCHED or 2 * sum(self._cut_short) < _WATCHED:
                return
            self._has_told = True
        log.info(
            "the reranker's budget of %.0f ms is regularly spent early (just now after %d of %d passages): raise "
            "retrieval.reranker_budget_ms, lower retrieval.reranker_candidates, or choose a smaller model",
            1000 * self._budget_seconds,
            scored,
            candidates,
        )

    def _give_up(self, error: EncoderUnavailable) -> None:
        self._reranker = None
        log.error("no reranker until the next start: %s", error)


def _read(source: PassageSource, index: SearchedIndex, hits: Sequence[Hit]) -> dict[int, PassageInput]:
    """Return the texts and sentences of the hits that are still there, by their numbers."""
    snapshot = index.snapshot
    stored = {
        (found.article.id, found.passage.position): found.text
        for found in source.get_passages(index.guild, [(hit.article_id, hit.position) for hit in hits])
    }
    passages = {}
    for number, hit in enumerate(hits):
        row, text = snapshot.find_row(hit.article_id, hit.position), stored.get((hit.article_id, hit.position))
        if row is not None and text is not None:
            passages[number] = PassageInput(text, tuple(snapshot.sentence_spans(row)))
    return passages


def _reorder(retrieval: Retrieval, scores: Mapping[int, float], top_k: int) -> Retrieval:
    """Return the ``top_k`` best hits: scored ones by their scores, ties and the others in their old order.

    The old scores are dealt out anew in the new order, so that they fall with the rank and keep their meaning.
    """
    hits, always = retrieval.hits, retrieval.reserved
    scored = sorted(scores, key=lambda number: (-round(scores[number], _DECIMALS), number))
    order = [*scored, *(number for number in range(len(hits)) if number not in scores)]
    kept, missing = order[:top_k], [number for number in order[top_k:] if hits[number].rank in always]
    free = [place for place in reversed(range(len(kept))) if hits[kept[place]].rank not in always]
    for place, number in zip(free, reversed(missing[: len(free)]), strict=False):
        kept[place] = number
    new = [
        replace(hits[number], score=hits[place].score, rank=place + 1, reranker_score=scores.get(number))
        for place, number in enumerate([*kept, *(number for number in order if number not in kept)])
    ]
    return replace(
        retrieval,
        hits=tuple(new[: len(kept)]),
        highlights=tuple(retrieval.highlights[number] for number in kept),
        others=(*new[len(kept) :], *retrieval.others),
        reserved=frozenset(place + 1 for place, number in enumerate(kept) if hits[number].rank in always),
    )
