"""What turns text into numbers: an encoder, perhaps a reranker, and what passes in and out of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.engine.records.passages import Span

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total) of passages, or with (0, 0) while a source is still read. May raise to give up."""


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What must be equal for two embeddings to be comparable.

    ``revision`` changes whenever the same text would give other numbers (weights, prompts, pooling, chunking).
    """

    name: str
    revision: str
    dimension: int

    def __str__(self) -> str:
        return f"{self.name} (revision {self.revision}, {self.dimension} dimensions)"


@dataclass(frozen=True, slots=True)
class PassageInput:
    """A passage's text and the spans of its sentences, as offsets into ``text``."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """One passage, encoded.

    ``embedding``: (d,) float32, unit length. ``sentences``: (s, d) float32, unit rows, one per input sentence.
    ``tokens``: (t, d) float32, unit rows, contextual vectors of the word pieces, special tokens dropped; or None from
    an encoder that has none. ``token_sentences``: (t,) uint16, the sentence that owns each token.
    """

    embedding: FloatArray
    sentences: FloatArray
    tokens: FloatArray | None
    token_sentences: npt.NDArray[np.uint16] | None


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """``embedding``: (d,) float32, unit length. ``tokens``: (t, d) float32 unit rows or None; ``pieces`` names them.

    ``starts``: (t,) where each piece starts in the text that was encoded, or None where the encoder cannot tell.
    ``cuts_words``: rare words come in several pieces, so a word that is one piece is a word that the encoder knows.
    """

    embedding: FloatArray
    tokens: FloatArray | None
    pieces: tuple[str, ...]
    starts: npt.NDArray[np.int64] | None = None
    cuts_words: bool = True


class Encoder(Protocol):
    """Turns text into embeddings. Thread-safe: queries may arrive while passages are encoded."""

    @property
    def identity(self) -> EncoderIdentity:
        """The identity that the store records. Cheap; raises EncoderUnavailable where the files are missing."""
        ...

    def encode_query(self, text: str) -> EncodedQuery:
        """Encode a question."""
        ...

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Encode passages, results in input order."""
        ...


class Reranker(Protocol):
    """Scores passages with the question in view (a cross-encoder). Thread-safe."""

    def load(self) -> None:
        """Load the model now rather than at first use. Raises EncoderUnavailable where it cannot be."""
        ...

    def score(self, query: str, passages: Sequence[PassageInput]) -> list[float]:
        """Return a finite score for each passage, greater is better, comparable within one query.

        A passage longer than the model takes is scored by its best part. Raises EncoderUnavailable.
        """
        ...
