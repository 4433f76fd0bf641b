"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is: ``warn`` works but deserves a look, ``fail`` keeps the bot from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``next_step`` is what to do, empty where nothing is."""

    check: str
    state: State
    says: str
    next_step: str = ""


def ok(check: str, says: str) -> Finding:
    """Report that all is well."""
    return Finding(check, State.OK, says)


def warn(check: str, says: str, next_step: str) -> Finding:
    """Report what deserves a look."""
    return Finding(check, State.WARN, says, next_step)


def fail(check: str, says: str, next_step: str) -> Finding:
    """Report what keeps the bot from working."""
    return Finding(check, State.FAIL, says, next_step)


def has_failed(findings: Iterable[Finding]) -> bool:
    """Tell whether anything keeps the bot from working."""
    return any(finding.state is State.FAIL for finding in findings)
