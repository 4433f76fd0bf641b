"""An encoder that keeps what it encoded in a folder, so that measuring the same texts again need not encode them again.

A file's name holds everything that its numbers depend on: the encoder's identity, the texts, and where their sentences
begin and end.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from bot.engine.ports.encoders import EncodedPassage, EncodedQuery, Encoder, EncoderIdentity, PassageInput, Progress

log = logging.getLogger(__name__)

_FORMAT = 2
_ABSENT = -1
Loaded = TypeVar("Loaded")
Arrays = dict[str, np.ndarray[Any, Any]]


class CachedEncoder:
    """An :class:`bot.engine.ports.encoders.Encoder` before another one. Token vectors are kept at half precision.

    Passages are kept by the batch they came in, questions by :meth:`keep_queries`. Whether encoded now or read back,
    the numbers are the same.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._folder = folder
        self._queries: dict[str, EncodedQuery] = {}

    @property
    def identity(self) -> EncoderIdentity:
        """The identity of the encoder behind."""
        return self._encoder.identity

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Return the encoded passages, from the folder where it holds this batch."""
        if not passages:
            return []
        content = ([passage.text, [list(span) for span in passage.sentences]] for passage in passages)
        path = self._path("passages", content)
        found = _load(path, _unpack_passages)
        if found is None:
            arrays = _pack_passages(self._encoder.encode_passages(passages, progress))
            _save(path, arrays)
            found = _unpack_passages(arrays)
        elif progress is not None:
            progress(len(passages), len(passages))
        return found

    def encode_query(self, text: str) -> EncodedQuery:
        """Return the encoded question, encoding it if it is not known."""
        found = self._queries.get(text)
        if found is None:
            found = _unpack_queries(_pack_queries({text: self._encoder.encode_query(text)}))[text]
            self._queries[text] = found
        return found

    def knows_query(self, text: str) -> bool:
        """Whether the question needs no encoding."""
        return text in self._queries

    def recall_queries(self, texts: Iterable[str]) -> None:
        """Read these questions, where exactly these were kept."""
        self._queries |= _load(self._path("queries", sorted(set(texts))), _unpack_queries) or {}

    def keep_queries(self, texts: Iterable[str]) -> None:
        """Keep these questions, encoding those that are not known yet."""
        wanted = sorted(set(texts))
        path = self._path("queries", wanted)
        if wanted and not path.exists():
            _save(path, _pack_queries({text: self.encode_query(text) for text in wanted}))

    def _path(self, kind: str, content: Iterable[Any]) -> Path:
        identity = self._encoder.identity
        hashed = hashlib.blake2b(digest_size=16)
        for part in ([_FORMAT, identity.name, identity.revision, identity.dimension], *content):
            hashed.update(json.dumps(part).encode() + b"\n")
        name = re.sub(r"[^\w.-]+", "-", identity.name).strip("-.")[-60:]
        return self._folder / f"{name}-{hashed.hexdigest()}.{kind}.npz"


def _load(path: Path, unpack: Callable[[Arrays], Loaded]) -> Loaded | None:
    """Read a file; None where it is absent, or damaged: it is then made anew."""
    try:
        with path.open("rb") as file, np.load(file) as stored:
            return unpack(dict(stored))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        log.warning("%s cannot be read and is made anew: %s", path, error)
        return None


def _save(path: Path, arrays: Arrays) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    part.replace(path)


def _pack_passages(encoded: Sequence[EncodedPassage]) -> Arrays:
    owners = [passage.token_sentences for passage in encoded if passage.token_sentences is not None]
    return {
        "embeddings": np.stack([passage.embedding for passage in encoded]),
        "sentences": np.concatenate([passage.sentences for passage in encoded]),
        "sentence_counts": np.array([len(passage.sentences) for passage in encoded]),
        "tokens": _join_tokens([passage.tokens for passage in encoded], encoded[0].embedding),
        "owners": np.concatenate([np.zeros(0, dtype=np.uint16), *owners]),
        "token_counts": np.array([_ABSENT if p.tokens is None else len(p.tokens) for p in encoded]),
    }


def _unpack_passages(arrays: Arrays) -> list[EncodedPassage]:
    counts = arrays["token_counts"]
    edges = np.cumsum(np.maximum(counts, 0))[:-1]
    rows = zip(
        arrays["embeddings"],
        np.split(arrays["sentences"], np.cumsum(arrays["sentence_counts"])[:-1]),
        counts.tolist(),
        np.split(arrays["tokens"], edges),
        np.split(arrays["owners"], edges),
        strict=True,
    )
    return [
        EncodedPassage(embedding, sentences, None, None)
        if count == _ABSENT
        else EncodedPassage(embedding, sentences, tokens.astype(np.float32), owners)
        for embedding, sentences, count, tokens, owners in rows
    ]


def _pack_queries(encoded: dict[str, EncodedQuery]) -> Arrays:
    queries = list(encoded.values())
    return {
        "texts": np.array(json.dumps(list(encoded))),
        "pieces": np.array(json.dumps([query.pieces for query in queries])),
        "starts": np.array(json.dumps([None if q.starts is None else q.starts.tolist() for q in queries])),
        "cuts_words": np.array([query.cuts_words for query in queries]),
        "embeddings": np.stack([query.embedding for query in queries]),
        "tokens": _join_tokens([query.tokens for query in queries], queries[0].embedding),
        "token_counts": np.array([_ABSENT if q.tokens is None else len(q.tokens) for q in queries]),
    }


def _unpack_queries(arrays: Arrays) -> dict[str, EncodedQuery]:
    counts = arrays["token_counts"]
    rows = zip(
        json.loads(str(arrays["texts"])),
        json.loads(str(arrays["pieces"])),
        json.loads(str(arrays["starts"])),
        arrays["cuts_words"].tolist(),
        arrays["embeddings"],
        counts.tolist(),
        np.split(arrays["tokens"], np.cumsum(np.maximum(counts, 0))[:-1]),
        strict=True,
    )
    return {
        text: EncodedQuery(
            embedding,
            None if count == _ABSENT else tokens.astype(np.float32),
            tuple(pieces),
            None if starts is None else np.array(starts, dtype=np.int64),
            cuts_words,
        )
        for text, pieces, starts, cuts_words, embedding, count, tokens in rows
    }


def _join_tokens(tokens: Iterable[Any], like: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    halves = [rows.astype(np.float16) for rows in tokens if rows is not None]
    return np.concatenate([np.zeros((0, len(like)), dtype=np.float16), *halves])
