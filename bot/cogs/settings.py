"""``/settings``: what a server decides, in one private panel, for members with Manage Server."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.errors import BadSetting
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.guild_settings.records import ChannelPolicy, GuildSettings, OperatorChoices, Privacy
from bot.engine.scopes.reach import list_languages
from bot.engine.scopes.records import EVERYTHING
from bot.ui import manners_words, settings_words, threads_words
from bot.ui.access import managed_guild_of
from bot.ui.delivery import InFlight, defer, show
from bot.ui.failures import report
from bot.ui.layout import Accent, notice
from bot.ui.manners import Manners, Trouble
from bot.ui.settings_controls import BACK, CHANNEL, MANAGER
from bot.ui.settings_panel import DEFAULT, THREAD, YES, channel_view, find_unwritable, settings_view

log = logging.getLogger(__name__)

MOST_NAMED = 20
TROUBLES = {
    Trouble.NO_ANSWER: manners_words.could_not_answer,
    Trouble.NO_THREAD: threads_words.could_not_begin,
}


class SettingsPanel(commands.Cog):
    """Shows the panel and does what is chosen in it."""

    def __init__(self, library: AsyncLibrary, in_flight: InFlight, operator: OperatorChoices, manners: Manners) -> None:
        self._manners = manners
        self._library = library
        self._in_flight = in_flight
        self.operator = operator

    @app_commands.command(name="settings", description=settings_words.SETTINGS)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """Show the panel."""
        guild = managed_guild_of(interaction)
        await defer(interaction, private=True)
        await show(interaction, [await self._all(interaction, await self._library.settings.read(guild))])

    @commands.Cog.listener()
    async def on_setting_chosen(
        self, interaction: discord.Interaction[Any], key: str, channel: int, values: list[str]
    ) -> None:
        """Do what was chosen, and draw the panel as it is now."""
        self._in_flight.remember()
        try:
            guild = managed_guild_of(interaction)
            await interaction.response.defer()
            if key in (CHANNEL, BACK):
                settings = await self._library.settings.read(guild)
                channel = int(values[0]) if key == CHANNEL and values else 0
            else:
                settings = await self._library.settings.change(lambda book: choose(book, guild, key, channel, values))
                log.info("guild %d: %s was set", guild, key)
            view = self._one(interaction, settings, channel) if channel else await self._all(interaction, settings)
            await interaction.edit_original_response(view=view)
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    @commands.Cog.listener()
    async def on_app_command_completion(self, interaction: discord.Interaction[Any], _command: object) -> None:
        """Tell whoever manages the server, once and alone, in which channels something could not be done."""
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            return
        if not interaction.response.is_done():
            return
        self._in_flight.remember()
        for trouble, channels in self._manners.take_untold(interaction.guild_id).items():
            named = ", ".join(f"<#{channel}>" for channel in channels[:MOST_NAMED])
            told = TROUBLES[trouble](named)
            try:
                await interaction.followup.send(view=notice(told, Accent.REFUSED), ephemeral=True)
            except discord.HTTPException as error:
                log.info("guild %d: missing rights could not be told (%s)", interaction.guild_id, error)

    async def _all(self, interaction: discord.Interaction[Any], settings: GuildSettings) -> ui.LayoutView:
        guild = managed_guild_of(interaction)
        articles = await self._library.list_articles(guild, viewer=EVERYTHING)
        place, role = interaction.guild, settings.manager_role
        answered = [number for number, own in settings.channels.items() if own.policy is not ChannelPolicy.MENTIONED]
        return settings_view(
            settings,
            self.operator,
            languages=list_languages(articles),
            role_exists=place is not None and role is not None and place.get_role(role) is not None,
            unwritable=find_unwritable(place, answered),
        )

    def _one(self, interaction: discord.Interaction[Any], settings: GuildSettings, channel: int) -> ui.LayoutView:
        guild = interaction.guild
        place = None if guild is None else guild.get_channel(channel)
        cannot_write = bool(find_unwritable(guild, [channel]))
        return channel_view(settings, channel, self.operator, place, cannot_write=cannot_write)


def choose(book: SettingsBook, guild: int, key: str, channel: int, values: list[str]) -> GuildSettings:
    """Set what was chosen in a menu, and return the settings as they are now. Raises BadSetting."""
    value = values[0] if values and values[0] != DEFAULT else None
    try:
        if key == "privacy":
            return book.set_privacy(guild, Privacy(value) if value else None, channel=channel)
        if key == "policy" and channel and value:
            return book.set_policy(guild, channel, ChannelPolicy(value))
        if key == THREAD and channel and value:
            return book.set_in_thread(guild, channel, in_thread=value == YES)
        if key == "wrong_in_100":
            return book.set_wrong_in_100(guild, float(value) if value else None)
        if key == "quotes":
            return book.set_quotes(guild, int(value) if value else None)
        if key == "member_seconds":
            return book.set_cooldowns(guild, member=int(value or 0))
        if key == "channel_seconds":
            return book.set_cooldowns(guild, channel=int(value or 0))
        if key == "languages":
            return book.set_languages(guild, frozenset(values))
        if key == MANAGER:
            # @everyone would make everybody a manager: nobody means that.
            return book.set_manager_role(guild, int(value) if value and int(value) != guild else None)
    except ValueError:
        raise BadSetting(settings_words.NOT_OFFERED) from None
    raise BadSetting(settings_words.NOT_OFFERED)
