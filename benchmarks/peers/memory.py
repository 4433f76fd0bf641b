"""Encodings kept on disk, so that peers with the same weights encode the same text once. Not in use while timing."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Embeddings = npt.NDArray[np.float32]

_BATCH = 256


class Memory:
    """Embeddings by text, in one SQLite file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path)
        self._connection.execute("CREATE TABLE IF NOT EXISTS encodings (key BLOB PRIMARY KEY, vector BLOB)")
        self.enabled = True

    def encode(self, kind: str, texts: Sequence[str], forward: Callable[[list[str]], Embeddings]) -> Embeddings:
        """Return an embedding a text, (n, d); ``forward`` makes those that are missing. ``kind``: what else decides."""
        keys = [hashlib.sha256(f"{kind}\0{text}".encode()).digest() for text in texts]
        found = {key: self._find(key) for key in keys}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if found[key] is None}
        waiting = list(missing.items())
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            made = np.asarray(forward([text for _, text in batch]), dtype=np.float32)
            with self._connection:
                rows = [(key, vector.tobytes()) for (key, _), vector in zip(batch, made, strict=True)]
                self._connection.executemany("INSERT OR REPLACE INTO encodings VALUES (?, ?)", rows)
            found.update({key: vector for (key, _), vector in zip(batch, made, strict=True)})
        return np.stack([vector for key in keys if (vector := found[key]) is not None])

    def _find(self, key: bytes) -> Embeddings | None:
        row = self._connection.execute("SELECT vector FROM encodings WHERE key = ?", (key,)).fetchone()
        return None if row is None else np.frombuffer(row[0], np.float32)


def remember_sentence_transformers(memory: Memory) -> None:
    """Let every SentenceTransformer of this process look its encodings up first."""
    import torch
    from sentence_transformers import SentenceTransformer

    forward = SentenceTransformer.encode

    def encode(self: Any, inputs: Any, **options: Any) -> Any:
        if not memory.enabled:
            return forward(self, inputs, **options)
        texts = [inputs] if isinstance(inputs, str) else list(inputs)
        prompt = options.pop("prompt", None) or self.prompts.get(options.pop("prompt_name", None), "")
        vectors = memory.encode(
            f"sentence-transformers {self.max_seq_length} {prompt}",
            texts,
            lambda missing: forward(self, missing, prompt=prompt or None, batch_size=32),
        )
        found = vectors[0] if isinstance(inputs, str) else vectors
        return torch.from_numpy(found.copy()) if options.get("convert_to_tensor") else found

    SentenceTransformer.encode = encode  # type: ignore[assignment, method-assign]


def remember_txtai(memory: Memory) -> None:
    """Let txtai's own forward pass, which cuts at another length, look its encodings up first."""
    from txtai.models.pooling import Pooling

    forward = Pooling.encode

    def encode(self: Any, documents: Any, batch: int = 32, category: str | None = None) -> Any:
        if not memory.enabled:
            return forward(self, documents, batch, category)
        return memory.encode(
            f"txtai {self.maxlength} {category}",
            list(documents),
            lambda missing: forward(self, missing, batch, category),
        )

    Pooling.encode = encode
