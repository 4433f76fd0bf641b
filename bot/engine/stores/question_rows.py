"""Questions and votes between rows and records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from bot.engine.questions.records import AskedQuestion, GapState, Place, Vote
from bot.engine.records.answers import AnswerState

QUESTION = "guild, id, asked_at, channel, member, text, article, follows, is_private, state, quoted, nearest, gap"
VOTE = "guild, question, member, is_helpful, reason, voted_at"


def read_questions(
    connection: sqlite3.Connection, where: str, values: Sequence[Any], *, newest: int | None = None
) -> list[AskedQuestion]:
    """Read questions, oldest first; or so many of them, newest first."""
    order = "asked_at, id" if newest is None else "asked_at DESC, id DESC LIMIT ?"
    query = f"SELECT {QUESTION} FROM question WHERE {where} ORDER BY {order}"  # noqa: S608
    rows = connection.execute(query, values if newest is None else (*values, newest)).fetchall()
    return [make_question(*row) for row in rows]


def make_question(
    guild: int, number: int, asked_at: int, channel: int, member: str, text: str, *rest: Any
) -> AskedQuestion:
    """Make a question of the values of QUESTION."""
    article, follows, is_private, state, quoted, nearest, gap = rest
    closest = next(iter(read_places(nearest)), None)
    return AskedQuestion(
        guild, number, asked_at, channel, member, text, AnswerState(state), read_places(quoted), closest,
        article, follows, bool(is_private), GapState(gap),
    )  # fmt: skip


def make_row(question: AskedQuestion) -> tuple[Any, ...]:
    """Return the values of QUESTION."""
    return (
        question.guild, question.id, question.asked_at, question.channel, question.member, question.text,
        question.article, question.follows, question.is_private, question.state.value, write_places(question.quoted),
        write_places([question.nearest] if question.nearest else []), question.gap.value,
    )  # fmt: skip


def read_votes(connection: sqlite3.Connection, where: str, values: Sequence[Any]) -> list[Vote]:
    """Read votes, oldest first."""
    query = f"SELECT {VOTE} FROM vote WHERE {where} ORDER BY voted_at, question"  # noqa: S608
    return [
        Vote(guild, question, member, bool(is_helpful), voted_at, reason)
        for guild, question, member, is_helpful, reason, voted_at in connection.execute(query, values).fetchall()
    ]


def write_places(places: Iterable[Place]) -> str:
    """Write places as JSON."""
    return json.dumps(list(places), separators=(",", ":"))


def read_places(text: str) -> tuple[Place, ...]:
    """Read what :func:`write_places` wrote."""
    return tuple((int(article), int(position)) for article, position in json.loads(text))
