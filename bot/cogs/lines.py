"""The buttons and menus by which a manager restores lines of an article, or leaves them out."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.records.articles import Article
from bot.engine.scopes.records import EVERYTHING
from bot.ui.article_lines import find_chosen, lines_view
from bot.ui.delivery import InFlight
from bot.ui.discretion import Discretion
from bot.ui.failures import report

log = logging.getLogger(__name__)


class Lines(commands.Cog):
    """Shows an article's lines and changes which of them are quoted."""

    def __init__(self, library: AsyncLibrary, in_flight: InFlight, discretion: Discretion) -> None:
        self._library = library
        self._in_flight = in_flight
        self._discretion = discretion

    @commands.Cog.listener()
    async def on_article_lines(
        self, interaction: discord.Interaction[Any], article_id: int, is_restoring: bool, page: int
    ) -> None:
        """Show a page of lines."""
        self._in_flight.remember()
        try:
            guild = await self._discretion.managed_guild(interaction)
            await interaction.response.defer()
            article = await self._library.get_article(guild, str(article_id), viewer=EVERYTHING)
            await interaction.edit_original_response(view=lines_view(article, is_restoring=is_restoring, page=page))
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    @commands.Cog.listener()
    async def on_article_lines_chosen(
        self, interaction: discord.Interaction[Any], article_id: int, is_restoring: bool, page: int, values: list[str]
    ) -> None:
        """Restore the chosen lines, or leave them out."""
        self._in_flight.remember()
        try:
            guild = await self._discretion.managed_guild(interaction)
            await interaction.response.defer()
            change = self._library.restore_lines if is_restoring else self._library.leave_out_lines
            done = await change(guild, str(article_id), partial(_choose, values))
            article = await self._library.get_article(guild, str(article_id), viewer=EVERYTHING)
            view = lines_view(article, is_restoring=is_restoring, page=page, report=done)
            await interaction.edit_original_response(view=view)
            log.info("Article %d of guild %d: %d lines chosen", article_id, guild, len(done.lines))
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)


def _choose(values: list[str], article: Article) -> list[int]:
    return find_chosen(article, values)
