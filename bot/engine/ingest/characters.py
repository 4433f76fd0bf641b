"""What counts as a word, a blank and a whole character, in any script."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = (
    r"\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_VISIBLE = re.compile(rf"[^{_INVISIBLE}]")
_WORD = re.compile(r"\w+(?:['’‑-]\w+)*")
# Han, kana, Thai, Lao, Khmer, Myanmar: scripts that put no space between words.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]+")

# Whitespace and the marks that stand for it; joiners and direction marks belong to the words beside them.
_EDGE = "\ufeff\u200b\u2060"

FINAL_STOPS = ".!?…。！？｡؟۔।॥։።။។"
_CLOSERS = "\"'”’»›)]}」』）】〉》*_"

_MAX_GRAPHEME = 64
_JOINERS = frozenset("\u200c\u200d")


def is_visible(text: str) -> bool:
    """Say whether anything of the text can be seen: a letter, a digit, a sign, an emoji."""
    return _VISIBLE.search(text) is not None


def count_words(text: str) -> int:
    """Count words; scripts without spaces count one word for every two characters."""
    unspaced = sum(len(run) for run in _UNSPACED_RUN.findall(text))
    if not unspaced:
        return len(_WORD.findall(text))
    return (unspaced + 1) // 2 + len(_WORD.findall(_UNSPACED_RUN.sub(" ", text)))


def first_word_length(text: str) -> int:
    """Return how many characters a line breaker would have had to fit: the first word, or one unspaced character."""
    if _UNSPACED_RUN.match(text):
        return 1
    return len(text.split(maxsplit=1)[0]) if text and not text.isspace() else 0


def ends_with_stop(text: str) -> bool:
    """Say whether the text ends a sentence, closing quotes and brackets after the stop allowed."""
    return text.rstrip().rstrip(_CLOSERS).rstrip().endswith(tuple(FINAL_STOPS))


def ends_with_question(text: str) -> bool:
    """Say whether the text ends with a question mark of any script."""
    return text.rstrip().endswith(("?", "？", "؟", "\u037e"))


def starts_lower(text: str) -> bool:
    """Say whether the first character is a lower-case letter."""
    return text[:1].islower()


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Shrink a span until no whitespace is at its edges; an empty span comes back as (end, end)."""
    while start < end and (text[start].isspace() or text[start] in _EDGE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _EDGE):
        end -= 1
    return start, end


def is_grapheme_boundary(text: str, index: int, start: int = 0) -> bool:
    """Say whether text may be cut before ``index`` without parting a character that a reader sees as one.

    ``start`` is where the last cut was: the letters of flags are paired from there.
    A cautious form of the rules of Unicode Standard Annex 29: it may refuse a cut that the annex allows.
    """
    if index <= start or index >= len(text):
        return True
    before, after = text[index - 1], text[index]
    if before == "\r" and after == "\n":
        return False
    if before in _JOINERS or after in _JOINERS:
        return False
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    if "\U000e0020" <= after <= "\U000e007f":
        return False
    if _is_regional(before) and _is_regional(after):
        return _regional_run(text, index, start) % 2 == 0
    if unicodedata.combining(before) == 9:  # a virama joins the consonants around it
        return False
    return not (_is_jamo(before) and (_is_jamo(after) or "\uac00" <= after <= "\ud7a3"))


def cut_before(text: str, index: int, start: int = 0) -> int:
    """Return the nearest grapheme boundary at or before ``index``, after the last cut at ``start``.

    Past 64 refusals the cut is made as asked.
    """
    for candidate in range(index, max(index - _MAX_GRAPHEME, start), -1):
        if is_grapheme_boundary(text, candidate, start):
            return candidate
    return index


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _regional_run(text: str, index: int, start: int) -> int:
    run = 0
    while index - run > start and _is_regional(text[index - run - 1]):
        run += 1
    return run


def _is_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff" or "\ua960" <= character <= "\ua97f" or "\ud7b0" <= character <= "\ud7ff"
