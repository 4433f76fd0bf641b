"""The greeting: once for each time that the bot is added to a guild, never for one that merely came back."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import discord
from discord.ext import commands

from bot.guild_memory import GuildMemory
from bot.ui.access import may_send
from bot.ui.command_links import CommandLinks
from bot.ui.help_card import lacking_lines
from bot.ui.language import hearing
from bot.ui.rights import missing_rights
from bot.ui.welcome import welcome_view

log = logging.getLogger(__name__)

FRESH = timedelta(days=2)
"""How long after joining a guild is still greeted, should the bot not have been running then."""


class Welcome(commands.Cog):
    """Greets new guilds. What is new is told by the moment of joining, which outages and restarts do not change."""

    def __init__(self, bot: commands.AutoShardedBot, links: CommandLinks, memory: GuildMemory) -> None:
        self._bot = bot
        self._links = links
        self._memory = memory
        self._greeting = asyncio.Lock()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Greet what was joined while the bot was not running."""
        for guild in list(self._bot.guilds):
            await self._greet_if_new(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet a guild that the bot was just added to."""
        await self._greet_if_new(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Greet a guild that was new but not there when it was joined; one that comes back is known."""
        await self._greet_if_new(guild)

    async def _greet_if_new(self, guild: discord.Guild) -> None:
        joined_at = guild.me.joined_at if not guild.unavailable and guild.me is not None else None
        if joined_at is None:
            return
        async with self._greeting:
            # Remembered first: should the rest fail, nobody is greeted twice.
            if not await asyncio.to_thread(self._memory.remember, guild.id, joined_at.timestamp()):
                return
            if discord.utils.utcnow() - joined_at > FRESH:
                return
            try:
                await self._greet(guild)
            except discord.HTTPException as error:
                log.info("Guild %d could not be greeted: %s", guild.id, error)

    async def _greet(self, guild: discord.Guild) -> None:
        await self._links.learn()
        names = [command.name for command in self._bot.tree.get_commands()]
        with hearing(None, str(guild.preferred_locale)):
            lacking = lacking_lines(missing_rights(guild.me.guild_permissions))
            channel = guild.system_channel
            if channel is not None and may_send(channel.permissions_for(guild.me), channel):
                await channel.send(view=welcome_view(self._links.link, names, lacking=lacking))
                log.info("Greeted guild %d in its system channel", guild.id)
                return
            person = await self._find_installer(guild)
            if person is None:
                log.info(
                    "Guild %d is not greeted: it has no channel for it, and who added the bot is unknown", guild.id
                )
                return
            view = welcome_view(self._links.link, names, server=guild.name, lacking=lacking)
        try:
            await person.send(view=view)
            log.info("Greeted guild %d by direct message", guild.id)
        except discord.Forbidden:
            log.info("Guild %d is not greeted: it has no channel for it, and nobody takes a direct message", guild.id)

    async def _find_installer(self, guild: discord.Guild) -> discord.User | discord.Member | None:
        """Return who added the bot where the audit log may be read, else the owner."""
        if guild.me.guild_permissions.view_audit_log:
            async for entry in guild.audit_logs(action=discord.AuditLogAction.bot_add, limit=20):
                if entry.target is not None and entry.target.id == guild.me.id and entry.user is not None:
                    return entry.user
        return await self._bot.fetch_user(guild.owner_id) if guild.owner_id is not None else None
