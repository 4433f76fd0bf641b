"""How a passage that is too long for the model is cut."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.encoders.chunks import own_pieces, plan_chunks
from bot.engine.records.passages import Span


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(1, 40))
def test_chunks_cover_the_text_within_the_budget(lengths: list[int], budget: int) -> None:
    """Chunks follow one another without gap, none is over the budget, and sentences that fit stay whole."""
    edges = np.cumsum([0, *lengths]).tolist()
    sentences = [Span(low * 2, high * 2 - 1) for low, high in itertools.pairwise(edges)]
    pieces = np.arange(edges[-1]) * 2  # one piece every two characters
    chunks = plan_chunks(pieces, sentences, edges[-1] * 2, budget)
    assert chunks[0].start == 0
    assert chunks[-1].end == edges[-1] * 2
    assert all(one.end == other.start for one, other in itertools.pairwise(chunks))
    assert all(np.sum((pieces >= chunk.start) & (pieces < chunk.end)) <= budget for chunk in chunks)
    for sentence, length in zip(sentences, lengths, strict=True):
        if length <= budget:
            assert any(chunk.start <= sentence.start and sentence.end <= chunk.end for chunk in chunks)


def test_a_text_that_fits_is_one_chunk() -> None:
    """Up to the budget nothing is cut, so that the model sees what its own library would show it."""
    assert plan_chunks(np.arange(10), [Span(0, 5), Span(5, 10)], 10, 10) == [Span(0, 10)]
    assert plan_chunks(np.zeros(0, dtype=np.int64), [], 3, 10) == [Span(0, 3)]


def test_chunks_are_of_about_equal_size() -> None:
    """Eleven sentences over a budget of ten make two halves, not ten and one."""
    sentences = [Span(number, number + 1) for number in range(11)]
    assert plan_chunks(np.arange(11), sentences, 11, 10) == [Span(0, 6), Span(6, 11)]


def test_characters_of_several_pieces_stay_whole() -> None:
    """Where a tokenizer makes three pieces of one character no chunk ends between them, and none is over the budget."""
    starts = np.repeat(np.arange(50), 3)
    chunks = plan_chunks(starts, [Span(0, 50)], 50, 40)
    assert [chunk.end for chunk in chunks[:-1]] == [chunk.start for chunk in chunks[1:]]
    assert max(np.sum((starts >= chunk.start) & (starts < chunk.end)) for chunk in chunks) == 39


def test_pieces_belong_to_the_last_sentence_that_has_begun() -> None:
    """What stands between two sentences goes to the first; what stands before all of them too."""
    assert own_pieces(np.array([0, 2, 4, 6, 9]), [Span(1, 4), Span(6, 9)]).tolist() == [0, 0, 0, 1, 1]
