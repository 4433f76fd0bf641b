"""Ask a library every question of a set and keep what it found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.engine.errors import BadQuestionSet
from bot.engine.evaluation.question_set import Kind, Question
from bot.engine.evaluation.shelving import GUILD, Shelf
from bot.engine.library import Library
from bot.engine.ports.encoders import Progress
from bot.engine.records.answers import AnswerState, Hit
from bot.engine.records.passages import Span

DEPTH = 100


class Scope(StrEnum):
    """What a question is asked of: its article, or the whole library."""

    ARTICLE = "article"
    LIBRARY = "library"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the library gave for one question.

    ``ranking``: pids, best first, at most DEPTH, with their ``scores``. ``highlights``: the spans in the first of them.
    ``gold_pid``: the gold passage in which the place of an answer is known, and ``gold_highlights`` the spans in it.
    ``encode_ms``: None where the question was encoded earlier. ``raw_score``: what the confidence was mapped from.
    """

    question: Question
    ranking: tuple[str, ...]
    scores: tuple[float, ...]
    confidence: float
    state: AnswerState
    highlights: tuple[Span, ...]
    gold_pid: str | None
    gold_highlights: tuple[Span, ...]
    encode_ms: float | None
    rank_ms: float
    raw_score: float = 0.0

    @property
    def gold_rank(self) -> int | None:
        """The rank of the first gold passage, from 1."""
        return next((rank for rank, pid in enumerate(self.ranking, start=1) if pid in self.question.gold), None)


def check_questions(questions: Sequence[Question], scope: Scope, longest: int) -> None:
    """Raise BadQuestionSet where a question cannot be asked in the scope, or is longer than the bot takes."""
    for question in questions:
        if scope is Scope.ARTICLE and question.doc_id is None:
            raise BadQuestionSet(
                f'The question "{question.qid}" names no article ("doc_id"). Add it, or ask the whole library: '
                "--scope library"
            )
        if len(question.text) > longest:
            raise BadQuestionSet(
                f'The question "{question.qid}" has {len(question.text):,} characters and would be refused: shorten it '
                f"to {longest:,}, or set limits.question_characters higher."
            )


def draw_questions(questions: Sequence[Question], limit: int | None) -> list[Question]:
    """Return at most ``limit`` questions of each kind, drawn with a fixed seed, in their order."""
    if limit is None:
        return list(questions)
    chosen: list[int] = []
    for kind in Kind:
        numbers = [number for number, question in enumerate(questions) if question.kind is kind]
        chosen += [numbers[place] for place in np.random.default_rng(0).permutation(len(numbers))[:limit]]
    return [questions[number] for number in sorted(chosen)]


def ask_questions(
    library: Library,
    shelf: Shelf,
    questions: Sequence[Question],
    scope: Scope,
    *,
    is_encoded: Callable[[str], bool] = lambda _: False,
    progress: Progress | None = None,
) -> list[Asked]:
    """Ask every question through the code path of ``/ask``.

    An off-topic question that is known to belong to an article of the set is asked of a library without that article.
    ``is_encoded``: whether a question's encoding is no work, so that its time says nothing.
    """
    library.warm()
    asked = []
    for number, question in enumerate(questions, start=1):
        asked.append(_ask(library, shelf, question, scope, was_encoded=is_encoded(question.text)))
        if progress is not None:
            progress(number, len(questions))
    return asked


def _ask(library: Library, shelf: Shelf, question: Question, scope: Scope, *, was_encoded: bool) -> Asked:
    articles: list[int] | None = None
    if scope is Scope.ARTICLE and question.doc_id is not None:
        articles = [shelf.ids[question.doc_id]]
    elif question.kind is Kind.OFF_TOPIC and question.home is not None:
        articles = [number for doc_id, number in shelf.ids.items() if doc_id != question.home]
    found, timings = library.ranking.rank(GUILD, question.text, articles=articles, depth=DEPTH)
    ranked = (*found.hits, *found.others)[:DEPTH]
    highlights = dict(zip((_place(hit) for hit in found.hits), found.highlights, strict=True))
    gold_pid = _find_gold(question)
    gold_highlights: tuple[Span, ...] = ()
    place = None if gold_pid is None else shelf.place(gold_pid)
    if place is not None:
        known = highlights.get(place)
        gold_highlights = library.ranking.highlight(GUILD, question.text, *place) if known is None else known
    return Asked(
        question,
        tuple(shelf.pid(*_place(hit)) for hit in ranked),
        tuple(hit.score for hit in ranked),
        found.confidence,
        found.state,
        found.highlights[0] if found.highlights else (),
        gold_pid,
        gold_highlights,
        None if was_encoded else timings.encode_ms,
        timings.search_ms,
        found.raw_score,
    )


def _place(hit: Hit) -> tuple[int, int]:
    return hit.article_id, hit.position


def _find_gold(question: Question) -> str | None:
    """Return the gold passage of the first answer whose place is known."""
    places = (answer.pid for answer in question.answers if answer.start is not None)
    return next((pid for pid in places if pid in question.gold), None) if question.kind is Kind.ANSWERABLE else None
