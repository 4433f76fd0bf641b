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


async def beat(path: Path, is_alive: Callable[[], bool], *, interval_seconds: float = INTERVAL_SECONDS) -> None:
    """Write the time (Unix seconds) to ``path`` while ``is_alive`` says so, until cancelled; then remove the file."""
    try:
        while True:
            alive = is_alive()
            if alive:
                await asyncio.to_thread(_write, path)
            # Not connected (yet): look again soon, so that the first sign of life does not wait a whole interval.
            await asyncio.sleep(interval_seconds if alive else min(interval_seconds, LOOK_SECONDS))
    finally:
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - at the very end, where a thread may not start any more


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
