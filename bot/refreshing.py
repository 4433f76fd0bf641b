"""Looking at the pages of articles again by and by: one at a time, at odd moments, and only while nobody waits."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

from bot.async_library import AsyncLibrary
from bot.engine.errors import EngineError

log = logging.getLogger(__name__)

PAUSE_SECONDS = 60.0
"""About how long it waits between two pages: 40 pages an hour and more, whatever number is due."""
SCAN_SECONDS = 600.0
"""About how long it waits before it looks for due articles again where there was none."""
_SPREAD = 0.25
_HOUR_SECONDS = 3_600


async def refresh_by_and_by(
    library: AsyncLibrary,
    *,
    hours: int,
    serves: Callable[[int], bool],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.time,
    jitter: Callable[[float, float], float] = random.uniform,
) -> None:
    """Refresh every web article of the guilds that it ``serves`` about every ``hours``, until cancelled."""
    waiting: list[tuple[int, int]] = []
    while True:
        await sleep((PAUSE_SECONDS if waiting else SCAN_SECONDS) * jitter(1 - _SPREAD, 1 + _SPREAD))
        if library.is_busy:
            continue
        try:
            if not waiting:
                before = clock() - hours * _HOUR_SECONDS * jitter(1 - _SPREAD, 1)
                due = await library.list_due(int(before))
                waiting = [(guild, article.id) for guild, article in reversed(due) if serves(guild)]
            if waiting:
                await _refresh(library, *waiting.pop())
        except EngineError as error:
            log.info("Refreshing waits: %s", type(error).__name__)
        except Exception:
            # One article that cannot be refreshed for a reason of ours must not end it for all others.
            log.exception("Refreshing failed")


async def _refresh(library: AsyncLibrary, guild: int, article_id: int) -> None:
    try:
        report = await library.refresh_article(guild, str(article_id))
    except EngineError as error:
        log.info("guild %d: article %d was not refreshed (%s)", guild, article_id, type(error).__name__)
        return
    log.info("guild %d: article %d refreshed: %s", guild, article_id, report.status.value)
