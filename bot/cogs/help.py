"""``/help``: what this member can do in this channel."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.errors import EngineError
from bot.ui import help_words
from bot.ui.access import guild_of
from bot.ui.command_links import CommandLinks
from bot.ui.delivery import defer, show
from bot.ui.discretion import Discretion
from bot.ui.help_card import Command, Place, help_views

log = logging.getLogger(__name__)


class Help(commands.Cog):
    """Tells members what they can do."""

    def __init__(
        self, bot: commands.AutoShardedBot, library: AsyncLibrary, links: CommandLinks, discretion: Discretion
    ) -> None:
        self._bot = bot
        self._library = library
        self._links = links
        self._discretion = discretion

    @app_commands.command(name="help", description=help_words.HELP)
    @app_commands.guild_only()
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is open to whoever asks."""
        await defer(interaction, private=True)
        await self._links.learn()
        manages = interaction.permissions.manage_guild
        has_articles = True
        try:
            manages = await self._discretion.manages_articles(interaction)
            has_articles = guild_of(interaction) in await self._library.guilds()
        except (EngineError, TimeoutError) as error:
            log.info("Help does without the store: %s", type(error).__name__)
        place = Place(
            interaction.channel,
            interaction.permissions,
            interaction.app_permissions,
            manages_articles=manages,
            has_articles=has_articles,
        )
        found: list[Command] = sorted(self._bot.tree.get_commands(), key=lambda command: command.name)
        await show(interaction, help_views(place, found, self._links.link))
