"""Guild settings for coroutines, on the library's lane for reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.engine.errors import StoreUnavailable
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.guild_settings.records import GuildSettings
from bot.engine.scopes.records import ArticleScope
from bot.lanes import Lane

T = TypeVar("T")

NO_SETTINGS = "This store keeps no settings, so nothing was changed."


class AsyncSettings:
    """What guilds decide. Every method raises what the book raises, and Busy where too much waits."""

    def __init__(self, book: SettingsBook | None, lane: Lane) -> None:
        """Without a ``book`` every guild leaves everything open, and nothing can be changed."""
        self._book = book
        self._lane = lane

    async def read(self, guild: int) -> GuildSettings:
        """Return a guild's settings."""
        book = self._book
        return GuildSettings() if book is None else await self._lane.run(lambda: book.read(guild))

    async def read_scopes(self, guild: int) -> Mapping[int, ArticleScope]:
        """Return the scopes of the guild's articles that are bound to anything, by id."""
        book = self._book
        return {} if book is None else await self._lane.run(lambda: book.read_scopes(guild))

    async def change(self, change: Callable[[SettingsBook], T]) -> T:
        """Do something with the book in a thread, and return its result."""
        book = self._book
        if book is None:
            raise StoreUnavailable(NO_SETTINGS)
        return await self._lane.run(lambda: change(book))
