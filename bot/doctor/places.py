"""What the bot may do in each guild and channel that it is in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord

from bot.doctor.findings import Finding, ok, warn
from bot.ui.rights import missing_rights

_NAMED = 5
"""How many channels are named; of a server with many closed ones the number says enough."""
_REPAIR = "Open the invitation below again for this server, or give the bot's role the permission."


async def check_places(client: discord.Client, most: int) -> AsyncIterator[Finding]:
    """Check the permissions in at most so many guilds."""
    found = [int(guild["id"]) for guild in await client.http.get_guilds(200, with_counts=False)]
    if not found:
        yield warn("servers", "The bot is in no server yet.", "Open the invitation below and choose one.")
        return
    for number in found[:most]:
        yield await _check_guild(client, number)
    if len(found) > most:
        yield ok("servers", f"{len(found) - most} more were not looked at; --servers N looks at more.")


async def _check_guild(client: discord.Client, number: int) -> Finding:
    guild = await client.fetch_guild(number, with_counts=False)
    assert client.user is not None  # noqa: S101 -- logged in
    own = await guild.fetch_member(client.user.id)
    check = f"server {guild.name}"
    lacking = missing_rights(own.guild_permissions)
    if lacking:
        return warn(check, f"Not allowed: {', '.join(right.label for right in lacking)}.", _REPAIR)
    channels = [channel for channel in await guild.fetch_channels() if isinstance(channel, discord.TextChannel)]
    visible = [channel for channel in channels if channel.permissions_for(own).view_channel]
    mute = [channel for channel in visible if missing_rights(channel.permissions_for(own), channel)]
    hidden = len(channels) - len(visible)
    says = f"May do everything in {len(visible) - len(mute)} of {len(channels)} text channels"
    says += f"; {hidden} are closed to it." if hidden else "."
    if not mute:
        return ok(check, says)
    names = ", ".join(f"#{channel.name}" for channel in mute[:_NAMED]) + (" …" if len(mute) > _NAMED else "")
    return warn(
        check,
        f"{says} It sees but cannot answer in {names}.",
        "If it is to answer there, allow it in the channel's settings, under Permissions.",
    )
