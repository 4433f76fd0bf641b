"""From what a member typed to what is searched for.

What only surrounds the question is left out, words take the form that the passages have, misspelt ones are corrected,
and an abbreviation that an article introduces brings what it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.engine.ports.encoders import EncodedQuery
from bot.engine.retrieval.abbreviations import find_other_forms
from bot.engine.retrieval.compounds import match_compounds
from bot.engine.retrieval.pieces import find_whole
from bot.engine.retrieval.spelling import Correction, Spelling, find_unknown
from bot.engine.retrieval.tokens import Word, find_words, is_stop_word
from bot.engine.retrieval.visible import SearchedIndex
from bot.engine.retrieval.wording import strip_wording

_CLOSING = "\"”»’')"


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """``text``: what is searched for; ``encoded``: its encoded form; ``corrections``: (as typed, as searched for)."""

    text: str
    encoded: EncodedQuery
    corrections: tuple[tuple[str, str], ...] = ()


def prepare_question(
    index: SearchedIndex,
    text: str,
    encode: Callable[[str], EncodedQuery],
    *,
    article_ids: Sequence[int] | None = None,
) -> PreparedQuestion:
    """Prepare a question for searching these articles, or all.

    A word is corrected only where no passage of the index holds it and the encoder does not know it either, and only
    to words of its passages. A clean question is encoded once; what is corrected or completed is encoded once more.
    """
    snapshot = index.snapshot
    scope = snapshot.find_rows(article_ids)
    text = strip_wording(text)
    text = rewrite(text, match_compounds(snapshot, scope, text, find_words(text)))
    words = find_words(text)
    text += "?" * lacks_mark(text, words)
    unknown = find_unknown(snapshot, words)
    encoded = None
    pairs: tuple[tuple[str, str], ...] = ()
    if unknown:
        encoded = encode(text)
        whole = find_whole(text, words, encoded)
        unknown = [number for number in unknown if number not in whole and not _is_acronym(text, words[number])]
    prepared = text
    if unknown:
        names = [number for number in unknown if number and text[words[number].start].isupper()]
        corrections = Spelling(snapshot, index.vocabulary, scope).correct(words, unknown, names)
        pairs = tuple((text[item.start : item.end], _like(item.found, text[item.start])) for item in corrections)
        prepared = rewrite(text, corrections)
        words = find_words(prepared)
    prepared = rewrite(prepared, find_other_forms(snapshot, scope, prepared, words))
    if encoded is None or prepared != text:
        encoded = encode(prepared)
    return PreparedQuestion(prepared, encoded, pairs)


def lacks_mark(text: str, words: Sequence[Word]) -> bool:
    """Return whether a question, not a list of key words, has no mark at its end: encoders notice (0.5 of hit@1)."""
    return (
        bool(text) and (text[-1].isalnum() or text[-1] in _CLOSING) and any(is_stop_word(word.text) for word in words)
    )


def rewrite(text: str, corrections: Sequence[Correction]) -> str:
    """Return the text with the corrections in place, each with the capital of what it replaces."""
    for start, end, found in sorted(corrections, reverse=True):
        text = text[:start] + (_like(found, text[start]) if start < end else found) + text[end:]
    return text


def _is_acronym(text: str, word: Word) -> bool:
    """Whether a word alone in capitals: what it stands for is not to be guessed from its letters."""
    return text[word.start : word.end].isupper() and not text.isupper()


def _like(found: str, first: str) -> str:
    return found.capitalize() if first.isupper() else found
