"""What the bot may have to do in a guild, and the permission that each takes: the invitation is made of this table."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.ui import help_words

SCOPES = ("bot", "applications.commands")


@dataclass(frozen=True, slots=True)
class Right:
    """A permission of Discord's: its name in the code and on the screen, and what does not work without it.

    ``is_optional``: for something that a server chooses, which then says what it takes; the invitation asks for none.
    """

    name: str
    label: str
    without_it: str
    is_optional: bool = False


RIGHTS = (
    Right("view_channel", help_words.VIEW_CHANNELS, help_words.WITHOUT_VIEW_CHANNELS),
    Right("send_messages", help_words.SEND_MESSAGES, help_words.WITHOUT_SEND_MESSAGES),
    Right("send_messages_in_threads", help_words.SEND_IN_THREADS, help_words.WITHOUT_SEND_IN_THREADS),
    Right("read_message_history", help_words.READ_HISTORY, help_words.WITHOUT_READ_HISTORY),
    Right("create_public_threads", help_words.CREATE_THREADS, help_words.WITHOUT_CREATE_THREADS, is_optional=True),
)
NEEDED = tuple(right for right in RIGHTS if not right.is_optional)


def needed_permissions() -> discord.Permissions:
    """Return what the table names and everybody needs."""
    return discord.Permissions(**{right.name: True for right in NEEDED})


def missing_rights(held: discord.Permissions, channel: object = None) -> list[Right]:
    """Return what the bot lacks, of a channel only what matters there: threads have a permission of their own."""
    is_thread = isinstance(channel, discord.Thread)
    skipped = "send_messages" if is_thread else "send_messages_in_threads"
    return [right for right in NEEDED if not getattr(held, right.name) and (channel is None or right.name != skipped)]


def invite_link(application_id: int) -> str:
    """Return the address at which somebody adds the bot to their guild, with exactly these permissions and scopes."""
    return discord.utils.oauth_url(application_id, permissions=needed_permissions(), scopes=SCOPES)
