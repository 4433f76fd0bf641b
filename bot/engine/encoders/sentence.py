"""The sentence-transformers encoder: one forward pass gives passage, sentence and token vectors."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.engine.encoders.chunks import plan_chunks
from bot.engine.encoders.loading import find_prompt, hub_revision, load_model, pools_by_mean, use_threads
from bot.engine.encoders.pieces import Pieces, find_pieces, replace_surrogates
from bot.engine.encoders.pooling import EncodedText, join_chunks, unit_rows
from bot.engine.encoders.weights import check_weights, find_source, local_dimension, local_revision, make_revision
from bot.engine.ports.encoders import EncodedPassage, EncodedQuery, EncoderIdentity, FloatArray, PassageInput, Progress
from bot.engine.records.passages import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

_LONGEST_CHUNK = 512
"""Word pieces. Models that take more gain little from it here and pay with the square of it."""

_NO_STARTS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Chunks of all passages, one after the other: their spans, their passages' numbers, their lengths in pieces."""

    chunks: list[Span] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)


class SentenceEncoder:
    """Encodes with ``bundled`` weights, a model folder, or a model of the hub by name. Thread-safe.

    ``threads`` bounds the cores that passages use (questions use one); ``batch_size`` counts texts. Nothing is imported
    or read before the first use, or before :meth:`load`. Bundled weights and folders need no network at all.
    """

    def __init__(self, model: str = "bundled", *, threads: int = 1, batch_size: int = 8) -> None:
        if threads < 1 or batch_size < 1:
            raise ValueError("threads and batch_size must be at least 1")
        self._name = model
        self._threads = threads
        self._batch_size = batch_size
        self._model: SentenceTransformer | None = None
        self._identity: EncoderIdentity | None = None
        self._loading = threading.Lock()
        # Tokenizers keep their padding and truncation in shared state, so only one thread may use one at a time.
        self._tokenizing = threading.Lock()

    @property
    def identity(self) -> EncoderIdentity:
        """The identity that the store records; loads the model only where its files do not tell."""
        if self._identity is None:
            source = find_source(self._name)
            revision, dimension = local_revision(source), local_dimension(source)
            if revision is None or dimension is None:
                model = self._loaded()
                revision = revision or make_revision(hub_revision(source.name))
                dimension = int(model.get_embedding_dimension() or 0)
            self._identity = EncoderIdentity(source.name, revision, dimension)
        return self._identity

    def load(self) -> None:
        """Load the model now (seconds) rather than at first use. Raises EncoderUnavailable."""
        self._loaded()

    def encode_query(self, text: str) -> EncodedQuery:
        """Encode a question; beyond the model's longest input it is cut."""
        model = self._loaded()
        use_threads(1)
        encoded = self._forward(model, [replace_surrogates(text)], "query")[0]
        if encoded.states is None:
            return EncodedQuery(encoded.embedding, None, ())
        return EncodedQuery(encoded.embedding, unit_rows(encoded.states), encoded.names, encoded.starts)

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Encode passages, results in input order; one longer than the model takes is encoded in chunks."""
        model = self._loaded()
        passages = [PassageInput(replace_surrogates(passage.text), passage.sentences) for passage in passages]
        plan = self._plan(model, passages)
        texts = [passages[owner].text[slice(*span)] for span, owner in zip(plan.chunks, plan.owners, strict=True)]
        encoded = self._encode_sorted(model, texts, plan.lengths, _count_passages(plan.owners, len(passages), progress))
        chunked: list[list[tuple[Span, EncodedText]]] = [[] for _ in passages]
        for span, owner, text in zip(plan.chunks, plan.owners, encoded, strict=True):
            chunked[owner].append((span, text))
        apart = self._encode_sentences_apart(model, passages, encoded)
        return [
            join_chunks(passage, chunks, apart[number] if apart is not None else None)
            for number, (passage, chunks) in enumerate(zip(passages, chunked, strict=True))
        ]

    def _loaded(self) -> SentenceTransformer:
        with self._loading:
            if self._model is None:
                started = time.perf_counter()
                source = find_source(self._name)
                check_weights(source)
                self._model = load_model(source)
                log.info("encoder %s loaded in %.1f s", source.name, time.perf_counter() - started)
            return self._model

    def _plan(self, model: SentenceTransformer, passages: Sequence[PassageInput]) -> _Plan:
        tokenized = self._pieces(model, [passage.text for passage in passages], "", None)
        around = self._pieces(model, [find_prompt(model, "document")], "", None)[0]
        longest = min(model.max_seq_length or _LONGEST_CHUNK, _LONGEST_CHUNK)
        budget = max(1, longest - (around.seen if around is not None else 0))
        plan = _Plan()
        for number, (passage, pieces) in enumerate(zip(passages, tokenized, strict=True)):
            starts = pieces.starts if pieces is not None else _NO_STARTS
            for chunk in plan_chunks(starts, passage.sentences, len(passage.text), budget):
                plan.chunks.append(chunk)
                plan.owners.append(number)
                plan.lengths.append(int(np.sum((starts >= chunk.start) & (starts < chunk.end))))
        return plan

    def _encode_sorted(
        self,
        model: SentenceTransformer,
        texts: Sequence[str],
        lengths: Sequence[int],
        finished: Callable[[int], None] | None = None,
    ) -> list[EncodedText]:
        """Encode in batches of like length: padding is the largest avoidable cost. ``finished`` is called per text."""
        order = sorted(range(len(texts)), key=lambda number: (-lengths[number], number))
        encoded: dict[int, EncodedText] = {}
        for start in range(0, len(order), self._batch_size):
            batch = order[start : start + self._batch_size]
            use_threads(self._threads)
            for number, text in zip(batch, self._forward(model, [texts[n] for n in batch], "document"), strict=True):
                encoded[number] = text
                if finished is not None:
                    finished(number)
        return [encoded[number] for number in range(len(texts))]

    def _encode_sentences_apart(
        self, model: SentenceTransformer, passages: Sequence[PassageInput], encoded: Sequence[EncodedText]
    ) -> list[FloatArray] | None:
        """Encode sentences by themselves where the model's token vectors cannot stand for them, else return None."""
        if pools_by_mean(model) and all(text.states is not None for text in encoded):
            return None
        texts = [passage.text[slice(*span)] for passage in passages for span in passage.sentences]
        vectors = [text.embedding for text in self._encode_sorted(model, texts, [len(text) for text in texts])]
        rows = np.stack(vectors) if vectors else np.zeros((0, self.identity.dimension), dtype=np.float32)
        edges = np.cumsum([0, *(len(passage.sentences) for passage in passages)])
        return [rows[low:high] for low, high in itertools.pairwise(edges)]

    def _forward(self, model: SentenceTransformer, texts: list[str], task: str) -> list[EncodedText]:
        import torch

        prompt = find_prompt(model, task)
        pieces = self._pieces(model, texts, prompt, model.max_seq_length)
        with self._tokenizing:
            features: dict[str, Any] = model.preprocess(texts, prompt=prompt or None, task=task)
        features = {key: value.to(model.device) if hasattr(value, "to") else value for key, value in features.items()}
        with torch.inference_mode():
            output: dict[str, Any] = model(features, task=task)
        embeddings = unit_rows(output["sentence_embedding"].float().cpu().numpy())
        hidden, mask = output.get("token_embeddings"), output.get("attention_mask")
        if hidden is None or mask is None or hidden.shape[-1] != embeddings.shape[-1]:
            return [EncodedText(embedding, None, _NO_STARTS, ()) for embedding in embeddings]
        encoded = []
        for row, found in enumerate(pieces):
            if found is None or int(mask[row].sum()) != found.seen:
                encoded.append(EncodedText(embeddings[row], None, _NO_STARTS, ()))
                continue
            states = hidden[row][mask[row].bool()].float().cpu().numpy()
            encoded.append(EncodedText(embeddings[row], states[found.kept], found.starts, found.names))
        return encoded

    def _pieces(
        self, model: SentenceTransformer, texts: Sequence[str], prompt: str, longest: int | None
    ) -> Sequence[Pieces | None]:
        """Find the texts' pieces; None for a tokenizer that tells no offsets."""
        if not texts or model.tokenizer is None or not getattr(model.tokenizer, "is_fast", False):
            return [None] * len(texts)
        with self._tokenizing:
            return find_pieces(model.tokenizer, texts, prompt, longest)


def _count_passages(owners: Sequence[int], total: int, progress: Progress | None) -> Callable[[int], None] | None:
    """Turn "this chunk is done" into the progress of passages."""
    if progress is None:
        return None
    waiting = Counter(owners)
    done = 0

    def finish(chunk: int) -> None:
        nonlocal done
        waiting[owners[chunk]] -= 1
        if not waiting[owners[chunk]]:
            done += 1
            progress(done, total)

    return finish
