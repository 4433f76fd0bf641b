"""What a question leads to: ranked hits, quotes, and the answer, which may be an abstention."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.engine.records.articles import ArticleRef
from bot.engine.records.passages import LineLabel, Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage. ``score`` is comparable within one query only; greater is better. ``rank`` counts from 1.

    ``reranker_score``: what a reranker gave it, if it came to this passage; it decides the order, ``score`` then only
    says what a passage of this rank scored before.
    """

    article_id: int
    position: int
    score: float
    rank: int
    reranker_score: float | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage with the spans to highlight.

    ``text`` is exactly ``stored_text[start:end]``; ``highlight`` spans are offsets into ``text``.
    """

    article: ArticleRef
    position: int
    passage_count: int
    headings: tuple[str, ...]
    kind: LineLabel
    text: str
    start: int
    end: int
    highlight: tuple[Span, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent in one ask, by part; ``encode_ms`` includes preparing the question."""

    encode_ms: float = 0.0
    search_ms: float = 0.0
    total_ms: float = 0.0


class AnswerState(StrEnum):
    """Whether the best quote answers: it does, it may, or the articles do not."""

    ANSWERS = "answers"
    UNSURE = "unsure"
    NOT_IN_ARTICLES = "not_in_articles"


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask`` returns: quotes, best first, or an abstention.

    ``query`` is what was asked; ``corrections``: pairs of a word of it and what was searched for in its place.
    ``confidence``: the probability, 0 to 1, that the best quote answers; ``raw_score``: what it was mapped from, for a
    calibration of one's own. ``quotes`` is empty where the articles do not answer.
    """

    query: str
    state: AnswerState
    confidence: float
    quotes: tuple[Quote, ...]
    timings: Timings = field(default_factory=Timings)
    raw_score: float = 0.0
    corrections: tuple[tuple[str, str], ...] = ()

    @property
    def answered(self) -> bool:
        """Whether there is something to show: quotes that answer, or that may."""
        return self.state is not AnswerState.NOT_IN_ARTICLES
