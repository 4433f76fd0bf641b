"""What is polite and asks nothing, and how posts become questions."""

from __future__ import annotations

import pytest

from bot.ui import asking_words
from bot.ui.manners import Manners, Trouble, is_courtesy
from bot.ui.posts import join_title


@pytest.mark.parametrize(
    "text",
    [
        "thanks", "Thanks!", "thank you so much", "ty 👍", "ok, got it", "good bot", "great, that helps", "lol",
        "Thx, awesome job", "danke", "merci beaucoup", "gracias!", "Спасибо", "ありがとう", "that's great", "no",
    ],
)  # fmt: skip
def test_courtesies(text: str) -> None:
    """Thanks and the like are left alone."""
    assert is_courtesy(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "👍", "thanks, and when was it built?", "ok?", "the tower", "help", "I love the bell", "great fire of 1901",
        "thank you page address", "is it great", "hello", "you", "nice weather at the harbour today I hope to see you",
    ],
)  # fmt: skip
def test_what_is_more_than_a_courtesy(text: str) -> None:
    """Whatever holds another word, or a question mark, may be a question; mere symbols are no thanks."""
    assert not is_courtesy(text)


@pytest.mark.parametrize(
    ("title", "text", "question"),
    [
        ("Ferry times", "When does the last one leave?", "Ferry times. When does the last one leave?"),
        ("When does the ferry leave?", "I am at the pier.", "When does the ferry leave? I am at the pier."),
        ("When does it leave", "", "When does it leave"),
        ("Ferry times", "ferry times in winter?", "ferry times in winter?"),
        ("  Two \n lines ", "text", "Two lines. text"),
    ],
)
def test_a_post_is_asked_with_its_title(title: str, text: str, question: str) -> None:
    """The title is the context of the text, and the whole question where there is none."""
    assert join_title(title, text) == question


def test_a_long_post_is_cut_to_a_question() -> None:
    """As much of the text is searched for as a question may hold, the title in full."""
    question = join_title("Ferry times", "word " * 1000)
    assert question.startswith("Ferry times. word")
    assert len(question) <= asking_words.QUESTION_LIMIT


def test_missing_rights_are_told_once() -> None:
    """A channel is news once, and told once, whatever happens in it afterwards."""
    manners = Manners()
    assert manners.note_trouble(1, 11, Trouble.NO_ANSWER)
    assert not manners.note_trouble(1, 11, Trouble.NO_ANSWER)
    assert manners.note_trouble(1, 12, Trouble.NO_ANSWER)
    assert manners.note_trouble(2, 13, Trouble.NO_ANSWER)
    assert manners.note_trouble(1, 11, Trouble.NO_THREAD)
    assert manners.take_untold(1) == {Trouble.NO_ANSWER: [11, 12], Trouble.NO_THREAD: [11]}
    assert manners.take_untold(1) == {}
    assert not manners.note_trouble(1, 11, Trouble.NO_ANSWER)
    assert manners.take_untold(1) == {}
    assert manners.take_untold(2) == {Trouble.NO_ANSWER: [13]}
