"""What is kept of questions, and what is told of it. Times are Unix seconds; members are keyed hashes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.engine.records.answers import AnswerState
from bot.engine.records.articles import ArticleRef

Place = tuple[int, int]
"""A passage: (article id, position)."""


class GapState(StrEnum):
    """What became of a question that the articles did not answer."""

    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question as it is kept.

    ``article``: the id of the only article that was searched, 0 for all. ``quoted``: what was quoted, best first;
    ``nearest``: the closest passage where nothing answered. ``follows``: the id of the question it follows up, or 0.
    ``is_private``: whether the asker alone saw the answer.
    """

    guild: int
    id: int
    asked_at: int
    channel: int
    member: str
    text: str
    state: AnswerState
    quoted: tuple[Place, ...] = ()
    nearest: Place | None = None
    article: int = 0
    follows: int = 0
    is_private: bool = False
    gap: GapState = GapState.OPEN


@dataclass(frozen=True, slots=True)
class Vote:
    """A member's opinion of an answer. ``reason`` is ``""`` where none was given."""

    guild: int
    question: int
    member: str
    is_helpful: bool
    voted_at: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a guild's questions since some time. ``top_articles``: (id, questions that it was quoted first for)."""

    questions: int = 0
    answered: int = 0
    unsure: int = 0
    unanswered: int = 0
    helpful: int = 0
    not_helpful: int = 0
    top_articles: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """:class:`Figures` of the last ``days``, with what the articles are called; one that is gone is left out."""

    days: int
    figures: Figures
    top_articles: tuple[tuple[ArticleRef, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MemberData:
    """All that is kept of one member, oldest first, in every guild."""

    questions: tuple[AskedQuestion, ...] = ()
    votes: tuple[Vote, ...] = ()
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class GuildData:
    """All questions and votes that are kept of one guild, oldest first."""

    guild: int
    questions: tuple[AskedQuestion, ...]
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Near-duplicate questions that the articles do not answer, newest first.

    ``id`` is that of the newest; ``wording`` the one closest to all the others.
    """

    id: int
    wording: str
    questions: tuple[AskedQuestion, ...] = field(repr=False)

    @property
    def count(self) -> int:
        """How often it was asked."""
        return len(self.questions)

    @property
    def last_asked(self) -> int:
        """When it was asked last."""
        return self.questions[0].asked_at

    @property
    def nearest(self) -> Place | None:
        """The closest passage when it was asked last, or None."""
        return next((question.nearest for question in self.questions if question.nearest), None)


@dataclass(frozen=True, slots=True)
class Replay:
    """What asking a gap's questions again gave: distinct wordings that are answered now, may be, and are not."""

    answered: tuple[str, ...]
    unsure: tuple[str, ...]
    unanswered: tuple[str, ...]
