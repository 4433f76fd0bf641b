"""How a button remembers a passage in the few characters that Discord keeps for it, and finds it again."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.engine.records.answers import Quote
from bot.engine.records.articles import Article
from bot.engine.records.passages import Passage, Span, digest

_PASSAGE_BYTES = 6
_REVISION_BYTES = 3
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ANCHOR = re.compile(
    r"([0-9a-z]{1,13})\.([0-9a-z]{1,13})\.([\w-]{8})\.([\w-]{4})(?:\.([0-9a-z]{1,6})\.([0-9a-z]{1,6}))?"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage by its article and position, the first 48 bits of its digest and 24 bits of its article's.

    ``highlight``: what was bold in it, as offsets into the passage; the first thing to go where there is no room.
    """

    article: int
    position: int
    passage_mark: str
    revision_mark: str
    highlight: Span | None = None

    @classmethod
    def of(cls, quote: Quote, article: Article) -> Anchor:
        """Remember a quote."""
        marks = (_mark(digest(quote.text), _PASSAGE_BYTES), _mark(article.content_hash, _REVISION_BYTES))
        return cls(quote.article.id, quote.position, *marks, quote.highlight[0] if quote.highlight else None)

    def find(self, article: Article) -> Passage | None:
        """Return the passage where the article still holds it, word for word, wherever it stands by now, or None."""
        here = article.passages[self.position - 1 : self.position]
        for passage in (*here, *article.passages):
            if _mark(passage.digest, _PASSAGE_BYTES) == self.passage_mark:
                return passage
        return None

    def is_revision(self, article: Article) -> bool:
        """Tell whether the article is the one that was quoted, unchanged anywhere."""
        return _mark(article.content_hash, _REVISION_BYTES) == self.revision_mark

    def __str__(self) -> str:
        numbers = [encode_number(number) for number in (self.article, self.position)]
        span = [encode_number(offset) for offset in self.highlight or ()]
        return ".".join([*numbers, self.passage_mark, self.revision_mark, *span])


def join_anchors(anchors: Iterable[Anchor], limit: int) -> str:
    """Write anchors one after another: whole where that takes at most ``limit`` characters, else as many as fit."""
    whole = list(anchors)
    text = ",".join(map(str, whole))
    if len(text) <= limit:
        return text
    written: list[str] = []
    for anchor in whole:
        shorter = str(replace(anchor, highlight=None))
        if len(",".join([*written, shorter])) > limit:
            break
        written.append(shorter)
    return ",".join(written)


def split_anchors(text: str) -> tuple[Anchor, ...]:
    """Read what :func:`join_anchors` wrote; what is no anchor is left out."""
    return tuple(_read(match) for part in text.split(",") if (match := _ANCHOR.fullmatch(part)))


def _read(match: re.Match[str]) -> Anchor:
    highlight = Span(int(match[5], 36), int(match[6], 36)) if match[5] else None
    return Anchor(int(match[1], 36), int(match[2], 36), match[3], match[4], highlight)


def encode_number(number: int) -> str:
    """Write a number that is not negative with the digits 0 to z, which ``int(text, 36)`` reads."""
    text = ""
    while number or not text:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text


def _mark(hex_digest: str, count: int) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(hex_digest)[:count]).decode()
