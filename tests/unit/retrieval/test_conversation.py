"""Searching for what leans on the question before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.library import Library
from bot.engine.questions.follow_up import Context
from bot.engine.records.answers import Answer, AnswerState
from bot.engine.records.sources import ArticleSource
from bot.engine.retrieval.explanation import CANDIDATES
from tests.integration.conftest import open_hashing_library

TOWER = """The tower

The clock tower of Varnby was built in 1742 by the mason Elsa Thorne.

After the fire of 1901 the roofers repaired the tower in eleven weeks, because winter came early.

Visitors climb the two hundred steps on Sundays.
"""
MILL = "The mill\n\nThe mill of Orrest burned down because of a lamp.\n\nIt was rebuilt in nine weeks.\n"
REPAIR = "Who repaired the tower of Varnby after the fire?"
GUILD = 1


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two articles about fires."""
    library = open_hashing_library(tmp_path)
    for text in (TOWER, MILL):
        library.add_article(GUILD, ArticleSource(data=text))
    yield library
    library.close()


def first(answer: Answer) -> tuple[int, int]:
    """The best quote's place."""
    return answer.quotes[0].article.id, answer.quotes[0].position


def test_a_leaning_question_finds_what_it_leans_on(library: Library) -> None:
    """A bare "why" is no question for the articles; after another one it is answered where that one was."""
    assert library.ask(GUILD, "Why?").state is AnswerState.NOT_IN_ARTICLES
    answer = library.ask(GUILD, "Why?", context=Context((REPAIR,), ((1, 2),)))
    assert answer.state is AnswerState.ANSWERS
    assert first(answer) == (1, 2)
    assert answer.query == "Why?"
    assert all(quote.text[start:end] for quote in answer.quotes for start, end in quote.highlight)


def test_a_question_that_stands_is_answered_the_same_after_any_other(library: Library) -> None:
    """Not a figure of the answer changes by what was asked before."""
    question = "When was the mill of Orrest rebuilt?"
    alone, after = library.ask(GUILD, question), library.ask(GUILD, question, context=Context((REPAIR,), ((1, 2),)))
    assert (alone.state, alone.confidence, alone.quotes) == (after.state, after.confidence, after.quotes)


def test_places_that_are_gone_do_no_harm(library: Library) -> None:
    """What was quoted before may have been removed since; a context of places alone is none."""
    gone = Context((REPAIR,), ((1, 99), (77, 1)))
    assert first(library.ask(GUILD, "Why?", context=gone)) == (1, 2)
    assert library.ask(GUILD, "Why?", context=Context((), ((1, 2),))).state is AnswerState.NOT_IN_ARTICLES


def test_a_context_reaches_no_further_than_the_search(library: Library) -> None:
    """Limited to one article, a follow-up quotes no other, wherever the conversation was."""
    answer = library.ask(GUILD, "Why?", article="2", context=Context((REPAIR,), ((1, 2),)))
    assert all(quote.article.id == 2 for quote in answer.quotes)
    nearest = library.nearest(GUILD, "Why?", article="2", context=Context((REPAIR,), ((1, 2),)))
    assert nearest is not None
    assert nearest.article.id == 2


def test_more_quotes_are_ranked_once(library: Library) -> None:
    """Every passage comes once, best first, with ranks that count from one."""
    answer = library.ask(GUILD, "Why?", top_k=9, context=Context((REPAIR,), ((1, 2),)))
    places = [(quote.article.id, quote.position) for quote in answer.quotes]
    assert len(places) == len(set(places)) == 5
    assert [quote.score for quote in answer.quotes] == sorted((quote.score for quote in answer.quotes), reverse=True)


def test_an_explanation_ranks_as_the_answer_does(library: Library) -> None:
    """The same order, state and confidence, with each candidate's places by words and by meaning."""
    answer, found = library.ask(GUILD, REPAIR, top_k=CANDIDATES), library.ranking.explain(GUILD, REPAIR)
    assert (found.state, found.confidence) == (answer.state, answer.confidence)
    assert [(it.hit.article_id, it.hit.position) for it in found.candidates] == [
        (quote.article.id, quote.position) for quote in answer.quotes
    ]
    assert [it.text for it in found.candidates] == [quote.text for quote in answer.quotes]
    ranks = [(it.lexical_rank, it.dense_rank) for it in found.candidates]
    assert ranks[0] == (1, 1)
    assert all(rank is not None and 1 <= rank <= 5 for pair in ranks for rank in pair)
    assert found.limits.unsure <= found.limits.answers <= found.confidence


def test_an_explanation_names_the_words_that_fail(library: Library) -> None:
    """Words that no passage holds, and words that only others than the first hold."""
    found = library.ranking.explain(GUILD, "Did the submarine climb the tower that was repaired in nine weeks?")
    assert found.absent == ("submarine",)
    assert "nine" in found.elsewhere or "climb" in found.elsewhere


def test_nothing_to_search_is_explained_too(library: Library, tmp_path: Path) -> None:
    """A guild without articles has no candidates, and that is all."""
    found = library.ranking.explain(2, REPAIR)
    assert (found.candidates, found.confidence, found.state) == ((), 0.0, AnswerState.NOT_IN_ARTICLES)
