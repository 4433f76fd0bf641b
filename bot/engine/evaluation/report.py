"""The figures of an evaluation, each with the number of questions behind it and its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.engine.evaluation.asking import Asked
from bot.engine.evaluation.question_set import GoldAnswer, Kind
from bot.engine.evaluation.statistics import (
    Statistic,
    Truths,
    auroc_of,
    bootstrap,
    calibration_error_of,
    mean_of,
    share_at_recall_of,
)
from bot.engine.records.answers import AnswerState
from bot.engine.records.passages import Span

_RECIPROCAL_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, 0 to 1, out of ``n`` questions; ``interval``: 95 %, resampled by article, None for a single article."""

    value: float
    interval: tuple[float, float] | None
    n: int


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """Time a question takes: median and 95th percentile."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Report:
    """``figures``: by name, only those that the questions allow; ``counts``: questions of each kind.

    ``encode``: None where no question was encoded.
    """

    figures: dict[str, Figure]
    counts: dict[Kind, int]
    encode: Milliseconds | None
    rank: Milliseconds


def make_report(asked: Sequence[Asked]) -> Report:
    """Reckon every figure that these questions allow."""
    statistics = _choose_statistics(asked)
    ones = np.ones(len(asked))
    intervals = bootstrap({name: statistic for name, (statistic, _) in statistics.items()}, [_owner(a) for a in asked])
    figures = {
        name: Figure(statistic(ones), intervals[name], int(among.sum()))
        for name, (statistic, among) in statistics.items()
    }
    encode = [one.encode_ms for one in asked if one.encode_ms is not None]
    return Report(
        figures,
        {kind: sum(one.question.kind is kind for one in asked) for kind in Kind},
        _summarise(encode) if encode else None,
        _summarise([one.rank_ms for one in asked]),
    )


def _choose_statistics(asked: Sequence[Asked]) -> dict[str, tuple[Statistic, Truths]]:
    """Return each figure's statistic and the questions it is about; none for which there are no questions."""
    kinds = np.array([one.question.kind.value for one in asked])
    answerable, near, off = (kinds == kind.value for kind in (Kind.ANSWERABLE, Kind.NEAR_MISS, Kind.OFF_TOPIC))
    judged = answerable & np.array([bool(one.question.gold) for one in asked])
    located = answerable & np.array([one.gold_pid is not None for one in asked])
    ranks = np.array([one.gold_rank or np.inf for one in asked])
    confidence = np.array([one.confidence for one in asked])
    states = np.array([one.state.value for one in asked])
    right = judged & (ranks == 1)
    found: dict[str, tuple[Statistic, Truths]] = {}

    def add(name: str, statistic: Statistic, *groups: Truths) -> None:
        if all(group.any() for group in groups):
            found[name] = (statistic, np.logical_or.reduce(groups))

    add("hit@1", mean_of(ranks <= 1, judged), judged)
    add("hit@3", mean_of(ranks <= 3, judged), judged)
    add("MRR@10", mean_of(np.where(ranks <= _RECIPROCAL_DEPTH, 1 / ranks, 0), judged), judged)
    add("highlight", mean_of([_holds_gold(one) for one in asked], located), located)
    add("end_to_end", mean_of([_holds_top(one) for one in asked], located), located)
    add("off_topic_auroc", auroc_of(confidence, answerable, off), answerable, off)
    add("off_topic_answered", mean_of(states == AnswerState.ANSWERS, off), off)
    add("off_topic_unsure", mean_of(states == AnswerState.UNSURE, off), off)
    add("answerable_lost", mean_of(states == AnswerState.NOT_IN_ARTICLES, answerable), answerable)
    add("answerable_unsure", mean_of(states == AnswerState.UNSURE, answerable), answerable)
    add("off_topic_answered_at_95_recall", share_at_recall_of(confidence, answerable, off), answerable, off)
    add("near_miss_auroc", auroc_of(confidence, answerable, near), answerable, near)
    add("near_miss_answered", mean_of(states == AnswerState.ANSWERS, near), near)
    add("calibration_error", calibration_error_of(confidence, right, judged | off), judged | off)
    every = judged | off | near
    add("calibration_error_with_near_misses", calibration_error_of(confidence, right, every), judged | off, near)
    return found


def _owner(asked: Asked) -> str:
    """Return what is drawn together with a question: its article, or the document that answers it."""
    question = asked.question
    return question.doc_id or (question.gold[0] if question.gold else question.qid)


def _holds_gold(asked: Asked) -> bool:
    """Whether what is highlighted in the gold passage holds the beginning of an answer."""
    return asked.gold_pid is not None and _holds(asked.gold_highlights, asked.question.answers, asked.gold_pid)


def _holds_top(asked: Asked) -> bool:
    """Whether the first passage is gold, and what is highlighted in it holds the beginning of an answer."""
    return asked.gold_rank == 1 and _holds(asked.highlights, asked.question.answers, asked.ranking[0])


def _holds(spans: Iterable[Span], answers: Iterable[GoldAnswer], pid: str) -> bool:
    starts = [answer.start for answer in answers if answer.pid == pid and answer.start is not None]
    return any(span.start <= start < span.end for span in spans for start in starts)


def _summarise(milliseconds: Sequence[float]) -> Milliseconds:
    median, p95 = np.percentile(milliseconds, [50, 95])
    return Milliseconds(float(median), float(p95))
