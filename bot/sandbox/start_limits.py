"""How often a bot may identify: per day, per five seconds and concurrency key, and with how many guilds a shard."""

from __future__ import annotations

import math
from collections import deque

from bot.sandbox.clock import Clock
from bot.sandbox.refusals import Payload
from bot.sandbox.rules.table import RULES

DAY_SECONDS = 86_400.0


class StartLimits:
    """The session start limit of `/gateway/bot` and what it counts (D: events/gateway, Session Start Limit Object).

    `per_day` identifications in 24 hours, after which the token is reset; one for each key (shard id modulo
    `max_concurrency`) in `pause_seconds`; at most `guilds_per_shard` guilds in one session. `times` holds when somebody
    identified, refused ones included.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.per_day = RULES["identify.per_day"].high
        self.pause_seconds = float(RULES["identify.pause_seconds"].low)
        self.max_concurrency = 1
        self.guilds_per_shard = RULES["shard.guilds"].high
        self.times: deque[float] = deque()
        self._last: dict[int, float] = {}

    @property
    def is_spent(self) -> bool:
        """Whether the day's identifications are used up."""
        self._forget_yesterday()
        return len(self.times) >= self.per_day

    def admit(self, shard_id: int) -> bool:
        """Count one identification; return whether it keeps the pause after the last one of its key."""
        self._forget_yesterday()
        now = self._clock.now()
        self.times.append(now)
        key = shard_id % self.max_concurrency
        last = self._last.get(key)
        if last is not None and now - last < self.pause_seconds:
            return False
        self._last[key] = now
        return True

    def rest(self) -> None:
        """Let the pause after the last identification be over, as if its seconds had passed."""
        self._last.clear()

    def payload(self) -> Payload:
        """Return the session start limit object; `reset_after` is in milliseconds."""
        self._forget_yesterday()
        oldest = self.times[0] if self.times else self._clock.now()
        left = DAY_SECONDS - (self._clock.now() - oldest) if self.times else 0.0
        return {
            "total": self.per_day,
            "remaining": max(0, self.per_day - len(self.times)),
            "reset_after": int(left * 1000),
            "max_concurrency": self.max_concurrency,
        }

    def shards(self, guild_count: int) -> int:
        """Return how many shards Discord would recommend."""
        return max(1, math.ceil(guild_count / self.guilds_per_shard))

    def _forget_yesterday(self) -> None:
        now = self._clock.now()
        while self.times and now - self.times[0] >= DAY_SECONDS:
            self.times.popleft()
