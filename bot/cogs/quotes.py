"""What the buttons under answers do: unfold, tell the source, verify, post, remove, show the closest passage."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.engine.asking.quoting import quote_passage
from bot.engine.errors import NotFound
from bot.engine.records.answers import Quote
from bot.engine.records.articles import Article
from bot.engine.scopes.records import Viewer
from bot.ui import answer_words, asking_words, settings_words, words
from bot.ui.access import find_member, may_send
from bot.ui.anchors import Anchor
from bot.ui.buttons import Press, Verb
from bot.ui.delivery import InFlight, defer, show, tell
from bot.ui.discretion import Discretion
from bot.ui.failures import Refused, report
from bot.ui.language import retell, speak_privately, speak_publicly, speak_to
from bot.ui.layout import Accent, Card, build_view, notice
from bot.ui.offers import Offers
from bot.ui.pressing import has_question_rows, read_shown
from bot.ui.quotes import quote_views
from bot.ui.sources import source_view, verify_view
from bot.ui.unfolding import accent_of, disable, highlight_of, opening_lines, quoted_texts, read_cards, unfold

log = logging.getLogger(__name__)


class Quotes(commands.Cog):
    """Answers the buttons under answers."""

    def __init__(self, library: AsyncLibrary, in_flight: InFlight, discretion: Discretion) -> None:
        self._library = library
        self._discretion = discretion
        self._in_flight = in_flight

    @commands.Cog.listener()
    async def on_answer_button(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Do what a button says; every refusal is private."""
        self._in_flight.remember()
        actions = {
            Verb.EARLIER: self._unfold,
            Verb.LATER: self._unfold,
            Verb.SOURCE: self._tell_source,
            Verb.VERIFY: self._verify,
            Verb.POST: self._post,
            Verb.REMOVE: self._remove,
            Verb.CLOSEST: self._show_closest,
        }
        if press.verb not in actions:
            return
        try:
            await actions[press.verb](interaction, press)
        except Refused as refusal:
            await self._refuse(interaction, str(refusal))
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    async def _refuse(self, interaction: discord.Interaction[Any], sentence: str) -> None:
        speak_privately()
        try:
            await tell(interaction, notice(sentence, Accent.REFUSED))
        except Exception as error:  # noqa: BLE001 -- as above
            await report(interaction, error)

    async def _unfold(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Show the passage before or after the quoted one, in the message where there is room, else privately."""
        await interaction.response.defer()
        speak_to(everybody=not _is_private(interaction))
        guild, anchor = _guild(interaction, press), _only(press)
        # What unfolds is read by whoever reads the message.
        viewer = await self._viewer(interaction, press, private=_is_private(interaction))
        article = await self._article(guild, anchor.article, viewer)
        here = anchor.find(article) if article else None
        if article is None or here is None:
            raise Refused(answer_words.PASSAGE_CHANGED)
        at = here.position + (-1 if press.verb is Verb.EARLIER else 1)
        if not 1 <= at <= len(article.passages):
            raise Refused(answer_words.NO_NEIGHBOUR)
        passage = article.passages[at - 1]
        neighbour = quote_passage(article, passage)
        assert interaction.message is not None  # noqa: S101 -- every button stands under a message
        cards = unfold(
            read_cards(interaction.message),
            press,
            neighbour,
            Anchor.of(neighbour, article),
            shares_path=passage.headings == here.headings,
        )
        if cards:
            await interaction.edit_original_response(view=build_view(cards))
            return
        speak_privately()
        offers = Offers({article.id: article}, guild=press.guild)
        for view in quote_views([neighbour], (answer_words.NO_ROOM,), offers) or [notice(answer_words.NOTHING_TO_SHOW)]:
            await interaction.followup.send(view=view, ephemeral=True)

    async def _tell_source(self, interaction: discord.Interaction[Any], press: Press) -> None:
        await defer(interaction, private=True)
        articles = await self._articles(interaction, press, private=True)
        await show(interaction, [source_view(press.anchors, articles)])

    async def _verify(self, interaction: discord.Interaction[Any], press: Press) -> None:
        await defer(interaction, private=True)
        articles = await self._articles(interaction, press, private=True)
        assert interaction.message is not None  # noqa: S101 -- every button stands under a message
        quoted = quoted_texts(read_cards(interaction.message))
        await show(interaction, [verify_view(press.anchors, articles, quoted)])

    async def _show_closest(self, interaction: discord.Interaction[Any], press: Press) -> None:
        await defer(interaction, private=True)
        articles = await self._articles(interaction, press, private=True)
        quotes = [_quote(anchor, articles.get(anchor.article)) for anchor in press.anchors]
        offers = Offers(articles, guild=press.guild)
        views = quote_views(quotes, (answer_words.CLOSEST,), offers)
        await show(interaction, views or [notice(answer_words.NOTHING_TO_SHOW, Accent.REFUSED)])

    async def _post(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Show a private answer to the channel: the same quotes, read and proved again, under the asker's name."""
        if not may_send(interaction.permissions, interaction.channel):
            raise Refused(answer_words.MEMBER_CANNOT_POST)
        if not may_send(interaction.app_permissions, interaction.channel):
            raise Refused(words.BOT_CANNOT_POST)
        message, channel = interaction.message, interaction.channel
        assert message is not None  # noqa: S101 -- every button stands under a message
        if not isinstance(channel, discord.abc.Messageable):
            raise Refused(words.BOT_CANNOT_POST)
        await interaction.response.defer()
        own = await self._articles(interaction, press, private=True)
        articles = await self._articles(interaction, press, private=False)
        if own.keys() - articles.keys():
            raise Refused(settings_words.NOT_TO_BE_POSTED)
        speak_publicly()
        cards = read_cards(message)
        quotes = [_quote(anchor, articles.get(anchor.article), cards) for anchor in press.anchors]
        opening = (
            *(retell(line, answer_words.OPENINGS) for line in opening_lines(cards)),
            answer_words.asked_by(interaction.user.mention),
        )
        question = read_shown(message).number if has_question_rows(cards) else None
        offers = Offers(articles, asker=interaction.user.id, question=question)
        views = quote_views(quotes, opening, offers, accent=accent_of(cards))
        if not views:
            raise Refused(answer_words.NOTHING_TO_SHOW)
        try:
            for number, view in enumerate(views):
                # Two quick presses are one message: Discord answers a nonce it knows with the message it made then.
                await channel.send(view=view, nonce=f"{message.id}{number}")
        except discord.Forbidden:
            log.info("Not allowed to post in channel %s", interaction.channel_id)
            raise Refused(words.BOT_CANNOT_POST) from None
        speak_privately()
        await interaction.edit_original_response(view=build_view(disable(cards, Verb.POST)))

    async def _remove(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Delete a posted answer for its asker or a moderator."""
        if interaction.user.id != press.number and not interaction.permissions.manage_messages:
            raise Refused(answer_words.NOT_YOURS_TO_REMOVE)
        await interaction.response.defer()
        await interaction.delete_original_response()

    async def _articles(
        self, interaction: discord.Interaction[Any], press: Press, *, private: bool
    ) -> dict[int, Article]:
        """The articles that a press is about, by id, without those that are gone or that are not for the viewer."""
        guild, viewer = _guild(interaction, press), await self._viewer(interaction, press, private=private)
        found = [await self._article(guild, number, viewer) for number in {anchor.article for anchor in press.anchors}]
        return {article.id: article for article in found if article is not None}

    async def _article(self, guild: int, number: int, viewer: Viewer) -> Article | None:
        try:
            return await self._library.get_article_by_id(guild, number, viewer=viewer)
        except NotFound:
            return None

    async def _viewer(self, interaction: discord.Interaction[Any], press: Press, *, private: bool) -> Viewer:
        """Return who will see what a press shows, by their roles of now: a button may be older than these.

        In a direct message the member must still be in the guild.
        """
        if interaction.guild_id is not None:
            return await self._discretion.viewer(interaction, private=private)
        guild = interaction.client.get_guild(press.guild) if press.guild is not None else None
        member = None if guild is None else await find_member(guild, interaction.user.id)
        if member is None:
            raise Refused(asking_words.NOT_A_MEMBER)
        return await self._discretion.member(member)


def _guild(interaction: discord.Interaction[Any], press: Press) -> int:
    """Return whose articles a press is about."""
    guild = interaction.guild_id or press.guild
    if guild is None:
        raise Refused(asking_words.NOT_A_MEMBER)
    return guild


def _is_private(interaction: discord.Interaction[Any]) -> bool:
    message = interaction.message
    return message is not None and message.flags.ephemeral


def _only(press: Press) -> Anchor:
    if len(press.anchors) != 1:
        raise Refused(answer_words.PASSAGE_CHANGED)
    return press.anchors[0]


def _quote(anchor: Anchor, article: Article | None, cards: Sequence[Card] = ()) -> Quote:
    """Quote a remembered passage, bold where the cards show it so. Raises Refused where the article lost it."""
    passage = anchor.find(article) if article else None
    if article is None or passage is None:
        raise Refused(answer_words.PASSAGE_CHANGED)
    remembered = (anchor.highlight,) if anchor.highlight else ()
    text = article.text[passage.start : passage.end]
    return quote_passage(article, passage, highlight_of(cards, text) or remembered)
