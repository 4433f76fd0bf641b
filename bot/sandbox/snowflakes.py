"""Identifiers that encode the moment they were made, as Discord's do."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000
_LOW_BITS = 22


class Snowflakes:
    """Makes ids that grow strictly and carry the wall clock (D: reference, Snowflakes).

    A client computes an interaction's age from its id, so a counter alone would look years old.
    """

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._last = 0

    def make(self, shard: tuple[int, int] | None = None) -> str:
        """Return a new id as the decimal string JSON carries; for `shard` one that `id >> 22` sends there.

        Such an id may lie some milliseconds ahead.
        """
        now = (int(self._wall_clock() * 1000) - DISCORD_EPOCH_MS) << _LOW_BITS
        self._last = max(now, self._last + 1)
        while shard is not None and (self._last >> _LOW_BITS) % shard[1] != shard[0]:
            self._last += 1 << _LOW_BITS
        return str(self._last)


def timestamp_of(snowflake: str) -> str:
    """Return the ISO 8601 moment (UTC, microseconds) a snowflake encodes."""
    milliseconds = (int(snowflake) >> _LOW_BITS) + DISCORD_EPOCH_MS
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="microseconds")


def iso_now() -> str:
    """Return the present moment as Discord writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
