"""What went before a question: from the log where it is kept, else from the messages themselves."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.async_questions import AsyncQuestions
from bot.engine.errors import EngineError
from bot.engine.questions.follow_up import Context
from bot.ui.pressing import question_replied_to, read_shown

RECENT_SECONDS = 30 * 60
"""In a thread or a direct message a question may lean on one that is no older."""


@dataclass(frozen=True, slots=True)
class Before:
    """``number``: of the question before as it is kept, or 0. ``context``: what it was and what was quoted."""

    number: int = 0
    context: Context | None = None


async def before_reply(questions: AsyncQuestions, guild: int, answer: discord.Message) -> Before:
    """Return what went before a question about one of the bot's own messages."""
    shown = read_shown(answer)
    kept = await _context(questions, guild, shown.number)
    if kept is not None:
        return Before(shown.number, kept)
    text = shown.text or await question_replied_to(answer)
    return Before(0, Context((text,) if text else (), shown.quoted)) if text or shown.quoted else Before()


async def before_in_channel(questions: AsyncQuestions, guild: int, channel: int, *, user: int | None = None) -> Before:
    """Return what was asked last in a direct message, by one member, or in a thread, publicly by anyone."""
    try:
        last = await questions.last(guild, channel, seconds=RECENT_SECONDS, user=user)
    except EngineError:
        return Before()
    if last is None:
        return Before()
    return Before(last.id, await _context(questions, guild, last.id))


async def _context(questions: AsyncQuestions, guild: int, number: int) -> Context | None:
    try:
        return await questions.context(guild, number)
    except EngineError:
        # A log that cannot be read costs the context, never the answer.
        return None
