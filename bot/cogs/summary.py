"""``/summary``: an article in its own sentences."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.records import SummaryLength
from bot.ui import settings_words, words
from bot.ui.access import guild_of
from bot.ui.completion import complete, meant
from bot.ui.delivery import announce, defer, show
from bot.ui.discretion import ABSENT, Discretion
from bot.ui.layout import notice
from bot.ui.summaries import summary_views


class Summaries(commands.Cog):
    """Summarises articles."""

    def __init__(self, library: AsyncLibrary, discretion: Discretion) -> None:
        self._library = library
        self._discretion = discretion

    @app_commands.command(name="summary", description=words.SUMMARY)
    @app_commands.describe(
        article=words.SUMMARY_ARTICLE,
        length=words.SUMMARY_LENGTH,
        about=words.SUMMARY_ABOUT,
        private=settings_words.SUMMARY_PRIVATE,
    )
    @app_commands.guild_only()
    async def summary(
        self,
        interaction: discord.Interaction[Any],
        article: Range[str, 1, words.TITLE_LIMIT],
        length: SummaryLength = SummaryLength.MEDIUM,
        about: Range[str, 1, words.QUESTION_LIMIT] = "",
        private: bool | None = None,
    ) -> None:
        """Summarise an article."""
        is_private = await self._discretion.is_private(interaction, private)
        await defer(interaction, private=is_private)
        if not self._library.is_warm:
            await announce(interaction, notice(words.STARTING_UP))
        guild, wanted = guild_of(interaction), meant(article) or article
        viewer = await self._discretion.viewer(interaction, private=is_private)
        try:
            summary = await self._library.summarise(guild, wanted, length, about=about.strip(), viewer=viewer)
        except ABSENT as error:
            await self._discretion.explain(interaction, self._library.get_summary, wanted, error)
            raise
        await show(interaction, summary_views(summary))

    @summary.autocomplete("article")
    async def _complete(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await complete(self._discretion.complete(interaction, self._library.complete_articles, typed))
