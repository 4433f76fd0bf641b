"""The sentence-transformers cross-encoder: question and passage read together, for the few best passages."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.engine.encoders.chunks import plan_chunks
from bot.engine.encoders.loading import hide_progress_bars, limit_length, use_threads
from bot.engine.encoders.pieces import find_pieces, replace_surrogates
from bot.engine.errors import EncoderUnavailable
from bot.engine.ports.encoders import PassageInput
from bot.engine.records.passages import Span

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

log = logging.getLogger(__name__)

_LONGEST_INPUT = 512
"""Word pieces of question and passage together. Models that take more would pay with the square of it."""

_LEAST_SHARE = 4
"""Of the input a passage's part gets at least this fraction, however long the question: the rest of that is cut."""


class CrossReranker:
    """Scores with a cross-encoder in a folder or of the hub by name, on the CPU. Thread-safe.

    ``threads`` bounds the cores. Nothing is imported or read before the first use, or before :meth:`load`. A folder
    needs no network. Prompt, activation (sigmoid or none) and longest input are those of the model's own settings.
    """

    def __init__(self, model: str, *, threads: int = 1) -> None:
        if threads < 1:
            raise ValueError("threads must be at least 1")
        self._name = model
        self._threads = threads
        self._model: CrossEncoder | None = None
        self._loading = threading.Lock()
        # One at a time: tokenizers keep their padding in shared state, and two questions would share the cores anyway.
        self._scoring = threading.Lock()

    def load(self) -> None:
        """Load the model now (seconds) rather than at first use. Raises EncoderUnavailable."""
        self._loaded()

    def score(self, query: str, passages: Sequence[PassageInput]) -> list[float]:
        """Return each passage's score, that of its best part where it is longer than the model takes.

        Raises EncoderUnavailable where the model cannot be loaded, FloatingPointError where it gives no number.
        """
        if not passages:
            return []
        model = self._loaded()
        query = replace_surrogates(query)
        with self._scoring:
            pairs, owners = [], []
            for number, passage in enumerate(passages):
                text = replace_surrogates(passage.text)
                for part in _cut(model, query, text, passage.sentences):
                    pairs.append((query, text[slice(*part)]))
                    owners.append(number)
            use_threads(self._threads)
            scores = model.predict(pairs, batch_size=len(pairs), show_progress_bar=False)
        if not np.isfinite(scores).all():
            raise FloatingPointError("a score is not a number")
        best = np.full(len(passages), -np.inf)
        np.maximum.at(best, owners, scores)
        return [float(score) for score in best]

    def _loaded(self) -> CrossEncoder:
        with self._loading:
            if self._model is None:
                started = time.perf_counter()
                self._model = _load(self._name)
                log.info("reranker %s loaded in %.1f s", Path(self._name).name, time.perf_counter() - started)
            return self._model


def _load(name: str) -> CrossEncoder:
    """Load a model; a folder's files only, without any network, where there is a folder. Raises EncoderUnavailable."""
    folder = Path(name).expanduser()
    if not folder.is_dir() and (name.startswith((".", "~", "/")) or "\\" in name or name.count("/") > 1):
        raise EncoderUnavailable(
            f"There is no reranker folder {name!r}: set retrieval.reranker to a folder that exists, to a model name, "
            "or leave it empty."
        )
    try:
        with hide_progress_bars():
            from sentence_transformers import CrossEncoder

            location = str(folder.resolve()) if folder.is_dir() else name
            model: CrossEncoder = CrossEncoder(location, device="cpu", local_files_only=folder.is_dir())
    except Exception as error:
        # Whatever a third-party loader raises (missing files, no network, bad settings) means the same to an operator.
        raise EncoderUnavailable(
            f"The reranker {name!r} cannot be loaded ({type(error).__name__}): check retrieval.reranker and the "
            "network, name a folder with the model, or leave the setting empty."
        ) from error
    if model.num_labels != 1:
        raise EncoderUnavailable(
            f"The model {name!r} sorts into {model.num_labels} classes: a reranker gives one score. Choose another "
            "retrieval.reranker, or leave it empty."
        )
    limit_length(model)
    model.eval()
    return model


def _cut(model: CrossEncoder, query: str, text: str, sentences: Sequence[Span]) -> list[Span]:
    """Return the parts of a passage, whole sentences each, that fit the model beside the question."""
    tokenizer = model.tokenizer
    if tokenizer is None or not getattr(tokenizer, "is_fast", False):
        return [Span(0, len(text))]
    longest = min(model.max_seq_length or _LONGEST_INPUT, _LONGEST_INPUT)
    prompt = str(model.prompts.get(model.default_prompt_name or "") or "")
    around = len(tokenizer(prompt + query, "", verbose=False)["input_ids"])
    budget = max(longest - around, longest // _LEAST_SHARE, 1)
    return plan_chunks(find_pieces(tokenizer, [text], "", None)[0].starts, sentences, len(text), budget)
