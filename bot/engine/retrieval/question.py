"""From what a member typed to what is searched for: wording stripped, misspelt words corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.engine.ports import EncodedQuery
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.pieces import find_whole
from bot.engine.retrieval.spelling import Correction, Spelling, find_unknown
from bot.engine.retrieval.tokens import Word, find_words
from bot.engine.retrieval.wording import strip_wording

@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """``text``: what is searched for; ``encoded``: its encoded form; ``corrections``: (as typed, as searched for)."""

    text: str
    encoded: EncodedQuery
    corrections: tuple[tuple[str, str], ...] = ()


def prepare_question(
    index: CorpusIndex,
    text: str,
    encode: Callable[[str], EncodedQuery],
    *,
    article_ids: Sequence[int] | None = None,
) -> PreparedQuestion:
    """Prepare a question for searching these articles, or all.

    A word is corrected only where no passage of the guild holds it and the encoder does not know it either. The second
    encoding that a correction costs is the only work that a clean question does not have.
    """
    text = strip_wording(text)
    encoded = encode(text)
    words = find_words(text)
    snapshot = index.snapshot
    unknown = find_unknown(snapshot, words)
    if unknown:
        whole = find_whole(text, words, encoded)
        unknown = [number for number in unknown if number not in whole and not _is_acronym(text, words[number])]
    if not unknown:
        return PreparedQuestion(text, encoded)
    spelling = Spelling(snapshot, index.vocabulary, snapshot.find_rows(article_ids))
    names = [number for number in unknown if number and text[words[number].start].isupper()]
    corrections = spelling.correct(words, unknown, names)
    if not corrections:
        return PreparedQuestion(text, encoded)
    corrected = apply_corrections(text, corrections)
    pairs = tuple((text[found.start : found.end], _like(found.found, text[found.start])) for found in corrections)
    return PreparedQuestion(corrected, encode(corrected), pairs)


def apply_corrections(text: str, corrections: Sequence[Correction]) -> str:
    """Return the text with the corrected words in place."""
    for start, end, found in sorted(corrections, reverse=True):
        text = text[:start] + _like(found, text[start]) + text[end:]
    return text


def _is_acronym(text: str, word: Word) -> bool:
    """Whether a word alone in capitals: what it stands for is not to be guessed from its letters."""
    return text[word.start : word.end].isupper() and not text.isupper()


def _like(found: str, first: str) -> str:
    return found.capitalize() if first.isupper() else found
