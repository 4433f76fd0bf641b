"""The commands a bot has registered, per scope, and how a person's input becomes an interaction's data."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.hub import Hub
from bot.sandbox.permissions import ADMINISTRATOR
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.commands import GROUP, SLASH, SUBCOMMAND, check_command, check_scope
from bot.sandbox.rules.form import Form
from bot.sandbox.rules.table import RULES
from bot.sandbox.world import Channel, Guild, User

Key = tuple[int, str]


class CannotInvoke(Exception):
    """What a person's client would not let them do: a command they cannot see, a value that does not fit."""


class CommandBook:
    """Commands by scope: None for global, else a guild's id."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._scopes: dict[str | None, dict[Key, Payload]] = {None: {}}
        self._creates: dict[str | None, int] = {}
        self.syncs = 0

    def listing(self, scope: str | None) -> list[Payload]:
        """Return the commands registered in one scope."""
        return list(self._scopes.get(scope, {}).values())

    def overwrite(self, scope: str | None, commands: Any) -> list[Payload]:
        """Replace a scope's commands; ids stay the same for the same type and name."""
        form = Form()
        given = form.listing((), commands)
        check_scope(form, given)
        form.refuse_if_wrong()
        old = self._scopes.get(scope, {})
        self._count_creates(scope, [command for command in given if _key(command) not in old])
        self._scopes[scope] = {_key(command): self._register(scope, command, old) for command in given}
        self.syncs += 1
        return self.listing(scope)

    def create(self, scope: str | None, command: Any) -> Payload:
        """Add one command, or replace the one of the same type and name."""
        form = Form()
        check_command(form, (), command if isinstance(command, dict) else {})
        form.refuse_if_wrong()
        commands = self._scopes.setdefault(scope, {})
        if _key(command) not in commands:
            self._count_creates(scope, [command])
        check_scope(form, [*(entry for key, entry in commands.items() if key != _key(command)), command])
        form.refuse_if_wrong()
        commands[_key(command)] = self._register(scope, command, commands)
        return commands[_key(command)]

    def change(self, scope: str | None, command_id: str, changes: Payload) -> Payload:
        """Change fields of one command."""
        old = self.find_by_id(scope, command_id)
        new = {**old, **changes}
        form = Form()
        check_command(form, (), new)
        form.refuse_if_wrong()
        del self._scopes[scope][_key(old)]
        self._scopes[scope][_key(new)] = new
        return new

    def remove(self, scope: str | None, command_id: str) -> None:
        """Remove one command."""
        del self._scopes[scope][_key(self.find_by_id(scope, command_id))]

    def find_by_id(self, scope: str | None, command_id: str) -> Payload:
        """Return one command or refuse with 10063."""
        for command in self.listing(scope):
            if command["id"] == command_id:
                return command
        raise Refusal(10063, command_id)

    def available(self, user: User, channel: Channel, kind: int = SLASH) -> list[Payload]:
        """Return the commands a person can type in a channel (or, for another kind, finds in a menu there).

        A guild's own come before global ones of the same name.
        """
        merged = dict(self._scopes[None])
        if channel.guild is not None:
            merged.update(self._scopes.get(channel.guild.id, {}))
        return [
            command
            for command in merged.values()
            if command["type"] == kind and self.is_visible(command, user, channel)
        ]

    def is_visible(self, command: Payload, user: User, channel: Channel) -> bool:
        """Tell whether a person sees a command: its contexts, and the permissions it asks of members."""
        contexts = command.get("contexts")
        if channel.guild is None:
            return bool(command.get("dm_permission", True)) if contexts is None else 1 in contexts
        if contexts is not None and 0 not in contexts:
            return False
        has_bot = self._hub.world.bot.id in channel.guild.members
        if not has_bot and 1 not in (command.get("integration_types") or [0]):
            return False
        needed = command.get("default_member_permissions")
        held = self._hub.world.permissions(user, channel)
        if needed is None or held & ADMINISTRATOR:
            return True
        return int(needed) != 0 and held & int(needed) == int(needed)

    def find(self, user: User, channel: Channel, name: str, kind: int, *, bypass: bool) -> Payload:
        """Return the command a person would invoke; raises CannotInvoke if they cannot see it (unless `bypass`)."""
        if user.id not in _members(channel):
            raise CannotInvoke(f"{user.name} is not in this channel's guild")
        scopes = [self._scopes.get(channel.guild.id, {}) if channel.guild else {}, self._scopes[None]]
        for commands in scopes:
            if (command := commands.get((kind, name))) is not None:
                if bypass or self.is_visible(command, user, channel):
                    return command
                raise CannotInvoke(f"{user.name} cannot see {name!r} here")
        raise CannotInvoke(f"no command {name!r} of type {kind} is registered here")

    def _register(self, scope: str | None, command: Payload, old: dict[Key, Payload]) -> Payload:
        known = old.get(_key(command))
        stored: Payload = json.loads(json.dumps(command))
        stored["type"] = command.get("type") or SLASH
        stored["id"] = known["id"] if known else self._hub.world.snowflakes.make()
        stored["application_id"] = self._hub.world.application_id
        stored["version"] = self._hub.world.snowflakes.make()
        stored.setdefault("description", "")
        permissions = stored.get("default_member_permissions")
        stored["default_member_permissions"] = None if permissions is None else str(permissions)
        if scope is not None:
            stored["guild_id"] = scope
        return stored

    def _count_creates(self, scope: str | None, new: list[Payload]) -> None:
        self._creates[scope] = self._creates.get(scope, 0) + len(new)
        if self._creates[scope] > RULES["guild.creates_per_day"].high:
            raise Refusal(30034, "too many new commands in one day", rules=["guild.creates_per_day"])


def leaf_of(command: Payload, words: list[str]) -> tuple[list[Payload], list[Payload]]:
    """Follow the words after a command's name; return the subcommand options passed and the options left to fill."""
    passed: list[Payload] = []
    options: list[Payload] = command.get("options") or []
    for word in words:
        inner = next(
            (entry for entry in options if entry["name"] == word and entry["type"] in (SUBCOMMAND, GROUP)), None
        )
        if inner is None:
            raise CannotInvoke(f"{command['name']!r} has no subcommand {word!r}")
        passed.append(inner)
        options = inner.get("options") or []
    if any(entry["type"] in (SUBCOMMAND, GROUP) for entry in options):
        raise CannotInvoke(f"{command['name']!r} needs a subcommand")
    return passed, options


def _key(command: Payload) -> Key:
    return (command.get("type") or SLASH, command["name"])


def _members(channel: Channel) -> set[str]:
    guild: Guild | None = channel.guild
    if guild is not None:
        return set(guild.members)
    return {channel.recipient.id} if channel.recipient else set()
