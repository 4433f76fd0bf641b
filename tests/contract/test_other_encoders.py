"""Encoders of other kinds than the bundled one: each must just work, in any script, as its own settings say."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.late_interaction import match_rows, weigh_pieces
from bot.engine.retrieval.ranker import open_ranker
from bot.engine.retrieval.retriever import Retriever
from bot.engine.retrieval.segment import build_segment
from tests.contract.encoder_contract import EncoderContract, make_input
from tests.contract.tiny_encoders import KINDS, LONGEST, WORLD, save_encoder
from tests.unit.retrieval.shelf import Shelf

Folder = Callable[[str], Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The folder of a tiny model of each kind, made when first asked for."""
    return cache(lambda kind: save_encoder(kind, tmp_path_factory.mktemp(kind)))


@pytest.fixture(scope="module", params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def made(kind: str, folder: Folder) -> SentenceEncoder:
    """The encoder of this kind."""
    return SentenceEncoder(str(folder(kind)), batch_size=3)


@pytest.fixture(scope="module")
def reference(kind: str, folder: Folder) -> Any:
    """The same model as sentence-transformers itself loads it."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder(kind)), device="cpu")


class TestOtherEncoders(EncoderContract):
    """Each kind is held to the contract."""

    @pytest.fixture
    def encoder(self, made: SentenceEncoder) -> SentenceEncoder:
        """The encoder of this kind."""
        return made


def test_embeddings_are_the_librarys_own(made: SentenceEncoder, reference: Any) -> None:
    """Questions and passages get the vectors of encode_query and encode_document, prompts and all, at unit length."""
    assert made.identity.dimension == reference.get_embedding_dimension()
    theirs = unit(reference.encode_document(list(WORLD), show_progress_bar=False))
    ours = [passage.embedding for passage in made.encode_passages([make_input(text) for text in WORLD])]
    np.testing.assert_allclose(np.stack(ours), theirs, atol=1e-4)
    for text in WORLD:
        found = made.encode_query(text).embedding
        np.testing.assert_allclose(found, unit(reference.encode_query(text)), atol=1e-4)


def test_tokens_belong_to_the_sentence_of_their_last_character(made: SentenceEncoder, reference: Any) -> None:
    """In every script each token is owned by the sentence that its piece ends in, or there are no tokens at all."""
    for text in WORLD:
        passage = make_input(text)
        found = made.encode_passages([passage])[0]
        if found.tokens is None or found.token_sentences is None:
            assert made.identity.dimension != 32
            continue
        tokenized = reference.tokenizer(text, return_offsets_mapping=True, add_special_tokens=False)
        ends = np.array([end for _, end in tokenized["offset_mapping"] if end > 0])
        solid = np.array([bool(text[end - 1].strip()) for end in ends])
        starts = np.array([sentence.start for sentence in passage.sentences])
        expected = np.searchsorted(starts, ends - 1, side="right") - 1
        np.testing.assert_array_equal(found.token_sentences[solid], expected[solid])


def test_late_interaction_works_or_is_off(made: SentenceEncoder) -> None:
    """Where the model has token vectors every sentence is matched with every piece; the ranker is the untrained one."""
    index, shelf = build(made)
    ranker, fitted = open_ranker(made.identity), open_ranker(SentenceEncoder().identity)
    assert ranker.without_tokens is None
    assert np.count_nonzero(ranker.with_tokens) == 2 < np.count_nonzero(fitted.with_tokens)
    rows = np.arange(len(WORLD))
    for text in WORLD:
        query = made.encode_query(text)
        matches = match_rows(index, index.snapshot, shelf, rows, text, query)
        assert (matches is None) == (made.identity.dimension != 32)
        if matches is not None:
            assert matches.pieces.shape == (len(index.snapshot.spans), len(query.pieces))
            assert (matches.pieces.max(axis=0) > 0).all()
        found = Retriever(made.identity).search(index, text, query, top_k=3, tokens=shelf)
        assert len(found.hits) == 3
        assert all(found.highlights)


def test_no_part_of_a_long_text_is_lost(made: SentenceEncoder) -> None:
    """A passage of several times the longest input keeps a vector for every sentence, a question is cut."""
    text = " ".join(WORLD) * 4
    passage = make_input(text)
    found = made.encode_passages([passage])[0]
    assert len(found.sentences) == len(passage.sentences) > 50
    if found.tokens is not None and found.token_sentences is not None:
        assert set(found.token_sentences.tolist()) == set(range(len(passage.sentences)))
    query = made.encode_query(text)
    assert query.tokens is None or len(query.tokens) < LONGEST


@pytest.mark.parametrize("kind", ["sentencepiece", "metaspace", "byte_pairs", "untrimmed_byte_pairs"])
@pytest.mark.parametrize(("rare", "common"), [("1742", "Foxes"), ("塔", "狐狸"), ("башня", "лисы")])
def test_pieces_weigh_what_their_words_weigh(folder: Folder, kind: str, rare: str, common: str) -> None:
    """Pieces of a word that few passages hold weigh more, also where a piece is part of a character."""
    encoder = SentenceEncoder(str(folder(kind)))
    shelf = Shelf()
    inputs = [make_input(f"{common} {number}") for number in range(30)] + [make_input(rare)]
    shelf.put(1, build_segment(inputs, encoder.encode_passages(inputs)).core)
    index = CorpusIndex(1, encoder.identity.dimension)
    index.update(shelf)
    text = f"é {common}, {rare}?"
    query = encoder.encode_query(text)
    assert query.starts is not None
    assert query.tokens is not None
    weights = weigh_pieces(text, query.pieces, len(query.tokens), index.snapshot.postings, query.starts)
    bare = np.array([piece not in ("▁", "Ġ") for piece in query.pieces])
    first, second = text.index(common), text.index(rare)
    of_common = weights[bare & (query.starts >= first) & (query.starts < first + len(common))]
    of_rare = weights[bare & (query.starts >= second) & (query.starts < second + len(rare))]
    assert len(of_common) > 0
    assert of_rare.min() > 2 * of_common.max()
    assert weights.sum() == pytest.approx(1, abs=1e-5)


def build(encoder: SentenceEncoder) -> tuple[CorpusIndex, Shelf]:
    """Index one article with a passage for each text of the world."""
    inputs = [make_input(text) for text in WORLD]
    segment = build_segment(inputs, encoder.encode_passages(inputs))
    shelf = Shelf()
    shelf.put(1, segment.core, segment.tokens)
    index = CorpusIndex(1, encoder.identity.dimension)
    index.update(shelf)
    return index, shelf


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return the vectors at unit length."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
