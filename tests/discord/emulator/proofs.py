"""Which test proves which rule: a rule without a proof fails a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.rules.laws import LAWS
from bot.sandbox.rules.table import RULES

Test = TypeVar("Test", bound=Callable[..., object])

PROVED: dict[str, list[str]] = {}


def proves(*names: str) -> Callable[[Test], Test]:
    """Name the rules that a test proves: taken at the bound or where it is kept, refused past it."""

    def note(test: Test) -> Test:
        for name in names:
            assert name in RULES or name in LAWS, f"there is no rule {name!r}"
            PROVED.setdefault(name, []).append(test.__name__)
        return test

    return note
