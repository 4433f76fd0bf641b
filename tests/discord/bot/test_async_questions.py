"""The log of questions for coroutines: never in the way of an answer, in order, and whole at the end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.async_questions import AsyncQuestions
from bot.engine.asking.found import Found
from bot.engine.errors import StoreUnavailable
from bot.engine.questions.log import Asking, QuestionLog
from bot.engine.questions.pseudonyms import Pseudonyms
from bot.engine.questions.records import AskedQuestion
from bot.engine.records.answers import Answer, AnswerState
from bot.engine.stores.questions import SQLiteQuestions
from bot.keeping import delete_in_time

ASKING = Asking(1, 50, 10)
FOUND = Found(Answer("Who was it?", AnswerState.ANSWERS, 0.9, ()), {})
NEVER_SECONDS = 20.0


class SlowStore(SQLiteQuestions):
    """Waits at a gate before it writes a question, or fails."""

    gate: threading.Event
    error: Exception | None = None

    def add_question(self, question: AskedQuestion, *, wish: str) -> bool:
        """Wait, then write."""
        assert self.gate.wait(NEVER_SECONDS)
        if self.error is not None:
            raise self.error
        return super().add_question(question, wish=wish)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SlowStore]:
    """A store with an open gate."""
    store = SlowStore.open(tmp_path / "pullquote.sqlite3")
    assert isinstance(store, SlowStore)
    store.gate = threading.Event()
    store.gate.set()
    yield store
    store.gate.set()
    store.close()


@pytest.fixture
async def questions(store: SlowStore) -> AsyncIterator[AsyncQuestions]:
    """A log over it."""
    questions = AsyncQuestions(QuestionLog(store, Pseudonyms(b"k" * 32), days=30))
    yield questions
    store.gate.set()
    await questions.close()


async def test_noting_waits_for_nothing(questions: AsyncQuestions, store: SlowStore) -> None:
    """The number is there at once, while the store still hangs; the question is there once it does not."""
    store.gate.clear()
    number = questions.note(ASKING, FOUND)
    assert number > 0
    looking = asyncio.create_task(questions.get(1, number))
    await asyncio.sleep(0)
    assert not looking.done()
    store.gate.set()
    kept = await looking
    assert kept is not None
    assert kept.text == "Who was it?"


async def test_a_vote_comes_after_its_question(questions: AsyncQuestions, store: SlowStore) -> None:
    """However slow the writing is, a quick vote is not lost, and a quick deletion leaves nothing."""
    store.gate.clear()
    number = questions.note(ASKING, FOUND)
    voting = asyncio.create_task(questions.vote(1, number, 20, is_helpful=True))
    deleting = asyncio.create_task(questions.delete_member(10))
    store.gate.set()
    assert await voting
    assert await deleting == 1
    assert await questions.get(1, number) is None


@pytest.mark.parametrize("error", [StoreUnavailable("The disk is full."), RuntimeError("a bug")])
async def test_a_failing_log_costs_no_answer(
    questions: AsyncQuestions, store: SlowStore, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be written is logged without its text, and everything goes on."""
    store.error = error
    number = questions.note(ASKING, FOUND)
    assert await questions.get(1, number) is None
    assert "not written down" in caplog.text
    assert "Who was it" not in caplog.text
    store.error = None
    assert await questions.get(1, questions.note(ASKING, FOUND)) is not None


async def test_closing_writes_what_waits(questions: AsyncQuestions, store: SlowStore, tmp_path: Path) -> None:
    """What was noted before the end is kept; what comes after it is not, and nothing is raised."""
    numbers = [questions.note(ASKING, FOUND) for _ in range(5)]
    await questions.close()
    await questions.close()
    assert questions.note(ASKING, FOUND) == 0
    again = SQLiteQuestions.open(tmp_path / "pullquote.sqlite3")
    assert all(again.get_question(1, number) for number in numbers)
    again.close()


async def test_without_a_log_nothing_is_kept_and_nothing_fails() -> None:
    """Every look finds nothing, every note is number 0."""
    none = AsyncQuestions()
    assert none.note(ASKING, FOUND) == 0
    assert (await none.figures(1, 7)).questions == 0
    assert await none.show_member(10) == await AsyncQuestions().show_member(20)
    assert await none.delete_overdue(set(), lambda _guild: True) == []
    await none.leave(1)
    await none.close()


async def test_deleting_begins_at_the_start_and_goes_on(questions: AsyncQuestions) -> None:
    """It looks at once and then again and again, and one failure does not end it."""
    looks = 0

    def presence() -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise RuntimeError("a bug")

    async def sleep(_seconds: float) -> None:
        if looks == 4:
            raise asyncio.CancelledError
        await asyncio.sleep(0)

    with pytest.raises(asyncio.CancelledError):
        await delete_in_time(questions, presence, sleep=sleep)
    assert looks == 4
