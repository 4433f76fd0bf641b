"""One bit a dimension: what it finds, and that a search of a large guild by it finds what a whole one finds."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.engine.encoders.pooling import unit_rows
from bot.engine.retrieval.retriever import Retriever
from bot.engine.retrieval.signatures import make_signatures
from bot.engine.retrieval.vectors import cosines, quantize
from tests.unit.retrieval.shelf import ENCODER, make_index

NAMES = ["fox", "owl", "bear", "lynx", "seal", "wolf", "hare", "stoat", "otter", "mole", "newt", "toad"]
PLACES = ["den", "tree", "cave", "rock", "bay", "wood", "field", "wall", "brook", "lawn"]


@pytest.mark.parametrize("dimension", [384, 100])
@pytest.mark.parametrize("offset", [0.0, 3.0])
def test_the_nearest_rows_are_among_the_found(dimension: int, offset: float) -> None:
    """Of 20,000 rows around topics the found eighth holds the nearest 50, also where all embeddings point one way."""
    random = np.random.default_rng(dimension)
    topics = random.standard_normal((200, dimension))
    rows = topics[random.integers(200, size=20_000)] + 0.8 * random.standard_normal((20_000, dimension))
    shift = offset * random.standard_normal(dimension)
    vectors = quantize(unit_rows((rows + shift).astype(np.float32)))
    signatures = make_signatures(vectors, least=2500)
    held = []
    for topic in range(20):
        drawn = topics[topic] + 0.8 * random.standard_normal(dimension) + shift
        query = unit_rows(drawn.astype(np.float32))
        found = signatures.find_near(query)
        assert 2500 <= len(found) < 4000
        assert (np.diff(found) > 0).all()
        nearest = np.argsort(-cosines(vectors, query))[:50]
        held.append(np.isin(nearest, found).mean())
    assert np.mean(held) > 0.99


def test_fewer_rows_than_wanted_are_all_found() -> None:
    """A guild that has no more rows than are wanted is compared whole."""
    vectors = quantize(unit_rows(np.random.default_rng(0).standard_normal((30, 64)).astype(np.float32)))
    assert make_signatures(vectors).find_near(np.ones(64, dtype=np.float32)).tolist() == list(range(30))


def test_what_is_near_among_some_rows_is_near_among_all() -> None:
    """Whoever may not see some articles gets the likeliest of the others, and none of those."""
    random = np.random.default_rng(1)
    vectors = quantize(unit_rows(random.standard_normal((2000, 64)).astype(np.float32)))
    signatures = make_signatures(vectors, least=100)
    query = unit_rows(random.standard_normal(64).astype(np.float32))
    among = np.flatnonzero(random.random(2000) < 0.7)
    found = signatures.find_near(query, among)
    assert np.isin(found, among).all()
    assert (np.diff(found) > 0).all()
    assert np.isin(np.intersect1d(signatures.find_near(query), among), found).all()
    assert signatures.find_near(query, among[:50]).tolist() == among[:50].tolist()


def test_a_search_by_signatures_finds_the_same() -> None:
    """The hits of a search that compares a third of the embeddings are those of one that compares all."""
    index = make_index([[f"The {name} lives in the {place}."] for name in NAMES for place in PLACES])
    signatures = make_signatures(index.snapshot.embeddings, least=40)
    signed: Any = SimpleNamespace(snapshot=replace(index.snapshot, signatures=signatures), tokens=index.tokens)
    retriever = Retriever(exact_rows=0, candidates=20)
    for name, place in zip(NAMES, PLACES, strict=False):
        text = f"Which {name} is in the {place}?"
        query = ENCODER.encode_query(text)
        assert len(signatures.find_near(query.embedding)) < 80
        expected = retriever.search(index, text, query, top_k=3)
        found = retriever.search(signed, text, query, top_k=3)
        assert found.hits[0] == expected.hits[0]
        assert found.hits[0].position == 1 + 10 * NAMES.index(name) + PLACES.index(place)


def test_a_search_of_one_article_reads_all_of_its_rows() -> None:
    """Signatures are for whole guilds: within an article nothing is left out."""
    index = make_index([["Foxes dig."]] * 30, [["Owls hunt."], ["Bears sleep."]])
    signed: Any = SimpleNamespace(
        snapshot=replace(index.snapshot, signatures=make_signatures(index.snapshot.embeddings, least=1)),
        tokens=index.tokens,
    )
    query = ENCODER.encode_query("Who sleeps?")
    found = Retriever(exact_rows=0).search(signed, "Who sleeps?", query, article_ids=[2], top_k=5)
    assert [(hit.article_id, hit.position) for hit in found.hits] == [(2, 2), (2, 1)]
