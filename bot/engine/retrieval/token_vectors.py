"""Contextual token vectors in one bit a number, and their cosines with a question's tokens in full precision.

One bit after a rotation loses about a point of hit@1 of MaxSim alone and less of the whole ranking; projections to
fewer dimensions lose more for the same bytes (benchmarks/RESULTS.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import EncodedPassage, FloatArray
from bot.engine.records.passages import Span
from bot.engine.retrieval.container import Arrays, SegmentDamaged, pack, unpack
from bot.engine.retrieval.rotation import make_rotation

_KIND = "tokens"
_SHRINK = float(np.sqrt(2 / np.pi))
"""Cosine of a random direction with its own signs; dividing by it gives unbiased cosines."""

_BLOCK_TOKENS = 512
"""Tokens widened to float32 at once: small enough to stay in the cache between widening and multiplying."""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """Token vectors of one article: ``bits`` (t, d / 8) packed signs; ``edges`` (s + 1,) the tokens of each sentence.

    ``core``: the checksum of the core segment that they were written with.
    """

    bits: npt.NDArray[np.uint8]
    edges: npt.NDArray[np.int64]
    core: int

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.bits.nbytes + self.edges.nbytes


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """Token vectors of one passage: ``bits`` (t, d / 8) packed signs, ``counts`` (s,) the tokens of each sentence."""

    bits: npt.NDArray[np.uint8]
    counts: npt.NDArray[np.uint32]


def compress_tokens(encoded: EncodedPassage, spans: Sequence[Span]) -> PassageTokens | None:
    """Return the token vectors of a passage sentence by sentence, or None where the encoder gave none."""
    if encoded.tokens is None or encoded.token_sentences is None:
        return None
    counts = np.bincount(encoded.token_sentences, minlength=len(spans))
    if len(counts) != len(spans):
        raise ValueError("a token belongs to a sentence that is not there")
    # The sort is stable and almost always finds them in order already.
    ordered = encoded.tokens[np.argsort(encoded.token_sentences, kind="stable")]
    return PassageTokens(take_signs(ordered), counts.astype(np.uint32))


def pack_tokens(passages: Sequence[PassageTokens | None], *, core: int, version: int) -> bytes | None:
    """Return the token segment of an article's passages, or None where one of them has no token vectors."""
    found = [passage for passage in passages if passage is not None]
    if len(found) < len(passages):
        return None
    arrays: Arrays = {
        "bits": np.concatenate([passage.bits for passage in found]),
        "counts": np.concatenate([passage.counts for passage in found]),
    }
    return pack(_KIND, version, {"core": core}, arrays)


def decode_tokens(blob: bytes, version: int) -> TokenVectors:
    """Read a token segment; arrays are views of ``blob``. Raises SegmentDamaged or SegmentOutdated."""
    meta, arrays = unpack(blob, _KIND, version)
    try:
        edges = np.concatenate([[0], np.cumsum(arrays["counts"], dtype=np.int64)])
        bits = arrays["bits"]
        if edges[-1] != len(bits):
            raise SegmentDamaged("its token vectors do not match its sentences")
        return TokenVectors(bits, edges, int(meta["core"]))
    except (KeyError, TypeError, ValueError) as error:
        raise SegmentDamaged(f"its token vectors cannot be read ({error})") from error


def take_signs(vectors: FloatArray) -> npt.NDArray[np.uint8]:
    """Return (t, ceil(d / 8)) bits: which rotated numbers are positive."""
    rotated = vectors.astype(np.float32, copy=False) @ make_rotation(vectors.shape[1])
    return np.packbits(rotated > 0, axis=1)


def compare_tokens(bits: npt.NDArray[np.uint8], query: FloatArray) -> FloatArray:
    """Return (t, q) estimates of the cosines between packed tokens and the (q, d) unit rows of a question."""
    dimension = query.shape[1]
    turned = query @ make_rotation(dimension)
    padded = np.pad(turned, ((0, 0), (0, bits.shape[1] * 8 - dimension)))
    columns = np.ascontiguousarray(padded.T) / np.float32(np.sqrt(dimension) * _SHRINK)
    result = np.empty((len(bits), len(query)), dtype=np.float32)
    table = _sign_table()
    for start in range(0, len(bits), _BLOCK_TOKENS):
        part = slice(start, start + _BLOCK_TOKENS)
        np.dot(table.take(bits[part], axis=0).reshape(-1, bits.shape[1] * 8), columns, out=result[part])
    return result


@lru_cache(maxsize=1)
def _sign_table() -> FloatArray:
    """Return (256, 8): the eight signs that each byte packs."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    return bits.astype(np.float32) * 2 - 1
