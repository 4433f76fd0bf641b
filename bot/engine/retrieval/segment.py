"""The codec of an article's encoded form. Stores keep its bytes and never look inside.

``core`` holds what the index loads: passage and sentence embeddings (8 bits a number, one scale a vector), sentence
spans and answer types, the vocabulary, and the words of every sentence in order. ``tokens`` holds the contextual token
vectors, read for candidates only. Both are the container of :mod:`bot.engine.retrieval.container`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import EncodedPassage, PassageInput
from bot.engine.records.passages import Span
from bot.engine.retrieval.answer_types import find_types
from bot.engine.retrieval.container import SegmentDamaged, SegmentOutdated, pack, read_checksum, unpack
from bot.engine.retrieval.token_vectors import PassageTokens, compress_tokens, decode_tokens, pack_tokens
from bot.engine.retrieval.tokens import TOKENIZER_VERSION, find_words, hash_term, stem
from bot.engine.retrieval.vectors import Quantized, quantize

SEGMENT_VERSION = 3
"""Raise with every change of the layout; segments of another version are built anew from the stored passages."""

_CORE = "core"
IntArray = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class EncodedSegment:
    """What a store keeps for one article."""

    core: bytes
    tokens: bytes | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one article.

    ``words``: folded surface forms; ``word_terms``: (w,) each word's term; ``term_hashes``: (t,) the terms.
    ``sequence``: word numbers of all sentences in order; ``sequence_edges``: (s + 1,) where each sentence begins.
    ``heading_sequence``, ``heading_edges``: (n + 1,) the same of each passage's headings; ``title_sequence``.
    """

    word_blob: bytes
    word_terms: IntArray
    term_hashes: npt.NDArray[np.uint64]
    sequence: IntArray
    sequence_edges: IntArray
    heading_sequence: IntArray
    heading_edges: IntArray
    title_sequence: IntArray

    @property
    def words(self) -> list[str]:
        """The vocabulary, decoded."""
        return self.word_blob.decode().split("\n") if self.word_blob else []

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        arrays = (self.word_terms, self.term_hashes, self.sequence, self.sequence_edges, self.heading_sequence)
        return len(self.word_blob) + sum(a.nbytes for a in (*arrays, self.heading_edges, self.title_sequence))

    def copy(self) -> Lexicon:
        """Return one that owns its arrays, so that the segment's bytes can go."""
        return Lexicon(
            self.word_blob,
            self.word_terms.copy(),
            self.term_hashes.copy(),
            self.sequence.copy(),
            self.sequence_edges,
            self.heading_sequence.copy(),
            self.heading_edges,
            self.title_sequence.copy(),
        )


@dataclass(frozen=True, slots=True)
class Core:
    """One article, decoded. ``sentence_edges``: (n + 1,) each passage's sentences; ``spans``: (s, 2) in its text.

    ``types``: (s,) the kinds of answers that each sentence may hold; ``checksum``: of the segment's bytes.
    """

    embeddings: Quantized
    sentences: Quantized
    sentence_edges: npt.NDArray[np.int64]
    spans: npt.NDArray[np.uint32]
    types: npt.NDArray[np.uint8]
    lexicon: Lexicon
    checksum: int

    def __len__(self) -> int:
        return len(self.embeddings)


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """One passage's vectors as a segment holds them; no other passage has a part in them.

    ``embedding``: one row; ``sentences``: one row for each of the sentences; ``tokens`` None from an encoder without.
    """

    embedding: Quantized
    sentences: Quantized
    tokens: PassageTokens | None


def compress_passage(passage: PassageInput, encoded: EncodedPassage, *, with_tokens: bool = True) -> PassageVectors:
    """Bring a passage's vectors into the form that a segment holds."""
    spans = _spans(passage)
    rows = encoded.sentences if len(encoded.sentences) else encoded.embedding[None]
    if len(rows) != len(spans):
        raise ValueError("every sentence needs one vector")
    tokens = compress_tokens(encoded, spans) if with_tokens else None
    return PassageVectors(quantize(encoded.embedding[None]), quantize(rows), tokens)


def _spans(passage: PassageInput) -> tuple[Span, ...]:
    return passage.sentences or (Span(0, len(passage.text)),)


def build_segment(
    passages: Sequence[PassageInput],
    encoded: Sequence[EncodedPassage],
    *,
    title: str = "",
    headings: Sequence[Sequence[str]] = (),
    with_tokens: bool = True,
) -> EncodedSegment:
    """Encode an article's passages for the store: compress them, then :func:`join_passages`."""
    if len(passages) != len(encoded):
        raise ValueError("passages and encoded passages must be of one length")
    vectors = [
        compress_passage(passage, found, with_tokens=with_tokens)
        for passage, found in zip(passages, encoded, strict=True)
    ]
    return join_passages(passages, vectors, title=title, headings=headings, with_tokens=with_tokens)


def join_passages(
    passages: Sequence[PassageInput],
    vectors: Sequence[PassageVectors],
    *,
    title: str = "",
    headings: Sequence[Sequence[str]] = (),
    with_tokens: bool = True,
) -> EncodedSegment:
    """Make an article's segment of its passages' vectors, new ones or those of an earlier segment.

    ``headings``: each passage's heading path, or empty. ``with_tokens`` False leaves out the token vectors, the largest
    part. A passage without sentence spans counts as one sentence.
    """
    if len(passages) != len(vectors) or not passages or (headings and len(headings) != len(passages)):
        raise ValueError("passages, their vectors and headings must be of one length, at least 1")
    spans = [_spans(passage) for passage in passages]
    embeddings = _stack([found.embedding for found in vectors])
    sentences = _stack([found.sentences for found in vectors])
    writer = _LexiconWriter()
    sequences = [
        writer.number(passage.text[span.start : span.end])
        for passage, owned in zip(passages, spans, strict=True)
        for span in owned
    ]
    heading_sequences = [writer.number("\n".join(path)) for path in headings] or [[]] * len(passages)
    title_sequence = writer.number(title)
    narrow = np.uint16 if len(writer.words) <= np.iinfo(np.uint16).max else np.uint32
    core = pack(
        _CORE,
        SEGMENT_VERSION,
        {"tokenizer": TOKENIZER_VERSION},
        {
            "embeddings": embeddings.rows,
            "scales": embeddings.scales,
            "sentences": sentences.rows,
            "sentence_scales": sentences.scales,
            "sentence_counts": np.array([len(owned) for owned in spans], dtype=np.uint32),
            "spans": np.array([span for owned in spans for span in owned], dtype=np.uint32).reshape(-1, 2),
            "types": np.array(_find_types(passages, spans), dtype=np.uint8),
            "words": np.frombuffer("\n".join(writer.words).encode(), dtype=np.uint8),
            "word_terms": np.array(writer.word_terms, dtype=narrow),
            "term_hashes": np.array([hash_term(term) for term in writer.terms], dtype=np.uint64),
            "sequence": _flatten(sequences, narrow),
            "sequence_counts": _counts(sequences),
            "heading_sequence": _flatten(heading_sequences, narrow),
            "heading_counts": _counts(heading_sequences),
            "title_sequence": np.array(title_sequence, dtype=narrow),
        },
    )
    tokens = [found.tokens for found in vectors]
    packed = pack_tokens(tokens, core=read_checksum(core), version=SEGMENT_VERSION) if with_tokens else None
    return EncodedSegment(core, packed)


def _stack(parts: Sequence[Quantized]) -> Quantized:
    return Quantized(np.concatenate([part.rows for part in parts]), np.concatenate([part.scales for part in parts]))


def split_segment(segment: EncodedSegment) -> list[tuple[tuple[Span, ...], PassageVectors]]:
    """Take a segment apart: for each passage its sentences' spans and its vectors, views of the segment's bytes.

    Raises SegmentDamaged or SegmentOutdated. Token vectors that were not written with this core are left out.
    """
    core = decode_core(segment.core)
    tokens = decode_tokens(segment.tokens, SEGMENT_VERSION) if segment.tokens is not None else None
    if tokens is not None and (tokens.core != core.checksum or len(tokens.edges) != len(core.spans) + 1):
        tokens = None
    parts = []
    for number, (low, high) in enumerate(itertools.pairwise(core.sentence_edges.tolist())):
        spans = tuple(Span(start, end) for start, end in core.spans[low:high].tolist())
        own = None
        if tokens is not None:
            edges = tokens.edges[low : high + 1]
            own = PassageTokens(tokens.bits[edges[0] : edges[-1]], np.diff(edges).astype(np.uint32))
        parts.append((spans, PassageVectors(core.embeddings[number : number + 1], core.sentences[low:high], own)))
    return parts


def _find_types(passages: Sequence[PassageInput], spans: Sequence[Sequence[Span]]) -> list[int]:
    return [
        find_types(passage.text[slice(*span)]) for passage, own in zip(passages, spans, strict=True) for span in own
    ]


class _LexiconWriter:
    """Numbers words and terms in the order in which they first appear."""

    def __init__(self) -> None:
        self._word_numbers: dict[str, int] = {}
        self._term_numbers: dict[str, int] = {}
        self.word_terms: list[int] = []

    @property
    def words(self) -> list[str]:
        return list(self._word_numbers)

    @property
    def terms(self) -> list[str]:
        return list(self._term_numbers)

    def number(self, text: str) -> list[int]:
        return [self._number_word(word.text) for word in find_words(text)]

    def _number_word(self, word: str) -> int:
        number = self._word_numbers.setdefault(word, len(self._word_numbers))
        if number == len(self.word_terms):
            self.word_terms.append(self._term_numbers.setdefault(stem(word), len(self._term_numbers)))
        return number


def _flatten(lists: Iterable[Sequence[int]], dtype: type[np.unsignedinteger]) -> IntArray:
    return np.array([number for numbers in lists for number in numbers], dtype=dtype)


def _counts(lists: Sequence[Sequence[int]]) -> IntArray:
    return np.array([len(numbers) for numbers in lists], dtype=np.uint32)


def decode_core(blob: bytes) -> Core:
    """Read a core segment; arrays are views of ``blob``. Raises SegmentDamaged or SegmentOutdated."""
    meta, arrays = unpack(blob, _CORE, SEGMENT_VERSION)
    if meta.get("tokenizer") != TOKENIZER_VERSION:
        raise SegmentOutdated
    try:
        lexicon = Lexicon(
            word_blob=arrays["words"].tobytes(),
            word_terms=arrays["word_terms"],
            term_hashes=arrays["term_hashes"],
            sequence=arrays["sequence"],
            sequence_edges=_edges(arrays["sequence_counts"]),
            heading_sequence=arrays["heading_sequence"],
            heading_edges=_edges(arrays["heading_counts"]),
            title_sequence=arrays["title_sequence"],
        )
        return Core(
            embeddings=Quantized(arrays["embeddings"], arrays["scales"]),
            sentences=Quantized(arrays["sentences"], arrays["sentence_scales"]),
            sentence_edges=_edges(arrays["sentence_counts"]),
            spans=arrays["spans"].astype(np.uint32, copy=False),
            types=arrays["types"],
            lexicon=lexicon,
            checksum=read_checksum(blob),
        )
    except KeyError as error:
        raise SegmentDamaged(f"it has no {error}") from error


def _edges(counts: IntArray) -> npt.NDArray[np.int64]:
    edges = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=edges[1:])
    return edges
