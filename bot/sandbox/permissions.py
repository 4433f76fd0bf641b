"""Permission bits and how roles and channel overwrites combine (D: topics/permissions)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.world import Channel, Guild, Member

ADMINISTRATOR = 1 << 3
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
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38

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
    """Return a member's permissions in a channel: everyone's overwrite, then roles', then the member's own."""
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
