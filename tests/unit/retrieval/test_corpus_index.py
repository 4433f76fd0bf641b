"""The index that brings itself up to date from a store."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.retrieval.corpus_index import CorpusIndex, Snapshot
from bot.engine.retrieval.tokens import hash_term
from tests.unit.retrieval.shelf import Shelf, make_core

FOXES = make_core([["Foxes dig dens.", "They sleep."], ["A den has exits."]])
OWLS = make_core([["Owls hunt at night."]])
TREES = make_core([["Trees grow."], ["Leaves fall."], ["Roots hold."]])


def update(shelf: Shelf) -> CorpusIndex:
    """Return a fresh index of the shelf."""
    index = CorpusIndex(1, 64)
    index.update(shelf)
    return index


def assert_equal(one: Snapshot, other: Snapshot) -> None:
    """Compare everything that a search reads."""
    for name in ("article_ids", "row_edges", "sentence_edges", "spans"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("embeddings", "sentences"):
        np.testing.assert_array_equal(getattr(one, name).rows, getattr(other, name).rows)
        np.testing.assert_array_equal(getattr(one, name).scales, getattr(other, name).scales)
    for name in ("terms", "edges", "rows", "impacts"):
        np.testing.assert_array_equal(getattr(one.postings, name), getattr(other.postings, name))


def test_rows_follow_article_ids_and_positions() -> None:
    """Rows are ordered by article id, whatever the order of adding, and translate both ways."""
    shelf = Shelf()
    for article_id, core in ((7, FOXES), (3, TREES), (5, OWLS)):
        shelf.put(article_id, core)
    snapshot = update(shelf).snapshot
    located = [snapshot.locate(row) for row in range(len(snapshot))]
    assert located == [(3, 1), (3, 2), (3, 3), (5, 1), (7, 1), (7, 2)]
    assert [snapshot.find_row(*place) for place in located] == list(range(6))
    assert snapshot.find_row(5, 2) is None
    assert snapshot.find_row(4, 1) is None
    assert snapshot.find_rows([7, 3, 99]).tolist() == [0, 1, 2, 4, 5]
    assert snapshot.find_rows(None).tolist() == list(range(6))


def test_only_what_changed_is_loaded() -> None:
    """An update reads the segments that are new or rewritten, and none when nothing happened."""
    shelf = Shelf()
    shelf.put(1, FOXES)
    shelf.put(2, OWLS)
    index = update(shelf)
    assert shelf.reads == 2
    assert index.update(shelf) is False
    shelf.put(2, TREES)
    shelf.put(3, OWLS)
    assert index.update(shelf) is True
    assert shelf.reads == 4
    shelf.remove(1)
    assert index.update(shelf) is True
    assert shelf.reads == 4
    assert index.snapshot.article_ids.tolist() == [2, 3]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from([None, FOXES, OWLS, TREES])), max_size=12))
def test_updates_end_where_a_fresh_index_starts(writes: list[tuple[int, bytes | None]]) -> None:
    """After any adds, replacements and removals an updated index equals one built from nothing."""
    shelf = Shelf()
    index = CorpusIndex(1, 64)
    for article_id, core in writes:
        if core is not None:
            shelf.put(article_id, core)
        elif article_id in shelf.segment_ids(1):
            shelf.remove(article_id)
        index.update(shelf)
    assert_equal(index.snapshot, update(shelf).snapshot)


def test_sentences_of_a_row_keep_spans_and_terms() -> None:
    """The second article's rows give their own sentences."""
    shelf = Shelf()
    shelf.put(1, OWLS)
    shelf.put(2, FOXES)
    snapshot = update(shelf).snapshot
    assert [tuple(span) for span in snapshot.sentence_spans(1)] == [(0, 15), (16, 27)]
    postings = snapshot.postings
    first = snapshot.sentence_edges[1]
    edges = postings.sequence_edges[first : first + 3].tolist()
    found = [postings.terms[postings.sequence[low:high]].tolist() for low, high in itertools.pairwise(edges)]
    assert found == [
        [hash_term(term) for term in ("fox", "dig", "den")],
        [hash_term(term) for term in ("they", "sleep")],
    ]


def test_searches_keep_the_snapshot_they_took() -> None:
    """An update does not change a snapshot that a search still reads."""
    shelf = Shelf()
    shelf.put(1, FOXES)
    index = update(shelf)
    before = index.snapshot
    shelf.remove(1)
    index.update(shelf)
    assert len(before) == 2
    assert len(index.snapshot) == 0


@pytest.mark.parametrize(
    "core",
    [FOXES[:-1], b"", make_core([["Foxes dig."]], encoder=HashingEncoder(32))],
    ids=["damaged", "empty", "of another encoder"],
)
def test_an_unreadable_segment_is_left_out_and_named(core: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """The other articles stay searchable, and the index says which one to build anew, until that is done."""
    shelf = Shelf()
    shelf.put(1, OWLS)
    shelf.put(2, core)
    index = update(shelf)
    assert index.snapshot.article_ids.tolist() == [1]
    assert index.unreadable == (2,)
    assert "pullquote migrate --reindex" in caplog.text
    reads = shelf.reads
    shelf.put(3, TREES)
    index.update(shelf)
    assert (shelf.reads, index.unreadable) == (reads + 1, (2,))
    shelf.put(2, FOXES)
    index.update(shelf)
    assert index.unreadable == ()
    assert index.snapshot.article_ids.tolist() == [1, 2, 3]


def test_memory_is_told() -> None:
    """The index counts at least its vectors, and an empty one next to nothing."""
    shelf = Shelf()
    empty = update(shelf).nbytes
    shelf.put(1, TREES)
    assert update(shelf).nbytes >= empty + 6 * 64
