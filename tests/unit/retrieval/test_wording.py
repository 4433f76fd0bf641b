"""What surrounds a question is left out, and nothing of the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.retrieval.wording import strip_wording


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("hi bot, quick question: who built the tower? thanks!", "who built the tower?"),
        ("<@123> hey 😀 what is C++?", "what is C++?"),
        ("Hello, I was wondering: when did the bell ring? Thank you so much", "when did the bell ring?"),
        ("good morning all, sorry if this was asked before but who rang it? cheers 😊", "who rang it?"),
        ("> who won the cup in 1990", "who won the cup in 1990"),
        ("“Who built it in Rome?”", "Who built it in Rome?"),
        ("what does the article say about steam engines", "steam engines"),
        ("Can you please tell me how high it is?", "how high it is?"),
        ("does anyone know where the foxes live", "where the foxes live"),
        ("according to the article, what did she carve?", "what did she carve?"),
        ("who carved it according to the text?", "who carved it?"),
        ("WHO BUILT THE TOWER", "who built the tower"),
        ("what does `config.yaml` hold", 'what does "config.yaml" hold'),
        ("  what\n\nis   it for  ", "what is it for"),
    ],
)
def test_what_surrounds_a_question_goes(typed: str, question: str) -> None:
    """Greetings, thanks, mentions, emoji, marks of quotation and "what does the article say" leave the question."""
    assert strip_wording(typed) == question


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "hello",
        "please",
        "can you tell me",
        "ECONNRESET",
        "Hello Kitty is from which country?",
        "what is the word for thanks",
        "Who owns the trademark to I ❤ NY?",
        "-5 degrees is how cold?",
        '"raw materials appendage"',
        "What did he tell anyone?",
        "Who wrote Hey Jude?",
        "Where does Jem trap a fellow of his school in the story?",
    ],
)
def test_a_question_keeps_its_own_words(text: str) -> None:
    """What only looks like a greeting, or would leave no topic at all, stays."""
    assert strip_wording(text) == text


@given(st.text(max_size=60))
def test_wording_is_stripped_once_and_for_all(text: str) -> None:
    """Any text can be stripped, a second time changes nothing, and no topic is lost to nothing."""
    once = strip_wording(text)
    assert strip_wording(once) == once
    assert len(once) <= len(text)
