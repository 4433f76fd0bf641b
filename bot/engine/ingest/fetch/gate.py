"""How much is fetched at once and how often: a few pages at a time, one a host, so many an hour for each guild."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.engine.errors import Busy

HOUR_SECONDS = 3_600.0
_MOST_WAITING = 64


class Gate:
    """Admits fetches. Belongs to one event loop."""

    def __init__(self, *, at_once: int, per_guild_per_hour: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._per_hour = per_guild_per_hour
        self._clock = clock
        self._hosts: dict[str, tuple[asyncio.Lock, int]] = {}
        self._recent: dict[int, deque[float]] = {}
        self._waiting = 0

    def count(self, guild: int) -> None:
        """Count a fetch for a guild. Raises Busy where it had its share of this hour; then it is not counted."""
        now = self._clock()
        for other in [known for known, times in self._recent.items() if times[-1] <= now - HOUR_SECONDS]:
            del self._recent[other]
        times = self._recent.setdefault(guild, deque())
        while times and times[0] <= now - HOUR_SECONDS:
            times.popleft()
        if len(times) >= self._per_hour:
            minutes = max(1, round((times[0] + HOUR_SECONDS - now) / 60))
            raise Busy(
                f"{self._per_hour} web pages were read for this server within an hour, and more are not. Try again in "
                f"{minutes} {'minute' if minutes == 1 else 'minutes'}, or add the page as a file."
            )
        times.append(now)

    @asynccontextmanager
    async def place(self, host: str) -> AsyncIterator[None]:
        """Hold one of the places, and the host, for the time of one request. Raises Busy where many wait already."""
        if self._waiting >= _MOST_WAITING:
            raise Busy("Too many web pages are waiting to be read. Try again in a few minutes.")
        self._waiting += 1
        lock, holders = self._hosts.get(host, (asyncio.Lock(), 0))
        self._hosts[host] = (lock, holders + 1)
        try:
            # The host first: who waits for a slow one must not hold a place that others could use.
            async with lock, self._places:
                yield
        finally:
            self._waiting -= 1
            lock, holders = self._hosts.pop(host)
            if holders > 1:
                self._hosts[host] = (lock, holders - 1)
