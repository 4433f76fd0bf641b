"""The emulator's monotonic clock, which a test may push forward instead of waiting."""

from __future__ import annotations

import time


class Clock:
    """Seconds since an arbitrary start; `advance` makes deadlines pass without a wait."""

    def __init__(self) -> None:
        self._offset_seconds = 0.0

    def now(self) -> float:
        """Return the present in seconds, monotonic."""
        return time.monotonic() + self._offset_seconds

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once for every deadline and rate-limit window."""
        self._offset_seconds += seconds
