"""Listing more passages than are quoted, which changes nothing about those that are; and highlights in any passage."""

from __future__ import annotations

import pytest

from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.retriever import Retrieval, Retriever
from tests.unit.retrieval.shelf import ENCODER, Shelf, make_segment

TOPICS = ("foxes", "owls", "rabbits", "tides", "lamps", "rivers", "clocks")
PLACES = ("in dens", "at night", "near the sea", "under trees", "in Lund", "on Tuesday", "for a while")
ARTICLES = [
    [[f"Some {topic} sleep {place}.", f"Others, number {number}, wake."] for number, place in enumerate(PLACES)]
    for topic in TOPICS
]
COUNT = len(TOPICS) * len(PLACES)
QUESTIONS = ("Which foxes sleep near the sea?", "number 3 of the lamps", "the", "zzz")


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Forty-nine passages in seven articles: more than the second stage takes."""
    filled = Shelf()
    for article_id, article in enumerate(ARTICLES, start=1):
        segment = make_segment(article)
        filled.put(article_id, segment.core, segment.tokens)
    return filled


def search(shelf: Shelf, text: str, retriever: Retriever, depth: int, only: list[int] | None = None) -> Retrieval:
    """Search for three passages, listing more."""
    index = CorpusIndex(1, 64)
    index.update(shelf)
    query = ENCODER.encode_query(text)
    return retriever.search(index, text, query, article_ids=only, top_k=3, depth=depth, tokens=shelf)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("exact_rows", [12_000, 20], ids=["small guild", "large guild"])
def test_depth_lists_the_rest_in_order(shelf: Shelf, question: str, exact_rows: int) -> None:
    """The hits are those of a search without depth; the others follow, no passage twice, never with a better score."""
    retriever = Retriever(exact_rows=exact_rows)
    plain, deep = search(shelf, question, retriever, 0), search(shelf, question, retriever, 100)
    assert (deep.hits, deep.highlights, deep.confidence) == (plain.hits, plain.highlights, plain.confidence)
    assert plain.others == ()
    ranked = [*deep.hits, *deep.others]
    assert [hit.rank for hit in ranked] == list(range(1, COUNT + 1))
    assert len({(hit.article_id, hit.position) for hit in ranked}) == COUNT
    scores = [hit.score for hit in ranked]
    assert scores == sorted(scores, reverse=True)


def test_depth_is_a_bound(shelf: Shelf) -> None:
    """No more than asked for, within the second stage and beyond it; nothing more than one article holds."""
    for depth in (0, 2, 3, 4, 30, 31, 45):
        found = search(shelf, QUESTIONS[0], Retriever(), depth)
        assert len(found.hits) + len(found.others) == max(depth, 3)
    one = search(shelf, QUESTIONS[0], Retriever(), 100, [2])
    assert {hit.article_id for hit in (*one.hits, *one.others)} == {2}
    assert len(one.hits) + len(one.others) == len(PLACES)


@pytest.mark.parametrize("question", QUESTIONS)
def test_highlights_by_themselves_are_those_of_the_search(shelf: Shelf, question: str) -> None:
    """Highlighting one passage gives what a search that quotes it gives; a passage that is not there has none."""
    index, retriever, query = CorpusIndex(1, 64), Retriever(), ENCODER.encode_query(question)
    index.update(shelf)
    found = retriever.search(index, question, query, top_k=10, tokens=shelf)
    for hit, spans in zip(found.hits, found.highlights, strict=True):
        own = retriever.highlight(index, question, query, hit.article_id, hit.position, tokens=shelf)
        assert own == spans
    assert retriever.highlight(index, question, query, 99, 1, tokens=shelf) == ()
