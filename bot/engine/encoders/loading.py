"""Everything that asks sentence-transformers or torch about a model, apart from the forward pass itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.engine.encoders.weights import ModelSource
from bot.engine.errors import EncoderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

_OFFSET_POSITIONS = frozenset(
    {"camembert", "data2vec-text", "ibert", "longformer", "mpnet", "roberta", "roberta-prelayernorm", "xlm-roberta"}
)
"""Architectures that number positions from after the padding's number, so that fewer tokens fit than positions."""

_DOCUMENT_PROMPTS = ("document", "passage", "corpus")


def load_model(source: ModelSource) -> SentenceTransformer:
    """Load a model; a folder's files only, without any network, where there is a folder. Raises EncoderUnavailable."""
    try:
        with hide_progress_bars():
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(source.location, local_files_only=source.folder is not None)
    except Exception as error:
        # Whatever a third-party loader raises (missing files, no network, bad settings) means the same to an operator.
        raise EncoderUnavailable(
            f"The encoder {source.name!r} cannot be loaded ({type(error).__name__}): check encoder.model and the "
            "network, or set encoder.model to 'bundled', which needs none."
        ) from error
    limit_length(model)
    return model.eval()


def limit_length(model: SentenceTransformer | CrossEncoder) -> None:
    """Lower the longest input to what the positions allow, for models whose tokenizer names no limit."""
    config: Any = getattr(model[0], "config", None)
    if getattr(config, "model_type", None) in _OFFSET_POSITIONS and model.max_seq_length:
        usable = config.max_position_embeddings - (config.pad_token_id or 0) - 1
        model.max_seq_length = min(model.max_seq_length, usable)


@contextmanager
def hide_progress_bars() -> Iterator[None]:
    """Keep transformers from drawing bars on a terminal or into a log."""
    from transformers.utils import logging as transformers_logging

    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def find_prompt(model: SentenceTransformer, task: str) -> str:
    """Return the prompt that the model's own ``encode_query`` or ``encode_document`` would put before a text."""
    names = ("query",) if task == "query" else _DOCUMENT_PROMPTS
    for name in (*names, model.default_prompt_name):
        if name is not None and name in model.prompts:
            return str(model.prompts[name] or "")
    return ""


def pools_by_mean(model: SentenceTransformer) -> bool:
    """Return whether the model's embedding is the mean of its token vectors, so that a part's mean stands for it."""
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    modules = [module for module in model if not isinstance(module, Normalize)]
    return len(modules) == 2 and isinstance(modules[1], Pooling) and modules[1].pooling_mode == "mean"


def hub_revision(name: str) -> str:
    """Return the commit of a hub model that is loaded, as the hub's cache knows it. Raises EncoderUnavailable."""
    from huggingface_hub import try_to_load_from_cache

    # The library looks a bare name up under its own organisation.
    for repository in (name, f"sentence-transformers/{name}"):
        found = try_to_load_from_cache(repository, "config.json") if repository.count("/") == 1 else None
        if isinstance(found, str):
            return Path(found).parent.name
    raise EncoderUnavailable(
        f"The encoder {name!r} is loaded, but not which version of it: download it to a folder and set encoder.model "
        "to that folder."
    )


def use_threads(count: int) -> None:
    """Let the calling thread's next forward pass use this many cores."""
    import torch

    if torch.get_num_threads() != count:
        torch.set_num_threads(count)
