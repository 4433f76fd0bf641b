"""What is encoded once is not encoded again, and never for another text, sentence split or encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.evaluation.cache import CachedEncoder
from bot.engine.ports.encoders import EncodedPassage, EncodedQuery, Encoder, EncoderIdentity, PassageInput, Progress
from bot.engine.records.passages import Span

TEXT = "Tea is hot. Ice is cold."
SPLIT = PassageInput(TEXT, (Span(0, 11), Span(12, 24)))
WHOLE = PassageInput(TEXT, (Span(0, 24),))


class CountingEncoder:
    """The hashing encoder, which counts what it encodes and may go without token vectors."""

    def __init__(self, *, revision: str = "1", has_tokens: bool = True) -> None:
        self._encoder = HashingEncoder(32)
        self._has_tokens = has_tokens
        self.identity = EncoderIdentity("org/counting", revision, 32)
        self.passages = self.queries = 0

    def encode_query(self, text: str) -> EncodedQuery:
        """Encode a question."""
        self.queries += 1
        found = self._encoder.encode_query(text)
        return found if self._has_tokens else EncodedQuery(found.embedding, None, ())

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Encode passages."""
        self.passages += len(passages)
        found = self._encoder.encode_passages(passages, progress)
        return found if self._has_tokens else [EncodedPassage(p.embedding, p.sentences, None, None) for p in found]


def assert_same(found: Sequence[EncodedPassage], wanted: Sequence[EncodedPassage]) -> None:
    """Both are the same numbers, bit for bit."""
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        for name in ("embedding", "sentences", "tokens", "token_sentences"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("has_tokens", [True, False])
def test_passages_are_encoded_once(tmp_path: Path, has_tokens: bool) -> None:
    """A second encoder on the folder reads what the first one made, to the bit, and tells progress all the same."""
    encoder: Encoder = CountingEncoder(has_tokens=has_tokens)
    made = CachedEncoder(encoder, tmp_path).encode_passages([SPLIT, WHOLE])
    again = CountingEncoder(has_tokens=has_tokens)
    steps: list[tuple[int, int]] = []
    found = CachedEncoder(again, tmp_path).encode_passages([SPLIT, WHOLE], lambda *step: steps.append(step))
    assert_same(found, made)
    assert (again.passages, steps) == (0, [(2, 2)])
    assert (found[0].tokens is not None) is has_tokens
    assert len(found[0].sentences) == 2


def test_numbers_are_those_of_the_encoder(tmp_path: Path) -> None:
    """Embeddings come back exactly, token vectors at half precision."""
    (plain,) = HashingEncoder(32).encode_passages([SPLIT])
    (kept,) = CachedEncoder(CountingEncoder(), tmp_path).encode_passages([SPLIT])
    np.testing.assert_array_equal(kept.embedding, plain.embedding)
    assert kept.tokens is not None
    assert plain.tokens is not None
    assert kept.tokens.dtype == np.float32
    np.testing.assert_allclose(kept.tokens, plain.tokens, atol=1e-3)


@pytest.mark.parametrize(
    ("revision", "passages"),
    [("2", [SPLIT]), ("1", [WHOLE]), ("1", [PassageInput(TEXT + " ", SPLIT.sentences)]), ("1", [SPLIT, SPLIT])],
    ids=["encoder", "sentences", "text", "batch"],
)
def test_whatever_differs_is_encoded_anew(tmp_path: Path, revision: str, passages: list[PassageInput]) -> None:
    """Another revision, another split of the same text, another text, another batch: none is mistaken for this one."""
    CachedEncoder(CountingEncoder(), tmp_path).encode_passages([SPLIT])
    other = CountingEncoder(revision=revision)
    found = CachedEncoder(other, tmp_path).encode_passages(passages)
    assert other.passages == len(passages)
    assert [len(one.sentences) for one in found] == [len(passage.sentences) for passage in passages]


def test_damaged_files_are_made_anew(tmp_path: Path) -> None:
    """A file that was cut short is encoded and written again."""
    CachedEncoder(CountingEncoder(), tmp_path).encode_passages([SPLIT])
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:200])
    for encoded in (1, 0):
        encoder = CountingEncoder()
        CachedEncoder(encoder, tmp_path).encode_passages([SPLIT])
        assert encoder.passages == encoded


def test_no_passages_are_no_file(tmp_path: Path) -> None:
    """Nothing to encode is nothing to keep."""
    assert CachedEncoder(CountingEncoder(), tmp_path / "none").encode_passages([]) == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("has_tokens", [True, False])
def test_questions_are_kept_by_their_set(tmp_path: Path, has_tokens: bool) -> None:
    """Kept questions are recalled for the same texts in any order; until then each text is encoded once."""
    first = CountingEncoder(has_tokens=has_tokens)
    cached = CachedEncoder(first, tmp_path)
    assert not cached.knows_query("Is tea hot?")
    made = cached.encode_query("Is tea hot?")
    cached.encode_query("Is tea hot?")
    cached.keep_queries(["Is tea hot?", "Is ice cold?"])
    assert first.queries == 2
    second = CountingEncoder(has_tokens=has_tokens)
    recalled = CachedEncoder(second, tmp_path)
    recalled.recall_queries(["Is ice cold?", "Is tea hot?", "Is ice cold?"])
    found = recalled.encode_query("Is tea hot?")
    assert second.queries == 0
    assert found.pieces == made.pieces
    np.testing.assert_array_equal(found.embedding, made.embedding)
    np.testing.assert_array_equal(found.tokens, made.tokens)
