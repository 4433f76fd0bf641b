"""Search, fusion, confidence and highlight, over hashed vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.records.passages import Span
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.fusion import fuse, rank, standardise
from bot.engine.retrieval.retriever import Retrieval, Retriever
from tests.unit.retrieval.shelf import ENCODER, make_index

FOXES = [
    ["Foxes dig dens under old trees.", "A den has two exits.", "Cubs stay there until May."],
    ["Rabbits live in warrens.", "They are fast."],
]
MOON = [["The moon circles the earth in 27 days."], ["Tides follow the moon.", "Sailors know the tide tables."]]


def search(index: CorpusIndex, text: str, *, retriever: Retriever | None = None, **options: object) -> Retrieval:
    """Search with hashed vectors."""
    options.setdefault("top_k", 10)
    return (retriever or Retriever()).search(index, text, ENCODER.encode_query(text), **options)  # type: ignore[arg-type]


def places(result: Retrieval) -> list[tuple[int, int]]:
    """Return article and position of every hit."""
    return [(hit.article_id, hit.position) for hit in result.hits]


@pytest.mark.parametrize(
    ("question", "place", "sentence"),
    [
        ("How many exits does a fox den have?", (1, 1), "A den has two exits."),
        ("Until when do the cubs stay?", (1, 1), "Cubs stay there until May."),
        ("Where do rabbits live?", (1, 2), "Rabbits live in warrens."),
        ("How long does the moon take to circle the earth?", (2, 1), "The moon circles the earth in 27 days."),
        ("tide tables", (2, 2), "Sailors know the tide tables."),
    ],
)
def test_the_passage_and_its_sentence_are_found(question: str, place: tuple[int, int], sentence: str) -> None:
    """The passage that shares the question's rare words comes first, the sentence that does is highlighted."""
    result = search(make_index(FOXES, MOON), question)
    assert places(result)[0] == place
    text = " ".join([FOXES, MOON][place[0] - 1][place[1] - 1])
    assert [text[span.start : span.end] for span in result.highlights[0]] == [sentence]
    assert result.answers
    assert [hit.rank for hit in result.hits] == [1, 2, 3, 4]
    assert len(result.highlights) == 4


def test_an_article_filter_is_obeyed() -> None:
    """Only the articles asked for are ranked, in any order of ids, and top_k bounds the hits."""
    index = make_index(FOXES, MOON, FOXES)
    assert {article for article, _ in places(search(index, "fox dens", article_ids=[2]))} == {2}
    assert {article for article, _ in places(search(index, "fox dens", article_ids=[3, 1]))} == {1, 3}
    assert len(places(search(index, "fox dens", top_k=2))) == 2


@pytest.mark.parametrize("ids", [[], [99]])
def test_nothing_to_search_is_no_answer(ids: list[int]) -> None:
    """No articles in scope, or none in the guild, give no hits and no confidence."""
    result = search(make_index(FOXES), "fox", article_ids=ids)
    assert (result.hits, result.highlights, result.confidence, result.answers) == ((), (), 0.0, False)
    assert search(make_index(), "fox").hits == ()


def test_equal_passages_come_in_article_order() -> None:
    """Ties are broken by article id and position."""
    assert places(search(make_index(FOXES, FOXES, FOXES), "rabbits", top_k=3)) == [(1, 2), (2, 2), (3, 2)]


@pytest.mark.parametrize(
    "question", ["Who won the world cup?", "capital of Peru", "", "?!", "😀", "what is this", "x" * 4000]
)
def test_off_topic_questions_are_not_answered(question: str) -> None:
    """Another topic, nothing at all, function words only: ranked all the same, but not answered."""
    result = search(make_index(FOXES, MOON), question)
    assert len(result.hits) == 4
    assert not result.answers
    assert 0 <= result.confidence < 0.5


def test_function_words_alone_still_rank() -> None:
    """A question without a topical word is ranked by the words it has."""
    assert places(search(make_index([["Nothing here."], ["To be or not to be."]]), "to be or not to be"))[0] == (1, 2)


def test_a_threshold_of_the_guild_replaces_the_default() -> None:
    """With a threshold of 0 everything is answered, above 1 nothing."""
    index = make_index(FOXES, MOON)
    assert search(index, "capital of Peru", threshold=0.0).answers
    assert not search(index, "fox dens", threshold=1.01).answers


def test_candidates_that_cover_the_scope_change_nothing() -> None:
    """A large guild's two-step search gives the exact search's order where its candidates include the best."""
    topics = ["fox", "owl", "moon", "river", "stone", "wheat", "glass", "violin"]
    article = [
        [f"The {a} and the {b} number {n}.", f"Then a {a}."]
        for n, (a, b) in enumerate(zip(topics * 20, (topics[3:] * 32)[:160], strict=True))
    ]
    index = make_index(article)
    for question in ("violin and stone number 7", "river", "the fox then"):
        exact = search(index, question, top_k=5)
        covered = search(index, question, top_k=5, retriever=Retriever(exact_rows=0, candidates=2 * len(article)))
        few = search(index, question, top_k=1, retriever=Retriever(exact_rows=0, candidates=40))
        assert places(covered) == places(exact)
        assert places(few)[0] == places(exact)[0]


def test_one_passage_is_found_and_judged() -> None:
    """The smallest guild answers what it holds and nothing else."""
    index = make_index([["Foxes dig dens under old trees."]])
    assert search(index, "Where do foxes dig dens?").answers
    assert not search(index, "Who painted the ceiling?").answers


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=20))
def test_standardised_scores_keep_their_order(values: list[float]) -> None:
    """z-scores order like the scores, with mean 0."""
    scores = np.array(values, dtype=np.float32)
    found = standardise(scores, 0.2)
    assert abs(float(found.mean())) < 1e-3
    assert all(
        found[a] <= found[b] + 1e-4 for a, b in zip(np.argsort(scores)[:-1], np.argsort(scores)[1:], strict=True)
    )


def test_between_two_passages_the_surer_ranker_wins() -> None:
    """With plain z-scores two passages would always stand one deviation apart, however small their difference."""
    dense = np.array([0.51, 0.50], dtype=np.float32)
    lexical = np.array([0.1, 0.9], dtype=np.float32)
    assert rank(fuse(standardise(dense, 0.2), standardise(lexical, 0.17)), 1).tolist() == [1]


def test_equal_scores_standardise_to_nothing() -> None:
    """A ranker that cannot tell the rows apart has no say."""
    flat = standardise(np.full(3, 0.7, dtype=np.float32), 0.2)
    assert flat.tolist() == [0, 0, 0]
    assert rank(fuse(flat, np.array([0, 2, 1], dtype=np.float32)), 3).tolist() == [1, 2, 0]


def test_a_single_sentence_is_highlighted_whole() -> None:
    """A passage of one sentence is highlighted from end to end."""
    result = search(make_index([["Foxes dig dens."]]), "dens")
    assert result.highlights[0] == (Span(0, 15),)


@given(
    st.lists(st.sampled_from([0.0, -0.0, 0.5, 1.0, 1.5]) | st.floats(-2, 2, width=32), min_size=1, max_size=60),
    st.integers(0, 70),
)
def test_the_best_of_many_are_those_of_a_whole_sort(few: list[float], limit: int) -> None:
    """Selecting the best gives the very order of a stable sort, ties by position, whatever the limit."""
    scores = np.array(few * 40, dtype=np.float32)
    expected = np.argsort(-scores, kind="stable")[:limit]
    np.testing.assert_array_equal(rank(scores, limit), expected)
