"""Who will see an answer, from what Discord says of roles, channels and members. No member list is needed for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord

from bot.engine.guild_settings.records import GuildSettings
from bot.engine.scopes.records import Viewer


def place_of(channel: object) -> tuple[int, ...]:
    """Return a channel's id and what it stands in, the nearest first: a thread's parent, a category."""
    numbers = [getattr(channel, "id", None)]
    if isinstance(channel, discord.Thread):
        numbers.append(channel.parent_id)
        channel = channel.parent
    numbers.append(getattr(channel, "category_id", None))
    return tuple(number for number in numbers if number is not None)


def is_manager(permissions: discord.Permissions, roles: Iterable[int], settings: GuildSettings) -> bool:
    """Tell whether somebody may manage the articles: by Manage Server, or by the role that the guild chose."""
    return permissions.manage_guild or (settings.manager_role is not None and settings.manager_role in set(roles))


def role_ids(member: object) -> frozenset[int]:
    """Return the roles of a member, @everyone included; none for somebody who is no member."""
    return frozenset(role.id for role in member.roles) if isinstance(member, discord.Member) else frozenset()


def asker_of(interaction: discord.Interaction[Any], settings: GuildSettings) -> Viewer:
    """Return the member who uses a command or presses a button, where the answer is for that member alone."""
    roles = role_ids(interaction.user)
    people = () if is_manager(interaction.permissions, roles, settings) else (roles,)
    return Viewer(people, frozenset(place_of(interaction.channel)))


def member_everywhere(member: discord.Member, settings: GuildSettings) -> Viewer:
    """Return a member in a direct message: what is for a channel is shown to whoever may look into that channel."""
    guild, roles = member.guild, role_ids(member)
    people = () if is_manager(member.guild_permissions, roles, settings) else (roles,)
    seen = [channel for channel in guild.channels if channel.permissions_for(member).view_channel]
    return Viewer(people, frozenset(number for channel in seen for number in place_of(channel)))


def everyone_in(
    channel: object, guild: discord.Guild | None, settings: GuildSettings, *, bot_id: int | None = None
) -> Viewer:
    """Return everybody who may look into a channel of a guild.

    Whoever may, may by @everyone's permissions, by one role of theirs, or by an overwrite of their own; so these are
    the kinds of people, each with no more roles than it takes. Who manages the guild or its articles may see every
    article anyway. Where Discord does not say enough, strangers count.
    """
    place = frozenset(place_of(channel))
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    if guild is None or not isinstance(parent, discord.abc.GuildChannel) or guild.default_role is None:
        return Viewer((frozenset(),), place)
    everyone = guild.default_role
    own = {target.id: overwrite.view_channel for target, overwrite in parent.overwrites.items()}
    if everyone.permissions.manage_guild or everyone.permissions.administrator:
        return Viewer((), place)
    by_default = own.get(everyone.id)
    if everyone.permissions.view_channel if by_default is None else by_default:
        return Viewer((frozenset({everyone.id}),), place)
    kinds = []
    for role in guild.roles:
        if role.is_default() or role.is_bot_managed() or is_manager(role.permissions, (role.id,), settings):
            continue
        if role.permissions.administrator:
            continue
        inherited = role.permissions.view_channel if by_default is None else False
        said = own.get(role.id)
        if inherited if said is None else said:
            kinds.append(frozenset({everyone.id, role.id}))
    known = {role.id for role in guild.roles} | {bot_id}
    if any(may_view and target not in known for target, may_view in own.items()):
        kinds.append(frozenset({everyone.id}))
    return Viewer(tuple(kinds), place)
