"""Questions that lean on the one before: "and China?", "why?", "when was that?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.engine.retrieval.tokens import find_words, is_stop_word

Place = tuple[int, int]

_POINTING = re.compile(
    r"\b(?:he|she|they|him|her|them|his|hers|their|theirs|it|its|that|this|these|those|there|then|else|same|another|"
    r"such|former|latter)\b",
    re.IGNORECASE,
)
_CONTINUING = re.compile(r"\s*(?:and|but|so|or|also|then|what about|how about|what else|any other)\b", re.IGNORECASE)
_FEW_WORDS = 1
"""Topical words that are too few for a question to stand alone."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a follow-up may lean on.

    ``questions``: the one before, then the one that that one followed up, and so on; ``quoted``: passages (article id,
    position) shown for the one before, best first.
    """

    questions: tuple[str, ...] = ()
    quoted: tuple[Place, ...] = ()


def leans(text: str) -> bool:
    """Tell whether a question reads as one that leans on what went before it."""
    topical = [word for word in find_words(text) if not is_stop_word(word.text)]
    return len(topical) <= _FEW_WORDS or bool(_POINTING.search(text) or _CONTINUING.match(text))


def complete(text: str, context: Context | None) -> str:
    """Return what is searched for: the question, with those before it where it leans on them."""
    if context is None or not leans(text):
        return text
    parts = [text]
    for earlier in context.questions:
        parts.insert(0, earlier)
        if not leans(earlier):
            break
    return " ".join(parts)
