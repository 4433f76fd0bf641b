"""What the buttons and menus under summaries do: unfold lines, list contents, read and summarise sections, add."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import discord
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.asking.quoting import quote_passage
from bot.engine.errors import NotFound
from bot.engine.records.articles import Article
from bot.engine.records.summaries import SummaryLength
from bot.engine.summaries.contents import Section
from bot.engine.summaries.guests import Guest
from bot.ui import answer_words, summary_words
from bot.ui.access import guild_of
from bot.ui.adding import Job, carry_out
from bot.ui.contents import Place, contents_view, section_opening, section_pages, section_view
from bot.ui.delivery import InFlight, defer, show
from bot.ui.discretion import Discretion
from bot.ui.failures import Refused, report
from bot.ui.language import speak_privately, speak_to
from bot.ui.layout import Accent, notice
from bot.ui.offers import Offers
from bot.ui.quotes import quote_views
from bot.ui.summaries import Offer, Sheet, draw_sheet, make_room, summary_views, unfold_all
from bot.ui.summary_buttons import Shelf, SummaryPress, SummaryVerb, page_of, read_menu, read_offers
from bot.ui.summary_lines import find_links, make_lines, read_lines, set_open, turn
from bot.ui.unfolding import opening_lines, read_cards

log = logging.getLogger(__name__)


class SummaryButtons(commands.Cog):
    """Answers the buttons and menus under summaries."""

    def __init__(self, library: AsyncLibrary, in_flight: InFlight, discretion: Discretion) -> None:
        self._library = library
        self._discretion = discretion
        self._in_flight = in_flight

    @commands.Cog.listener()
    async def on_summary_press(self, interaction: discord.Interaction[Any], press: SummaryPress) -> None:
        """Do what a button or a menu says; every refusal is private."""
        self._in_flight.remember()
        actions = {
            SummaryVerb.LINE: self._unfold,
            SummaryVerb.EXPAND: self._unfold,
            SummaryVerb.FOLD: self._unfold,
            SummaryVerb.CONTENTS: self._list_contents,
            SummaryVerb.SUMMARISE: self._summarise_section,
            SummaryVerb.READ: self._read_section,
            SummaryVerb.PAGE: self._turn_page,
            SummaryVerb.ADD: self._add,
        }
        try:
            await actions[press.verb](interaction, press)
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    async def _unfold(self, interaction: discord.Interaction[Any], press: SummaryPress) -> None:
        """Show the passages of a line, or of all lines, in place of their sentences; or the sentences again.

        What is shown is drawn anew from the article as it is now: nothing of the message is taken for true.
        """
        message = interaction.message
        assert message is not None  # noqa: S101 -- every button stands under a message
        await interaction.response.defer()
        speak_to(everybody=not message.flags.ephemeral)
        # What unfolds is read by whoever reads the message.
        article = await self._article(interaction, press.shelf, private=message.flags.ephemeral)
        lines = read_lines(read_menu(message))
        if not lines or all(line.find(article) is None for line in lines):
            raise Refused(summary_words.ARTICLE_CHANGED)
        verbs, link = read_offers(message)
        offer = Offer(press.shelf, SummaryVerb.ADD in verbs, link, SummaryVerb.CONTENTS in verbs)
        sheet = Sheet(opening_lines(read_cards(message)), tuple(lines), offer)
        links = await asyncio.to_thread(find_links, lines, article)
        if press.verb is SummaryVerb.FOLD:
            drawn: Sheet | None = replace(sheet, lines=tuple(set_open(lines, ())))
        elif press.verb is SummaryVerb.EXPAND:
            drawn = unfold_all(sheet, article, links)
            if not any(line.is_open for line in drawn.lines):
                drawn = None
        else:
            turned = replace(sheet, lines=tuple(turn(lines, press.chosen)))
            chosen = next((number for number, line in enumerate(lines) if str(line) == press.chosen), None)
            if chosen is None:
                raise Refused(summary_words.ARTICLE_CHANGED)
            drawn = make_room(turned, chosen, article, links)
            if drawn is None:
                await self._show_passage(interaction, press, article, chosen)
                return
        if drawn is None:
            await self._show_passage(interaction, press, article, 0)
            return
        await interaction.edit_original_response(view=draw_sheet(drawn, article, links)[-1])

    async def _show_passage(
        self, interaction: discord.Interaction[Any], press: SummaryPress, article: Article, number: int
    ) -> None:
        """Show the passage of a line to whoever chose it, in a message of its own."""
        assert interaction.message is not None  # noqa: S101 -- as above
        line = read_lines(read_menu(interaction.message))[number]
        found = line.find(article)
        if found is None or line.anchor.highlight is None:
            raise Refused(summary_words.ARTICLE_CHANGED)
        speak_privately()
        quote = quote_passage(article, found[0], [line.anchor.highlight])
        offers = None if press.shelf.token else Offers({article.id: article})
        for view in quote_views([quote], (summary_words.PASSAGE_NOT_IN_PLACE,), offers) or [
            notice(answer_words.NOTHING_TO_SHOW, Accent.REFUSED)
        ]:
            await interaction.followup.send(view=view, ephemeral=True)

    async def _list_contents(self, interaction: discord.Interaction[Any], press: SummaryPress) -> None:
        """Show the table of contents privately; its own page buttons turn it in place."""
        message = interaction.message
        assert message is not None  # noqa: S101 -- as above
        is_turning = not read_menu(message) and _has_verb(message, SummaryVerb.READ)
        if is_turning:
            await interaction.response.defer()
            speak_privately()
        else:
            await defer(interaction, private=True)
        article = await self._article(interaction, press.shelf)
        view = contents_view(article, press.shelf, int(press.argument or 0))
        if is_turning:
            await interaction.edit_original_response(view=view)
        else:
            await show(interaction, [view])

    async def _summarise_section(self, interaction: discord.Interaction[Any], press: SummaryPress) -> None:
        await defer(interaction, private=True)
        article = await self._article(interaction, press.shelf)
        section = _section(press.chosen, article)[1]
        if press.shelf.token:
            guest = await self._guest(interaction, press.shelf)
            summary = await self._library.guests.summarise(guest, SummaryLength.MEDIUM, section=section)
        else:
            viewer = await self._discretion.viewer(interaction, private=True)
            found = await self._library.summarise(
                guild_of(interaction), str(article.id), SummaryLength.MEDIUM, section=section, viewer=viewer
            )
            summary, article = found.summary, found.article
        links = await asyncio.to_thread(find_links, make_lines(summary.sentences, article), article)
        offer = replace(Offer.of(article, token=press.shelf.token), has_contents=False)
        await show(
            interaction, summary_views(summary, article, links, offer, opening=(section_opening(article, section),))
        )

    async def _read_section(self, interaction: discord.Interaction[Any], press: SummaryPress) -> None:
        await defer(interaction, private=True)
        article = await self._article(interaction, press.shelf)
        _, section = _section(press.chosen, article)
        pages = await asyncio.to_thread(section_pages, article, section)
        await show(interaction, [section_view(article, section, pages, press.shelf)])

    async def _turn_page(self, interaction: discord.Interaction[Any], press: SummaryPress) -> None:
        await interaction.response.defer()
        speak_privately()
        article = await self._article(interaction, press.shelf)
        place, section = _section(press.argument, article)
        pages = await asyncio.to_thread(section_pages, article, section)
        await interaction.edit_original_response(view=section_view(article, section, pages, press.shelf, place.page))

    async def _add(self, interaction: discord.Interaction[Any], press: SummaryPress) -> None:
        """Add a guest to the library: what was summarised, or its page anew where that is not at hand any more."""
        guild = await self._discretion.managed_guild(interaction)
        await defer(interaction, private=True)
        guest = self._library.guests.find(guild, press.shelf.token)
        assert interaction.message is not None  # noqa: S101 -- as above
        address = page_of(interaction.message)
        if guest is not None:
            source = guest.source
            job = Job(guest.article.title, lambda progress: self._library.add_article(guild, source, progress=progress))
        elif address is not None:
            page = address
            job = Job(page, lambda progress: self._library.add_url(guild, page, progress=progress))
        else:
            raise Refused(summary_words.NOT_ADDED)
        for done in await carry_out(interaction, [job]):
            log.info("Article %d of guild %d: %s", done.id, guild, done.status.value)

    async def _article(self, interaction: discord.Interaction[Any], shelf: Shelf, *, private: bool = True) -> Article:
        """Return the article that a press is about. Raises Refused where it is gone, or not for the viewer."""
        if shelf.token:
            return (await self._guest(interaction, shelf)).article
        try:
            viewer = await self._discretion.viewer(interaction, private=private)
            return await self._library.get_article_by_id(guild_of(interaction), shelf.article, viewer=viewer)
        except NotFound:
            raise Refused(summary_words.ARTICLE_CHANGED) from None

    async def _guest(self, interaction: discord.Interaction[Any], shelf: Shelf) -> Guest:
        """Return a guest; a page that is not at hand any more is read once more, and counted once more."""
        guild = guild_of(interaction)
        guest = self._library.guests.find(guild, shelf.token)
        if guest is not None:
            return guest
        assert interaction.message is not None  # noqa: S101 -- as above
        url = page_of(interaction.message)
        if url is None:
            raise Refused(summary_words.GUEST_GONE)
        is_manager = await self._discretion.manages_articles(interaction)
        if not is_manager:
            self._library.guests.count(guild, interaction.user.id)
        return await self._library.guests.read_again(guild, url, shelf.token, public_only=not is_manager)


def _section(text: str, article: Article) -> tuple[Place, Section]:
    place = Place.read(text)
    section = place.find(article) if place is not None else None
    if place is None or section is None:
        raise Refused(summary_words.ARTICLE_CHANGED)
    return place, section


def _has_verb(message: discord.Message, verb: SummaryVerb) -> bool:
    waiting: list[Any] = list(message.components)
    while waiting:
        part = waiting.pop()
        press = SummaryPress.read(getattr(part, "custom_id", None))
        if press is not None and press.verb is verb:
            return True
        waiting += getattr(part, "children", ())
    return False
