"""``/summary`` and *Summarise this* in a message's menu: an article in its own sentences, stored or not."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.ingest.pages import is_web_address
from bot.engine.records.sources import ArticleSource
from bot.engine.records.summaries import SummaryLength
from bot.engine.scopes.records import Viewer
from bot.engine.summaries.guests import Guest
from bot.engine.summaries.summary import Summarised
from bot.ui import asking_words, settings_words, summary_words, words
from bot.ui.access import guild_of
from bot.ui.adding import ProgressMessage, pasted, read_attachment
from bot.ui.completion import complete, meant
from bot.ui.delivery import announce, defer, show
from bot.ui.discretion import ABSENT, Discretion
from bot.ui.failures import Refused, sentence_for
from bot.ui.language import translate
from bot.ui.layout import Accent, notice
from bot.ui.summaries import Offer, summary_views
from bot.ui.summary_lines import find_links, make_lines
from bot.ui.text import cut, escape

log = logging.getLogger(__name__)

MOST_SOURCES = 3
"""Links and files of one message that are summarised at once."""
LEAST_WORDS = 60
"""A message of no more words is its own summary."""
_NAME_UNITS = 80
_NOT_LAST = tuple(".,;:!?'*_~`]")
_Job = Callable[[], Awaitable[list[discord.ui.LayoutView]]]
_ADDRESS = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)


class Summaries(commands.Cog):
    """Summarises articles, pages, files and messages."""

    def __init__(
        self, bot: commands.AutoShardedBot, library: AsyncLibrary, discretion: Discretion, *, guests: str = "members"
    ) -> None:
        """``guests``: whose pages and files are summarised without being stored: members, managers or nobody."""
        self._bot = bot
        self._library = library
        self._discretion = discretion
        self._guests = guests
        self._menu = app_commands.ContextMenu(name=summary_words.SUMMARISE_THIS, callback=self._summarise_message)
        app_commands.guild_only(self._menu)

    async def cog_load(self) -> None:
        """Add the message menu's command."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the message menu's command away."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="summary", description=summary_words.SUMMARY)
    @app_commands.describe(
        article=summary_words.SUMMARY_ARTICLE,
        length=summary_words.SUMMARY_LENGTH,
        about=summary_words.SUMMARY_ABOUT,
        private=settings_words.SUMMARY_PRIVATE,
    )
    @app_commands.guild_only()
    async def summary(
        self,
        interaction: discord.Interaction[Any],
        article: Range[str, 1, summary_words.ADDRESS_LIMIT],
        length: SummaryLength = SummaryLength.MEDIUM,
        about: Range[str, 1, asking_words.QUESTION_LIMIT] = "",
        private: bool | None = None,
    ) -> None:
        """Summarise an article; what is at a web address for the member alone."""
        is_address = is_web_address(article)
        is_private = is_address or await self._discretion.is_private(interaction, private)
        await defer(interaction, private=is_private)
        if not self._library.is_warm:
            await announce(interaction, notice(words.STARTING_UP))
        if is_address:
            await show(interaction, await self._summarise_address(interaction, article.strip(), length, about.strip()))
            return
        wanted = meant(article) or article
        viewer = await self._discretion.viewer(interaction, private=is_private)
        try:
            views = await self._summarise_stored(interaction, wanted, viewer, length, about)
        except ABSENT as error:
            await self._discretion.explain(interaction, self._library.get_summary, wanted, error)
            raise
        await show(interaction, views)

    @summary.autocomplete("article")
    async def _complete(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await complete(self._discretion.complete(interaction, self._library.complete_articles, typed))

    async def _summarise_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Summarise a message's pages and files, or its text, for whoever chose it alone."""
        await defer(interaction, private=True)
        if not self._library.is_warm:
            await announce(interaction, notice(words.STARTING_UP))
        jobs = self._find_jobs(interaction, message)
        if not jobs:
            await show(interaction, [notice(summary_words.NOTHING_TO_READ, Accent.REFUSED)])
            return
        views: list[discord.ui.LayoutView] = []
        for name, job in jobs[:MOST_SOURCES]:
            try:
                views += await job()
            except Exception as error:
                reason = sentence_for(error, "summarising one of several") if len(jobs) > 1 else None
                if reason is None:
                    raise
                told = summary_words.not_summarised(escape(cut(name, _NAME_UNITS)), translate(reason))
                views.append(notice(told, Accent.REFUSED))
        if len(jobs) > MOST_SOURCES:
            views.append(notice(summary_words.SUMMARISE_ONE_BY_ONE))
        await show(interaction, views)

    def _find_jobs(self, interaction: discord.Interaction[Any], message: discord.Message) -> list[tuple[str, _Job]]:
        """Return what there is to summarise: pages and files, or else the text; forwarded ones count as its own."""
        holders: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
        text = "\n".join(holder.content for holder in holders if holder.content)
        link = (summary_words.OPEN_MESSAGE, message.jump_url)
        jobs: list[tuple[str, _Job]] = [
            (url, partial(self._summarise_address, interaction, url)) for url in find_addresses(text)
        ]
        jobs += [
            (file.filename, partial(self._summarise_source, interaction, partial(read_attachment, file), link))
            for holder in holders
            for file in holder.attachments
        ]
        if not jobs and len(text.split()) > LEAST_WORDS:
            title = summary_words.message_by(cut(message.author.display_name, _NAME_UNITS))
            jobs.append((title, partial(self._summarise_source, interaction, partial(_paste, text, title), link)))
        return jobs

    async def _summarise_stored(
        self,
        interaction: discord.Interaction[Any],
        article: str,
        viewer: Viewer,
        length: SummaryLength,
        about: str = "",
    ) -> list[discord.ui.LayoutView]:
        guild = guild_of(interaction)
        return await _draw(await self._library.summarise(guild, article, length, about=about.strip(), viewer=viewer))

    async def _summarise_address(
        self,
        interaction: discord.Interaction[Any],
        url: str,
        length: SummaryLength = SummaryLength.MEDIUM,
        about: str = "",
    ) -> list[discord.ui.LayoutView]:
        """Summarise the stored article from this address, or the page as a guest."""
        guild = guild_of(interaction)
        viewer = await self._discretion.viewer(interaction, private=True)
        known = await self._library.guests.find_address(guild, url, viewer=viewer)
        if known is None:
            is_manager = await self._admit(interaction)
            progress = ProgressMessage(interaction)
            progress.turn_to(escape(cut(url, _NAME_UNITS)), 1, 1)
            try:
                found = await self._library.guests.read_url(
                    guild, url, viewer=viewer, public_only=not is_manager, progress=progress
                )
                if isinstance(found, Guest):
                    return await self._draw_guest(interaction, found, length, about, progress, None)
                known = found
            finally:
                await progress.stop()
        return await self._summarise_stored(interaction, str(known), viewer, length, about)

    async def _summarise_source(
        self, interaction: discord.Interaction[Any], read: Callable[[], Awaitable[ArticleSource]], link: tuple[str, str]
    ) -> list[discord.ui.LayoutView]:
        await self._admit(interaction)
        progress = ProgressMessage(interaction)
        try:
            guest = await self._library.guests.read_source(guild_of(interaction), await read(), progress=progress)
            return await self._draw_guest(interaction, guest, SummaryLength.MEDIUM, "", progress, link)
        finally:
            await progress.stop()

    async def _draw_guest(
        self,
        interaction: discord.Interaction[Any],
        guest: Guest,
        length: SummaryLength,
        about: str,
        progress: ProgressMessage,
        link: tuple[str, str] | None,
    ) -> list[discord.ui.LayoutView]:
        summary = await self._library.guests.summarise(guest, length, about=about, progress=progress)
        if link is None and guest.article.url is not None:
            link = (summary_words.OPEN_PAGE, guest.article.url)
        can_add = await self._discretion.manages_articles(interaction)
        offer = Offer.of(guest.article, token=guest.token, can_add=can_add, link=link)
        return await _draw(Summarised(summary, guest.article), offer)

    async def _admit(self, interaction: discord.Interaction[Any]) -> bool:
        """Let a guest in, or say why not; return whether the member may add articles.

        Who may add articles is bounded by what may be fetched and added anyway.
        """
        is_manager = await self._discretion.manages_articles(interaction)
        if self._guests == "nobody":
            raise Refused(summary_words.GUESTS_FOR_NOBODY)
        if self._guests == "managers" and not is_manager:
            raise Refused(summary_words.GUESTS_FOR_MANAGERS)
        if not is_manager:
            self._library.guests.count(guild_of(interaction), interaction.user.id)
        return is_manager


async def _draw(found: Summarised, offer: Offer | None = None) -> list[discord.ui.LayoutView]:
    lines = make_lines(found.summary.sentences, found.article)
    links = await asyncio.to_thread(find_links, lines, found.article)
    return summary_views(found.summary, found.article, links, offer)


async def _paste(text: str, title: str) -> ArticleSource:
    return pasted(text, title)


def find_addresses(text: str) -> list[str]:
    """Return the web addresses in a message, each once, without the punctuation that ends a sentence after them."""
    found = []
    for match in _ADDRESS.finditer(text):
        url = match[0]
        while url.endswith(_NOT_LAST) or (url.endswith(")") and url.count("(") < url.count(")")):
            url = url[:-1]
        found.append(url)
    return list(dict.fromkeys(found))
