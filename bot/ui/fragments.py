"""Links that land on the sentence: text fragments (https://wicg.github.io/scroll-to-text-fragment/).

``#:~:text=[prefix-,]start[,end][,-suffix]``: the browser goes to the first place where ``start`` (or all from ``start``
to ``end``) stands between ``prefix`` and ``suffix``. It compares without regard to case and to the kind of white space,
and only whole words match; so everything here is made of whole words of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from bot.engine.records import Span
from bot.ui.text import LONGEST_URL, link_target

_LONGEST_EXACT = 160
"""Characters of a sentence that is spelled out; a longer one is named by its first and last words."""
_ENDS = (5, 8, 12)
"""How many words stand for a long sentence's beginning and end, fewest first."""
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
    plain = link_target(url)
    if plain is None or ":~:" in plain or len(text) > _LONGEST_ARTICLE:
        return None
    mark = ":~:text=" if "#" in plain else "#:~:text="
    for directive in find_directives(text, sentence):
        link = f"{plain}{mark}{directive.encode()}"
        if len(link) <= LONGEST_URL:
            return link
    return None


def find_directives(text: str, sentence: Span) -> Iterator[Directive]:
    """Yield directives that match the sentence before anything else in the article, shortest context first."""
    words = [match.span() for match in _WORD.finditer(text)]
    chosen = [index for index, (start, end) in enumerate(words) if start < sentence.end and end > sentence.start]
    if not chosen:
        return
    tokens = [text[start:end] for start, end in words]
    first, last = chosen[0], chosen[-1] + 1
    page = _Page(tokens)
    for start, end in _shapes(tokens[first:last]):
        for width in _CONTEXT:
            before, after = max(0, first - width), min(len(tokens), last + width)
            if page.is_first(before, first + start, last - end if end else first + start, after):
                yield Directive(
                    " ".join(tokens[first : first + start]),
                    " ".join(tokens[last - end : last]) if end else "",
                    " ".join(tokens[before:first]),
                    " ".join(tokens[last:after]),
                )
                break


class _Page:
    """The words of an article as a browser compares them: in one line, without regard to case.

    It is searched for characters, not for whole words: what is found too often costs some context, nothing else.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = [token.casefold() for token in tokens]
        self._text = " ".join(self._tokens)

    def is_first(self, before: int, opening_end: int, closing: int, after: int) -> bool:
        """Tell whether words ``before`` to ``opening_end`` stand here first, and those from ``closing`` on next."""
        opening = " ".join(self._tokens[before:opening_end])
        place = self._offset(before)
        if closing == opening_end:
            opening = " ".join(self._tokens[before:after])
            return self._text.find(opening) == place
        wanted = " ".join(self._tokens[closing:after])
        found = self._text.find(wanted, place + len(opening))
        return self._text.find(opening) == place and found == self._offset(closing)

    def _offset(self, word: int) -> int:
        return sum(map(len, self._tokens[:word])) + word


def _shapes(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield how many words stand for the beginning and how many for the end; 0 where the beginning is all of it."""
    if len(" ".join(tokens)) <= _LONGEST_EXACT:
        yield len(tokens), 0
    for count in _ENDS:
        if 2 * count < len(tokens):
            yield count, count


def _encode(text: str) -> str:
    # Percent-encoding leaves "-" alone, which is syntax here as "," and "&" are.
    return percent_encode(text, safe="").replace("-", "%2D")
