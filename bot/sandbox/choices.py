"""What a person chooses in a select menu, as Discord's server checks it and hands it on."""

from __future__ import annotations

from typing import Any

from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.invocation import Invocation
from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds
from bot.sandbox.world import Channel, Role, User

_TAKES: dict[int, tuple[type, ...]] = {
    kinds.USER_SELECT: (User,),
    kinds.ROLE_SELECT: (Role,),
    kinds.MENTIONABLE_SELECT: (User, Role),
    kinds.CHANNEL_SELECT: (Channel,),
}


def chosen(select: Payload, values: list[Any], invocation: Invocation) -> list[str]:
    """Return the values of a select, ids for people, roles and channels; what they name is put into `resolved`.

    A string select takes the values or labels it offers, the others what they name or its id. Raises CannotInvoke for
    what its client would not let through.
    """
    name = select.get("placeholder") or select.get("custom_id")
    low = select.get("min_values", 1) if select.get("required", True) else 0
    high = select.get("max_values", 1)
    if not low <= len(values) <= high:
        raise CannotInvoke(f"{name!r} takes {low} to {high} values")
    if select["type"] == kinds.SELECT:
        found = [_offered(select, str(value), name) for value in values]
    else:
        found = [_entity(select, value, name, invocation) for value in values]
    if len(set(found)) < len(found):
        raise CannotInvoke(f"{name!r} takes each value once")
    return found


def _offered(select: Payload, value: str, name: Any) -> str:
    options = select.get("options") or []
    for key in ("value", "label"):
        for option in options:
            if option[key] == value:
                return str(option["value"])
    raise CannotInvoke(f"{name!r} does not offer {value!r}")


def _entity(select: Payload, value: Any, name: Any, invocation: Invocation) -> str:
    kind = select["type"]
    if isinstance(value, str):
        value = invocation.named(value, _TAKES[kind])
    if not isinstance(value, _TAKES[kind]):
        expected = " or ".join(entry.__name__.lower() for entry in _TAKES[kind])
        raise CannotInvoke(f"{name!r} takes a {expected}, not {value!r:.40}")
    allowed = select.get("channel_types") or []
    if isinstance(value, Channel) and allowed and value.type not in allowed:
        raise CannotInvoke(f"{name!r} takes channels of the types {allowed}")
    return invocation.entity(value)
