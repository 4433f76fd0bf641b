"""What a person types into the sandbox's prompt: a slash command with its options."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.command_book import leaf_of
from bot.sandbox.refusals import Payload
from bot.sandbox.rules.commands import GROUP, SUBCOMMAND

STRING, INTEGER, BOOLEAN, NUMBER, ATTACHMENT = 3, 4, 5, 10, 11


class CannotRead(Exception):
    """The line is not understood; the message says what to type."""


@dataclass(frozen=True, slots=True)
class SlashLine:
    """A slash command as typed: its full name ("article add") and its options, values still text."""

    name: str
    options: dict[str, str] = field(default_factory=dict)


def read_slash(line: str, commands: list[Payload]) -> tuple[SlashLine, list[Payload]]:
    """Read ``/name [sub] text option: value …`` and return it with the options the command takes.

    Text before the first ``option:`` goes to the first option. Raises CannotRead.
    """
    words = line.removeprefix("/").split()
    if not words:
        raise CannotRead("A command follows the slash, for example /ask. Type help for all of them.")
    command = next((entry for entry in commands if entry["name"] == words[0]), None)
    if command is None:
        names = ", ".join(sorted(f"/{entry['name']}" for entry in commands))
        raise CannotRead(f"There is no /{words[0]} here for you. There are: {names}")
    path = [words[0]]
    options: list[Payload] = command.get("options") or []
    while any(entry["type"] in (SUBCOMMAND, GROUP) for entry in options):
        known = [entry["name"] for entry in options]
        if len(words) <= len(path) or words[len(path)] not in known:
            raise CannotRead(f"/{' '.join(path)} goes on with one of: {', '.join(known)}")
        path.append(words[len(path)])
        _, options = leaf_of(command, path[1:])
    rest = line.split(None, len(path))[len(path)] if len(words) > len(path) else ""
    return SlashLine(" ".join(path), _split_options(rest, options)), options


def _split_options(text: str, options: list[Payload]) -> dict[str, str]:
    if not options:
        return {}
    alternatives = "|".join(re.escape(option["name"]) for option in options)
    parts = re.split(rf"(?:^|\s)({alternatives}):\s*", text)
    values = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    if parts[0].strip():
        values.setdefault(options[0]["name"], parts[0].strip())
    return values


def typed_value(option: Payload, text: str) -> Any:
    """Turn what was typed into the option's type, except attachments. Raises CannotRead."""
    kind = option["type"]
    try:
        if kind == INTEGER:
            return int(text)
        if kind == NUMBER:
            return float(text)
    except ValueError:
        raise CannotRead(f"{option['name']} takes a number, not {text!r}.") from None
    if kind == BOOLEAN:
        if text.lower() not in ("true", "false", "yes", "no"):
            raise CannotRead(f"{option['name']} takes true or false, not {text!r}.")
        return text.lower() in ("true", "yes")
    return text
