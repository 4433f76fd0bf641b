"""Whether the commands that Discord knows are those of this version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from bot.client import PullquoteClient

if TYPE_CHECKING:
    from bot.async_library import AsyncLibrary

_COMPARED = (
    "type",
    "description",
    "name_localizations",
    "description_localizations",
    "default_member_permissions",
    "contexts",
    "integration_types",
    "nsfw",
    "required",
    "autocomplete",
    "min_length",
    "max_length",
    "min_value",
    "max_value",
    "value",
)
_SLASH = 1
Payload = Mapping[str, Any]


class _Unasked:
    """Stands for a library where commands are described by their signatures, and nothing is ever asked of it."""

    settings = None


async def describe_commands() -> list[dict[str, Any]]:
    """Return the commands of this version as Discord is sent them. Needs no connection and no store."""
    client = PullquoteClient(library=cast("AsyncLibrary", _Unasked()))
    return await (await client.add_commands()).describe_commands()


def compare_commands(ours: Iterable[Payload], known: Iterable[Payload]) -> list[str]:
    """Name each command that Discord lacks, has in another form, or should not have, sorted."""
    here = {_key(command): _shape(command) for command in ours}
    there = {_key(command): _shape(command) for command in known}
    differing = {key for key in here.keys() | there.keys() if here.get(key) != there.get(key)}
    return sorted(f"/{name}" if kind == _SLASH else f"“{name}”" for kind, name in differing)


def _key(command: Payload) -> tuple[int, str]:
    return int(command.get("type") or _SLASH), str(command["name"])


def _shape(part: Payload) -> dict[str, Any]:
    """Reduce a command, an option or a choice to what members notice; Discord leaves out or adds empty values."""
    shape = {key: _plain(part.get(key)) for key in _COMPARED if part.get(key) not in (None, False, "", [], {})}
    for key in ("options", "choices"):
        inner = part.get(key) or []
        if inner:
            shape[key] = [(str(entry["name"]), _shape(entry)) for entry in inner]
    return shape


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(value) if isinstance(value, list) else str(value)
