"""``/summary``: an article in its own sentences."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.records import SummaryLength
from bot.ui import words
from bot.ui.access import guild_of
from bot.ui.completion import complete, meant
from bot.ui.delivery import announce, defer, show
from bot.ui.layout import notice
from bot.ui.summaries import summary_views


class Summaries(commands.Cog):
    """Summarises articles."""

    def __init__(self, library: AsyncLibrary) -> None:
        self._library = library

    @app_commands.command(name="summary", description=words.SUMMARY)
    @app_commands.describe(article=words.SUMMARY_ARTICLE, length=words.SUMMARY_LENGTH, about=words.SUMMARY_ABOUT)
    @app_commands.guild_only()
    async def summary(
        self,
        interaction: discord.Interaction[Any],
        article: Range[str, 1, words.TITLE_LIMIT],
        length: SummaryLength = SummaryLength.MEDIUM,
        about: Range[str, 1, words.QUESTION_LIMIT] = "",
    ) -> None:
        """Summarise an article in public."""
        await defer(interaction, private=False)
        if not self._library.is_warm:
            await announce(interaction, notice(words.STARTING_UP))
        summary = await self._library.summarise(
            guild_of(interaction), meant(article) or article, length, about=about.strip()
        )
        await show(interaction, summary_views(summary))

    @summary.autocomplete("article")
    async def _complete(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await complete(self._library.complete_articles(guild_of(interaction), typed))
