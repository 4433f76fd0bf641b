"""A scene to act in: guilds with channels, forums, roles and persons, on any shard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.sandbox.emulator import Emulator
from bot.sandbox.scene.person import Person
from bot.sandbox.world import FORUM_CHANNEL, Channel, Guild, Role


class Place:
    """A guild under its names: `harbour["lounge"]` is a channel, `harbour.role("curators")` a role."""

    def __init__(self, emulator: Emulator, guild: Guild) -> None:
        self.emulator = emulator
        self.guild = guild

    def __getitem__(self, name: str) -> Channel:
        places = [*self.guild.channels.values(), *self.guild.threads.values()]
        return next(channel for channel in places if channel.name == name)

    @property
    def id(self) -> int:
        """The guild's id as libraries have it."""
        return int(self.guild.id)

    def role(self, name: str) -> Role:
        """Return a role by its name."""
        return next(role for role in self.guild.roles.values() if role.name == name)

    def shuts_out(self, who: Person | Role, channel: str, *permissions: str) -> None:
        """Take permissions away in one channel: `harbour.shuts_out(bot_role, "general", "send_messages")`."""
        target = who.user if isinstance(who, Person) else who
        self.emulator.roster.denies(self[channel], target, list(permissions))


class Scene:
    """Builds guilds and persons in an emulator, before or after the bot has connected."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def guild(
        self,
        name: str,
        *,
        channels: Iterable[str] = ("general",),
        forums: Mapping[str, tuple[str, ...]] | None = None,
        roles: Mapping[str, str | list[str]] | None = None,
        shard: tuple[int, int] | None = None,
    ) -> Place:
        """Make a guild: `forums` with their tags, `roles` with their permissions, `shard` as (number, count)."""
        world = self.emulator.world
        guild = world.add_guild(name, shard=shard)
        for channel in channels:
            world.add_channel(guild, channel)
        for forum, tags in (forums or {}).items():
            world.add_channel(guild, forum, FORUM_CHANNEL, tags=tags)
        place = Place(self.emulator, guild)
        for role, permissions in (roles or {}).items():
            added = world.add_role(guild, role)
            self.emulator.roster.changes_role(guild, added, permissions)
        self.emulator.announce(guild)
        return place

    def person(
        self, name: str, place: Place, *, permissions: str | Iterable[str] = (), roles: Iterable[str] = ()
    ) -> Person:
        """Put somebody into a guild, with permissions or roles of it; they stand in its first channel."""
        guild = place.guild
        user = self.emulator.add_member(
            guild, name, list(permissions) if not isinstance(permissions, str) else permissions
        )
        guild.members[user.id].role_ids += [place.role(role).id for role in roles]
        return Person(self.emulator, user, guild.text_channel)

    def joins(self, person: Person, place: Place) -> Person:
        """Let somebody join a second guild; return them there."""
        self.emulator.roster.joins(place.guild, person.user)
        return person.at(place.guild.text_channel)
