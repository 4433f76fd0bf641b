"""Which questions lean on the one before, and what they are searched with."""

from __future__ import annotations

import pytest

from bot.engine.questions.follow_up import Context, complete, leans

PREVIOUS = "Who repaired the clock tower after the fire?"


@pytest.mark.parametrize(
    "text",
    ["and China?", "why?", "when was that?", "How long did it take them?", "What about the bell?", "Who else?",
     "Did he write any other books?", "And when?", "where?", "how so?"],
)  # fmt: skip
def test_these_lean(text: str) -> None:
    """A word or two, a pronoun that nothing in the question stands for, an opening "and"."""
    assert leans(text)
    assert complete(text, Context((PREVIOUS,))) != text


@pytest.mark.parametrize(
    "text",
    ["Who repaired the clock tower after the fire?", "When was the Treaty of Lisbon signed?",
     "What did Martin Luther do when he was excommunicated?", "How many people live in Norwegian cities?",
     "What is the name of the river that crosses Vienna?", "Are there gulls at the harbour wall?"],
)  # fmt: skip
def test_these_stand_alone(text: str) -> None:
    """A question that names what it is about is searched as it is, whatever was asked before."""
    assert not leans(text)


def test_without_context_nothing_changes() -> None:
    """A leaning question with nothing before it is asked as it is."""
    assert complete("why?", Context()) == "why?"


def test_a_chain_goes_back_to_a_question_that_stands() -> None:
    """Questions that lean themselves bring what they leaned on, and nothing further."""
    context = Context(("And when?", "Why did they repair it?", PREVIOUS, "Who was the first mayor of Varnby?"))
    completed = complete("And how?", context)
    assert completed == "And how? repair repaired clock tower fire"
    assert "mayor" not in completed
