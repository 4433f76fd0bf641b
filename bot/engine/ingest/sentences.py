"""Sentence spans of a passage: sentencex finds the ends, a few measured corrections mend them."""

from __future__ import annotations

import itertools
import re

import sentencex

from bot.engine.ingest.characters import cut_before
from bot.engine.records.passages import Span

# sentencex takes more than linear time on some input ("«a. «a. …"), so long text goes through it in windows.
_WINDOW = 6_000

_LETTER = re.compile(r"[^\W\d_]")
_SURROGATE = re.compile("[\ud800-\udfff]")


# A quotation of several sentences comes back as one; a stop after a plain lower-case word still ends a sentence there.
_LONG_SENTENCE = 80
_INNER_END = re.compile(r"(?<=[a-z0-9][a-z]{2})[.!?…][\"'”’)\]]*(?P<gap>\s+)[\"'“‘(\[]*[A-Z]")
_NOT_AN_END = re.compile(r"\b(?:approx|cent|dept|est|etc|incl|max|min|misc|orig|resp|vol)\Z")

# Ends that sentencex sees after an abbreviation before a number ("vol. 2"), or after a German day ("am 3. Mai").
_ABBREVIATION = re.compile(r"\b(?:approx|art|ca|ch|eq|est|figs?|max|min|nos|pp?|sec|vols?)\.\s*\Z", re.IGNORECASE)
_DAY = re.compile(r"\b(?:[Aa]b|[Aa]m|[Bb]is|de[mnr]|[Ss]eit|[Vv]om|[Zz]um)\s\d{1,2}\.\s*\Z")
_GERMAN_MONTH = re.compile(r"\s*(?:J[aä]n|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)")
_DIGIT = re.compile(r"\s*\d")
_BEFORE = 16

_STRAY_CLOSER = re.compile(r"[\"”’»)\]]+(?=\s)")
_STRAY_OPENER = re.compile(r"(?<=\s)[\"“‘«(\[]\s*\Z")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the spans of the sentences of ``text``, in order, without the whitespace around them.

    Every character that is not whitespace lies in exactly one span. Never raises; text in which no end is found, of any
    script, is one sentence.
    """
    spans: list[Span] = []
    offset = 0
    while offset < len(text):
        window = text[offset : offset + _WINDOW]
        ends = _mend(window, _sentence_ends(window))
        if offset + _WINDOW < len(text):
            # The window may have cut its last sentence: leave that to the next one, unless it fills the window.
            ends = ends[:-1] or [cut_before(window, len(window) - 1)]
        start = 0
        for end in ends:
            _append(spans, text, offset + start, offset + end)
            start = end
        offset += start
    return tuple(spans)


def _sentence_ends(text: str) -> list[int]:
    """Ask sentencex, which counts characters; what it cannot take (lone surrogates) is one sentence."""
    if not _SURROGATE.search(text):
        ends = [int(found["end_index"]) for found in sentencex.get_sentence_boundaries("en", text)]
        if ends and ends[-1] == len(text) and all(a < b for a, b in itertools.pairwise(ends)):
            return ends
    return [len(text)]


def _mend(text: str, ends: list[int]) -> list[int]:
    """Move quote marks to the sentence they belong to, split long quotations, and join pieces that hold no letter."""
    mended: list[int] = []
    start = 0
    for found_end in ends:
        end = _mend_quotes(text, start, found_end)
        if end <= start or _is_no_end(text, end):
            continue
        if end - start > _LONG_SENTENCE:
            mended += [
                found.start("gap")
                for found in _INNER_END.finditer(text, start, end)
                if not _NOT_AN_END.search(text, max(start, found.start() - 8), found.start())
            ]
        mended.append(end)
        start = end
    return _join_wordless(text, mended)


def _is_no_end(text: str, end: int) -> bool:
    """Say whether a number after an abbreviation, or a German month after its day, goes on with the sentence."""
    before = max(0, end - _BEFORE)
    if _DIGIT.match(text, end):
        return _ABBREVIATION.search(text, before, end) is not None
    return _GERMAN_MONTH.match(text, end) is not None and _DAY.search(text, before, end) is not None


def _mend_quotes(text: str, start: int, end: int) -> int:
    """Take a closing quote mark that the end left behind; leave an opening one to the next sentence."""
    closer = _STRAY_CLOSER.match(text, end)
    if closer and not text[end - 1].isspace():
        return closer.end()
    if end < len(text) and not text[end].isspace():
        opener = _STRAY_OPENER.search(text, max(start, end - 4), end)
        if opener and _LETTER.search(text, start, opener.start()):
            return opener.start()
    return end


def _join_wordless(text: str, ends: list[int]) -> list[int]:
    """Join a piece without a letter ("3.", "—", ")") to the sentence after it, or before it where it is the last."""
    joined: list[int] = []
    searched = 0
    for end in ends:
        if _LETTER.search(text, searched, end):
            joined.append(end)
        searched = end
    if joined:
        joined[-1] = ends[-1]
        return joined
    return ends[-1:]


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))
