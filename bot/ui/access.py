"""Where and by whom a command may be used; checked again in code, because Discord's own settings can be changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

IN_DIRECT_MESSAGES = "in_direct_messages"
"""Among the extras of a command or of its group: it works in direct messages too."""
MEMBER_SECONDS = 5.0
"""How long Discord may take to say whether somebody is in a guild."""


def guild_of(interaction: discord.Interaction[Any]) -> int:
    """Return the guild's id. Raises NoPrivateMessage outside a guild."""
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id


def managed_guild_of(interaction: discord.Interaction[Any]) -> int:
    """Return the guild's id. Raises MissingPermissions unless the member may manage the guild."""
    guild = guild_of(interaction)
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return guild


async def is_member(guild: discord.Guild, user: int) -> bool:
    """Ask Discord whether somebody is in a guild; no intent is needed for one person. False where it does not say."""
    try:
        async with asyncio.timeout(MEMBER_SECONDS):
            return any(member.id == user for member in await guild.query_members(user_ids=[user], cache=False))
    except TimeoutError:
        return False


async def shared_guilds(client: discord.Client, user: int, guilds: Sequence[int]) -> list[discord.Guild]:
    """Return those of the guilds that somebody shares with the bot, in the guilds' order."""
    known = [guild for number in guilds if (guild := client.get_guild(number)) is not None]
    shares = await asyncio.gather(*(is_member(guild, user) for guild in known))
    return [guild for guild, is_shared in zip(known, shares, strict=True) if is_shared]


def may_send(permissions: discord.Permissions, channel: object) -> bool:
    """Tell whether permissions let somebody write in a channel; threads have a permission of their own."""
    if isinstance(channel, discord.Thread):
        return permissions.view_channel and permissions.send_messages_in_threads
    return permissions.view_channel and permissions.send_messages
