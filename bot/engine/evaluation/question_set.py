"""What is measured: articles given as passages, and questions with their gold passages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class GivenPassage:
    """A passage as the corpus gives it. ``headings``: outermost first."""

    pid: str
    text: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenArticle:
    """An article whose passages are given, not found by our splitter."""

    doc_id: str
    title: str
    passages: tuple[GivenPassage, ...]


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """Words that answer. ``start``: their offset in the passage ``pid``, or None where it is not known."""

    text: str
    start: int | None
    pid: str | None


class Kind(StrEnum):
    """What a right answer to a question would be.

    ANSWERABLE: its gold passages. NEAR_MISS: "not in the articles", though the article is about the matter. OFF_TOPIC:
    the same, of a question that belongs to another article.
    """

    ANSWERABLE = "answerable"
    NEAR_MISS = "near_miss"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Question:
    """A question. ``doc_id``: the article it is asked of, None where it is asked of the library alone.

    ``gold``: pids of the passages that answer. ``home``: of an off-topic question, the article that it belongs to,
    where that is known.
    """

    qid: str
    text: str
    kind: Kind
    doc_id: str | None
    gold: tuple[str, ...] = ()
    answers: tuple[GoldAnswer, ...] = ()
    home: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """``questions``: those of the questions file in its order, then the off-topic ones. ``notes``: what was odd."""

    name: str
    articles: tuple[GivenArticle, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...] = ()
