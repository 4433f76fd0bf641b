"""Questions put to the bot: in messages that mention it, and in replies to its own."""

from __future__ import annotations

import re

import discord

_QUESTION_OPENING = re.compile(
    r"(?:and |but |so )?(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|should|"
    r"would|will|has|have|had|may|must)\b"
)


def mentioned_question(message: discord.Message, bot_id: int) -> str | None:
    """Return the message without its mentions of the bot, or None where it does not mention the bot.

    What counts is the literal ``<@id>`` in the text: a reply to the bot pings it without one ("thanks"), and
    ``@everyone`` mentions everybody. Discord's own list must agree, because a mention inside a code block is none.
    """
    token = re.compile(rf"<@!?{bot_id}>")
    if not token.search(message.content) or all(user.id != bot_id for user in message.mentions):
        return None
    return " ".join(token.sub(" ", message.content).split())


def replied_question(message: discord.Message, bot_id: int) -> str | None:
    """Return the text of a reply that pings the bot and asks something, else None.

    Without the ping Discord keeps the text to itself, and so it does for a reply to an interaction's answer. A reply
    pings by default, so "thanks" comes here too: only what reads as a question counts.
    """
    replied = message.reference.resolved if message.reference is not None else None
    if not isinstance(replied, discord.Message) or replied.author.id != bot_id:
        return None
    if all(user.id != bot_id for user in message.mentions):
        return None
    text = " ".join(message.content.split())
    return text if is_question(text) else None


def is_question(text: str) -> bool:
    """Tell whether a text reads as a question: it holds a question mark, or opens as English questions do."""
    return any(mark in text for mark in "?？؟") or _QUESTION_OPENING.match(text.casefold()) is not None
