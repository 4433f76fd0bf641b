"""Which words of a question the encoder knows: those that it does not cut into pieces."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engine.ports.encoders import EncodedQuery
from bot.engine.retrieval.tokens import Word

_MARKS = ("##", "▁", "Ġ")
"""How tokenizers mark a piece that goes on with a word, or that begins one."""


def find_whole(text: str, words: Sequence[Word], encoded: EncodedQuery) -> frozenset[int]:
    """Return the numbers of the words that the encoder has as one piece: it knows them, so they are no slips.

    None for an encoder that does not cut rare words into pieces.
    """
    if not encoded.cuts_words:
        return frozenset()
    lowered, position = text.lower(), 0
    if len(lowered) != len(text):
        lowered = text
    pieces = set()
    for piece in encoded.pieces:
        bare = piece
        for mark in _MARKS:
            bare = bare.removeprefix(mark)
        start = lowered.find(bare.lower(), position) if bare else -1
        if start >= 0:
            position = start + len(bare)
            pieces.add((start, position))
    return frozenset(
        number
        for number, word in enumerate(words)
        if (word.start, word.start + len(word.text.partition("'")[0])) in pieces
    )
