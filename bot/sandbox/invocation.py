"""Turns what a person typed into a slash command into the interaction's data."""

from __future__ import annotations

from typing import Any

from bot.sandbox.command_book import CannotInvoke, leaf_of
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import rest_view
from bot.sandbox.refusals import Payload
from bot.sandbox.rules.commands import ATTACHMENT, CHANNEL, MENTIONABLE, NUMBER, ROLE, USER_OPTION
from bot.sandbox.rules.options import problem_with
from bot.sandbox.world import Channel, Role, User

File = tuple[str, bytes]


class Invocation:
    """Builds the data of command and autocomplete interactions, with the entities their options name."""

    def __init__(self, hub: Hub, channel: Channel) -> None:
        self._hub = hub
        self._channel = channel
        self.resolved: dict[str, Payload] = {}

    def slash_data(self, command: Payload, words: list[str], values: dict[str, Any]) -> Payload:
        """Return the data of a slash command; raises CannotInvoke for a value Discord's server would not take."""
        passed, options = leaf_of(command, words)
        self._refuse_unknown(options, values)
        filled = []
        for option in options:
            value = values.get(option["name"])
            if value is None:
                if option.get("required"):
                    raise CannotInvoke(f"option {option['name']!r} is required")
                continue
            filled.append(self._filled(option, value))
        return self._data(command, passed, filled)

    def autocomplete_data(
        self, command: Payload, words: list[str], focused: str, value: str, values: dict[str, Any]
    ) -> Payload:
        """Return the data of an autocomplete: what is typed in the focused option, and the others as they stand."""
        passed, options = leaf_of(command, words)
        self._refuse_unknown(options, {focused: value, **values})
        filled = []
        for option in options:
            entry: Payload = {"name": option["name"], "type": option["type"]}
            if option["name"] == focused:
                if not option.get("autocomplete"):
                    raise CannotInvoke(f"option {focused!r} offers no autocomplete")
                filled.append({**entry, "value": value, "focused": True})
            elif option["name"] in values:
                filled.append({**entry, "value": values[option["name"]]})
        return self._data(command, passed, filled)

    def menu_data(self, command: Payload, target: Payload | User) -> Payload:
        """Return the data of a context menu on a message or a user."""
        data = self._data(command, [], [])
        if isinstance(target, User):
            data["target_id"] = target.id
            self._resolve_user(target)
        else:
            # the target of a message command is readable whatever the intents say
            data["target_id"] = target["id"]
            self._resolve("messages", target["id"], rest_view(target))
        data["resolved"] = self.resolved
        return data

    def _data(self, command: Payload, passed: list[Payload], filled: list[Payload]) -> Payload:
        for step in reversed(passed):
            filled = [{"name": step["name"], "type": step["type"], "options": filled}]
        data: Payload = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if filled:
            data["options"] = filled
        if self.resolved:
            data["resolved"] = self.resolved
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data

    @staticmethod
    def _refuse_unknown(options: list[Payload], values: dict[str, Any]) -> None:
        unknown = set(values) - {option["name"] for option in options}
        if unknown:
            raise CannotInvoke(f"no option {', '.join(sorted(unknown))}")

    def _filled(self, option: Payload, value: Any) -> Payload:
        problem = problem_with(option, value)
        if problem:
            raise CannotInvoke(f"option {option['name']!r} {problem}")
        kind = option["type"]
        if kind == ATTACHMENT:
            value = self.attach(value)
        elif kind in (USER_OPTION, CHANNEL, ROLE, MENTIONABLE):
            value = self.entity(value)
        elif kind == NUMBER:
            value = float(value)
        return {"name": option["name"], "type": kind, "value": value}

    def attach(self, file: File) -> str:
        """Upload a file as a person's client does and return its id; refuses one over the size limit."""
        filename, content = file
        if len(content) > self._hub.attachment_size_limit:
            raise CannotInvoke(f"{filename} is larger than {self._hub.attachment_size_limit} bytes")
        attachment = {**self._hub.add_file(filename, content), "ephemeral": True}
        self._resolve("attachments", attachment["id"], attachment)
        return str(attachment["id"])

    def entity(self, value: Any) -> str:
        """Put a user, role or channel of this guild into `resolved` and return its id."""
        self._refuse_foreign(value)
        if isinstance(value, User):
            self._resolve_user(value)
        elif isinstance(value, Role):
            self._resolve("roles", value.id, value.payload())
        elif isinstance(value, Channel):
            permissions = self._hub.world.permissions(self._hub.world.bot, value)
            self._resolve("channels", value.id, {**value.payload(), "permissions": str(permissions)})
        else:
            raise CannotInvoke(f"{value!r} is no user, role or channel")
        return str(value.id)

    def named(self, identifier: str, types: tuple[type, ...]) -> Any:
        """Return the user, role or channel of these types that an id names, else the id itself."""
        guild, world = self._channel.guild, self._hub.world
        known: list[tuple[type, dict[str, Any]]] = [(User, world.users), (Channel, world.channels)]
        known.append((Role, dict(guild.roles) if guild else {}))
        found = (entities[identifier] for kind, entities in known if kind in types and identifier in entities)
        return next(found, identifier)

    def _refuse_foreign(self, value: Any) -> None:
        guild = self._channel.guild
        if isinstance(value, Role) and (guild is None or value.id not in guild.roles):
            raise CannotInvoke(f"the role {value.name!r} is not of this guild")
        if isinstance(value, Channel) and value.guild is not guild:
            raise CannotInvoke(f"#{value.name} is not of this guild")

    def _resolve_user(self, user: User) -> None:
        self._resolve("users", user.id, user.payload())
        guild = self._channel.guild
        if guild is not None and user.id in guild.members:
            member = guild.members[user.id].payload(with_user=False)
            member["permissions"] = str(self._hub.world.permissions(user, self._channel))
            self._resolve("members", user.id, member)

    def _resolve(self, kind: str, identifier: str, payload: Payload) -> None:
        self.resolved.setdefault(kind, {})[identifier] = payload
