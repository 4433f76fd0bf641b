"""The segment codec."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.ports.encoders import EncodedPassage, PassageInput
from bot.engine.records.passages import Span
from bot.engine.retrieval.answer_types import AnswerType
from bot.engine.retrieval.container import SegmentDamaged, read_checksum
from bot.engine.retrieval.segment import SEGMENT_VERSION, build_segment, decode_core
from bot.engine.retrieval.token_vectors import decode_tokens, take_signs
from bot.engine.retrieval.tokens import find_words, hash_term, stem
from tests.unit.retrieval.shelf import ENCODER, make_passage

PASSAGES = [
    make_passage("Foxes dig their dens in May.", "They sleep there."),
    make_passage("The den of a fox has two exits."),
    make_passage("Nothing else."),
]


def encode(passages: list[PassageInput], **options: object) -> tuple[object, list[EncodedPassage]]:
    """Return the segment and what it was made of."""
    encoded = ENCODER.encode_passages(passages)
    return build_segment(passages, encoded, **options), encoded  # type: ignore[arg-type]


def test_core_keeps_vectors_spans_and_words() -> None:
    """What a segment decodes to is what it was built from."""
    segment, encoded = encode(PASSAGES, title="On foxes", headings=[["Dens"], ["Dens", "Exits"], []])
    core = decode_core(segment.core)
    assert len(core) == 3
    assert core.sentence_edges.tolist() == [0, 2, 3, 4]
    assert [Span(*span) for span in core.spans.tolist()] == [span for p in PASSAGES for span in p.sentences]
    widened = core.embeddings.rows * core.embeddings.scales[:, None]
    np.testing.assert_allclose(widened, np.stack([e.embedding for e in encoded]), atol=0.005)
    lexicon = core.lexicon
    words = lexicon.words
    assert [words[number] for number in lexicon.title_sequence] == ["on", "foxes"]
    assert lexicon.heading_edges.tolist() == [0, 1, 3, 3]
    first = lexicon.sequence[: lexicon.sequence_edges[1]]
    assert [words[number] for number in first] == ["foxes", "dig", "their", "dens", "in", "may"]


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=4), min_size=1, max_size=4))
def test_terms_of_every_sentence_are_those_of_its_text(texts: list[list[str]]) -> None:
    """For any text the stored term sequence equals tokenizing the sentence again."""
    passages = [make_passage(*sentences) for sentences in texts]
    segment, _ = encode(passages)
    core = decode_core(segment.core)
    lexicon = core.lexicon
    sentences = [text for passage in texts for text in passage]
    for number, sentence in enumerate(sentences):
        low, high = lexicon.sequence_edges[number : number + 2]
        found = lexicon.term_hashes[lexicon.word_terms[lexicon.sequence[low:high]]]
        assert found.tolist() == [hash_term(stem(word.text)) for word in find_words(sentence)]


def test_tokens_are_found_by_sentence() -> None:
    """The token segment gives each sentence its own token vectors, and says which core it belongs to."""
    segment, encoded = encode(PASSAGES)
    tokens = decode_tokens(segment.tokens, SEGMENT_VERSION)
    second = encoded[0].tokens[encoded[0].token_sentences == 1]
    np.testing.assert_array_equal(tokens.bits[slice(*tokens.edges[1:3])], take_signs(second))
    assert int(tokens.edges[-1]) == sum(len(passage.tokens) for passage in encoded)
    assert tokens.core == read_checksum(segment.core) == decode_core(segment.core).checksum
    assert tokens.nbytes == tokens.bits.nbytes + tokens.edges.nbytes


def test_sentences_say_what_they_hold() -> None:
    """The core keeps for each sentence the kinds of answers found in it."""
    segment, _ = encode(PASSAGES)
    types = [AnswerType(value) for value in decode_core(segment.core).types.tolist()]
    assert AnswerType.TIME in types[0]
    assert AnswerType.NUMBER in types[2]
    assert types[3] == AnswerType.NONE


def test_tokens_can_be_left_out() -> None:
    """Without token vectors, by choice or because the encoder has none, there is no token segment."""
    encoded = ENCODER.encode_passages(PASSAGES)
    assert build_segment(PASSAGES, encoded, with_tokens=False).tokens is None
    bare = [EncodedPassage(passage.embedding, passage.sentences, None, None) for passage in encoded]
    assert build_segment(PASSAGES, bare).tokens is None


def test_passage_without_sentences_is_one_sentence() -> None:
    """A passage whose sentences are not given is its own sentence."""
    passages = [PassageInput("just words", ())]
    segment, _ = encode(passages)
    core = decode_core(segment.core)
    assert core.spans.tolist() == [[0, 10]]
    np.testing.assert_array_equal(core.sentences.rows, core.embeddings.rows)


def test_large_vocabulary_needs_wider_numbers() -> None:
    """More than 65,535 distinct words keep their numbers."""
    words = [f"w{number}x" for number in range(66_000)]
    passages = [make_passage(" ".join(words))]
    vectors = HashingEncoder(2).encode_query("w").embedding
    encoded = [EncodedPassage(vectors, vectors[None], None, None)]
    lexicon = decode_core(build_segment(passages, encoded).core).lexicon
    assert lexicon.words == words
    assert int(lexicon.sequence[-1]) == 65_999


def test_a_core_is_not_token_vectors() -> None:
    """Mixing the two blobs up is refused."""
    segment, _ = encode(PASSAGES)
    with pytest.raises(SegmentDamaged):
        decode_tokens(segment.core, SEGMENT_VERSION)


def test_lengths_must_agree() -> None:
    """Building from lists of different lengths is a programming error."""
    encoded = ENCODER.encode_passages(PASSAGES)
    with pytest.raises(ValueError, match="one length"):
        build_segment(PASSAGES[:2], encoded)
    with pytest.raises(ValueError, match="one length"):
        build_segment([], [])
