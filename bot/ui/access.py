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


async def find_member(guild: discord.Guild, user: int) -> discord.Member | None:
    """Ask Discord for a member with the roles of now; no intent is needed for one person. None where it names none."""
    try:
        async with asyncio.timeout(MEMBER_SECONDS):
            found = await guild.query_members(user_ids=[user], cache=False)
    except TimeoutError:
        return None
    return next((member for member in found if member.id == user), None)


async def is_member(guild: discord.Guild, user: int) -> bool:
    """Ask Discord whether somebody is in a guild. False where it does not say."""
    return await find_member(guild, user) is not None


async def shared_members(client: discord.Client, user: int, guilds: Sequence[int]) -> list[discord.Member]:
    """Return somebody as a member of those of the guilds that they share with the bot, in the guilds' order."""
    known = [guild for number in guilds if (guild := client.get_guild(number)) is not None]
    found = await asyncio.gather(*(find_member(guild, user) for guild in known))
    return [member for member in found if member is not None]


def may_send(permissions: discord.Permissions, channel: object) -> bool:
    """Tell whether permissions let somebody write in a channel; threads have a permission of their own."""
    if isinstance(channel, discord.Thread):
        return permissions.view_channel and permissions.send_messages_in_threads
    return permissions.view_channel and permissions.send_messages
