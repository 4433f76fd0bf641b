"""Questions by direct message: answered from the articles of the one server that the member shares with the bot."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.async_questions import AsyncQuestions
from bot.conversations import Before, before_in_channel, before_reply
from bot.engine.questions.follow_up import leans
from bot.engine.questions.log import Asking
from bot.ui import asking_words
from bot.ui.access import find_member, shared_members
from bot.ui.delivery import InFlight, tell
from bot.ui.discretion import Discretion
from bot.ui.failures import report, sentence_for
from bot.ui.language import hearing
from bot.ui.layout import Accent, notice
from bot.ui.manners import Manners, is_courtesy
from bot.ui.offers import Offers
from bot.ui.quotes import answer_views
from bot.ui.server_menu import which_server_view
from bot.ui.text import cut, escape

log = logging.getLogger(__name__)

MOST_GUILDS = 50
"""Each costs a question to Discord, whose connection takes 120 in a minute."""
MOST_SEEN = 2_000
_NAME_UNITS = 100


class Direct(commands.Cog):
    """Answers direct messages, which belong to no guild."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        library: AsyncLibrary,
        questions: AsyncQuestions,
        in_flight: InFlight,
        discretion: Discretion,
        manners: Manners,
    ) -> None:
        self._bot = bot
        self._library = library
        self._questions = questions
        self._discretion = discretion
        self._manners = manners
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._in_flight = in_flight

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, or ask which server it is about."""
        if message.guild is not None or message.author.bot or self._bot.user is None:
            return
        # Discord may send an event twice, above all after a lost connection.
        if message.id in self._seen or is_courtesy(message.content):
            return
        self._seen[message.id] = None
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        self._in_flight.remember()
        try:
            views = await self._views(message)
            reference = message.to_reference(fail_if_not_exists=False)
            for number, view in enumerate(views):
                nonce = f"{message.id}{number}"
                if number == 0:
                    await message.channel.send(view=view, reference=reference, mention_author=False, nonce=nonce)
                else:
                    await message.channel.send(view=view, nonce=nonce)
        except discord.HTTPException as error:
            sentence_for(error, "a direct message")

    async def _views(self, message: discord.Message) -> list[ui.LayoutView]:
        question = " ".join(message.content.split())
        if not question or len(question) > asking_words.QUESTION_LIMIT:
            return [notice(asking_words.LONG_MENTION if question else asking_words.EMPTY_DIRECT)]
        try:
            numbers = [number for number in await self._library.guilds() if self._bot.get_guild(number) is not None]
            if len(numbers) > MOST_GUILDS:
                return [notice(asking_words.TOO_MANY_SERVERS)]
            members = await shared_members(self._bot, message.author.id, numbers)
            if not members:
                return [notice(asking_words.NO_SHARED_SERVER)]
            if len(members) > 1:
                return [which_server_view([(member.guild.id, member.guild.name) for member in members])]
            with hearing(None, str(members[0].guild.preferred_locale)):
                # Discord does not tell the language of who writes a message: the server's is the best guess.
                return await self._answer(members[0], question, message)
        except Exception as error:  # noqa: BLE001 -- a reply is the only place where this can be reported
            sentence = sentence_for(error, "a direct message")
            return [notice(sentence, Accent.REFUSED)] if sentence else []

    async def _answer(
        self, member: discord.Member, question: str, asked_in: discord.Message | discord.Interaction[Any]
    ) -> list[ui.LayoutView]:
        guild, channel = member.guild, asked_in.channel.id if asked_in.channel is not None else 0
        settings = await self._discretion.read(guild.id)
        wait = self._manners.admit(guild.id, settings, member=member.id, channel=None)
        if wait is not None:
            return [notice(self._manners.sentence(wait))] if wait.is_first else []
        viewer = await self._discretion.member(member)
        before = await self._before(member, channel, question, asked_in)
        found = await self._library.find(guild.id, question, viewer=viewer, context=before.context)
        asking = Asking(guild.id, channel, member.id, follows=before.number, is_private=True)
        number = self._questions.note(asking, found)
        offers = Offers(found.articles, found.nearest, guild=guild.id, question=number)
        origin = asking_words.server_line(escape(cut(guild.name, _NAME_UNITS)))
        return answer_views(found.answer, origin=origin, offers=offers)

    async def _before(
        self, member: discord.Member, channel: int, question: str, asked_in: discord.Message | discord.Interaction[Any]
    ) -> Before:
        """What a question may lean on: the answer it replies to, or else what the member asked here last."""
        if not leans(question):
            return Before()
        reference = asked_in.reference if isinstance(asked_in, discord.Message) else None
        answer = reference.resolved if reference is not None else None
        if isinstance(answer, discord.Message) and answer.author == self._bot.user:
            return await before_reply(self._questions, member.guild.id, answer)
        return await before_in_channel(self._questions, member.guild.id, channel, user=member.id)

    @commands.Cog.listener()
    async def on_server_chosen(self, interaction: discord.Interaction[Any], chosen: int) -> None:
        """Answer from the chosen server's articles, in the place of the menu."""
        self._in_flight.remember()
        try:
            await interaction.response.defer()
            guild = self._bot.get_guild(chosen)
            member = None if guild is None else await find_member(guild, interaction.user.id)
            if member is None:
                await tell(interaction, notice(asking_words.NOT_A_MEMBER, Accent.REFUSED))
                return
            question = await _question_of(interaction)
            if question is None:
                await tell(interaction, notice(asking_words.QUESTION_GONE, Accent.REFUSED))
                return
            views = await self._answer(member, question, interaction)
            if views:
                await interaction.edit_original_response(view=views[0])
            for view in views[1:]:
                await interaction.followup.send(view=view)
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)


async def _question_of(interaction: discord.Interaction[Any]) -> str | None:
    """Return the text of the message that the menu's message replies to; it is kept nowhere but in Discord."""
    reference = interaction.message.reference if interaction.message is not None else None
    message = reference.resolved if reference is not None else None
    if not isinstance(message, discord.Message) and reference is not None and reference.message_id is not None:
        try:
            channel = interaction.channel
            assert isinstance(channel, discord.abc.Messageable)  # noqa: S101 -- where the menu's message stands
            message = await channel.fetch_message(reference.message_id)
        except discord.NotFound:
            return None
    return " ".join(message.content.split()) or None if isinstance(message, discord.Message) else None
