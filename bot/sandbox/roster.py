"""Guilds, members, roles and channels that change while the bot is connected, each with the event it makes."""

from __future__ import annotations

from bot.sandbox import intents
from bot.sandbox.hub import Hub
from bot.sandbox.permissions import bits_of
from bot.sandbox.refusals import Payload
from bot.sandbox.world import TEXT_CHANNEL, Channel, Guild, Role, User


class Roster:
    """Changes the world and tells the gateway; events go only where the intents, and sight, allow."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def bot_joins(self, guild: Guild) -> None:
        """Let the bot be added to a guild (GUILD_CREATE)."""
        if self._hub.world.bot.id not in guild.members:
            self._hub.world.add_bot(guild)
        self._hub.gateway.announce(guild, is_new=True)

    def bot_leaves(self, guild: Guild) -> None:
        """Let the bot be removed from a guild (GUILD_DELETE without `unavailable`)."""
        guild.members.pop(self._hub.world.bot.id, None)
        self._hub.gateway.dispatch("GUILD_DELETE", {"id": guild.id}, needs=intents.GUILDS, shard_of=guild.id)
        self._hub.changes.ring()

    def outage_begins(self, guild: Guild) -> None:
        """Let a guild become unavailable: until it ends nothing of it arrives."""
        gone = {"id": guild.id, "unavailable": True}
        self._hub.gateway.dispatch("GUILD_DELETE", gone, needs=intents.GUILDS, shard_of=guild.id)
        guild.available = False

    def outage_ends(self, guild: Guild) -> None:
        """Let a guild become available again (GUILD_CREATE)."""
        guild.available = True
        self._hub.gateway.announce(guild)

    def joins(self, guild: Guild, user: User, permissions: int | str | list[str] = 0) -> None:
        """Let somebody join a guild."""
        self._hub.world.add_member(guild, user, permissions)
        self._tell("GUILD_MEMBER_ADD", guild, guild.members[user.id].payload(), intents.GUILD_MEMBERS)

    def leaves(self, guild: Guild, user: User) -> None:
        """Let somebody leave a guild, be kicked or banned."""
        guild.members.pop(user.id)
        for thread in guild.threads.values():
            if thread.thread is not None:
                thread.thread.members.pop(user.id, None)
        self._tell("GUILD_MEMBER_REMOVE", guild, {"user": user.payload()}, intents.GUILD_MEMBERS)

    def gives_role(self, guild: Guild, user: User, role: Role) -> None:
        """Give a member a role. The bot hears of its own roles without the members intent."""
        guild.members[user.id].role_ids.append(role.id)
        self._tell_member(guild, user)

    def takes_role(self, guild: Guild, user: User, role: Role) -> None:
        """Take a role from a member."""
        guild.members[user.id].role_ids.remove(role.id)
        self._tell_member(guild, user)

    def _tell_member(self, guild: Guild, user: User) -> None:
        needs = 0 if user.id == self._hub.world.bot.id else intents.GUILD_MEMBERS
        self._tell("GUILD_MEMBER_UPDATE", guild, guild.members[user.id].payload(), needs)

    def changes_role(self, guild: Guild, role: Role, permissions: int | str | list[str]) -> None:
        """Change what a role permits."""
        role.permissions = bits_of(permissions)
        self._tell("GUILD_ROLE_UPDATE", guild, {"role": role.payload()}, intents.GUILDS)

    def opens_channel(self, guild: Guild, name: str, kind: int = TEXT_CHANNEL) -> Channel:
        """Create a channel while the bot is connected."""
        channel = self._hub.world.add_channel(guild, name, kind)
        self._tell("CHANNEL_CREATE", guild, channel.payload(), intents.GUILDS)
        return channel

    def denies(self, channel: Channel, target: User | Role, permissions: int | str | list[str]) -> None:
        """Take permissions away in one channel, for a role or a person (CHANNEL_UPDATE)."""
        self._hub.world.set_overwrite(channel, target, deny=bits_of(permissions))
        if channel.guild is not None:
            self._tell("CHANNEL_UPDATE", channel.guild, channel.payload(), intents.GUILDS)

    def edits_channel(self, channel: Channel, changes: Payload) -> None:
        """Change a channel's name, slow mode or overwrites (CHANNEL_UPDATE)."""
        channel.name = changes.get("name") or channel.name
        channel.slow_seconds = changes.get("rate_limit_per_user", channel.slow_seconds) or 0
        channel.overwrites = changes.get("permission_overwrites", channel.overwrites) or []
        if channel.guild is not None:
            self._tell("CHANNEL_UPDATE", channel.guild, channel.payload(), intents.GUILDS)

    def closes_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads."""
        guild = channel.guild
        if guild is None:
            return
        self._tell("CHANNEL_DELETE", guild, channel.payload(), intents.GUILDS)
        for thread in [entry for entry in guild.threads.values() if entry.parent is channel]:
            del guild.threads[thread.id], self._hub.world.channels[thread.id]
        del guild.channels[channel.id], self._hub.world.channels[channel.id]

    def _tell(self, event: str, guild: Guild, data: Payload, needs: int) -> None:
        self._hub.gateway.dispatch(event, {**data, "guild_id": guild.id}, needs=needs)
        self._hub.changes.ring()
