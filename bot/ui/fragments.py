"""Links that land on the sentence: text fragments (https://wicg.github.io/scroll-to-text-fragment/).

``#:~:text=[prefix-,]start[,end][,-suffix]``: the browser goes to the first place where ``start`` (or all from ``start``
to ``end``) stands between ``prefix`` and ``suffix``. It compares without regard to case and to the kind of white space,
and only whole words match; so everything here is made of whole words of the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote as percent_encode

from bot.engine.records.passages import Span
from bot.ui.text import LONGEST_URL, link_target

_LONGEST_EXACT = 160
"""Characters of a sentence that is spelled out; a longer one is named by its first and last words."""
_ENDS = (5, 8, 12)
"""How many words stand for a long sentence's beginning and end, fewest first."""
_SHORT_ENDS = (3, 4)
"""The same, where the link should be short."""
_CONTEXT = (0, 2, 4, 8)
"""How many words before and after tell a sentence from another like it, fewest first."""
_LONGEST_ARTICLE = 150_000
"""Characters: a longer article would hold up the event loop for more than some 20 ms."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Directive:
    """One text directive, not yet encoded; empty parts are left out."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def encode(self) -> str:
        """Return what stands behind ``:~:text=``."""
        parts = [f"{_encode(self.prefix)}-"] if self.prefix else []
        parts.append(_encode(self.start))
        parts += [_encode(self.end)] if self.end else []
        parts += [f"-{_encode(self.suffix)}"] if self.suffix else []
        return ",".join(parts)


def link_to_sentence(url: str | None, text: str, sentence: Span) -> str | None:
    """Return an address that opens at a sentence of a page, at most 512 characters long, or None where there is none.

    ``text`` is the whole article, ``sentence`` offsets into it. None too where no few words tell the sentence from
    another one.
    """
    return link_to_sentences(url, text, [sentence], is_short=False)[0]


def link_to_sentences(
    url: str | None, text: str, sentences: Sequence[Span], *, is_short: bool = True
) -> list[str | None]:
    """Return such an address for each of several sentences, reading the article once.

    ``is_short``: name a sentence by as few of its words as tell it, where links share a message's room with much else.
    """
    plain = link_target(url)
    if plain is None or ":~:" in plain or len(text) > _LONGEST_ARTICLE:
        return [None] * len(sentences)
    mark = ":~:text=" if "#" in plain else "#:~:text="
    page = _Page(text)
    return [
        next(
            (
                link
                for directive in page.find_directives(sentence, _SHORT_ENDS if is_short else ())
                if len(link := f"{plain}{mark}{directive.encode()}") <= LONGEST_URL
            ),
            None,
        )
        for sentence in sentences
    ]


def find_directives(text: str, sentence: Span) -> Iterator[Directive]:
    """Yield directives that match the sentence before anything else in the article, shortest context first."""
    return _Page(text).find_directives(sentence)


class _Page:
    """The words of an article as a browser compares them: in one line, without regard to case.

    It is searched for characters, not for whole words: what is found too often costs some context, nothing else.
    """

    def __init__(self, text: str) -> None:
        self._words = [match.span() for match in _WORD.finditer(text)]
        self._shown = [text[start:end] for start, end in self._words]
        self._tokens = [token.casefold() for token in self._shown]
        self._offsets = [0, *accumulate(len(token) + 1 for token in self._tokens)]
        self._text = " ".join(self._tokens)

    def find_directives(self, sentence: Span, short: Sequence[int] = ()) -> Iterator[Directive]:
        """Yield directives for a sentence; those that name it by so few words of its ends come first."""
        first = bisect_right(self._words, sentence.start, key=lambda word: word[1])
        last = bisect_left(self._words, sentence.end, key=lambda word: word[0])
        if first >= last:
            return
        tokens = self._shown
        for start, end in _shapes(tokens[first:last], short):
            for width in _CONTEXT:
                before, after = max(0, first - width), min(len(tokens), last + width)
                if self._is_first(before, first + start, last - end if end else first + start, after):
                    yield Directive(
                        " ".join(tokens[first : first + start]),
                        " ".join(tokens[last - end : last]) if end else "",
                        " ".join(tokens[before:first]),
                        " ".join(tokens[last:after]),
                    )
                    break

    def _is_first(self, before: int, opening_end: int, closing: int, after: int) -> bool:
        """Tell whether words ``before`` to ``opening_end`` stand here first, and those from ``closing`` on next."""
        opening = " ".join(self._tokens[before:opening_end])
        place = self._offsets[before]
        if closing == opening_end:
            opening = " ".join(self._tokens[before:after])
            return self._text.find(opening) == place
        wanted = " ".join(self._tokens[closing:after])
        found = self._text.find(wanted, place + len(opening))
        return self._text.find(opening) == place and found == self._offsets[closing]


def _shapes(tokens: Sequence[str], short: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """Yield how many words stand for the beginning and how many for the end; 0 where the beginning is all of it."""
    for count in short:
        if 3 * count < len(tokens):
            yield count, count
    if len(" ".join(tokens)) <= _LONGEST_EXACT:
        yield len(tokens), 0
    for count in _ENDS:
        if 2 * count < len(tokens):
            yield count, count


def _encode(text: str) -> str:
    # Percent-encoding leaves "-" alone, which is syntax here as "," and "&" are.
    return percent_encode(text, safe="").replace("-", "%2D")
