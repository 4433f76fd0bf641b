"""The word pieces of a text, and which of those that a model sees are the text's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.engine.encoders.chunks import IntArray

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Pieces:
    """``kept`` selects the text's own pieces among the ``seen`` that the model sees; ``starts`` are their offsets.

    A piece that holds the space before a word, as many tokenizers make them, starts at the word.
    """

    kept: IntArray
    starts: IntArray
    names: tuple[str, ...]
    seen: int


def find_pieces(tokenizer: Any, texts: Sequence[str], prompt: str, longest: int | None) -> list[Pieces]:
    """Tokenize as the model does, cut to ``longest`` pieces where given. Not thread-safe: tokenizers are not."""
    found = tokenizer(
        [prompt + text for text in texts],
        truncation=longest is not None,
        max_length=longest,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
        verbose=False,
    )
    rows = zip(texts, found["input_ids"], found["offset_mapping"], found["special_tokens_mask"], strict=True)
    return [
        _keep_own(text, tokenizer.convert_ids_to_tokens(ids), offsets, special, len(prompt))
        for text, ids, offsets, special in rows
    ]


def _keep_own(
    text: str, names: list[str], offsets: list[tuple[int, int]], special: list[int], prompt_length: int
) -> Pieces:
    spans = np.array(offsets, dtype=np.int64).reshape(-1, 2) - prompt_length
    kept = np.flatnonzero((np.array(special, dtype=np.int64) == 0) & (spans[:, 1] > 0))
    starts = [_skip_spaces(text, max(start, 0)) for start in spans[kept, 0].tolist()]
    return Pieces(kept, np.array(starts, dtype=np.int64), tuple(names[number] for number in kept), len(names))


def _skip_spaces(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def replace_surrogates(text: str) -> str:
    """Return the text with lone surrogates, which tokenizers refuse, replaced one for one."""
    return _SURROGATE.sub("\ufffd", text)
