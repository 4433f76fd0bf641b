"""Guests: articles that somebody had summarised and nobody stored. How many, how often, and for how long at hand.

A guest is kept in memory for a while, so that its lines can be unfolded and so that what is added to the library is
what was summarised. Its embeddings are not kept, and nothing of it is written anywhere.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.engine.errors import Busy
from bot.engine.records.articles import Article
from bot.engine.records.sources import ArticleSource

KEPT_SECONDS = 1_800.0
KEPT_GUESTS = 64
KEPT_BYTES = 64 * 1024 * 1024
HOUR_SECONDS = 3_600.0
_TOKEN_BYTES = 6
_OVERHEAD = 4
"""Bytes in memory for each character or byte: the source, the text, its passages."""


@dataclass(frozen=True, slots=True)
class Guest:
    """An article that is not stored, and what it was read from. ``token`` finds it again."""

    token: str
    article: Article
    source: ArticleSource


class GuestBook:
    """Keeps guests for a while, within bounds of number and memory, the least lately used out first.

    For one thread only.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[int, str], tuple[float, Guest]] = OrderedDict()

    def put(self, guild: int, article: Article, source: ArticleSource, token: str = "") -> Guest:
        """Keep a guest of a guild, under its earlier ``token`` where it had one."""
        guest = Guest(token or secrets.token_hex(_TOKEN_BYTES), article, source)
        self._kept[guild, guest.token] = (self._clock() + KEPT_SECONDS, guest)
        self._tidy()
        return guest

    def find(self, guild: int, token: str) -> Guest | None:
        """Return a guild's guest, or None where it is not at hand any more."""
        self._tidy()
        kept = self._kept.get((guild, token))
        if kept is None:
            return None
        self._kept.move_to_end((guild, token))
        return kept[1]

    def _tidy(self) -> None:
        now = self._clock()
        for key in [key for key, (until, _) in self._kept.items() if until <= now]:
            del self._kept[key]
        while len(self._kept) > 1 and (
            len(self._kept) > KEPT_GUESTS or sum(_size(guest) for _, guest in self._kept.values()) > KEPT_BYTES
        ):
            self._kept.popitem(last=False)


def _size(guest: Guest) -> int:
    return len(guest.source.data) + _OVERHEAD * len(guest.article.text)


@dataclass(frozen=True, slots=True)
class GuestRates:
    """How many guests an hour."""

    per_guild: int = 30
    per_member: int = 6


class Allowance:
    """Counts guests of the last hour by guild and by member. For one thread only."""

    def __init__(self, rates: GuestRates, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        self._recent: dict[tuple[int, int], deque[float]] = {}

    def count(self, guild: int, member: int) -> None:
        """Count one. Raises Busy where the member or the guild had its share; then it is not counted."""
        now = self._clock()
        for key in [key for key, times in self._recent.items() if times[-1] <= now - HOUR_SECONDS]:
            del self._recent[key]
        own, all_members = (guild, member), (guild, 0)
        self._check(own, self._rates.per_member, now, "You had {} pages and files summarised within an hour")
        self._check(all_members, self._rates.per_guild, now, "{} pages and files were summarised here within an hour")
        for key in (own, all_members):
            self._recent.setdefault(key, deque()).append(now)

    def _check(self, key: tuple[int, int], most: int, now: float, said: str) -> None:
        times = self._recent.get(key)
        while times and times[0] <= now - HOUR_SECONDS:
            times.popleft()
        if times is None or len(times) < most:
            return
        minutes = max(1, round((times[0] + HOUR_SECONDS - now) / 60))
        raise Busy(
            f"{said.format(most)}, and more are not. Try again in {minutes} "
            f"{'minute' if minutes == 1 else 'minutes'}; articles of the library are summarised at any time."
        )
