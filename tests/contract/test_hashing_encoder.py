"""The model-free encoder."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.engine.encoders.hashing import HashingEncoder
from tests.contract.encoder_contract import EncoderContract, MeaningContract


class TestHashingEncoder(EncoderContract, MeaningContract):
    """Held to the contract."""

    @pytest.fixture
    def encoder(self) -> HashingEncoder:
        """Sixty-four dimensions."""
        return HashingEncoder(64)


class TestHashingEncoderWide(EncoderContract, MeaningContract):
    """Held to the contract beyond the bits of one hash."""

    @pytest.fixture
    def encoder(self) -> HashingEncoder:
        """More dimensions than one BLAKE2b has bits."""
        return HashingEncoder(600)


def test_vectors_are_the_same_in_every_process() -> None:
    """Another process with another hash seed gives the same numbers."""
    code = (
        "from bot.engine.encoders.hashing import HashingEncoder;"
        "print(HashingEncoder(16).encode_query('Foxes dig').embedding.tobytes().hex())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert outputs == {HashingEncoder(16).encode_query("Foxes dig").embedding.tobytes().hex()}


@pytest.mark.parametrize(("one", "other"), [("exports", "exported"), ("Fox", "FOX"), ("hunting", "hunted")])
def test_inflected_words_are_the_same_word(one: str, other: str) -> None:
    """Light stemming and case folding bring forms of a word together."""
    encoder = HashingEncoder(64)
    assert encoder.encode_query(one).embedding @ encoder.encode_query(other).embedding == pytest.approx(1)


def test_another_dimension_is_another_identity() -> None:
    """Vectors of different lengths are never compared."""
    assert HashingEncoder(32).identity != HashingEncoder(64).identity
    with pytest.raises(ValueError, match="dimension"):
        HashingEncoder(0)
