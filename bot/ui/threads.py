"""Threads that answers stand in: begun on the question, named by who asked.

Never by the question: a thread's name stands in the channel's list and in everybody's search, outlives the message, and
would show a password pasted into a question to the whole server. Never by an article either: an article can be bound
to fewer people later, or be about what should not be told.
"""

from __future__ import annotations

import logging

import discord

from bot.ui import threads_words
from bot.ui.text import cut

log = logging.getLogger(__name__)

NAME_UNITS = 100
_NAME_OF_MEMBER_UNITS = 60
_UNKNOWN_MESSAGE = 10008
_HAS_THREAD = 160004


class NoThread(Exception):
    """No thread can be begun on a message. ``is_ours``: whoever manages the server can do something about it."""

    def __init__(self, reason: str, *, is_ours: bool = True) -> None:
        super().__init__(reason)
        self.is_ours = is_ours


def may_begin(channel: object, bot: discord.Member | None) -> bool:
    """Tell whether the bot may begin threads on the messages of a channel, and write in them."""
    if bot is None or not isinstance(channel, discord.TextChannel):
        return False
    held = channel.permissions_for(bot)
    return held.create_public_threads and held.send_messages_in_threads


def has_threads(channel: object) -> bool:
    """Tell whether Discord has threads on the messages of such a channel; those of a category may have."""
    return isinstance(channel, discord.TextChannel | discord.CategoryChannel)


async def begin_thread(client: discord.Client, message: discord.Message) -> discord.abc.Messageable:
    """Begin a thread on a message, or find the one that hangs on it. Raises NoThread."""
    guild = message.guild
    if guild is None or not has_threads(message.channel):
        raise NoThread("no-threads-here")
    # Asked before: a thread that the bot may not write in would stand there empty.
    if not may_begin(message.channel, guild.me):
        raise NoThread("not-permitted")
    name = cut(threads_words.thread_name(cut(message.author.display_name, _NAME_OF_MEMBER_UNITS)), NAME_UNITS)
    try:
        return await message.create_thread(name=name)
    except discord.HTTPException as error:
        if error.code == _HAS_THREAD:
            # A message has one thread, with its own id: somebody else was quicker.
            return client.get_partial_messageable(message.id, guild_id=guild.id, type=discord.ChannelType.public_thread)
        raise NoThread(f"code {error.code}", is_ours=error.code != _UNKNOWN_MESSAGE) from error
