"""What a summary is made of: the article's own sentences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.engine.records.articles import ArticleRef


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One of the article's own sentences: ``text`` is exactly ``stored_text[start:end]``."""

    text: str
    position: int
    headings: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences of the article in article order.

    ``about``: the topic that was asked for, or ``""``. ``is_too_short``: there is nothing to leave out, and
    ``sentences`` is the first passage.
    """

    article: ArticleRef
    sentences: tuple[SummarySentence, ...]
    about: str = ""
    is_too_short: bool = False


class SummaryLength(StrEnum):
    """How long a summary is: one sentence, or about 60, 100 or 150 words."""

    KEY = "key"
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"
