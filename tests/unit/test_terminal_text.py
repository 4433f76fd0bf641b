"""The three states of an answer in the terminal, as text and as JSON."""

from __future__ import annotations

from bot.cli.text import answer_as_json, answer_as_text
from bot.engine.records.answers import AnswerState
from tests.unit.ui.samples import make_answer, make_quote, make_unsure


def test_the_three_states_read_differently() -> None:
    """An answer is quotes alone; an unsure one says so first; an abstention quotes nothing and names the next step."""
    sure = answer_as_text(make_answer(make_quote("It burned in 1902.")))
    assert sure.startswith("Animals › Foxes at work\n")
    unsure = answer_as_text(make_unsure(make_quote("It burned in 1902."), make_quote("It was rebuilt.")))
    assert unsure.startswith("I am not sure. The closest passages follow; they may not answer this.\n\n")
    assert unsure.count("¶ 7 of 31") == 2
    one = answer_as_text(make_unsure(make_quote("It burned in 1902.")))
    assert one == f"I am not sure. The closest passage follows; it may not answer this.\n\n{sure}"
    assert answer_as_text(make_answer()).startswith("Not in the articles. ")


def test_json_names_the_state() -> None:
    """``state`` is one of three words; ``answered`` is whether there is something to show."""
    found = [answer_as_json(answer) for answer in (make_answer(make_quote()), make_unsure(make_quote()), make_answer())]
    assert [item["state"] for item in found] == [
        AnswerState.ANSWERS.value, AnswerState.UNSURE.value, AnswerState.NOT_IN_ARTICLES.value
    ]  # fmt: skip
    assert [item["answered"] for item in found] == [True, True, False]
    assert [len(item["quotes"]) for item in found] == [1, 1, 0]
