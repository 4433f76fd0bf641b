"""Who and what exists: users, guilds, roles, channels, members, messages and files."""

from __future__ import annotations

from typing import Any

from bot.sandbox.entities import (
    DM_CHANNEL,
    FORUM_CHANNEL,
    LONG_AGO,
    TEXT_CHANNEL,
    Channel,
    Guild,
    Member,
    Role,
    Tag,
    ThreadState,
    User,
)
from bot.sandbox.permissions import BOT_DEFAULT, DIRECT_MESSAGE, MEMBER_DEFAULT, bits_of, channel_permissions
from bot.sandbox.refusals import Payload
from bot.sandbox.snowflakes import Snowflakes

__all__ = [
    "DM_CHANNEL",
    "FORUM_CHANNEL",
    "LONG_AGO",
    "TEXT_CHANNEL",
    "Channel",
    "Guild",
    "Member",
    "Role",
    "Tag",
    "ThreadState",
    "User",
    "World",
    "is_snowflake",
    "wire",
]


class World:
    """Everything that exists in one emulator; all ids come from one growing sequence."""

    def __init__(self) -> None:
        self.snowflakes = Snowflakes()
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self._direct: dict[str, Channel] = {}
        self.application_id = self.snowflakes.make()
        self.bot = User(self.application_id, "pullquote", bot=True)
        self.users[self.bot.id] = self.bot

    def add_user(self, name: str) -> User:
        """Create an account that belongs to no guild yet."""
        user = User(self.snowflakes.make(), name)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, with_bot: bool = True, shard: tuple[int, int] | None = None) -> Guild:
        """Create a guild owned by an account nobody plays, with the bot in it and @everyone's usual permissions.

        `shard`, as (number, count), chooses an id that belongs to that shard.
        """
        owner = self.add_user(f"{name.lower()}-owner")
        guild = Guild(self.snowflakes.make(shard), name, owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", MEMBER_DEFAULT)
        guild.members[owner.id] = Member(owner)
        self.guilds[guild.id] = guild
        if with_bot:
            self.add_bot(guild)
        return guild

    def add_bot(self, guild: Guild) -> None:
        """Put the bot into a guild with a role of its own."""
        role = self.add_role(guild, self.bot.name, BOT_DEFAULT)
        guild.members[self.bot.id] = Member(self.bot, [role.id], LONG_AGO)

    def add_role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """Create a role."""
        role = Role(self.snowflakes.make(), name, permissions, len(guild.roles), mentionable)
        guild.roles[role.id] = role
        return role

    def add_channel(
        self, guild: Guild, name: str, kind: int = TEXT_CHANNEL, *, tags: tuple[str, ...] = (), slow_seconds: int = 0
    ) -> Channel:
        """Create a channel everybody may see; `tags` are the names of a forum's."""
        channel = Channel(self.snowflakes.make(), name, kind, guild=guild, slow_seconds=slow_seconds)
        for tag in tags:
            made = Tag(self.snowflakes.make(), tag)
            channel.tags[made.id] = made
        guild.channels[channel.id] = self.channels[channel.id] = channel
        return channel

    def add_member(self, guild: Guild, name: str | User, permissions: int | str | list[str] = 0) -> User:
        """Put an account (a new one for a name) into a guild, with a role of its own if it gets extra permissions."""
        user = self.add_user(name) if isinstance(name, str) else name
        extra = bits_of(permissions)
        roles = [self.add_role(guild, f"{user.name}-role", extra).id] if extra else []
        guild.members[user.id] = Member(user, roles)
        return user

    def direct_channel(self, user: User) -> Channel:
        """Return the direct message channel between a user and the bot, made on first use."""
        if user.id in self._direct:
            return self._direct[user.id]
        channel = Channel(self.snowflakes.make(), user.name, DM_CHANNEL, recipient=user)
        self._direct[user.id] = self.channels[channel.id] = channel
        return channel

    def permissions(self, user: User, channel: Channel) -> int:
        """Return what a user may do in a channel; 0 for a stranger."""
        if channel.guild is None:
            known = channel.recipient is not None and user.id in (channel.recipient.id, self.bot.id)
            return DIRECT_MESSAGE if known else 0
        member = channel.guild.members.get(user.id)
        return channel_permissions(channel.guild, member, channel) if member else 0

    def set_overwrite(self, channel: Channel, target: User | Role, *, allow: int = 0, deny: int = 0) -> None:
        """Set one channel overwrite for a user or a role."""
        channel.overwrites = [entry for entry in channel.overwrites if entry["id"] != target.id]
        kind = 1 if isinstance(target, User) else 0
        channel.overwrites.append({"id": target.id, "type": kind, "allow": str(allow), "deny": str(deny)})

    def find_message(self, message_id: str) -> Payload | None:
        """Return a public message by id, from any channel."""
        for channel in self.channels.values():
            if message_id in channel.messages:
                return channel.messages[message_id]
        return None


def wire(message: Payload) -> Payload:
    """Return a message as Discord sends it: without the emulator's own keys, which start with an underscore."""
    return {key: value for key, value in message.items() if not key.startswith("_")}


def is_snowflake(value: Any) -> bool:
    """Tell whether a value reads as an id: clients send both strings and integers beyond 2^53."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and value.isdigit())
