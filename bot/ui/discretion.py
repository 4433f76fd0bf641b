"""Who sees an answer: settled before the answer is known, because Discord fixes it when a command is deferred."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.engine.errors import EngineError, NoArticles, NotFound
from bot.engine.guild_settings.records import GuildSettings
from bot.engine.records.articles import ArticleSummary
from bot.engine.scopes.records import Viewer
from bot.ui import settings_words
from bot.ui.access import guild_of
from bot.ui.failures import Refused
from bot.ui.viewers import asker_of, everyone_in, is_manager, member_everywhere, place_of, role_ids

log = logging.getLogger(__name__)

SETTLE_SECONDS = 1.0
"""Of the three that Discord gives for the first answer."""


ABSENT = (NotFound, NoArticles)
"""What an article that not everyone may see looks like in public."""


class ArticleFinder(Protocol):
    """Finds one article."""

    def __call__(self, guild: int, article: str, *, viewer: Viewer) -> Awaitable[ArticleSummary]:
        """Return what the list says of an article, by id or title."""
        ...


class ArticleCompleter(Protocol):
    """Finds articles by a part of their title."""

    def __call__(self, guild: int, prefix: str, *, viewer: Viewer) -> Awaitable[list[ArticleSummary]]:
        """Return the articles that a half-typed title may mean."""
        ...


class SettingsReader(Protocol):
    """Whoever knows what guilds decided."""

    async def read(self, guild: int) -> GuildSettings:
        """Return a guild's settings."""
        ...


class Discretion:
    """Joins what a guild decided with who is asking where. Where in doubt, an answer is private."""

    def __init__(self, settings: SettingsReader, *, private_by_default: bool = False) -> None:
        """``private_by_default``: what holds in a guild that decided nothing."""
        self._settings = settings
        self._private_by_default = private_by_default

    async def read(self, guild: int) -> GuildSettings:
        """Return a guild's settings."""
        return await self._settings.read(guild)

    async def is_private(self, interaction: discord.Interaction[Any], chosen: bool | None = None) -> bool:
        """Tell whether an answer is for the asker alone; what the member chose goes before what the guild did."""
        if chosen is not None:
            return chosen
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                settings = await self._settings.read(guild_of(interaction))
        except (EngineError, TimeoutError) as error:
            log.warning("Settings are not to be had, so the answer is private: %s", type(error).__name__)
            return True
        return settings.is_private(place_of(interaction.channel), otherwise=self._private_by_default)

    async def viewer(self, interaction: discord.Interaction[Any], *, private: bool) -> Viewer:
        """Return who will see the answer to a command or a button in a guild."""
        settings = await self._settings.read(guild_of(interaction))
        if private:
            return asker_of(interaction, settings)
        bot = interaction.client.user
        return everyone_in(interaction.channel, interaction.guild, settings, bot_id=bot.id if bot else None)

    async def complete(
        self, interaction: discord.Interaction[Any], find: ArticleCompleter, typed: str
    ) -> list[ArticleSummary]:
        """Return what a half-typed title may mean among the articles that the answer may be about."""
        private = await self.is_private(interaction, getattr(interaction.namespace, "private", None))
        return await find(guild_of(interaction), typed, viewer=await self.viewer(interaction, private=private))

    async def explain(
        self, interaction: discord.Interaction[Any], find: ArticleFinder, article: str | None, error: Exception
    ) -> None:
        """Tell a member whose public question names an article for some only that a private one would be answered.

        Raises Refused with that sentence, which is shown to the member alone; returns where the article is not theirs.
        """
        if article is None:
            return
        try:
            await find(guild_of(interaction), article, viewer=await self.viewer(interaction, private=True))
        except EngineError:
            return
        raise Refused(settings_words.NOT_FOR_EVERYONE) from error

    async def everyone(self, message: discord.Message, bot_id: int) -> Viewer:
        """Return who will see the answer to a message in a guild."""
        guild = message.guild
        settings = GuildSettings() if guild is None else await self._settings.read(guild.id)
        return everyone_in(message.channel, guild, settings, bot_id=bot_id)

    async def member(self, member: discord.Member) -> Viewer:
        """Return a member who is answered by direct message."""
        return member_everywhere(member, await self._settings.read(member.guild.id))

    async def manages_articles(self, interaction: discord.Interaction[Any]) -> bool:
        """Tell whether the member may manage articles: by Manage Server, or by the role that the guild chose."""
        guild = guild_of(interaction)
        if interaction.permissions.manage_guild:
            return True
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                settings = await self._settings.read(guild)
        except TimeoutError:
            return False
        return is_manager(interaction.permissions, role_ids(interaction.user), settings)

    async def managed_guild(self, interaction: discord.Interaction[Any]) -> int:
        """Return the guild's id. Raises MissingPermissions unless the member may manage its articles."""
        guild = guild_of(interaction)
        if not await self.manages_articles(interaction):
            raise app_commands.MissingPermissions(["manage_guild"])
        return guild
