"""Values a person gives to a slash command's options, checked as Discord's server does."""

from __future__ import annotations

from typing import Any

from bot.sandbox.refusals import Payload
from bot.sandbox.rules.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER_OPTION,
)

MAX_SAFE_INTEGER = 2**53
DEFAULT_MAX_LENGTH = 6000


def problem_with(option: Payload, value: Any) -> str | None:
    """Return why a value does not fit an option, or None; values of an autocomplete option are free."""
    kind = option["type"]
    if kind == STRING:
        found = _problem_with_text(option, value)
    elif kind in (INTEGER, NUMBER):
        found = _problem_with_number(option, value)
    elif kind == BOOLEAN:
        found = None if isinstance(value, bool) else "must be true or false"
    else:
        found = None if kind in (ATTACHMENT, CHANNEL, ROLE, USER_OPTION, MENTIONABLE) else f"has unknown type {kind}"
    if found is None and option.get("choices") and value not in [choice["value"] for choice in option["choices"]]:
        found = "must be one of its choices"
    return found


def _problem_with_text(option: Payload, value: Any) -> str | None:
    if not isinstance(value, str):
        return "must be text"
    low, high = option.get("min_length") or 0, option.get("max_length") or DEFAULT_MAX_LENGTH
    if not low <= len(value) <= high:
        return f"must have {low} to {high} characters, not {len(value)}"
    return None if value else "must not be empty"


def _problem_with_number(option: Payload, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "must be a number"
    if option["type"] == INTEGER and not isinstance(value, int):
        return "must be a whole number"
    low, high = option.get("min_value"), option.get("max_value")
    if abs(value) > MAX_SAFE_INTEGER:
        return "must be within 2^53 of zero"
    if (low is not None and value < low) or (high is not None and value > high):
        return f"must be between {low} and {high}"
    return None
