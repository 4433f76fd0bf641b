"""Events as Discord sends them: in whose language each is answered, and that a malformed one ends nothing."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import discord

from bot.ui.language import hearing

log = logging.getLogger(__name__)

_TOLD_COUNTS = frozenset({10, 100, 1_000, 10_000, 100_000, 1_000_000})
_VITAL_EVENTS = frozenset({"READY", "RESUMED"})

Parse = Callable[[Any], None]


class EventGuard:
    """Stands before discord.py's parsers, whose exceptions would end the connection."""

    def __init__(self, find_guild: Callable[[int], discord.Guild | None]) -> None:
        self._find_guild = find_guild
        self.malformed: Counter[str] = Counter()
        """How many events of each name could not be read."""

    def guard(self, parsers: dict[str, Parse]) -> None:
        """Have each event that cannot be read logged and counted, and nothing else.

        READY and RESUMED are let through: without them there is no session, so the process has to end and be started
        again.
        """
        for event, parse in list(parsers.items()):
            if event not in _VITAL_EVENTS:
                parsers[event] = self._guarded(event, parse)

    def _guarded(self, event: str, parse: Parse) -> Parse:
        def parse_or_log(data: Any) -> None:
            try:
                with hearing(*self._languages_of(data)):
                    parse(data)
            except Exception as error:
                self.malformed[event] += 1
                count = self.malformed[event]
                # Discord may have changed the event for good: then each would fill the log with the same lines.
                if count == 1:
                    log.exception("Discord sent a malformed %s; it is ignored", event)
                elif count in _TOLD_COUNTS:
                    log.error("Discord sent %d malformed %s by now (%s)", count, event, error)  # noqa: TRY400 -- as above

        return parse_or_log

    def _languages_of(self, data: Any) -> tuple[str | None, str | None]:
        """Read from an event in whose language to answer it: the member's, and that of the guild."""
        if not isinstance(data, dict):
            return None, None
        member, told = data.get("locale"), data.get("guild_locale")
        number = data.get("guild_id")
        guild = self._find_guild(int(number)) if number and not told else None
        if guild is not None and not guild.unavailable:
            told = guild.preferred_locale
        return (str(member) if member else None), (str(told) if told else None)
