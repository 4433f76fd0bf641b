"""Guilds that the bot has left: all that is stored of them goes, but only after a time, and never for an outage."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection

from bot.engine.questions.ports import QuestionStore
from bot.engine.records.articles import TERMINAL_GUILD

log = logging.getLogger(__name__)

_DAY_SECONDS = 86_400


class Departures:
    """Notes which guilds the bot is no longer in. A guild that cannot be reached at the moment is not left."""

    def __init__(self, store: QuestionStore, *, grace_days: int, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._grace_seconds = grace_days * _DAY_SECONDS
        self._clock = clock

    def leave(self, guild: int) -> None:
        """Note that the bot was taken out of a guild now."""
        self._store.note_departures([guild], int(self._clock()))
        log.info("guild %d: left; what is stored of it goes in %d days", guild, self._grace_seconds // _DAY_SECONDS)

    def join(self, guild: int) -> None:
        """Note that the bot is in a guild (again)."""
        if guild in self._store.departures():
            self._store.forget_departures([guild])

    def reconcile(self, present: Collection[int], is_ours: Callable[[int], bool]) -> None:
        """Compare the store with the guilds that Discord says the bot is in, those without connection included.

        ``is_ours``: whether this process would have been told of a guild; another process may serve others. A guild
        that was left while nothing ran is counted from now on.
        """
        departures = self._store.departures()
        self._store.forget_departures([guild for guild in departures if guild in present])
        gone = [guild for guild in self._store.stored_guilds() if self._is_gone(guild, present, is_ours)]
        new = [guild for guild in gone if guild not in departures]
        if new:
            self._store.note_departures(new, int(self._clock()))
            log.warning(
                "The bot is not in %d guilds that it stores something of; it goes after the grace period", len(new)
            )

    def delete_overdue(self, present: Collection[int], is_ours: Callable[[int], bool]) -> list[int]:
        """Delete everything of the guilds that were left long enough ago and are not back; return which."""
        before = self._clock() - self._grace_seconds
        overdue = [guild for guild, left_at in self._store.departures().items() if left_at <= before]
        overdue = [guild for guild in overdue if self._is_gone(guild, present, is_ours)]
        for guild in overdue:
            self._store.delete_guild(guild)
            log.warning("guild %d: left long enough ago; everything that was stored of it is deleted", guild)
        return overdue

    @staticmethod
    def _is_gone(guild: int, present: Collection[int], is_ours: Callable[[int], bool]) -> bool:
        return guild != TERMINAL_GUILD and guild not in present and is_ours(guild)
