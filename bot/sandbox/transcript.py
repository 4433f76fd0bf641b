"""Every exchange in order, for reading after a failure and for golden files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.refusals import Payload


class Transcript:
    """A list of exchanges, each a dict with `at` (seconds since the start) and `kind`.

    Kinds: `dispatch` and `sent` (gateway, to the bot), `received` (gateway, from it), `request` (REST, with its reply).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start = clock.now()
        self.entries: list[Payload] = []

    def __iter__(self) -> Iterator[Payload]:
        return iter(self.entries)

    def record(self, kind: str, **fields: Any) -> None:
        """Append one exchange; the token of an IDENTIFY or RESUME is not kept."""
        body = fields.get("payload")
        if isinstance(body, dict) and isinstance(body.get("d"), dict) and "token" in body["d"] and kind == "received":
            fields["payload"] = {**body, "d": {**body["d"], "token": "(left out)"}}
        self.entries.append({"at": round(self._clock.now() - self._start, 4), "kind": kind, **fields})

    def requests(self, method: str | None = None, path_part: str = "") -> list[Payload]:
        """Return the REST exchanges, optionally of one method and with a piece of the path."""
        return [
            entry
            for entry in self.entries
            if entry["kind"] == "request" and method in (None, entry["method"]) and path_part in entry["path"]
        ]

    def write(self, path: Path) -> None:
        """Write the transcript as JSON lines."""
        path.write_text("".join(json.dumps(entry, default=str) + "\n" for entry in self.entries), encoding="utf-8")
