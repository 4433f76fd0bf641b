"""How long to wait between two questions of a member, or in a channel. Held by the process that serves the guild."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.engine.guild_settings.records import GuildSettings

MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody asks too soon. ``seconds``: until the next question; ``is_first``: nobody was told of this wait yet."""

    seconds: float
    is_first: bool
    is_channels: bool


@dataclass(slots=True)
class _Last:
    asked_at: float
    was_told: bool = False


class Cooldowns:
    """Remembers when who asked last. Used by the event loop alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: OrderedDict[tuple[int, str, int], _Last] = OrderedDict()

    def take(self, guild: int, settings: GuildSettings, *, member: int, channel: int | None) -> Wait | None:
        """Let a question pass and remember it, or return how long it has to wait; ``channel`` None: there is none."""
        now = self._clock()
        keys = [((guild, "member", member), settings.member_seconds)]
        if channel is not None:
            keys.append(((guild, "channel", channel), settings.channel_seconds))
        waits = [(self._last[key].asked_at + seconds - now, key) for key, seconds in keys if key in self._last]
        longest, key = max(waits, default=(0.0, keys[0][0]))
        if longest > 0:
            last = self._last[key]
            wait = Wait(longest, not last.was_told, key[1] == "channel")
            last.was_told = True
            return wait
        for key, seconds in keys:
            self._last.pop(key, None)
            if seconds:
                self._last[key] = _Last(now)
        while len(self._last) > MOST_REMEMBERED:
            self._last.popitem(last=False)
        return None
