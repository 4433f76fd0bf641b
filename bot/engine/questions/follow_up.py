"""Questions that lean on the one before: "and China?", "why?", "when was that?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.engine.retrieval.tokens import find_words, is_stop_word

Place = tuple[int, int]

_POINTING = re.compile(
    r"\b(?:he|she|they|him|her|them|his|hers|their|theirs|it|its|these|those|else|another|former|latter)\b"
    # "that", "this" and "there" point only where nothing follows that they belong to.
    r"|\b(?:that|this|there|then|so)\b(?=\W*$|\W*\b(?:happen|work|mean|matter|help|change|affect|cost|include))"
    r"|\b(?:is|was|did|does|do|of|about|after|before|like|for|with|to|from|than|why|how)\s+(?:that|this)\b(?!\s+the\b)",
    re.IGNORECASE,
)
_CONTINUING = re.compile(
    r"\s*(?:(?:and|but|so|or|also|then|what about|how about|what else)\b"
    r"|(?:(?:are|is|were|was) there|did \w+|any) (?:any )?other\b)",
    re.IGNORECASE,
)
_FEW_WORDS = 1
"""Topical words that are too few for a question to stand alone."""
_ENOUGH_BEFORE = 3
"""So many topical words before a pronoun, or a name, and it means something in the question itself."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a follow-up may lean on.

    ``questions``: the one before, then the one that that one followed up, and so on; ``quoted``: passages (article id,
    position) shown for the one before, best first.
    """

    questions: tuple[str, ...] = ()
    quoted: tuple[Place, ...] = ()


def leans(text: str) -> bool:
    """Tell whether a question reads as one that leans on what went before it (in English)."""
    if len(_topical(text)) <= _FEW_WORDS or _CONTINUING.match(text):
        return True
    return any(not _is_explained(text[: found.start()]) for found in _POINTING.finditer(text))


def _is_explained(before: str) -> bool:
    """Whether what stands before a pronoun names what it may mean."""
    topical = _topical(before)
    has_name = any(before[start].isupper() for start, _ in topical if start)
    return has_name or len(topical) >= _ENOUGH_BEFORE


def _topical(text: str) -> list[tuple[int, int]]:
    return [(word.start, word.end) for word in find_words(text) if not is_stop_word(word.text)]


def complete(text: str, context: Context) -> str:
    """Return a leaning question with the topical words of those before it, back to one that stands by itself."""
    held = {text[start:end].casefold() for start, end in _topical(text)}
    added: list[str] = []
    for earlier in context.questions:
        for start, end in _topical(earlier):
            word = earlier[start:end]
            if word.casefold() not in held:
                held.add(word.casefold())
                added.append(word)
        if not leans(earlier):
            break
    return " ".join([text, *added])
