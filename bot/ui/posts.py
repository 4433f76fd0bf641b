"""Questions that nobody put to the bot: messages of channels that a server chose, and posts of a forum."""

from __future__ import annotations

from collections.abc import Callable

import discord

from bot.ui import asking_words
from bot.ui.manners import is_courtesy


def unasked_question(message: discord.Message, is_question: Callable[[str], bool]) -> str | None:
    """Return what a message asks of nobody in particular, or None.

    The first message of a forum post is its question, with the title as context. Elsewhere only what reads as a
    question counts. What is said to somebody, in reply or by a mention, is theirs.
    """
    if message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    if message.reference is not None or message.mentions or message.role_mentions or message.mention_everyone:
        return None
    text = " ".join(message.content.split())
    if isinstance(message.channel, discord.Thread) and isinstance(message.channel.parent, discord.ForumChannel):
        if message.id != message.channel.id:
            return None
        return join_title(message.channel.name, text)
    return (
        text
        if text and len(text) <= asking_words.QUESTION_LIMIT and is_question(text) and not is_courtesy(text)
        else None
    )


def join_title(title: str, text: str) -> str:
    """Return a post as one question: the title, and as much of the text as a question may hold."""
    title = " ".join(title.split())
    if not text or text.casefold().startswith(title.casefold()):
        title, text = "", text or title
    joined = f"{title}{'' if not title or title[-1] in '.?!…' else '.'} {text}".strip()
    return joined[: asking_words.QUESTION_LIMIT].rstrip()
