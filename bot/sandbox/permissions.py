"""Permission bits and how roles and channel overwrites combine (D: topics/permissions)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.entities import PRIVATE_THREAD

if TYPE_CHECKING:
    from bot.sandbox.entities import Channel, Guild, Member

ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_AUDIT_LOG = 1 << 7
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_MESSAGES_IN_THREADS = 1 << 38
SEND_POLLS = 1 << 49
USE_EXTERNAL_APPS = 1 << 50
PIN_MESSAGES = 1 << 51
BYPASS_SLOWMODE = 1 << 52

EVERYTHING = (1 << 53) - 1
MEMBER_DEFAULT = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | SEND_MESSAGES_IN_THREADS
    | READ_MESSAGE_HISTORY
    | EMBED_LINKS
    | ATTACH_FILES
    | ADD_REACTIONS
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_POLLS
    | USE_EXTERNAL_APPS
)
# The worst case on purpose: a bot that may mention everyone is the one whose pings a test must notice.
BOT_DEFAULT = MEMBER_DEFAULT | MENTION_EVERYONE
DIRECT_MESSAGE = MEMBER_DEFAULT

NAMES: dict[str, int] = {
    name.lower(): value
    for name, value in list(globals().items())
    if name.isupper() and isinstance(value, int) and value.bit_count() == 1
}


def bits_of(permissions: int | str | list[str] | tuple[str, ...]) -> int:
    """Return the bits for a number, one name such as "manage_guild", or several names."""
    if isinstance(permissions, int):
        return permissions
    names = [permissions] if isinstance(permissions, str) else list(permissions)
    total = 0
    for name in names:
        total |= NAMES[name]
    return total


def guild_permissions(guild: Guild, member: Member) -> int:
    """Return a member's permissions in a guild, before channel overwrites."""
    if member.user.id == guild.owner_id:
        return EVERYTHING
    total = guild.roles[guild.id].permissions
    for role_id in member.role_ids:
        total |= guild.roles[role_id].permissions
    return EVERYTHING if total & ADMINISTRATOR else total


def channel_permissions(guild: Guild, member: Member, channel: Channel) -> int:
    """Return a member's permissions in a channel: everyone's overwrite, then roles', then the member's own.

    A thread has its parent's; a private one is seen by those in it and by whoever holds MANAGE_THREADS.
    """
    if channel.thread is not None and channel.parent is not None:
        held = channel_permissions(guild, member, channel.parent)
        is_shut = channel.type == PRIVATE_THREAD and member.user.id not in channel.thread.members
        return 0 if is_shut and not held & MANAGE_THREADS else held
    total = guild_permissions(guild, member)
    if total & ADMINISTRATOR:
        return EVERYTHING
    overwrites = {entry["id"]: entry for entry in channel.overwrites}
    if everyone := overwrites.get(guild.id):
        total = total & ~int(everyone["deny"]) | int(everyone["allow"])
    allow = deny = 0
    for role_id in member.role_ids:
        if entry := overwrites.get(role_id):
            allow |= int(entry["allow"])
            deny |= int(entry["deny"])
    total = total & ~deny | allow
    if own := overwrites.get(member.user.id):
        total = total & ~int(own["deny"]) | int(own["allow"])
    return total if total & VIEW_CHANNEL else 0


def writing_permission(channel: Channel) -> int:
    """Return the bit that lets somebody write in a channel: threads have one of their own."""
    return SEND_MESSAGES_IN_THREADS if channel.thread is not None else SEND_MESSAGES
