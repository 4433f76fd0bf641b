"""Rate-limit buckets with Discord's headers (D: topics/rate-limits).

The numbers are settings: Discord publishes none and forbids relying on any.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.clock import Clock
from bot.sandbox.rules.table import RULES

INVALID_STATUSES = frozenset({401, 403, 429})
INVALID_WINDOW_SECONDS = 600.0


@dataclass
class Allowance:
    """How many requests a bucket takes per window."""

    limit: int
    window_seconds: float


@dataclass
class _Bucket:
    allowance: Allowance
    key: str
    opened_at: float
    used: int = 0


@dataclass
class Verdict:
    """Whether a request may pass, and the headers that say so; `retry_after` in seconds where it may not."""

    allowed: bool
    headers: dict[str, str] = field(default_factory=dict)
    retry_after: float = 0.0
    scope: str = "user"


class RateLimits:
    """Buckets per route and major parameter, the global 50 per second, and the count of invalid requests.

    `allowances` maps a route name (see rest.py) to its allowance; others take `default`.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.default = Allowance(50, 1.0)
        self.allowances: dict[str, Allowance] = {
            "messages": Allowance(5, 5.0),
            "webhook": Allowance(5, 2.0),
            "callback": Allowance(5, 1.0),
            "commands": Allowance(20, 1.0),
        }
        self.global_allowance = Allowance(RULES["rate.global"].high, 1.0)
        self.ban_after = RULES["rate.invalid"].high
        self._invalid: deque[float] = deque()
        self.sends_headers = True
        self._buckets: dict[str, _Bucket] = {}
        self._global = _Bucket(self.global_allowance, "global", clock.now())

    @property
    def banned(self) -> bool:
        """Whether so many invalid requests came in 10 minutes that Discord would ban the address for a while."""
        return self.invalid_requests >= self.ban_after

    @property
    def invalid_requests(self) -> int:
        """How many requests of the last 10 minutes were answered with 401, 403 or 429."""
        now = self._clock.now()
        while self._invalid and now - self._invalid[0] >= INVALID_WINDOW_SECONDS:
            self._invalid.popleft()
        return len(self._invalid)

    def spend(self, route: str, major: str, *, counts_globally: bool) -> Verdict:
        """Take one request out of a route's bucket, or say when to come back."""
        now = self._clock.now()
        if counts_globally:
            shared = self._global = self._fresh(self._global, self.global_allowance, now)
            if shared.used >= shared.allowance.limit:
                return Verdict(False, {}, shared.opened_at + shared.allowance.window_seconds - now, "global")
        key = f"{route}:{major}"
        allowance = self.allowances.get(route, self.default)
        bucket = self._fresh(self._buckets.get(key) or _Bucket(allowance, route, now), allowance, now)
        self._buckets[key] = bucket
        reset_after = max(0.0, bucket.opened_at + allowance.window_seconds - now)
        allowed = bucket.used < allowance.limit
        if allowed:
            bucket.used += 1
            self._global.used += counts_globally
        return Verdict(allowed, self._headers(bucket, reset_after), reset_after)

    def note(self, status: int, scope: str = "user") -> None:
        """Count a reply towards the ban for invalid requests; limits shared with others are nobody's fault."""
        if status in INVALID_STATUSES and scope != "shared":
            self._invalid.append(self._clock.now())

    @staticmethod
    def _fresh(bucket: _Bucket, allowance: Allowance, now: float) -> _Bucket:
        over = now >= bucket.opened_at + bucket.allowance.window_seconds
        return _Bucket(allowance, bucket.key, now) if over else bucket

    def _headers(self, bucket: _Bucket, reset_after: float) -> dict[str, str]:
        if not self.sends_headers:
            return {}
        return {
            "X-RateLimit-Limit": str(bucket.allowance.limit),
            "X-RateLimit-Remaining": str(max(0, bucket.allowance.limit - bucket.used)),
            "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(bucket.key.encode()).hexdigest()[:32],
        }
