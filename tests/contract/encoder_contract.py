"""What every encoder must do. A subclass gives the ``encoder`` fixture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.engine.ingest.sentences import split_sentences
from bot.engine.ports.encoders import EncodedPassage, Encoder, PassageInput
from bot.engine.retrieval.segment import build_segment, decode_core

ODD_TEXTS = ["", " ", "a", "😀", "x" * 10_000, "Straße, café, 東京.", "\ud83d broken", "one two. " * 400, "\x00\u200b"]


def make_input(text: str) -> PassageInput:
    """Split a text into sentences."""
    return PassageInput(text, split_sentences(text))


class EncoderContract:
    """Shapes, lengths, order, determinism and thread safety."""

    @pytest.fixture
    def encoder(self) -> Encoder:
        """The encoder under test."""
        raise NotImplementedError

    def test_identity_does_not_change(self, encoder: Encoder) -> None:
        """The identity is the same each time, before and after encoding."""
        before = encoder.identity
        dimension = len(encoder.encode_query("fox").embedding)
        assert encoder.identity == before
        assert before.dimension == dimension
        assert before.name
        assert before.revision

    @pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text[:8]))
    def test_odd_texts_are_encoded(self, encoder: Encoder, text: str) -> None:
        """Empty, tiny, huge, broken and foreign texts all give vectors of the promised shapes and unit length."""
        passage = make_input(text)
        assert_shapes(encoder, passage, encoder.encode_passages([passage])[0])
        query = encoder.encode_query(text)
        assert query.embedding.shape == (encoder.identity.dimension,)
        assert query.embedding.dtype == np.float32
        assert np.linalg.norm(query.embedding) == pytest.approx(1, abs=1e-4)
        if query.tokens is not None:
            assert query.tokens.shape == (len(query.pieces), encoder.identity.dimension)

    def test_results_come_in_input_order(self, encoder: Encoder) -> None:
        """Whatever the lengths, each passage gets what it gets alone."""
        texts = ["Short.", "A much longer passage about foxes. It has two sentences, and dens. " * 4, "", "Owls hunt."]
        passages = [make_input(text) for text in texts]
        together = encoder.encode_passages(passages)
        for passage, found in zip(passages, together, strict=True):
            alone = encoder.encode_passages([passage])[0]
            np.testing.assert_allclose(found.embedding, alone.embedding, atol=1e-5)
            np.testing.assert_allclose(found.sentences, alone.sentences, atol=1e-5)

    def test_progress_counts_every_passage_once(self, encoder: Encoder) -> None:
        """Progress goes up to the number of passages, one by one."""
        seen: list[tuple[int, int]] = []
        passages = [make_input(f"Passage {number}. " * (1 + 15 * number)) for number in range(10)]
        encoder.encode_passages(passages, lambda done, total: seen.append((done, total)))
        assert seen == [(number, 10) for number in range(1, 11)]

    def test_no_passages_give_no_results(self, encoder: Encoder) -> None:
        """An empty list is taken."""
        assert encoder.encode_passages([]) == []

    def test_questions_and_passages_may_come_from_many_threads(self, encoder: Encoder) -> None:
        """Encoding at the same time gives what encoding one after the other gives."""
        texts = [f"Question {number} about foxes and {'dens ' * number}" for number in range(12)]
        passages = [make_input(text) for text in texts]
        queries = [encoder.encode_query(text).embedding for text in texts]
        expected = encoder.encode_passages(passages)
        with ThreadPoolExecutor(4) as pool:
            found = [pool.submit(encoder.encode_passages, passages) for _ in range(2)]
            again = list(pool.map(lambda text: encoder.encode_query(text).embedding, texts * 2))
        np.testing.assert_allclose(np.stack(again), np.stack(queries * 2), atol=1e-5)
        for result in found:
            for one, other in zip(result.result(), expected, strict=True):
                np.testing.assert_allclose(one.embedding, other.embedding, atol=1e-5)

    def test_what_it_gives_fits_a_segment(self, encoder: Encoder) -> None:
        """A segment can be built from its results, odd ones included."""
        passages = [make_input(text) for text in ODD_TEXTS]
        core = decode_core(build_segment(passages, encoder.encode_passages(passages)).core)
        assert len(core) == len(ODD_TEXTS)


class MeaningContract:
    """What an encoder must do that is not made of random numbers."""

    def test_shared_words_come_closer(self, encoder: Encoder) -> None:
        """A question is nearer to the sentence that holds its words than to one that holds none of them."""
        query = encoder.encode_query("Where do red foxes dig their dens?")
        passage = make_input("Red foxes dig their dens in woods. Invoices must arrive before Friday.")
        similar, other = encoder.encode_passages([passage])[0].sentences @ query.embedding
        assert similar > other + 0.1


def assert_shapes(encoder: Encoder, passage: PassageInput, found: EncodedPassage) -> None:
    """Check one passage's arrays against the port's description."""
    dimension = encoder.identity.dimension
    assert found.embedding.shape == (dimension,)
    assert found.sentences.shape == (len(passage.sentences), dimension)
    assert found.embedding.dtype == found.sentences.dtype == np.float32
    assert np.linalg.norm(found.embedding) == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(np.linalg.norm(found.sentences, axis=1), 1, atol=1e-4)
    assert (found.tokens is None) == (found.token_sentences is None)
    if found.tokens is not None and found.token_sentences is not None:
        assert found.tokens.shape == (len(found.token_sentences), dimension)
        assert found.tokens.dtype == np.float32
        assert found.token_sentences.dtype == np.uint16
        assert (np.diff(found.token_sentences.astype(int)) >= 0).all()
        if len(found.tokens):
            np.testing.assert_allclose(np.linalg.norm(found.tokens, axis=1), 1, atol=1e-4)
            assert int(found.token_sentences.max()) < max(len(passage.sentences), 1)
