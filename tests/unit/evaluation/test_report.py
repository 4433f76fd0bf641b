"""Figures of a handful of questions, reckoned by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.engine.evaluation.asking import Asked, draw_questions
from bot.engine.evaluation.predictions import describe_prediction
from bot.engine.evaluation.question_set import GoldAnswer, Kind, Question
from bot.engine.evaluation.report import make_report
from bot.engine.records.answers import AnswerState
from bot.engine.records.passages import Span


def ask(
    qid: str,
    *,
    kind: Kind = Kind.ANSWERABLE,
    rank: int | None = None,
    confidence: float = 0.9,
    state: AnswerState = AnswerState.ANSWERS,
    article: str = "a",
) -> Asked:
    """One question whose gold passage g stands at this rank, among passages p."""
    ranking = tuple("g" if place == rank else f"p{place}" for place in range(1, 13))
    gold = ("g",) if kind is Kind.ANSWERABLE else ()
    question = Question(qid, "Who?", kind, article, gold)
    scores = tuple(-float(place) for place in range(1, 13))
    return Asked(question, ranking, scores, confidence, state, (Span(0, 5),), None, (), 2.0, 1.0)


def locate(asked: Asked, *, start: int, top: Span, gold: Span) -> Asked:
    """Put an answer in the gold passage, and highlights in the first and in the gold passage."""
    question = replace(asked.question, answers=(GoldAnswer("x", start, "g"), GoldAnswer("x", None, "g")))
    return replace(asked, question=question, highlights=(top,), gold_pid="g", gold_highlights=(gold,))


def values(*asked: Asked) -> dict[str, float]:
    """Each figure's value, rounded."""
    return {name: round(figure.value, 4) for name, figure in make_report(asked).figures.items()}


def test_ranks_become_hits_and_reciprocals() -> None:
    """Ranks 1, 3, 11 and none: a quarter first, half among three, (1 + 1/3) / 4 within ten."""
    found = values(*(ask(str(number), rank=rank) for number, rank in enumerate((1, 3, 11, None))))
    assert (found["hit@1"], found["hit@3"], found["MRR@10"]) == (0.25, 0.5, 0.3333)


def test_only_what_the_questions_allow_is_reported() -> None:
    """Answerable questions without places of answers and without others give no sentence and no AUROC figures."""
    report = make_report([ask("1", rank=1), ask("2", rank=2, article="b")])
    assert set(report.figures) == {
        "hit@1", "hit@3", "MRR@10", "answerable_lost", "answerable_unsure", "calibration_error",
    }  # fmt: skip
    assert report.counts == {Kind.ANSWERABLE: 2, Kind.NEAR_MISS: 0, Kind.OFF_TOPIC: 0}
    assert make_report([ask("1", kind=Kind.OFF_TOPIC)]).figures.keys() == {
        "off_topic_answered", "off_topic_unsure", "calibration_error",
    }  # fmt: skip


def test_a_highlight_holds_the_beginning_of_an_answer() -> None:
    """The span's end is outside; the first passage counts end to end only where it is gold."""
    right = locate(ask("1", rank=1), start=4, top=Span(0, 5), gold=Span(0, 5))
    beyond = locate(ask("2", rank=1), start=5, top=Span(0, 5), gold=Span(0, 5))
    second = locate(ask("3", rank=2), start=4, top=Span(0, 5), gold=Span(0, 5))
    unlocated = ask("4", rank=1)
    report = make_report([right, beyond, second, unlocated])
    assert report.figures["highlight"].value == pytest.approx(2 / 3)
    assert report.figures["end_to_end"].value == pytest.approx(1 / 3)
    assert report.figures["highlight"].n == 3


def test_states_are_counted_by_kind() -> None:
    """Answered, unsure and lost are shares of the kind of question that they are wrong for."""
    states = [AnswerState.ANSWERS, AnswerState.UNSURE, AnswerState.NOT_IN_ARTICLES, AnswerState.NOT_IN_ARTICLES]
    asked = [ask(f"a{number}", rank=1, state=state) for number, state in enumerate(states)]
    asked += [ask(f"o{number}", kind=Kind.OFF_TOPIC, state=state) for number, state in enumerate(states)]
    asked += [ask(f"n{number}", kind=Kind.NEAR_MISS, state=state) for number, state in enumerate(states[:2])]
    found = values(*asked)
    assert (found["answerable_lost"], found["answerable_unsure"]) == (0.5, 0.25)
    assert (found["off_topic_answered"], found["off_topic_unsure"]) == (0.25, 0.25)
    assert found["near_miss_answered"] == 0.5


def test_confidence_is_right_where_the_first_passage_is_gold() -> None:
    """Certain of a right one, a wrong one and an off-topic one: wrong by 2 / 3; near misses are reckoned apart."""
    asked = [ask("1", rank=1, confidence=1), ask("2", rank=2, confidence=1)]
    asked += [ask("3", kind=Kind.OFF_TOPIC, confidence=1)]
    found = values(*asked, ask("4", kind=Kind.NEAR_MISS, confidence=0))
    assert found["calibration_error"] == 0.6667
    assert found["calibration_error_with_near_misses"] == 0.5
    assert found["off_topic_auroc"] == 0.5
    assert found["near_miss_auroc"] == 1.0


def test_times_are_of_questions_that_were_encoded() -> None:
    """Questions out of the cache say nothing of the time to encode."""
    report = make_report([ask("1", rank=1), replace(ask("2", rank=1), encode_ms=None)])
    assert report.encode is not None
    assert (report.encode.median, report.rank.median) == (2.0, 1.0)
    assert make_report([replace(ask("2", rank=1), encode_ms=None)]).encode is None


def test_figures_are_the_same_every_time() -> None:
    """The same answers give the same figures and intervals."""
    asked = [ask(str(n), rank=1 + n % 3, article=str(n % 4), confidence=n / 20) for n in range(20)]
    asked += [ask(f"o{n}", kind=Kind.OFF_TOPIC, article=str(n % 4), confidence=n / 30) for n in range(10)]
    assert make_report(asked) == make_report(asked)


def test_prediction_lines_hold_the_promised_keys() -> None:
    """Exactly the documented keys; sentences side by side are one highlight, others leave the first."""
    found = describe_prediction(replace(ask("1", rank=2), highlights=(Span(0, 5), Span(6, 9), Span(20, 30))))
    assert list(found) == ["qid", "ranking", "scores", "confidence", "state", "highlight"]
    assert found["ranking"][:2] == ["p1", "g"]
    assert found["state"] == "answers"
    assert found["highlight"] == {"pid": "p1", "start": 0, "end": 9}


def test_a_limit_draws_of_each_kind_in_order() -> None:
    """Three of each kind, the same ones every time, in the order of the files; no limit is all."""
    questions = [Question(f"{kind}{n}", "Who?", kind, "a") for kind in Kind for n in range(9)]
    drawn = draw_questions(questions, 3)
    assert [question.kind for question in drawn] == [kind for kind in Kind for _ in range(3)]
    assert drawn == sorted(drawn, key=questions.index)
    assert drawn == draw_questions(questions, 3)
    assert drawn != questions[:3] + questions[9:12] + questions[18:21]
    assert draw_questions(questions, None) == questions
