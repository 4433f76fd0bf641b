"""Reranking a search's hits: the order, the time budget, and what happens when the reranker fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pytest

from bot.engine.errors import EncoderUnavailable
from bot.engine.ports.encoders import PassageInput
from bot.engine.ports.stores import StoredPassage
from bot.engine.records.answers import AnswerState, Hit
from bot.engine.records.articles import ArticleRef
from bot.engine.records.passages import LineLabel, Passage, Span, digest
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.reranking import Reranking
from bot.engine.retrieval.retriever import Retrieval
from tests.unit.retrieval.shelf import make_index

TEXTS = [f"Foxes dig. They sleep in den number {number}." for number in range(6)]
QUERY = "Where do foxes sleep?"


class Source:
    """The stored texts of one article, perhaps with a gap."""

    def __init__(self, missing: int | None = None) -> None:
        self.missing = missing

    def get_passages(self, guild: int, keys: Iterable[tuple[int, int]]) -> list[StoredPassage]:
        """The passages that are there."""
        assert guild == 1
        return [
            StoredPassage(
                ArticleRef(article, "Foxes", None),
                len(TEXTS),
                Passage(position, 0, len(text), LineLabel.PARAGRAPH, (), digest(text)),
                text,
            )
            for article, position in keys
            for text in [TEXTS[position - 1]]
            if position != self.missing
        ]


class LastFirst:
    """A reranker that likes high den numbers, taking a second a passage."""

    def __init__(self, *, fail: Callable[[int], None] = lambda _: None) -> None:
        self.now, self.fail = 0.0, fail
        self.seen: list[PassageInput] = []

    def load(self) -> None:
        """Fail as told."""
        self.fail(0)

    def score(self, query: str, passages: Sequence[PassageInput]) -> list[float]:
        """The number of the den."""
        assert query == QUERY
        self.seen += passages
        self.fail(len(self.seen))
        self.now += len(passages)
        return [float(passage.text[-2]) for passage in passages]


def make_reranking(reranker: LastFirst, *, candidates: int = 10, budget_seconds: float = 60) -> Reranking:
    """Make the stage, going by the reranker's own clock."""
    return Reranking(reranker, candidates=candidates, budget_seconds=budget_seconds, clock=lambda: reranker.now)


@pytest.fixture
def found() -> tuple[CorpusIndex, Retrieval]:
    """An index of the texts and a retrieval with all of them, in their order."""
    hits = tuple(Hit(1, number, 1 - number / 10, number) for number in range(1, 7))
    highlights = tuple((Span(0, number),) for number in range(1, 7))
    sentences = [[f"{part}." for part in text.rstrip(".").split(". ")] for text in TEXTS]
    return make_index(sentences), Retrieval(hits, highlights, 0.9, AnswerState.ANSWERS)


def positions(retrieval: Retrieval) -> list[int]:
    """The hits' passages in order."""
    return [hit.position for hit in retrieval.hits]


def test_hits_come_by_the_rerankers_scores(found: tuple[CorpusIndex, Retrieval]) -> None:
    """All scored: the order is the reranker's, scores still fall with the rank, highlights and confidence stay."""
    index, first = found
    reranker = LastFirst()
    result = make_reranking(reranker).rerank(Source(), index, QUERY, first, 3)
    assert positions(first) == [1, 2, 3, 4, 5, 6]
    assert positions(result) == [6, 5, 4]
    assert [hit.rank for hit in result.hits] == [1, 2, 3]
    assert [hit.reranker_score for hit in result.hits] == [5, 4, 3]
    assert [hit.score for hit in result.hits] == [hit.score for hit in first.hits[:3]]
    assert result.highlights == first.highlights[:2:-1]
    assert (result.confidence, result.state, result.evidence) == (first.confidence, first.state, first.evidence)
    assert [len(passage.sentences) for passage in reranker.seen] == [2] * 6


def test_candidates_beyond_the_limit_keep_their_order_below(found: tuple[CorpusIndex, Retrieval]) -> None:
    """Only the first few are scored; the others follow as they were, without a score of the reranker."""
    index, first = found
    result = make_reranking(LastFirst(), candidates=3).rerank(Source(), index, QUERY, first, 6)
    assert positions(result) == [3, 2, 1, 4, 5, 6]
    assert [hit.reranker_score for hit in result.hits] == [2, 1, 0, None, None, None]


@pytest.mark.parametrize(
    ("always", "expected"), [((), [6, 5, 4]), ((1,), [6, 5, 1]), ((2, 1), [6, 2, 1]), ((5, 1), [6, 5, 1])]
)
def test_hits_that_must_stay_are_quoted(
    found: tuple[CorpusIndex, Retrieval], always: tuple[int, ...], expected: list[int]
) -> None:
    """A hit that the first ranking promised is among the quotes, at the end, whatever the reranker thinks of it."""
    index, first = found
    promised = replace(first, reserved=frozenset(always))
    result = make_reranking(LastFirst()).rerank(Source(), index, QUERY, promised, 3)
    assert positions(result) == expected
    assert {result.hits[rank - 1].position for rank in result.reserved} == set(always)
    assert [hit.rank for hit in result.hits] == [1, 2, 3]


@pytest.mark.parametrize(("budget", "scored"), [(0.1, 2), (3.9, 2), (4.1, 4), (5.9, 4), (6.1, 6)])
def test_no_batch_begins_that_would_end_too_late(
    found: tuple[CorpusIndex, Retrieval], budget: float, scored: int
) -> None:
    """Batches of two take two seconds each: the first always runs, another one only if it would end in time."""
    index, first = found
    result = make_reranking(LastFirst(), budget_seconds=budget).rerank(Source(), index, QUERY, first, 6)
    assert positions(result) == [*range(scored, 0, -1), *range(scored + 1, 7)]


def test_a_budget_that_cuts_regularly_is_reported_once(
    found: tuple[CorpusIndex, Retrieval], caplog: pytest.LogCaptureFixture
) -> None:
    """After twenty questions, half of them cut short, one line at INFO says what to do, and no second one."""
    index, first = found
    reranking = make_reranking(LastFirst(), budget_seconds=3)
    with caplog.at_level(logging.INFO):
        for _ in range(19):
            reranking.rerank(Source(), index, QUERY, first, 3)
        assert not caplog.records
        for _ in range(40):
            reranking.rerank(Source(), index, QUERY, first, 3)
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "retrieval.reranker_budget_ms" in caplog.text


def test_a_failing_reranker_loses_no_answer(
    found: tuple[CorpusIndex, Retrieval], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever it raises, the first ranking stands, a warning without texts says so, the next question tries again."""
    index, first = found

    def fail(seen: int) -> None:
        if seen == 4:
            raise RuntimeError(TEXTS[0])

    reranking = make_reranking(LastFirst(fail=fail))
    result = reranking.rerank(Source(), index, QUERY, first, 3)
    assert result.hits == first.hits[:3]
    assert result.highlights == first.highlights[:3]
    assert [record.levelname for record in caplog.records if record.levelno > logging.DEBUG] == ["WARNING"]
    assert "Foxes" not in "".join(r.getMessage() for r in caplog.records if r.levelno > logging.DEBUG)
    assert positions(reranking.rerank(Source(), index, QUERY, first, 3)) == [6, 5, 4]


@pytest.mark.parametrize("when", ["at start", "at the first question"])
def test_a_reranker_that_cannot_be_loaded_is_done_without(
    found: tuple[CorpusIndex, Retrieval], caplog: pytest.LogCaptureFixture, when: str
) -> None:
    """It is reported once with the next step and not tried again; answers and their number are as without one."""
    index, first = found

    def fail(_: int) -> None:
        raise EncoderUnavailable("There is no reranker folder: set retrieval.reranker.")

    reranker = LastFirst(fail=fail)
    reranking = make_reranking(reranker)
    assert reranking.widen(3) == 10
    if when == "at start":
        reranking.load()
    for _ in range(3):
        assert reranking.rerank(Source(), index, QUERY, first, 3).hits == first.hits[:3]
    assert reranking.widen(3) == 3
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "set retrieval.reranker" in caplog.text


def test_a_passage_that_is_gone_is_not_scored(found: tuple[CorpusIndex, Retrieval]) -> None:
    """An article changed in between: what is left is ranked, the rest stays below for the quoting to drop."""
    index, first = found
    result = make_reranking(LastFirst()).rerank(Source(missing=6), index, QUERY, first, 6)
    assert positions(result) == [5, 4, 3, 2, 1, 6]


def test_without_a_reranker_nothing_changes(found: tuple[CorpusIndex, Retrieval]) -> None:
    """The stage that is off neither asks for more hits nor touches them."""
    index, first = found
    assert Reranking().widen(3) == 3
    assert Reranking().rerank(Source(), index, QUERY, first, 6) == first
