"""Words with their character offsets, folded and stemmed: the one tokenizer that segments and queries share.

Raise :data:`TOKENIZER_VERSION` with every change that gives other terms for the same text; segments record it.
"""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from bot.engine.retrieval.orthography import unify_spelling

TOKENIZER_VERSION = 2

_APOSTROPHES = "'’ʼ＇"
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # Hangul, whose words carry their particles
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # Kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"  # Han, half-width Kana
)
_LETTER = rf"[^\W\d_{_UNSPACED}]"
_WORD = re.compile(
    r"(?P<amount>(?<=[$€£¥])[0-9]+(?:[.,][0-9]+)*(?=(?:k|m|mn|b|bn|tn)(?![^\W_])))(?P<scale>[kmbt]n?)"
    r"|(?P<number>(?:(?<![^\W_])v(?=[0-9]+\.))?[0-9]+(?:[.,][0-9]+)+)"
    r"|(?P<symbol>%|[$€£](?=[0-9])|(?<![^\W_])per[ \u00a0]cent(?![^\W_]))"
    rf"|(?P<language>(?<![^\W_])[a-z](?:\+\+|\#)(?![^\W_]))"
    rf"|(?P<initials>(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?!\w))?|{_LETTER}\.{_LETTER}(?!\w))"
    rf"|(?P<unspaced>[{_UNSPACED}]+)"
    rf"|[^\W_{_UNSPACED}]+(?:[{_APOSTROPHES}](?:s|t|d|m|ll|re|ve)(?![^\W_]))?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SCALES = {"k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "tn": "trillion"}
_SYMBOLS = {"$": "dollar", "€": "euro", "£": "pound"}
"""Read as words, so that $2m and 2 million dollars are the same; a percent sign is "percent"."""

_UNDECOMPOSED = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"


class Word(NamedTuple):
    """A folded word and the half-open range of characters it stands at."""

    text: str
    start: int
    end: int


class _Shapes(dict[int, int]):
    """A lazy translation table, one character for one, that glues combining and joining marks to their words."""

    def __missing__(self, code: int) -> int:
        category = unicodedata.category(chr(code))
        shape = ord("x") if category in {"Mn", "Mc"} or code in {0x00AD, 0x200C, 0x200D, 0x2060, 0xFEFF} else code
        if _is_unspaced_mark(code):
            shape = code
        self[code] = shape
        return shape


def _is_unspaced_mark(code: int) -> bool:
    return 0x0E00 <= code <= 0x0EFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF or 0x3099 <= code <= 0x309A


_SHAPES = _Shapes()
_STEMMERS = threading.local()


def find_words(text: str) -> list[Word]:
    """Return the words of a text in order; scripts without spaces give overlapping pairs of characters."""
    shaped = text if text.isascii() else text.translate(_SHAPES)
    words: list[Word] = []
    for match in _WORD.finditer(shaped):
        start, end = match.span()
        if match["unspaced"] is not None:
            words.extend(_pairs(text, start, end))
            continue
        if match["amount"] is not None:
            middle = match.end("amount")
            words.append(Word(_fold_number(text[start:middle]), start, middle))
            words.append(Word(_SCALES[match["scale"].lower()], middle, end))
            continue
        if match["number"] is not None and text[start] in "vV":
            start += 1
        folded = _fold_match(text[start:end], match)
        if folded:
            words.append(Word(folded, start, end))
    return words


def _pairs(text: str, start: int, end: int) -> Iterable[Word]:
    if end - start == 1:
        yield Word(fold(text[start]), start, end)
    for position in range(start, end - 1):
        yield Word(fold(text[position : position + 2]), position, position + 2)


def _fold_match(raw: str, match: re.Match[str]) -> str:
    if match["number"] is not None:
        return _fold_number(raw)
    if match["symbol"] is not None:
        return _SYMBOLS.get(raw, "percent")
    folded = fold(raw)
    if match["initials"] is not None:
        return folded.replace(".", "")
    return folded


def _fold_number(raw: str) -> str:
    return raw.replace(",", "") if _GROUPED.fullmatch(raw) else raw


def fold(text: str) -> str:
    """Return the text without case, compatibility forms and Latin, Greek and Cyrillic accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(
        char for char in decomposed if not _FIRST_ACCENT <= char <= _LAST_ACCENT and unicodedata.category(char) != "Cf"
    )
    for apostrophe in _APOSTROPHES[1:]:
        bare = bare.replace(apostrophe, "'")
    return unicodedata.normalize("NFKC", bare.translate(_UNDECOMPOSED))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the term of a folded word: the English Snowball stem of its one spelling, or itself without a letter."""
    stemmer = getattr(_STEMMERS, "english", None)
    if stemmer is None:
        stemmer = _STEMMERS.english = Stemmer.Stemmer("english")
    if word[0].isdigit():
        return word.removesuffix("'s") + "s" * word.endswith("'s")
    return str(stemmer.stemWord(unify_spelling(word))) or word


@lru_cache(maxsize=65536)
def hash_term(term: str) -> int:
    """Return the 64-bit BLAKE2b by which indexes know a term."""
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def is_stop_word(word: str) -> bool:
    """Return whether a folded word says nothing about a topic."""
    return word in STOP_WORDS


STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any anybody anyone anything are aren't as at be because been
    before being below between both but by came can can't cannot come could couldn't did didn't do does doesn't doing
    don't down during each either else ever every for from further get gets give given gives go goes going got had
    hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's i
    i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself just let let's like made make makes many me
    might more most much must mustn't my myself neither no nor not of off on once only or other ought our ours
    ourselves out over own please said same say says shall she she'd she'll she's should shouldn't so some somebody
    someone something such tell than that that'd that'll that's the their theirs them themselves then there there's
    these they they'd they'll they're they've this those though through thus to too under until up upon used very
    was wasn't we we'd we'll we're we've were weren't what what'd what's whatever when when's where where's whether
    which while who who'd who's whom whose why why's will with within without won't would wouldn't yes you you'd you'll
    you're you've your yours yourself yourselves
    """.split()  # noqa: SIM905
)
"""Function and question words of English, folded as :func:`find_words` folds."""
