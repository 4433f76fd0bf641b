"""BM25 over postings, beside a plain calculation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.retrieval.bm25 import HEADING_WEIGHT, K1, PRIOR_ROWS, B, Postings, build_postings
from bot.engine.retrieval.segment import decode_core
from bot.engine.retrieval.tokens import hash_term
from tests.unit.retrieval.shelf import make_core

WORDS = ["fox", "den", "owl", "moon", "river"]
PASSAGE = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=1, max_size=3)


def make_postings(*articles: list[list[str]], headings: list[list[str]] | None = None) -> Postings:
    """Build postings of articles, each a list of passages, each a list of sentences."""
    cores = [decode_core(make_core(passages, headings=headings or ())) for passages in articles]
    return build_postings([core.lexicon for core in cores], [core.sentence_edges for core in cores])


def hashes(*terms: str) -> np.ndarray:
    """Return the hashes of terms."""
    return np.array([hash_term(term) for term in terms], dtype=np.uint64)


@given(
    st.lists(st.lists(PASSAGE, min_size=1, max_size=3), min_size=1, max_size=3),
    st.sets(st.sampled_from([*WORDS, "unseen"])),
)
def test_scores_equal_the_formula(articles: list[list[list[str]]], query: set[str]) -> None:
    """Over any articles and query the postings give what the textbook formula gives."""
    rows = [" ".join(passage).split() for article in articles for passage in article]
    mean = max(sum(map(len, rows)) / len(rows), 1)
    expected = np.zeros(len(rows))
    for term in query:
        frequency = sum(term in row for row in rows)
        idf = math.log1p((len(rows) + PRIOR_ROWS - frequency + 0.5) / (frequency + 0.5))
        for number, row in enumerate(rows):
            count = row.count(term)
            expected[number] += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * len(row) / mean))
    found = make_postings(*articles).score(hashes(*sorted(query)))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_unknown_words_have_the_highest_idf() -> None:
    """A word that no passage holds weighs most in the ceiling, a frequent one least."""
    weights = make_postings([["fox den"], ["fox owl"], ["fox"]]).idf(hashes("unseen", "den", "fox"))
    assert weights[0] > weights[1] > weights[2] > 0


def test_headings_count_for_the_passages_below_them() -> None:
    """A heading's word finds the passage below it, less than a word of the passage does."""
    scores = make_postings([["fox"], ["owl"], ["moon"]], headings=[["River"], [], []]).score(hashes("river"))
    assert scores[0] > 0
    assert scores[1:].tolist() == [0, 0]
    in_passage = make_postings([["fox river"], ["owl"], ["moon"]]).score(hashes("river"))
    assert scores[0] < in_passage[0]
    assert 0 < HEADING_WEIGHT < 1


@pytest.mark.parametrize("articles", [[], [[["…"]]], [[["😀", "!"], [""]]]])
def test_nothing_to_find_scores_nothing(articles: list[list[list[str]]]) -> None:
    """No articles, or articles without a single word, are no error."""
    postings = make_postings(*articles)
    assert not postings.score(hashes("fox")).any()
