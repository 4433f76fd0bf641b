"""The log of questions over a real store: what is kept, for how long, under what."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.engine.asking.found import Found
from bot.engine.questions.leaving import Departures
from bot.engine.questions.log import NUMBER_BITS, Asking, QuestionLog, new_number
from bot.engine.questions.pseudonyms import Pseudonyms
from bot.engine.records.answers import Answer, AnswerState, Quote
from bot.engine.records.articles import ArticleRef
from bot.engine.records.passages import LineLabel
from bot.engine.stores.questions import SQLiteQuestions

DAY = 86_400
KEY = b"k" * 32


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        """Tell it."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The test's time."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SQLiteQuestions]:
    """An empty store."""
    opened = SQLiteQuestions.open(tmp_path / "pullquote.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def log(store: SQLiteQuestions, clock: Clock) -> QuestionLog:
    """A log that keeps questions for thirty days."""
    return QuestionLog(store, Pseudonyms(KEY), days=30, clock=clock)


def quote(article: int, position: int) -> Quote:
    """A quote of a place."""
    return Quote(ArticleRef(article, "T", None), position, 9, (), LineLabel.PARAGRAPH, "text", 0, 4, (), 1.0)


def found(text: str = "Who was it?", state: AnswerState = AnswerState.ANSWERS) -> Found:
    """An answer with two quotes, or with none and the nearest passage."""
    if state is AnswerState.NOT_IN_ARTICLES:
        return Found(Answer(text, state, 0.1, ()), {}, quote(4, 5))
    return Found(Answer(text, state, 0.9, (quote(2, 3), quote(1, 1))), {})


def test_a_question_is_kept_with_its_places_and_without_its_asker(
    log: QuestionLog, store: SQLiteQuestions, clock: Clock
) -> None:
    """Text, time, channel, state and places are kept; the user is a keyed hash, and their number nowhere."""
    assert log.note(11, Asking(1, 50, 4242, article=2), found())
    assert log.note(12, Asking(1, 50, 4242, follows=11), found("And why?", AnswerState.NOT_IN_ARTICLES))
    kept, gap = log.get(1, 11), log.get(1, 12)
    assert kept is not None
    assert gap is not None
    assert (kept.text, kept.asked_at, kept.channel, kept.article) == ("Who was it?", int(clock.now), 50, 2)
    assert (kept.quoted, kept.nearest, kept.state) == (((2, 3), (1, 1)), None, AnswerState.ANSWERS)
    assert (gap.quoted, gap.nearest, gap.follows) == ((), (4, 5), 11)
    assert kept.member == Pseudonyms(KEY).of(1, 4242)
    assert "4242" not in repr(store.list_of_guild(1)).replace(kept.member, "")


def test_nothing_is_kept_for_no_days(store: SQLiteQuestions, clock: Clock, log: QuestionLog) -> None:
    """With 0 days nothing is written, and what an earlier setting left is deleted at once."""
    log.note(11, Asking(1, 50, 4242), found())
    none = QuestionLog(store, Pseudonyms(KEY), days=0, clock=clock)
    assert not none.note(12, Asking(1, 50, 4242), found())
    assert none.purge() == 1
    assert store.guilds() == []


def test_questions_go_by_their_age(log: QuestionLog, clock: Clock) -> None:
    """A question stays thirty days, and not a day longer."""
    log.note(11, Asking(1, 50, 4242), found())
    clock.now += 30 * DAY
    assert log.purge() == 0
    clock.now += 1
    assert log.purge() == 1
    assert log.get(1, 11) is None


def test_the_context_of_a_follow_up_is_the_chain_before_it(log: QuestionLog) -> None:
    """Questions that followed each other come nearest first, three at most; the places are those shown last."""
    for number in range(1, 6):
        log.note(number, Asking(1, 50, 4242, follows=number - 1), found(f"Question {number}?"))
    log.note(6, Asking(1, 50, 4242, follows=5), found("Question 6?", AnswerState.NOT_IN_ARTICLES))
    context, last = log.context(1, 5), log.context(1, 6)
    assert context is not None
    assert context.questions == ("Question 5?", "Question 4?", "Question 3?")
    assert context.quoted == ((2, 3), (1, 1))
    assert last is not None
    assert last.quoted == ((4, 5),), "the closest passage is what was offered"
    assert log.context(2, 5) is None, "another guild's question is no context"
    assert log.context(1, 99) is None


def test_the_last_question_of_a_member_in_a_channel(log: QuestionLog, clock: Clock) -> None:
    """In a channel of several, one's own last question counts, or the last public one, and only for a while."""
    log.note(1, Asking(1, 50, 10), found("Who built the mill of Orrest?"))
    clock.now += 60
    log.note(2, Asking(1, 50, 20), found("Who built the tower of Varnby?"))
    mine, anyones = log.last(1, 50, seconds=600, user=10), log.last(1, 50, seconds=600)
    assert mine is not None
    assert anyones is not None
    assert (mine.id, anyones.id) == (1, 2)
    clock.now += 1
    log.note(3, Asking(1, 50, 30), found("Why?"))
    log.note(4, Asking(1, 50, 30, is_private=True), found("What did I ask alone?"))
    anyones = log.last(1, 50, seconds=600)
    assert anyones is not None
    assert anyones.id == 2, "what leans on nothing known is no context, nor is what others asked alone"
    clock.now += 601
    assert log.last(1, 50, seconds=600) is None


def test_a_member_sees_and_deletes_their_own_in_every_guild(log: QuestionLog) -> None:
    """One command reaches all guilds, although the member's hash differs in each."""
    log.note(1, Asking(1, 50, 10), found("Here?"))
    log.note(2, Asking(2, 60, 10), found("There?"))
    log.note(3, Asking(1, 50, 20), found("Not mine?"))
    log.vote(1, 3, 10, is_helpful=False, reason=" too long " + "x" * 2000)
    data = log.show_member(10)
    assert sorted(kept.text for kept in data.questions) == ["Here?", "There?"]
    assert [len(vote.reason) for vote in data.votes] == [1000]
    assert log.delete_member(10) == 3
    assert log.show_member(10).questions == ()
    assert log.get(1, 3) is not None
    assert log.figures(1, 7).not_helpful == 0


def test_opting_out_deletes_and_keeps_away(log: QuestionLog) -> None:
    """From the wish on nothing is kept in any guild, not even votes; taking it back lets new questions in."""
    log.note(1, Asking(1, 50, 10), found())
    assert log.set_opt_out(10, is_out=True) == 1
    assert not log.note(2, Asking(2, 60, 10), found())
    log.note(3, Asking(1, 50, 20), found())
    assert not log.vote(1, 3, 10, is_helpful=True)
    assert log.show_member(10).is_out
    assert log.set_opt_out(10, is_out=False) == 0
    assert log.note(4, Asking(1, 50, 10), found())


def test_numbers_fit_a_button_and_are_never_nothing() -> None:
    """Random numbers of 50 bits at most, and never the 0 that stands for "not kept"."""
    numbers = {new_number() for _ in range(2000)}
    assert len(numbers) == 2000
    assert all(0 < number < 1 << NUMBER_BITS for number in numbers)


def test_question_texts_stay_out_of_the_log(log: QuestionLog, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """No level above DEBUG shows what was asked."""
    caplog.set_level(logging.INFO)
    log.note(1, Asking(1, 50, 10), found("Where is the secret walrus?"))
    log.vote(1, 1, 10, is_helpful=False, reason="walrus")
    clock.now += 31 * DAY
    log.purge()
    assert "walrus" not in caplog.text


class TestDepartures:
    """Guilds that the bot has left."""

    @pytest.fixture
    def departures(self, store: SQLiteQuestions, clock: Clock, log: QuestionLog) -> Departures:
        """Three guilds have questions; ten days of grace."""
        for guild in (0, 1, 2):
            log.note(1, Asking(guild, 50, 10), found())
        return Departures(store, grace_days=10, clock=clock)

    @staticmethod
    def ours(_guild: int) -> bool:
        """Every guild is told to this process."""
        return True

    def test_a_left_guild_goes_after_the_grace_period(
        self, departures: Departures, store: SQLiteQuestions, clock: Clock
    ) -> None:
        """Not before, and no other guild with it."""
        departures.leave(1)
        clock.now += 10 * DAY - 1
        assert departures.delete_overdue({2}, self.ours) == []
        clock.now += 1
        assert departures.delete_overdue({2}, self.ours) == [1]
        assert store.guilds() == [0, 2]
        assert store.departures() == {}

    def test_coming_back_keeps_everything(self, departures: Departures, store: SQLiteQuestions, clock: Clock) -> None:
        """A guild that is there again in time, even if its joining was missed, loses nothing."""
        departures.leave(1)
        clock.now += 11 * DAY
        assert departures.delete_overdue({1, 2}, self.ours) == []
        departures.join(1)
        assert store.departures() == {}
        departures.leave(2)
        departures.reconcile({1, 2}, self.ours)
        assert store.departures() == {}

    def test_what_was_left_while_nothing_ran_is_counted_from_now(
        self, departures: Departures, store: SQLiteQuestions, clock: Clock
    ) -> None:
        """The first look after a start notes it; the terminal's own library is never left."""
        departures.reconcile({2}, self.ours)
        assert store.departures() == {1: int(clock.now)}
        clock.now += 5 * DAY
        departures.reconcile({2}, self.ours)
        assert store.departures() == {1: int(clock.now) - 5 * DAY}, "a second look does not begin anew"

    def test_another_processs_guilds_are_left_alone(
        self, departures: Departures, store: SQLiteQuestions, clock: Clock
    ) -> None:
        """A process that serves some shards says nothing about the guilds of others."""
        departures.reconcile(set(), lambda guild: guild == 2)
        assert store.departures() == {2: int(clock.now)}
        departures.leave(1)
        clock.now += 11 * DAY
        assert departures.delete_overdue(set(), lambda guild: guild == 2) == [2]
        assert store.guilds() == [0, 1]
