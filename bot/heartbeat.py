"""A sign of life for whoever supervises the process: a small file, rewritten while the bot is connected."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 20.0
STALE_SECONDS = 90.0
LOOK_SECONDS = 0.5
FIRST_TOLD_SECONDS = 60.0


async def beat(path: Path, is_alive: Callable[[], bool], *, interval_seconds: float = INTERVAL_SECONDS) -> None:
    """Write the time (Unix seconds) to ``path`` while ``is_alive`` says so, until cancelled; then remove the file.

    While it does not, after having been alive, the log says so now and then.
    """
    outage = Outage()
    try:
        while True:
            alive = is_alive()
            outage.note(is_alive=alive, now=time.monotonic())
            if alive:
                await asyncio.to_thread(_write, path)
            # Not connected (yet): look again soon, so that the first sign of life does not wait a whole interval.
            await asyncio.sleep(interval_seconds if alive else min(interval_seconds, LOOK_SECONDS))
    finally:
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - at the very end, where a thread may not start any more


class Outage:
    """Tells the log of a connection that was lost and did not come back: after one minute, two, four, and so on."""

    def __init__(self) -> None:
        self._alive_at: float | None = None
        self._told_after = 0.0

    def note(self, *, is_alive: bool, now: float) -> None:
        """Take how it is at a time, in seconds of any clock that only goes forward."""
        gone = now - self._alive_at if self._alive_at is not None else 0.0
        if is_alive:
            if self._told_after:
                log.warning("Connected to Discord again, after %.0f seconds", gone)
            self._alive_at, self._told_after = now, 0.0
        elif gone >= max(FIRST_TOLD_SECONDS, 2 * self._told_after):
            self._told_after = gone
            log.warning("Not connected to Discord for %.0f seconds; it goes on trying", gone)


def _write(path: Path) -> None:
    try:
        path.write_text(f"{time.time():.0f}\n", encoding="ascii")
    except OSError as error:
        log.warning("The heartbeat %s cannot be written: %s", path.name, error.strerror)


def seconds_since_beat(path: Path) -> float | None:
    """Return the age of the last beat in seconds, or None where there is none."""
    try:
        return max(0.0, time.time() - float(path.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return None
