"""Which sentence is highlighted, and when a neighbour is beside it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.records.passages import Span
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.features import carry_pieces
from bot.engine.retrieval.highlight import (
    SENTENCE_FEATURES,
    SENTENCES_FILE,
    choose_sentences,
    describe_sentences,
    open_sentence_weights,
)
from bot.engine.retrieval.late_interaction import Matches, match_rows
from bot.engine.retrieval.query import analyse_query
from tests.unit.retrieval.shelf import ENCODER, Shelf, make_segment

DENS = [["Ada Lovelace wrote of the den.", "It was found in 1843.", "Owls fly.", "Foxes sleep."], ["A den has exits."]]
TEXT = "When was the den found?"


@pytest.fixture
def index() -> CorpusIndex:
    """Return the index of one article."""
    found, shelf = CorpusIndex(1, 64), Shelf()
    segment = make_segment(DENS)
    shelf.put(1, segment.core, segment.tokens)
    found.update(shelf)
    return found


def match(index: CorpusIndex) -> Matches:
    """Match the question with the first passage."""
    shelf = Shelf()
    segment = make_segment(DENS)
    shelf.put(1, segment.core, segment.tokens)
    found = match_rows(index, index.snapshot, shelf, np.array([0]), TEXT, ENCODER.encode_query(TEXT))
    assert found is not None
    return found


def choose(index: CorpusIndex, **weights: float) -> tuple[Span, ...]:
    """Choose with some features' weights, all others 0."""
    fitted = np.zeros(len(SENTENCE_FEATURES), dtype=np.float32)
    for name, weight in weights.items():
        fitted[SENTENCE_FEATURES.index(name.replace("_", " "))] = weight
    query, embedding = analyse_query(TEXT), ENCODER.encode_query(TEXT).embedding
    return choose_sentences(index.snapshot, 0, query, embedding, match(index), fitted)


def test_weights_are_complete_and_only_for_their_encoder(tmp_path: Path) -> None:
    """Every feature of a sentence has a weight; another encoder, or another set of features, gets none."""
    content = json.loads(SENTENCES_FILE.read_text(encoding="utf-8"))
    assert set(content["weights"]) == set(SENTENCE_FEATURES)
    name, revision = content["encoder"]
    weights = open_sentence_weights(EncoderIdentity(name, revision, 384))
    assert weights is not None
    assert weights.tolist() == pytest.approx([content["weights"][feature] for feature in SENTENCE_FEATURES])
    assert open_sentence_weights(EncoderIdentity(name, "other", 384)) is None
    assert open_sentence_weights(None) is None
    changed = tmp_path / "sentences.json"
    changed.write_text(json.dumps(content | {"weights": {"match": 1.0}}), encoding="utf-8")
    assert open_sentence_weights(EncoderIdentity(name, revision, 384), changed) is None


def test_matches_are_carried_on_within_a_passage_only() -> None:
    """A sentence takes over, fading, what the ones before it in its own passage matched, and nothing else."""
    pieces = np.array([[0.9, 0.1], [0.1, 0.5], [0.2, 0.1], [0.3, 0.3], [0.1, 0.6]], dtype=np.float32)
    carried = carry_pieces(pieces, np.array([0, 3]), np.array([3, 2]))
    expected = [[0.9, 0.1], [0.85, 0.5], [0.8, 0.45], [0.3, 0.3], [0.25, 0.6]]
    assert carried.tolist() == [pytest.approx(row) for row in expected]
    assert pieces[1].tolist() == pytest.approx([0.1, 0.5])


def test_a_pronoun_that_opens_a_sentence_is_seen(index: CorpusIndex) -> None:
    """Only the sentence that opens with a pronoun is marked, and only it gains from the match before it."""
    query, embedding = analyse_query(TEXT), ENCODER.encode_query(TEXT).embedding
    features = describe_sentences(index.snapshot, 0, query, embedding, match(index))
    assert features[:, SENTENCE_FEATURES.index("opens with a pronoun")].tolist() == [0, 1, 0, 0]
    assert features[[0, 2, 3], SENTENCE_FEATURES.index("pronoun after match")].tolist() == [0, 0, 0]


def test_a_sure_choice_stands_alone(index: CorpusIndex) -> None:
    """One sentence far ahead of its neighbours is highlighted alone; without weights there is always one."""
    spans = index.snapshot.sentence_spans(0)
    assert choose(index, first=10) == (spans[0],)
    embedding = ENCODER.encode_query(TEXT).embedding
    for matches in (match(index), None):
        assert len(choose_sentences(index.snapshot, 0, analyse_query(TEXT), embedding, matches)) == 1


def test_a_neighbour_about_as_likely_is_highlighted_too(index: CorpusIndex) -> None:
    """Two neighbouring sentences of about equal score are both given, in the text's order."""
    spans = index.snapshot.sentence_spans(0)
    assert choose(index, first=0.5) == (spans[0], spans[1])
    assert choose(index, opens_with_a_pronoun=0.5) == (spans[0], spans[1])


def test_a_pronoun_brings_what_it_stands_for(index: CorpusIndex) -> None:
    """A sure sentence that opens with a pronoun comes with the one before it where that names more of the question."""
    spans = index.snapshot.sentence_spans(0)
    query = analyse_query("When was the den of Ada Lovelace dated?")
    fitted = np.zeros(len(SENTENCE_FEATURES), dtype=np.float32)
    fitted[SENTENCE_FEATURES.index("opens with a pronoun")] = 10
    embedding = ENCODER.encode_query(TEXT).embedding
    assert choose_sentences(index.snapshot, 0, query, embedding, match(index), fitted) == (spans[0], spans[1])
    bare = analyse_query("When was it found in 1843?")
    assert choose_sentences(index.snapshot, 0, bare, embedding, match(index), fitted) == (spans[1],)
