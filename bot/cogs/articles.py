"""``/article add|list|remove``: for members with Manage Server, always private."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.errors import BadQuery, ExtractFailed, TooLarge, Unsupported
from bot.engine.records import ArticleSource
from bot.ui import words
from bot.ui.access import guild_of, managed_guild_of
from bot.ui.article_form import ArticleForm
from bot.ui.article_list import added_view, list_view, removed_view
from bot.ui.completion import complete, meant
from bot.ui.delivery import InFlight, announce, defer, show
from bot.ui.failures import report
from bot.ui.layout import notice

log = logging.getLogger(__name__)

PROGRESS_SECONDS = 2.0
"""Between two edits of the message that shows progress."""


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Articles(commands.GroupCog, group_name="article", group_description=words.ARTICLE):
    """Manages a guild's articles."""

    def __init__(self, library: AsyncLibrary, in_flight: InFlight) -> None:
        super().__init__()
        self._library = library
        self._in_flight = in_flight

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Check the permission again: a server's admins may have let anybody use the command."""
        managed_guild_of(interaction)
        return True

    @app_commands.command(name="add", description=words.ARTICLE_ADD)
    @app_commands.describe(text=words.ADD_TEXT, file=words.ADD_FILE, url=words.ADD_URL, title=words.ADD_TITLE)
    async def add(
        self,
        interaction: discord.Interaction[Any],
        text: Range[str, 1, words.TEXT_OPTION_LIMIT] | None = None,
        file: discord.Attachment | None = None,
        url: Range[str, 1, 2000] | None = None,
        title: Range[str, 1, words.TITLE_LIMIT] | None = None,
    ) -> None:
        """Add an article from one source, or open the form."""
        given = [source for source in (text, file, url) if source is not None]
        if not given:
            await interaction.response.send_modal(ArticleForm(self._add_from_form, report, title=title))
            return
        await defer(interaction, private=True)
        if len(given) > 1:
            raise BadQuery(words.ONE_SOURCE)
        if url is not None:
            raise Unsupported(words.URL_NOT_YET)
        if file is not None:
            await self._add(interaction, await _read(file, title))
        elif text is not None:
            await self._add(interaction, _pasted(text, title))

    async def _add_from_form(self, interaction: discord.Interaction[Any], text: str, title: str | None) -> None:
        self._in_flight.remember()
        managed_guild_of(interaction)
        await defer(interaction, private=True)
        await self._add(interaction, _pasted(text, title))

    async def _add(self, interaction: discord.Interaction[Any], source: ArticleSource) -> None:
        guild = guild_of(interaction)
        progress = _ProgressMessage(interaction)
        try:
            result = await self._library.add_article(guild, source, progress=progress)
        finally:
            await progress.stop()
        log.info("Article %d of guild %d: %s", result.id, guild, result.status.value)
        await show(interaction, [added_view(result)])

    @app_commands.command(name="list", description=words.ARTICLE_LIST)
    async def list_articles(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page of the guild's articles."""
        await defer(interaction, private=True)
        await show(interaction, [list_view(await self._library.list_articles(guild_of(interaction)))])

    @commands.Cog.listener()
    async def on_article_page(self, interaction: discord.Interaction[Any], page: int) -> None:
        """Turn to another page of the list."""
        self._in_flight.remember()
        try:
            guild = managed_guild_of(interaction)
            await interaction.response.defer()
            articles = await self._library.list_articles(guild)
            await interaction.edit_original_response(view=list_view(articles, page))
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    @app_commands.command(name="remove", description=words.ARTICLE_REMOVE)
    @app_commands.describe(article=words.REMOVE_ARTICLE)
    async def remove(self, interaction: discord.Interaction[Any], article: Range[str, 1, words.TITLE_LIMIT]) -> None:
        """Remove an article and say which."""
        await defer(interaction, private=True)
        guild = guild_of(interaction)
        removed = await self._library.remove_article(guild, meant(article) or article)
        log.info("Article %d of guild %d removed", removed.id, guild)
        await show(interaction, [removed_view(removed)])

    @remove.autocomplete("article")
    async def _complete(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        if not interaction.permissions.manage_guild:
            return []
        return await complete(self._library.complete_articles(guild_of(interaction), typed))


async def _read(file: discord.Attachment, title: str | None) -> ArticleSource:
    """Fetch the bytes. The size is checked before, so that a giant file is not even downloaded."""
    if file.size > words.FILE_LIMIT_BYTES:
        raise TooLarge(words.FILE_TOO_LARGE)
    try:
        data = await file.read()
    except (discord.HTTPException, OSError) as error:
        log.info("An attachment could not be fetched: %s", error)
        raise ExtractFailed(words.FILE_NOT_FETCHED) from error
    return ArticleSource(data=data, file_name=file.filename, title=title, source=file.filename)


def _pasted(text: str, title: str | None) -> ArticleSource:
    if not text.strip():
        raise ExtractFailed(words.EMPTY_TEXT)
    return ArticleSource(data=text, title=title)


class _ProgressMessage:
    """Shows progress by editing the one message, never faster than Discord likes; the report replaces it."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction
        self._edited_at = time.monotonic()
        self._edit: asyncio.Task[None] | None = None

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._edited_at < PROGRESS_SECONDS or (self._edit is not None and not self._edit.done()):
            return
        self._edited_at = now
        self._edit = asyncio.create_task(self._show(done, total))

    async def _show(self, done: int, total: int) -> None:
        try:
            await announce(self._interaction, notice(words.progress(done, total)))
        except discord.HTTPException as error:
            log.debug("Progress could not be shown: %s", error)

    async def stop(self) -> None:
        """Wait for an edit under way, which could otherwise overtake the report."""
        if self._edit is not None:
            await self._edit
