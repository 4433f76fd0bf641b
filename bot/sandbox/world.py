"""Who and what exists: users, guilds, roles, channels, members, messages and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.permissions import (
    BOT_DEFAULT,
    DIRECT_MESSAGE,
    MEMBER_DEFAULT,
    bits_of,
    channel_permissions,
)
from bot.sandbox.refusals import Payload
from bot.sandbox.snowflakes import Snowflakes, iso_now

TEXT_CHANNEL = 0
DM_CHANNEL = 1
LONG_AGO = "2024-03-01T09:00:00+00:00"
"""When the bot joined a guild, unless a test adds it anew."""


@dataclass
class User:
    """An account. Compare by `id`; without `takes_direct` it refuses direct messages."""

    id: str
    name: str
    bot: bool = False
    locale: str = "en-US"
    takes_direct: bool = True

    @property
    def mention(self) -> str:
        """What a person types to ping the account."""
        return f"<@{self.id}>"

    def payload(self) -> Payload:
        """Return the JSON object."""
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "global_name": None if self.bot else self.name.capitalize(),
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass
class Role:
    """A role of a guild; `mentionable` lets anybody ping it."""

    id: str
    name: str
    permissions: int
    position: int = 0
    mentionable: bool = False

    def payload(self) -> Payload:
        """Return the JSON object."""
        return {
            "id": self.id,
            "name": self.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": self.position,
            "permissions": str(self.permissions),
            "managed": False,
            "mentionable": self.mentionable,
            "flags": 0,
        }


@dataclass
class Member:
    """An account in a guild."""

    user: User
    role_ids: list[str] = field(default_factory=list)
    joined_at: str = field(default_factory=iso_now)

    def payload(self, *, with_user: bool = True) -> Payload:
        """Return the JSON object; the gateway's messages and resolved options leave `user` out."""
        payload: Payload = {
            "roles": list(self.role_ids),
            "nick": None,
            "avatar": None,
            "joined_at": self.joined_at,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
        }
        if with_user:
            payload["user"] = self.user.payload()
        return payload


@dataclass
class Channel:
    """A text channel of a guild, or a direct message with `recipient`; `messages` is its public history by id."""

    id: str
    name: str
    type: int = TEXT_CHANNEL
    guild: Guild | None = None
    recipient: User | None = None
    overwrites: list[Payload] = field(default_factory=list)
    messages: dict[str, Payload] = field(default_factory=dict)
    typing_count: int = 0

    @property
    def history(self) -> list[Payload]:
        """The public messages, oldest first."""
        return list(self.messages.values())

    def payload(self) -> Payload:
        """Return the JSON object."""
        last = next(reversed(self.messages), None)
        if self.recipient is not None:
            return {"id": self.id, "type": self.type, "last_message_id": last, "recipients": [self.recipient.payload()]}
        return {
            "id": self.id,
            "type": self.type,
            "name": self.name,
            "guild_id": self.guild.id if self.guild else None,
            "position": 0,
            "permission_overwrites": list(self.overwrites),
            "topic": None,
            "nsfw": False,
            "parent_id": None,
            "rate_limit_per_user": 0,
            "last_message_id": last,
            "flags": 0,
        }


@dataclass
class Guild:
    """A guild; the role with the guild's own id is @everyone; `installer_id` is who added the bot."""

    id: str
    name: str
    owner_id: str
    preferred_locale: str = "en-US"
    system_channel_id: str | None = None
    installer_id: str | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def text_channel(self) -> Channel:
        """The first channel."""
        return next(iter(self.channels.values()))

    def payload(self, visible_members: list[Member]) -> Payload:
        """Return the JSON object of GUILD_CREATE."""
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "owner_id": self.owner_id,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "premium_tier": 0,
            "nsfw_level": 0,
            "system_channel_flags": 0,
            "preferred_locale": self.preferred_locale,
            "system_channel_id": self.system_channel_id,
            "features": [],
            "emojis": [],
            "stickers": [],
            "roles": [role.payload() for role in self.roles.values()],
            "channels": [channel.payload() for channel in self.channels.values()],
            "threads": [],
            "members": [member.payload() for member in visible_members],
            "member_count": len(self.members),
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "large": False,
            "unavailable": False,
            "joined_at": iso_now(),
        }


class World:
    """Everything that exists in one emulator; all ids come from one growing sequence."""

    def __init__(self) -> None:
        self.snowflakes = Snowflakes()
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.application_id = self.snowflakes.make()
        self.bot = User(self.application_id, "pullquote", bot=True)
        self.users[self.bot.id] = self.bot

    def add_user(self, name: str) -> User:
        """Create an account that belongs to no guild yet."""
        user = User(self.snowflakes.make(), name)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, with_bot: bool = True) -> Guild:
        """Create a guild owned by an account nobody plays, with the bot in it and @everyone's usual permissions."""
        owner = self.add_user(f"{name.lower()}-owner")
        guild = Guild(self.snowflakes.make(), name, owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", MEMBER_DEFAULT)
        guild.members[owner.id] = Member(owner)
        self.guilds[guild.id] = guild
        if with_bot:
            role = self.add_role(guild, "pullquote", BOT_DEFAULT)
            guild.members[self.bot.id] = Member(self.bot, [role.id], LONG_AGO)
        return guild

    def add_role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """Create a role."""
        role = Role(self.snowflakes.make(), name, permissions, len(guild.roles), mentionable)
        guild.roles[role.id] = role
        return role

    def add_channel(self, guild: Guild, name: str) -> Channel:
        """Create a text channel everybody may see."""
        channel = Channel(self.snowflakes.make(), name, guild=guild)
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
        for channel in self.channels.values():
            if channel.recipient is not None and channel.recipient.id == user.id:
                return channel
        channel = Channel(self.snowflakes.make(), user.name, DM_CHANNEL, recipient=user)
        self.channels[channel.id] = channel
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
