"""``/article …`` and the message menu *Add as article*: for members with Manage Server, always private."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.errors import BadQuery
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.ingest.pages import is_web_address
from bot.engine.ports.encoders import Progress
from bot.engine.records.articles import ArticleSummary
from bot.engine.records.sources import AddReport
from bot.engine.scopes.records import EVERYBODY, EVERYTHING, ArticleScope, make_scope
from bot.ui import adding_words, article_words, lines_words, settings_words, words
from bot.ui.access import guild_of
from bot.ui.adding import Job, carry_out, pasted, read_attachment
from bot.ui.article_card import confirm_view, info_view, kept_view, preview_view, renamed_view
from bot.ui.article_form import FILES_AT_ONCE, ArticleForm
from bot.ui.article_list import list_view, removed_view
from bot.ui.completion import complete, meant
from bot.ui.delivery import InFlight, defer, show
from bot.ui.discretion import Discretion
from bot.ui.failures import report
from bot.ui.language import translate
from bot.ui.scope_panel import scope_view

log = logging.getLogger(__name__)

ArticleOption = Range[str, 1, words.TITLE_LIMIT]
"""An article's id, which completion gives, or its title as it was typed."""


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Articles(commands.GroupCog, group_name="article", group_description=article_words.ARTICLE):
    """Manages a guild's articles."""

    def __init__(self, library: AsyncLibrary, in_flight: InFlight, discretion: Discretion) -> None:
        super().__init__()
        self._discretion = discretion
        self._library = library
        self._in_flight = in_flight
        self.menu = app_commands.ContextMenu(name=adding_words.ADD_AS_ARTICLE, callback=self._add_message)
        self.menu.default_permissions = discord.Permissions(manage_guild=True)
        self.menu.guild_only = True

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Check the permission again: a server's admins may have let anybody use the command."""
        await self._discretion.managed_guild(interaction)
        return True

    @app_commands.command(name="add", description=adding_words.ARTICLE_ADD)
    @app_commands.describe(
        text=adding_words.ADD_TEXT,
        file=adding_words.ADD_FILE,
        url=adding_words.ADD_URL,
        title=adding_words.ADD_TITLE,
        role=settings_words.ADD_ROLE,
        channel=settings_words.ADD_CHANNEL,
    )
    async def add(
        self,
        interaction: discord.Interaction[Any],
        text: Range[str, 1, adding_words.TEXT_OPTION_LIMIT] | None = None,
        file: discord.Attachment | None = None,
        url: Range[str, 1, 2000] | None = None,
        title: Range[str, 1, words.TITLE_LIMIT] | None = None,
        role: discord.Role | None = None,
        channel: app_commands.AppCommandChannel | app_commands.AppCommandThread | None = None,
    ) -> None:
        """Add an article from one source, or open the form."""
        scope = _scope_of(interaction, role, channel)
        given = [source for source in (text, file, url) if source is not None]
        if not given:
            await interaction.response.send_modal(ArticleForm(partial(self._add_from_form, scope), report, title=title))
            return
        await defer(interaction, private=True)
        if len(given) > 1:
            raise BadQuery(adding_words.ONE_SOURCE)
        guild = guild_of(interaction)
        if url is not None:
            await self._add(interaction, self._url_job(guild, url, title, scope))
        elif file is not None:
            await self._add(interaction, self._file_job(guild, file, title, scope))
        elif text is not None:
            await self._add(interaction, self._text_job(guild, text, title, scope))

    async def _add_from_form(
        self,
        scope: ArticleScope,
        interaction: discord.Interaction[Any],
        text: str,
        title: str | None,
        files: list[discord.Attachment],
    ) -> None:
        self._in_flight.remember()
        guild = await self._discretion.managed_guild(interaction)
        await defer(interaction, private=True)
        jobs = [self._text_job(guild, text, title, scope)] if text.strip() else []
        # A title is for one article: of several each finds its own.
        own_title = title if not jobs and len(files) == 1 else None
        jobs += [self._file_job(guild, file, own_title, scope) for file in files]
        if not jobs:
            raise BadQuery(adding_words.EMPTY_FORM if not text else adding_words.EMPTY_TEXT)
        await self._add(interaction, *jobs)

    async def _add_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Add a message's text, or the page whose address it is, and its files."""
        guild = await self._discretion.managed_guild(interaction)
        await defer(interaction, private=True)
        text = message.content.strip()
        jobs = []
        if is_web_address(text) and len(text.split()) == 1:
            jobs.append(self._url_job(guild, text, None, EVERYBODY))
        elif text:
            jobs.append(self._text_job(guild, message.content, None, EVERYBODY))
        jobs += [self._file_job(guild, file, None, EVERYBODY) for file in message.attachments[:FILES_AT_ONCE]]
        if not jobs:
            raise BadQuery(adding_words.EMPTY_MESSAGE)
        await self._add(interaction, *jobs)

    def _text_job(self, guild: int, text: str, title: str | None, scope: ArticleScope) -> Job:
        async def add(progress: Progress) -> AddReport:
            return await self._library.add_article(guild, pasted(text, title), progress=progress, scope=scope)

        return Job(title or translate(adding_words.FORM_TEXT_LABEL), add)

    def _file_job(self, guild: int, file: discord.Attachment, title: str | None, scope: ArticleScope) -> Job:
        async def add(progress: Progress) -> AddReport:
            source = await read_attachment(file, title)
            return await self._library.add_article(guild, source, progress=progress, scope=scope)

        return Job(file.filename, add)

    def _url_job(self, guild: int, url: str, title: str | None, scope: ArticleScope) -> Job:
        return Job(url, lambda progress: self._library.add_url(guild, url, title=title, progress=progress, scope=scope))

    async def _add(self, interaction: discord.Interaction[Any], *jobs: Job) -> None:
        guild = guild_of(interaction)
        for done in await carry_out(interaction, jobs):
            log.info("Article %d of guild %d: %s", done.id, guild, done.status.value)

    @app_commands.command(name="list", description=article_words.ARTICLE_LIST)
    async def list_articles(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page of the guild's articles."""
        await defer(interaction, private=True)
        await show(
            interaction, [list_view(await self._library.list_articles(guild_of(interaction), viewer=EVERYTHING))]
        )

    @commands.Cog.listener()
    async def on_article_page(self, interaction: discord.Interaction[Any], page: int) -> None:
        """Turn to another page of the list."""
        self._in_flight.remember()
        try:
            guild = await self._discretion.managed_guild(interaction)
            await interaction.response.defer()
            articles = await self._library.list_articles(guild, viewer=EVERYTHING)
            await interaction.edit_original_response(view=list_view(articles, page))
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    @app_commands.command(name="remove", description=article_words.ARTICLE_REMOVE)
    @app_commands.describe(article=article_words.REMOVE_ARTICLE)
    async def remove(self, interaction: discord.Interaction[Any], article: ArticleOption) -> None:
        """Ask whether to remove an article."""
        await defer(interaction, private=True)
        found = await self._library.get_summary(guild_of(interaction), meant(article) or article, viewer=EVERYTHING)
        await show(interaction, [confirm_view(found)])

    @commands.Cog.listener()
    async def on_article_removal(self, interaction: discord.Interaction[Any], article_id: int, is_sure: bool) -> None:
        """Remove an article, or leave it, now that the member has said which."""
        self._in_flight.remember()
        try:
            guild = await self._discretion.managed_guild(interaction)
            await interaction.response.defer()
            if is_sure:
                removed = await self._library.remove_article(guild, str(article_id))
                log.info("Article %d of guild %d removed", removed.id, guild)
                view = removed_view(removed)
            else:
                view = kept_view(await self._library.get_summary(guild, str(article_id), viewer=EVERYTHING))
            await interaction.edit_original_response(view=view)
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    @app_commands.command(name="info", description=article_words.ARTICLE_INFO)
    @app_commands.describe(article=article_words.ARTICLE_TO_SHOW)
    async def info(self, interaction: discord.Interaction[Any], article: ArticleOption) -> None:
        """Show what is known of an article."""
        await defer(interaction, private=True)
        found = await self._library.get_summary(guild_of(interaction), meant(article) or article, viewer=EVERYTHING)
        await show(interaction, [info_view(found)])

    @app_commands.command(name="preview", description=article_words.ARTICLE_PREVIEW)
    @app_commands.describe(article=article_words.ARTICLE_TO_SHOW)
    async def preview(self, interaction: discord.Interaction[Any], article: ArticleOption) -> None:
        """Show how an article begins."""
        await defer(interaction, private=True)
        found = await self._library.get_article(guild_of(interaction), meant(article) or article, viewer=EVERYTHING)
        await show(interaction, [preview_view(found)])

    @app_commands.command(name="rename", description=article_words.ARTICLE_RENAME)
    @app_commands.describe(article=article_words.ARTICLE_TO_RENAME, title=article_words.ARTICLE_NEW_TITLE)
    async def rename(
        self, interaction: discord.Interaction[Any], article: ArticleOption, title: Range[str, 1, words.TITLE_LIMIT]
    ) -> None:
        """Give an article another title."""
        await defer(interaction, private=True)
        renamed = await self._library.rename_article(guild_of(interaction), meant(article) or article, title)
        await show(interaction, [renamed_view(renamed)])

    @app_commands.command(name="refresh", description=article_words.ARTICLE_REFRESH)
    @app_commands.describe(article=article_words.ARTICLE_TO_REFRESH, anyway=lines_words.REFRESH_ANYWAY)
    async def refresh(
        self, interaction: discord.Interaction[Any], article: ArticleOption, anyway: bool = False
    ) -> None:
        """Look at an article's page again."""
        await defer(interaction, private=True)
        guild, chosen = guild_of(interaction), meant(article) or article

        async def look_again(progress: Progress) -> AddReport:
            return await self._library.refresh_article(guild, chosen, is_forced=anyway, progress=progress)

        await self._add(interaction, Job(chosen, look_again))

    @app_commands.command(name="scope", description=settings_words.ARTICLE_SCOPE)
    @app_commands.describe(article=settings_words.ARTICLE_TO_BIND)
    async def scope(self, interaction: discord.Interaction[Any], article: ArticleOption) -> None:
        """Show whom an article is for, with the menus that change it."""
        await defer(interaction, private=True)
        guild = guild_of(interaction)
        found = await self._library.get_summary(guild, meant(article) or article, viewer=EVERYTHING)
        bound = (await self._library.settings.read_scopes(guild)).get(found.id, EVERYBODY)
        await show(interaction, [scope_view(found, bound, interaction.guild)])

    @commands.Cog.listener()
    async def on_article_scope(
        self, interaction: discord.Interaction[Any], article_id: int, part: str, chosen: list[int]
    ) -> None:
        """Bind an article to what was chosen in the panel."""
        self._in_flight.remember()
        try:
            guild = await self._discretion.managed_guild(interaction)
            await interaction.response.defer()
            bound = await self._library.settings.change(lambda book: _rebind(book, guild, article_id, part, chosen))
            found = await self._library.get_summary(guild, str(article_id), viewer=EVERYTHING)
            await interaction.edit_original_response(view=scope_view(found, bound, interaction.guild))
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    @info.autocomplete("article")
    @preview.autocomplete("article")
    @rename.autocomplete("article")
    @refresh.autocomplete("article")
    @remove.autocomplete("article")
    @scope.autocomplete("article")
    async def _complete(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await complete(self._known(interaction, typed))

    async def _known(self, interaction: discord.Interaction[Any], typed: str) -> list[ArticleSummary]:
        if not await self._discretion.manages_articles(interaction):
            return []
        return await self._library.complete_articles(guild_of(interaction), typed, viewer=EVERYTHING)


def _scope_of(interaction: discord.Interaction[Any], role: discord.Role | None, channel: object) -> ArticleScope:
    """Return whom a new article is for; @everyone is nobody in particular."""
    roles = [role.id] if role is not None and role.id != interaction.guild_id else []
    number = getattr(channel, "id", None)
    return make_scope(roles, [] if number is None else [number])


def _rebind(book: SettingsBook, guild: int, article: int, part: str, chosen: list[int]) -> ArticleScope:
    """Change one part of an article's scope, or open it to everybody; return what it is now."""
    bound = book.read_scopes(guild).get(article, EVERYBODY)
    if part == "all":
        bound = EVERYBODY
    elif part == "roles":
        bound = make_scope([] if guild in chosen else chosen, bound.channels)
    else:
        bound = make_scope(bound.roles, chosen)
    book.bind_article(guild, article, bound)
    return bound
