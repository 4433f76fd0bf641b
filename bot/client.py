"""The Discord client: no privileged intent, no pings, ordered start and close."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections import Counter
from collections.abc import Callable, Collection, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.async_questions import AsyncQuestions
from bot.cogs.settings import SettingsPanel
from bot.cogs.welcome import Welcome
from bot.engine.errors import EngineError
from bot.engine.guild_settings.records import OperatorChoices
from bot.events import EventGuard
from bot.features import add_features
from bot.guild_memory import GuildMemory
from bot.keeping import delete_in_time
from bot.refreshing import refresh_by_and_by
from bot.refusals import DiscordRefused, explained_refusals
from bot.tree import PullquoteTree
from bot.ui import connection_words, manners_words
from bot.ui.delivery import InFlight
from bot.ui.translating import CatalogTranslator

log = logging.getLogger(__name__)

CONNECTIONS = 100
"""Sockets to Discord at once: without a limit a burst of 2,000 interactions opened 2,007 files."""
GOODBYE_SECONDS = 5.0
"""How long closing waits for answers that are on their way."""
_NO_INTENT_CLOSE_CODE = 4014


def point_at(*, api_base: str | None = None, gateway_url: str | None = None) -> None:
    """Point every client of this process at an emulator on this machine. Raises ValueError for any other address."""
    for url in (api_base, gateway_url):
        if url and not _is_loopback(url):
            raise ValueError(connection_words.not_loopback(url))
    if api_base:
        discord.http.Route.BASE = api_base
    if gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class PullquoteClient(commands.AutoShardedBot):
    """Answers in guilds. It owns the library from here on: closing the client closes the library first."""

    def __init__(
        self,
        *,
        library: AsyncLibrary,
        questions: AsyncQuestions | None = None,
        command_memory: Path | None = None,
        guild_memory: Path | None = None,
        operator: OperatorChoices | None = None,
        refresh_hours: int = 0,
        message_content: bool = False,
        guests: str = "members",
        **options: Any,
    ) -> None:
        """Set up a client.

        ``questions`` is the log of questions, which it closes too; without one nothing is kept of them.
        ``command_memory`` is the file that remembers which commands Discord was sent, ``guild_memory`` the one that
        remembers which guilds were greeted: without it none is. ``operator`` says what holds where neither the member
        nor the guild decides; ``refresh_hours``: how often pages are looked at again, or 0; ``message_content``:
        whether messages may be read that do not mention the bot, where Discord allows it; ``guests``: whose pages and
        files are summarised without being stored. ``options`` go to discord.py (``shard_count``,
        ``guild_ready_timeout`` …).
        """
        options.setdefault("intents", default_intents(message_content=message_content))
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=PullquoteTree,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            **options,
        )
        self.library = library
        self.questions = questions or AsyncQuestions()
        self._command_memory = command_memory
        self._guild_memory = guild_memory
        self._operator = operator or OperatorChoices()
        self._refresh_hours = refresh_hours
        self._guests = guests
        self._refreshing: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._deleting: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._in_flight = InFlight()
        self._was_logged_in = False
        self._wants_content = message_content
        self._is_falling_back = False
        self._events = EventGuard(self.get_guild)
        self._events.guard(self._connection.parsers)

    @property
    def malformed(self) -> Counter[str]:
        """How many events of each name could not be read."""
        return self._events.malformed

    @property
    def is_connected(self) -> bool:
        """Whether every line to Discord is open; ``is_ready`` stays true when one is lost."""
        is_open = all(not shard.is_closed() for shard in self.shards.values())
        return self.is_ready() and not self.is_closed() and bool(self.shards) and is_open

    async def setup_hook(self) -> None:
        """Add the commands, tell Discord of them, and begin to load the encoder while login completes."""
        if self._wants_content and not _may_read_messages(self.application):
            self._do_without_content()
        self._warming = asyncio.create_task(self._warm(), name="pullquote-warm")
        tree = await self.add_commands()
        if self._guild_memory is not None:
            await self.add_cog(Welcome(self, tree.links, GuildMemory(self._guild_memory)))
        await tree.sync_if_changed(self._command_memory)
        self._deleting = asyncio.create_task(delete_in_time(self.questions, self._presence), name="pullquote-delete")
        if self._refresh_hours:
            self._refreshing = asyncio.create_task(
                refresh_by_and_by(
                    self.library, hours=self._refresh_hours, serves=lambda guild: self.get_guild(guild) is not None
                ),
                name="pullquote-refresh",
            )

    async def add_commands(self) -> PullquoteTree:
        """Add everything that members can use, and return the tree that holds the commands. Needs no connection."""
        tree = self.tree
        assert isinstance(tree, PullquoteTree)  # noqa: S101 -- tree_cls above; discord.py's annotation is the base class
        tree.in_flight = self._in_flight
        await tree.set_translator(CatalogTranslator())
        operator = replace(self._operator, reads_messages=self.intents.message_content)
        await add_features(
            self, tree, self.library, self.questions, self._in_flight, operator=operator, guests=self._guests
        )
        return tree

    async def _warm(self) -> None:
        try:
            await self.library.warm()
        except EngineError as error:
            log.error("The encoder is not ready: %s", error.user_message)  # noqa: TRY400 -- expected, says what to do
        except Exception:
            log.exception("The encoder could not be loaded; questions will say so")

    async def on_ready(self) -> None:
        """Log that the bot is there, and compare what is stored with the guilds that it is in."""
        log.info("Connected as %s to %d guilds", self.user, len(self.guilds))
        known = self._presence()
        if known is not None:
            await self._look_after(self.questions.reconcile(*known))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot was taken out of a guild. An outage of a guild is another event, and changes nothing."""
        await self._look_after(self.questions.leave(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that the bot is in a guild (again)."""
        await self._look_after(self.questions.join(guild.id))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Note the same: a guild may come back this way too. At the start all do, and are looked at together."""
        if self.is_ready():
            await self._look_after(self.questions.join(guild.id))

    async def _look_after(self, work: Coroutine[Any, Any, object]) -> None:
        self._in_flight.remember()
        try:
            await work
        except EngineError as error:
            log.warning("What is kept of guilds was not looked after (%s)", type(error).__name__)

    def _presence(self) -> tuple[Collection[int], Callable[[int], bool]] | None:
        """The guilds that the bot is in, those that cannot be reached too; None until Discord has said which."""
        if not self.is_ready() or self.is_closed():
            return None
        shards, count = set(self.shards), self.shard_count or 1
        # Discord's rule of which shard a guild is on: another process may run the others.
        return {guild.id for guild in self.guilds}, lambda guild: (guild >> 22) % count in shards

    async def on_message(self, message: discord.Message, /) -> None:
        """Do nothing: there are no text commands, and questions are the cogs'."""

    async def login(self, token: str) -> None:
        """Log in with a bounded number of connections. The connector has to be made inside the running loop."""
        if self.http.connector is discord.utils.MISSING:
            self.http.connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        self._was_logged_in = True
        await super().login(token)

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Run until closed, then close everything. Raises DiscordRefused where Discord will not have this client."""
        try:
            with explained_refusals(self.malformed):
                await super().start(token, reconnect=reconnect)
            if self._closing is None:
                # Nobody asked it to end: a supervisor that sees no failure would leave it so.
                raise DiscordRefused(connection_words.connection_refused("without a reason"))
        finally:
            await self.close()

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect, and once more without reading messages where Discord refuses that (close code 4014)."""
        try:
            await super().connect(reconnect=reconnect)
        except discord.PrivilegedIntentsRequired:
            if not self._is_falling_back:
                raise
            self._is_falling_back = False
            self._do_without_content()
            await super().connect(reconnect=reconnect)

    def _do_without_content(self) -> None:
        log.error(manners_words.CONTENT_REFUSED)
        self._wants_content = False
        self._connection._intents.message_content = False  # noqa: SLF001 -- what IDENTIFY sends; there is no setter
        panel = self.get_cog(SettingsPanel.__cog_name__)
        if isinstance(panel, SettingsPanel):
            panel.operator = replace(panel.operator, reads_messages=False)

    def _was_refused_content(self) -> bool:
        """Whether a shard's connection was just ended because of the intent to read messages."""
        shards = [info._parent for info in self.shards.values()]  # noqa: SLF001 -- only the socket knows the code
        return self._wants_content and any(shard.ws.socket.close_code == _NO_INTENT_CLOSE_CODE for shard in shards)

    async def close(self) -> None:
        """Close in order: refuse new work, let answers on their way arrive, leave Discord. May be called twice."""
        if self._closing is None and not self._is_falling_back and self._was_refused_content():
            # discord.py closes before it raises: `connect` goes on without the intent instead.
            self._is_falling_back = True
            return
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="pullquote-close")
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        for task in (self._warming, self._refreshing, self._deleting):
            if task is not None:
                task.cancel()
        try:
            await self.library.close()
            await self._in_flight.wait(GOODBYE_SECONDS)
            await self.questions.close()
        finally:
            if not self._was_logged_in:
                # discord.py makes what it closes only when it logs in.
                await self._async_setup_hook()
            await super().close()


def default_intents(*, message_content: bool = False) -> discord.Intents:
    """Guilds, and messages so that mentions arrive. None of these is privileged but ``message_content``."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=message_content)


def _may_read_messages(application: discord.AppInfo | None) -> bool:
    """Whether the application's page in the portal has the toggle on."""
    flags = application.flags if application is not None else discord.ApplicationFlags()
    return flags.gateway_message_content or flags.gateway_message_content_limited
