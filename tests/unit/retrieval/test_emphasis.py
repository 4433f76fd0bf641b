"""What was learned of a question's word pieces, and what it does to their matches."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.retrieval.emphasis import EMPHASIS_FILE, Emphasis, open_emphasis
from bot.engine.retrieval.features import FEATURES
from bot.engine.retrieval.late_interaction import match_rows
from bot.engine.retrieval.ranker import RANKER_FILE
from bot.engine.retrieval.retriever import Retriever
from tests.unit.retrieval.shelf import ENCODER
from tests.unit.retrieval.test_second_stage import FOXES, MOON, OWLS, fill

TEXT = "two exits"


def emphasise(piece: int, strength: float = 1.0) -> Emphasis:
    """Return an emphasis on what is like one piece of TEXT."""
    token = ENCODER.encode_query(TEXT).tokens
    assert token is not None
    return Emphasis(strength * token[piece], -strength * token[piece], 0.0)


def test_a_piece_that_matters_weighs_more() -> None:
    """Importance moves weight to the pieces that are like it, and the weights still sum to 1."""
    tokens = ENCODER.encode_query(TEXT).tokens
    assert tokens is not None
    even = np.array([0.5, 0.5], dtype=np.float32)
    for piece in (0, 1):
        weights, exactness = emphasise(piece).weigh(tokens, even)
        assert weights.sum() == pytest.approx(1, abs=1e-6)
        assert weights[piece] > 0.5 > weights[1 - piece]
        assert exactness[piece] < exactness[1 - piece] <= 0.5


def test_nothing_learned_changes_nothing() -> None:
    """Read-outs of zeros leave the weights as they were, and count a close match half."""
    tokens = ENCODER.encode_query(TEXT).tokens
    assert tokens is not None
    given = np.array([0.3, 0.7], dtype=np.float32)
    weights, exactness = emphasise(0, 0.0).weigh(tokens, given)
    assert weights.tolist() == pytest.approx(given.tolist())
    assert exactness.tolist() == pytest.approx((given / 2).tolist())


def test_matches_keep_what_was_learned_when_cut() -> None:
    """Some sentences' matches weigh the pieces as all do; without an emphasis there is none."""
    shelf, index = fill(FOXES)
    query, rows = ENCODER.encode_query(TEXT), np.array([0, 1])
    matches = match_rows(index, index.snapshot, shelf, rows, TEXT, query, emphasise(1))
    plain = match_rows(index, index.snapshot, shelf, rows, TEXT, query)
    assert matches is not None
    assert plain is not None
    assert matches.emphasis is not None
    assert matches.cut(1, 3).emphasis is matches.emphasis
    assert matches.cut(1, 3).pieces.tolist() == plain.pieces[1:3].tolist()
    assert plain.emphasis is None
    assert plain.exactness is None


def test_an_encoder_without_emphasis_has_the_features_by_idf() -> None:
    """Where nothing was learned, the emphasised scores are those of the pieces' idf."""
    shelf, index = fill(FOXES, MOON, OWLS)
    found = Retriever().describe(index, TEXT, ENCODER.encode_query(TEXT), tokens=shelf).features
    columns = {name: found[:, number].tolist() for number, name in enumerate(FEATURES)}
    assert columns["emphasised"] == columns["maxsim by idf"]
    assert columns["emphasised sentence"] == columns["maxsim best sentence"]
    assert columns["emphasised carried"] == columns["maxsim carried"]
    assert max(columns["widest gap"]) <= 0


def test_the_shipped_emphasis_is_only_for_its_encoder(tmp_path: Path) -> None:
    """It was learned for the encoder that the ranker was fitted for; another one, or another dimension, has none."""
    content = json.loads(EMPHASIS_FILE.read_text(encoding="utf-8"))
    name, revision = content["encoder"]
    assert content["encoder"] == json.loads(RANKER_FILE.read_text(encoding="utf-8"))["encoder"]
    shipped = open_emphasis(EncoderIdentity(name, revision, len(content["importance"])))
    assert shipped is not None
    assert len(shipped.importance) == len(shipped.exactness)
    assert open_emphasis(None) is None
    assert open_emphasis(EncoderIdentity(name, "other", len(content["importance"]))) is None
    assert open_emphasis(EncoderIdentity(name, revision, 64)) is None
    assert open_emphasis(EncoderIdentity(name, revision, 384), tmp_path / "none.json") is None
