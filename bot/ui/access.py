"""Where and by whom a command may be used; checked again in code, because Discord's own settings can be changed."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands


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
