"""The words members see."""

from __future__ import annotations

import re

import pytest

from bot.ui import adding_words, answer_words, article_words, asking_words, proof_words, summary_words, words

SENTENCES = {
    name: value
    for module in (adding_words, answer_words, article_words, asking_words, proof_words, summary_words, words)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, str) and " " in value
}
OPTIONS = ("ASK", "SUMMARY", "SUMMARISE_THIS", "ARTICLE", "ADD_", "REMOVE_ARTICLE", "FORM_", "QUESTION_FORM_")
LABELS = {"SHOW_CLOSEST", "PANEL", "CHOOSE_SERVER", "POST", "IDENTICAL", "NOT_IDENTICAL", "QUESTION_LINE"}
LABELS |= {"ADD_TO_LIBRARY", "OPEN_PAGE", "OPEN_MESSAGE", "EXPAND_LINE", "SUMMARISE_SECTION", "READ_SECTION"}


@pytest.mark.parametrize("name", sorted(name for name in SENTENCES.keys() - LABELS if not name.startswith(OPTIONS)))
def test_messages_are_sentences(name: str) -> None:
    """Each message is one to three whole sentences without raw placeholders."""
    text = SENTENCES[name]
    assert text.rstrip("*").endswith((".", "…"))
    assert len(text) < 300
    assert not re.search(r"[{}]", text)


def test_counts_agree_with_their_nouns() -> None:
    """One passage, two passages; one quote is, two quotes are."""
    assert adding_words.passages(1, 1).startswith("1 passage to quote, 1 line left out")
    assert adding_words.passages(1200, 0) == "1,200 passages to quote"
    assert answer_words.more_quotes(1).startswith("-# 1 more quote is")
    assert answer_words.more_quotes(2).startswith("-# 2 more quotes are")
    assert article_words.removed("T", 1, 1).endswith("its 1 passage.")
