"""Searching for a question that leans on what went before: by itself and together with it, and both joined.

Alone it misses what it is about; together, what is new in it drowns. Each passage is scored both ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.engine.records.answers import Hit
from bot.engine.retrieval.nearby import Nearby
from bot.engine.retrieval.question import PreparedQuestion
from bot.engine.retrieval.retriever import RERANKED, Retrieval, Retriever
from bot.engine.retrieval.token_cache import TokenSource
from bot.engine.retrieval.visible import SearchedIndex

SHARE = 0.5
"""How much of a passage's score comes from the question together with what went before. Chosen on conversations that
nothing is reported on (benchmarks/RESULTS.md)."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """``completed``: the question with the words of those before it; ``nearby``: what was quoted, or None."""

    completed: PreparedQuestion
    nearby: Nearby | None = None


def search_leaning(
    retriever: Retriever,
    index: SearchedIndex,
    asked: PreparedQuestion,
    leaning: Leaning | None,
    *,
    article_ids: Sequence[int] | None = None,
    top_k: int,
    depth: int = 0,
    wrong_in_100: float | None = None,
    tokens: TokenSource | None = None,
    share: float = SHARE,
) -> Retrieval:
    """Return the passages in the order of both searches' scores, as :meth:`Retriever.search` does of one.

    Without ``leaning`` this is :meth:`Retriever.search`.
    """
    deep = depth if leaning is None else max(RERANKED, depth, top_k)
    alone = retriever.search(
        index, asked.text, asked.encoded, article_ids=article_ids, top_k=top_k, depth=deep,
        wrong_in_100=wrong_in_100, tokens=tokens,
    )  # fmt: skip
    if leaning is None:
        return alone
    completed = leaning.completed
    together = retriever.search(
        index, completed.text, completed.encoded, article_ids=article_ids, top_k=top_k, depth=deep,
        wrong_in_100=wrong_in_100, tokens=tokens, nearby=leaning.nearby,
    )  # fmt: skip
    if not alone.hits or not together.hits:
        return together
    order = _join(alone, together, share)
    first = (order[0].article_id, order[0].position)
    # What is first in one of the searches is judged by it; what is first in none of them is trusted least.
    agreeing = [it for it in (alone, together) if (it.hits[0].article_id, it.hits[0].position) == first]
    judged = max(agreeing, key=_raw_score) if agreeing else min(alone, together, key=_raw_score)
    hits = tuple(order[: len(together.hits)])
    return replace(
        judged,
        hits=hits,
        highlights=tuple(
            retriever.highlight(index, completed.text, completed.encoded, hit.article_id, hit.position, tokens=tokens)
            for hit in hits
        ),
        others=tuple(order[len(hits) : depth]),
        reserved=frozenset(),
    )


def _raw_score(found: Retrieval) -> float:
    return found.raw_score


def _join(alone: Retrieval, together: Retrieval, share: float) -> list[Hit]:
    """Order the passages of both by the mean of their scores; one that a search lacks has its lowest."""
    one, other = (
        {(hit.article_id, hit.position): hit.score for hit in (*it.hits, *it.others)} for it in (alone, together)
    )
    lowest_one, lowest_other = min(one.values()), min(other.values())
    scores = {
        place: (1 - share) * one.get(place, lowest_one) + share * other.get(place, lowest_other)
        for place in one.keys() | other.keys()
    }
    ranked = sorted(scores, key=lambda place: (-scores[place], place))
    return [Hit(*place, scores[place], rank) for rank, place in enumerate(ranked, start=1)]
