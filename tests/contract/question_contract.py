"""What every store of questions must do. A test class inherits :class:`QuestionContract` and says how to open one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.questions.ports import QuestionStore
from bot.engine.questions.records import AskedQuestion, Figures, GapState, Vote
from bot.engine.records.answers import AnswerState

OpenQuestions = Callable[[], QuestionStore]
GUILD, OTHER = 7, 8
ALICE, ADAM = "a" * 32, "b" * 32
ANSWERED = AskedQuestion(
    GUILD, 1, 1000, 50, ALICE, "Who signed the “treaty”?", AnswerState.ANSWERS, ((3, 4), (1, 2)), None, 3, 9
)
MISSED = AskedQuestion(GUILD, 2, 2000, 51, ADAM, "And China?", AnswerState.NOT_IN_ARTICLES, (), (3, 1))
ELSEWHERE = AskedQuestion(OTHER, 1, 1500, 60, ALICE, "Elsewhere?", AnswerState.UNSURE, ((1, 1),))


class QuestionContract:
    """The tests. ``open_questions`` opens one more handle on the same stored data, as another process would."""

    @pytest.fixture
    def open_questions(self) -> Iterator[OpenQuestions]:
        """Inherited classes provide it and close at the end whatever was opened."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, open_questions: OpenQuestions) -> QuestionStore:
        """A store that holds three questions of two members in two guilds."""
        store = open_questions()
        for question in (ANSWERED, MISSED, ELSEWHERE):
            assert store.add_question(question, wish="w")
        return store

    def test_questions_come_back_as_they_were(self, store: QuestionStore, open_questions: OpenQuestions) -> None:
        """Each field is kept, per guild, and another process reads the same."""
        other = open_questions()
        assert [other.get_question(GUILD, 1), other.get_question(GUILD, 2)] == [ANSWERED, MISSED]
        assert other.get_question(OTHER, 1) == ELSEWHERE
        assert other.get_question(OTHER, 2) is None
        assert store.guilds() == [GUILD, OTHER]

    def test_a_number_is_kept_once(self, store: QuestionStore) -> None:
        """What is kept under a number again takes the place of the first, whose votes were on another answer."""
        store.put_vote(Vote(GUILD, 1, ADAM, is_helpful=True, voted_at=1, reason=""), wish="v")
        edited = replace(ANSWERED, text="Again?", asked_at=1010)
        assert store.add_question(edited, wish="w")
        assert store.get_question(GUILD, 1) == edited
        assert store.list_of_guild(GUILD) == ([edited, MISSED], [])
        assert store.get_question(OTHER, 1) == ELSEWHERE

    def test_a_question_is_deleted_with_its_votes(self, store: QuestionStore) -> None:
        """One of a guild; what is not kept is no trouble."""
        store.put_vote(Vote(GUILD, 1, ADAM, is_helpful=True, voted_at=1, reason=""), wish="v")
        store.delete_question(GUILD, 1)
        store.delete_question(GUILD, 99)
        assert store.list_of_guild(GUILD) == ([MISSED], [])
        assert store.get_question(OTHER, 1) == ELSEWHERE

    def test_the_last_questions_of_a_channel(self, store: QuestionStore) -> None:
        """The newest ones since a time, in one channel of one guild: of a member all, else the public ones."""
        later = replace(ANSWERED, id=5, asked_at=1200, member=ADAM)
        alone = replace(ANSWERED, id=6, asked_at=1300, member=ADAM, is_private=True)
        for question in (later, alone):
            store.add_question(question, wish="w")
        assert store.last_questions(GUILD, 50, since=0, limit=9) == [later, ANSWERED]
        assert store.last_questions(GUILD, 50, since=0) == [later]
        assert store.last_questions(GUILD, 50, since=0, member=ADAM, limit=9) == [alone, later]
        assert store.last_questions(GUILD, 50, since=0, member=ALICE) == [ANSWERED]
        assert store.last_questions(GUILD, 50, since=1201, limit=9) == []
        assert store.last_questions(OTHER, 50, since=0) == []

    def test_one_vote_a_member_and_question(self, store: QuestionStore) -> None:
        """A second vote replaces the first; its reason stays only while the opinion does."""
        vote = Vote(GUILD, 1, ADAM, False, 3000, "It is about ships")
        assert store.put_vote(vote, wish="w")
        assert store.put_vote(replace(vote, reason="", voted_at=3001), wish="w")
        assert store.list_of_guild(GUILD)[1] == [replace(vote, voted_at=3001)]
        assert store.put_vote(replace(vote, is_helpful=True, reason="", voted_at=3002), wish="w")
        assert store.list_of_guild(GUILD)[1] == [Vote(GUILD, 1, ADAM, True, 3002)]
        assert store.figures(GUILD, since=0, top=5).helpful == 1
        assert not store.put_vote(replace(vote, question=99), wish="w"), "there is no such question"

    def test_figures(self, store: QuestionStore) -> None:
        """States, votes and first-quoted articles are counted since a time, in one guild."""
        store.add_question(replace(ANSWERED, id=3, quoted=((1, 1),)), wish="w")
        store.add_question(replace(ANSWERED, id=4, state=AnswerState.UNSURE), wish="w")
        store.put_vote(Vote(GUILD, 3, ADAM, False, 3000), wish="w")
        assert store.figures(GUILD, since=0, top=5) == Figures(4, 2, 1, 1, 0, 1, ((3, 2), (1, 1)))
        assert store.figures(GUILD, since=0, top=1).top_articles == ((3, 2),)
        assert store.figures(GUILD, since=1001, top=5) == Figures(1, 0, 0, 1)
        assert store.figures(99, since=0, top=5) == Figures()

    def test_gaps_are_open_dismissed_or_answered(self, store: QuestionStore) -> None:
        """Unanswered questions come newest first; those answered since are gone, dismissed ones are marked."""
        newer = replace(MISSED, id=6, asked_at=2500)
        store.add_question(newer, wish="w")
        assert store.list_unanswered(GUILD, limit=9) == [newer, MISSED]
        assert store.list_unanswered(GUILD, limit=1) == [newer]
        store.mark_gap(GUILD, [6], GapState.ANSWERED)
        store.mark_gap(GUILD, [2], GapState.DISMISSED)
        assert store.list_unanswered(GUILD, limit=9) == [replace(MISSED, gap=GapState.DISMISSED)]
        assert store.list_unanswered(OTHER, limit=9) == []

    def test_what_is_kept_of_a_member_is_shown_and_deleted_whole(self, store: QuestionStore) -> None:
        """All questions and votes under the member's hashes, in each guild; nobody else's but votes on what went."""
        store.put_vote(Vote(GUILD, 2, ALICE, True, 2100), wish="w")
        store.put_vote(Vote(GUILD, 1, ADAM, True, 2200), wish="w")
        hashes = {GUILD: ALICE, OTHER: ALICE}
        assert store.list_of_member(hashes) == ([ANSWERED, ELSEWHERE], [Vote(GUILD, 2, ALICE, True, 2100)])
        assert store.delete_of_member(hashes) == 3
        assert store.list_of_member(hashes) == ([], [])
        assert store.list_of_guild(GUILD) == ([MISSED], [])
        assert store.guilds() == [GUILD]

    def test_who_opted_out_is_not_kept(self, store: QuestionStore) -> None:
        """Neither questions nor votes are taken from a member who opted out, until that is taken back."""
        store.set_opt_out("w", 2000)
        assert store.is_opted_out("w")
        assert not store.add_question(replace(ANSWERED, id=9), wish="w")
        assert not store.put_vote(Vote(GUILD, 1, ALICE, True, 3000), wish="w")
        assert store.get_question(GUILD, 9) is None
        assert store.add_question(replace(ANSWERED, id=10), wish="someone else")
        store.set_opt_out("w", None)
        assert not store.is_opted_out("w")
        assert store.add_question(replace(ANSWERED, id=9), wish="w")

    def test_age_deletes(self, store: QuestionStore) -> None:
        """What was asked before a time goes with its votes, in every guild; the rest stays."""
        store.put_vote(Vote(GUILD, 1, ADAM, True, 9000), wish="w")
        assert store.purge(1000) == 0
        assert store.purge(2000) == 2
        assert store.list_of_guild(GUILD) == ([MISSED], [])
        assert store.list_of_guild(OTHER) == ([], [])

    def test_departures(self, store: QuestionStore) -> None:
        """The first note of a departure holds until the guild is there again."""
        store.note_departures([GUILD, 99], 5000)
        store.note_departures([GUILD], 6000)
        assert store.departures() == {GUILD: 5000, 99: 5000}
        store.forget_departures([99, 100])
        assert store.departures() == {GUILD: 5000}

    def test_closed_store_says_so(self, store: QuestionStore) -> None:
        """A closed store refuses with one sentence, and may be closed again."""
        store.close()
        store.close()
        with pytest.raises(StoreUnavailable, match="closed"):
            store.add_question(MISSED, wish="w")
