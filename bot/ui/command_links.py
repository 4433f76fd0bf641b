"""Names of commands that can be clicked: ``</ask:123>`` once Discord has told the number, else `` `/ask` ``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import discord

from bot.ui.language import Said

log = logging.getLogger(__name__)


class CommandLinks:
    """Knows the numbers of the commands by the name of each, or asks Discord once."""

    def __init__(self, fetch: Callable[[], Awaitable[Mapping[str, int]]]) -> None:
        self._fetch = fetch
        self._numbers: Mapping[str, int] = {}
        self._asking = asyncio.Lock()

    def know(self, numbers: Mapping[str, int]) -> None:
        """Take what Discord said when it was sent the commands."""
        self._numbers = numbers

    async def learn(self) -> None:
        """Ask Discord, unless the numbers are known. Never raises: a name that cannot be clicked can be typed."""
        async with self._asking:
            if self._numbers:
                return
            try:
                self._numbers = await self._fetch()
            except (discord.DiscordException, OSError) as error:
                log.info("The commands' numbers are not known: %s", error)

    def link(self, name: str) -> Said:
        """Return the command's name as a link; a subcommand is named with its group (``article add``)."""
        number = self._numbers.get(name.split()[0])
        return Said(f"`/{name}`" if number is None else f"</{name}:{number}>")
