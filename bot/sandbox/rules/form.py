"""Collects everything wrong with one request body into Discord's tree of errors."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.table import RULES

Path = tuple[str | int, ...]


class Form:
    """Checks a body against the table; `refuse_if_wrong` raises 50035 with every finding (D: reference)."""

    def __init__(self) -> None:
        self._errors: Payload = {}
        self.rules: list[str] = []
        self.findings: list[str] = []

    def fail(self, path: Path, code: str, message: str, rule: str = "") -> None:
        """Note one thing wrong at a path; `rule` is its name in the table where it has a bound."""
        node = self._errors
        for part in path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})
        self.findings.append(f"{'.'.join(map(str, path)) or 'body'}: {message}")
        if rule:
            self.rules.append(rule)

    def text(self, path: Path, value: Any, rule: str, *, trim: bool = False) -> str:
        """Check a string's length, counted in characters; return it (empty if it is not a string)."""
        if not isinstance(value, str):
            self.fail(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value!r:.40}" as string.', rule)
            return ""
        self._bound(path, len(value.strip() if trim else value), rule, "in length")
        return value

    def optional_text(self, path: Path, value: Any, rule: str, *, trim: bool = False) -> str:
        """Check a string's length unless it is absent or null."""
        return "" if value is None else self.text(path, value, rule, trim=trim)

    def count(self, path: Path, items: Sized, rule: str) -> None:
        """Check how many items a list has."""
        self._bound(path, len(items), rule, "in length")

    def number(self, path: Path, value: Any, rule: str) -> None:
        """Check an optional number."""
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(path, "NUMBER_TYPE_COERCE", f'Value "{value!r:.40}" is not int.', rule)
            return
        self._bound(path, value, rule, "")

    def listing(self, path: Path, value: Any) -> list[Any]:
        """Return a list of objects or of values; a null counts as empty, anything else is noted."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        return value

    def require(self, path: Path, body: Payload, *keys: str) -> bool:
        """Note each key a body lacks; return whether it has them all."""
        missing = [key for key in keys if body.get(key) is None]
        for key in missing:
            self.fail((*path, key), "BASE_TYPE_REQUIRED", "This field is required")
        return not missing

    def choose(self, path: Path, value: Any, allowed: tuple[Any, ...], rule: str = "") -> bool:
        """Check that a value is one of a few; return whether it is."""
        if value in allowed:
            return True
        names = ", ".join(map(str, allowed))
        self.fail(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{names}}}.", rule)
        return False

    def _bound(self, path: Path, size: int, name: str, unit: str) -> None:
        rule = RULES[name]
        if rule.low <= size <= rule.high:
            return
        if rule.code:
            self.fail(path, rule.code, f"Size {size} exceeds the maximum of {rule.high}.", name)
        elif not unit:
            code = "NUMBER_TYPE_MAX" if size > rule.high else "NUMBER_TYPE_MIN"
            self.fail(path, code, f"Value should be between {rule.low} and {rule.high}.", name)
        elif rule.low == 0 or (size > rule.high and rule.low == rule.high):
            self.fail(path, "BASE_TYPE_MAX_LENGTH", f"Must be {rule.high} or fewer {unit}.", name)
        elif size == 0:
            self.fail(path, "BASE_TYPE_REQUIRED", "This field is required", name)
        else:
            self.fail(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {rule.low} and {rule.high} {unit}.", name)

    def refuse_if_wrong(self) -> None:
        """Raise the refusal if anything was noted."""
        if self._errors:
            raise Refusal(50035, "; ".join(self.findings[:5]), errors=self._errors, rules=self.rules)
