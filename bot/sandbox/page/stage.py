"""What the page starts with: who can be played, where, and what to try first."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.refusals import Payload
from bot.sandbox.world import Channel, User


@dataclass(frozen=True, slots=True)
class Example:
    """Something to click: ``label`` is shown, ``command`` and ``options`` are what it invokes, ``note`` says why."""

    label: str
    command: str
    options: dict[str, str]
    note: str = ""

    def payload(self) -> Payload:
        """Return the JSON object."""
        return {"label": self.label, "command": self.command, "options": self.options, "note": self.note}


@dataclass(frozen=True, slots=True)
class Stage:
    """``people``: who can be played, the first one to begin with. ``channels``: where, beside direct messages."""

    people: tuple[User, ...]
    channels: tuple[Channel, ...]
    examples: tuple[Example, ...] = ()
