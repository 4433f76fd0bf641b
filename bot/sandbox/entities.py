"""Who and what exists, one by one: accounts, roles, members, channels and guilds, each with its JSON object."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.refusals import Payload
from bot.sandbox.snowflakes import iso_now

TEXT_CHANNEL, DM_CHANNEL, VOICE_CHANNEL, ANNOUNCEMENT_CHANNEL, FORUM_CHANNEL = 0, 1, 2, 5, 15
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
THREADS = (ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
LONG_AGO = "2024-03-01T09:00:00+00:00"
"""When the bot joined a guild, unless a test adds it anew."""
REQUIRE_TAG = 1 << 4
"""The channel flag of a forum whose posts need a tag."""


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
class Tag:
    """A tag of a forum; `moderated` ones take MANAGE_THREADS to apply."""

    id: str
    name: str
    moderated: bool = False

    def payload(self) -> Payload:
        """Return the JSON object."""
        return {"id": self.id, "name": self.name, "moderated": self.moderated, "emoji_id": None, "emoji_name": None}


@dataclass
class ThreadState:
    """What only a thread or a forum's post has; `members` maps who is in it to when they joined."""

    owner_id: str
    auto_archive_minutes: int
    active_at: float
    created_at: str = field(default_factory=iso_now)
    archived_at: str = field(default_factory=iso_now)
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    members: dict[str, str] = field(default_factory=dict)
    tag_ids: list[str] = field(default_factory=list)
    total_sent: int = 0

    def metadata(self, *, is_private: bool) -> Payload:
        """Return the thread metadata object."""
        return {
            "archived": self.archived,
            "auto_archive_duration": self.auto_archive_minutes,
            "archive_timestamp": self.archived_at,
            "locked": self.locked,
            "create_timestamp": self.created_at,
            **({"invitable": self.invitable} if is_private else {}),
        }


@dataclass
class Channel:
    """A channel or thread of a guild, or a direct message with `recipient`; `messages` is its public history by id.

    `slow_seconds` is its slow mode; `tags` and `flags` matter in forums only; a thread has a `parent` and a `thread`.
    """

    id: str
    name: str
    type: int = TEXT_CHANNEL
    guild: Guild | None = None
    recipient: User | None = None
    overwrites: list[Payload] = field(default_factory=list)
    messages: dict[str, Payload] = field(default_factory=dict)
    typing_count: int = 0
    slow_seconds: int = 0
    tags: dict[str, Tag] = field(default_factory=dict)
    flags: int = 0
    parent: Channel | None = None
    thread: ThreadState | None = None
    wrote_at: dict[str, float] = field(default_factory=dict)

    @property
    def history(self) -> list[Payload]:
        """The public messages, oldest first."""
        return list(self.messages.values())

    @property
    def is_forum(self) -> bool:
        """Whether it takes posts instead of messages."""
        return self.type == FORUM_CHANNEL

    @property
    def takes_threads(self) -> bool:
        """Whether threads can hang on its messages (D: resources/channel, Start Thread from Message)."""
        return self.thread is None and self.type in (TEXT_CHANNEL, ANNOUNCEMENT_CHANNEL)

    def payload(self, viewer_id: str | None = None) -> Payload:
        """Return the JSON object; for a thread that `viewer_id` is in, with their thread member object."""
        last = next(reversed(self.messages), None)
        if self.recipient is not None:
            return {"id": self.id, "type": self.type, "last_message_id": last, "recipients": [self.recipient.payload()]}
        payload: Payload = {
            "id": self.id,
            "type": self.type,
            "name": self.name,
            "guild_id": self.guild.id if self.guild else None,
            "parent_id": self.parent.id if self.parent else None,
            "rate_limit_per_user": self.slow_seconds,
            "last_message_id": last,
            "flags": self.flags,
        }
        if self.thread is not None:
            return payload | self._thread_payload(self.thread, viewer_id)
        payload |= {
            "position": 0,
            "permission_overwrites": list(self.overwrites),
            "topic": None,
            "nsfw": False,
        }
        if self.is_forum:
            payload |= {
                "available_tags": [tag.payload() for tag in self.tags.values()],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
            }
        if self.type == VOICE_CHANNEL:
            payload |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
        return payload

    def _thread_payload(self, thread: ThreadState, viewer_id: str | None) -> Payload:
        found: Payload = {
            "owner_id": thread.owner_id,
            "thread_metadata": thread.metadata(is_private=self.type == PRIVATE_THREAD),
            "message_count": len(self.messages),
            "total_message_sent": thread.total_sent,
            "member_count": min(50, len(thread.members)),
            "applied_tags": list(thread.tag_ids),
        }
        if viewer_id in thread.members:
            found["member"] = self.thread_member(viewer_id)
        return found

    def thread_member(self, user_id: str) -> Payload:
        """Return the thread member object of somebody in the thread."""
        joined = self.thread.members[user_id] if self.thread else iso_now()
        return {"id": self.id, "user_id": user_id, "join_timestamp": joined, "flags": 0}


@dataclass
class Guild:
    """A guild; the role with the guild's own id is @everyone; `installer_id` is who added the bot.

    `emojis` maps its custom emojis' ids to their names.
    """

    id: str
    name: str
    owner_id: str
    preferred_locale: str = "en-US"
    system_channel_id: str | None = None
    installer_id: str | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    threads: dict[str, Channel] = field(default_factory=dict)
    emojis: dict[str, str] = field(default_factory=dict)
    available: bool = True

    @property
    def text_channel(self) -> Channel:
        """The first channel."""
        return next(iter(self.channels.values()))

    def payload(self, visible_members: list[Member], visible_threads: list[Payload] | None = None) -> Payload:
        """Return the JSON object of GUILD_CREATE; of threads it lists the active ones."""
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
            "emojis": [
                {"id": key, "name": name, "roles": [], "animated": False, "available": True}
                for key, name in self.emojis.items()
            ],
            "stickers": [],
            "roles": [role.payload() for role in self.roles.values()],
            "channels": [channel.payload() for channel in self.channels.values()],
            "threads": visible_threads or [],
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
