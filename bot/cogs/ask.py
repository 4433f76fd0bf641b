"""Questions: ``/ask``, and a mention of the bot with a question."""

from __future__ import annotations

import logging
import re
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.ui import words
from bot.ui.access import guild_of
from bot.ui.completion import complete, meant
from bot.ui.delivery import InFlight, announce, defer, show
from bot.ui.failures import sentence_for
from bot.ui.layout import Accent, notice
from bot.ui.quotes import answer_views

log = logging.getLogger(__name__)


class Ask(commands.Cog):
    """Answers questions with quotes."""

    def __init__(
        self, bot: commands.AutoShardedBot, library: AsyncLibrary, in_flight: InFlight, *, answers_are_private: bool
    ) -> None:
        self._bot = bot
        self._library = library
        self._in_flight = in_flight
        self._answers_are_private = answers_are_private

    @app_commands.command(name="ask", description=words.ASK)
    @app_commands.describe(question=words.ASK_QUESTION, article=words.ASK_ARTICLE, private=words.ASK_PRIVATE)
    @app_commands.guild_only()
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: Range[str, 1, words.QUESTION_LIMIT],
        article: Range[str, 1, words.TITLE_LIMIT] | None = None,
        private: bool | None = None,
    ) -> None:
        """Answer a question; the answer's privacy is settled before it is known."""
        is_private = self._answers_are_private if private is None else private
        await defer(interaction, private=is_private)
        if not self._library.is_warm:
            await announce(interaction, notice(words.STARTING_UP))
        answer = await self._library.ask(guild_of(interaction), question, article=meant(article))
        heading = None if is_private else question
        await show(interaction, answer_views(answer, question=heading, is_one_article=article is not None))

    @ask.autocomplete("article")
    async def _complete(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await complete(self._library.complete_articles(guild_of(interaction), typed))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention; every other message is left alone."""
        if message.author.bot or message.webhook_id is not None or self._bot.user is None:
            return
        self._in_flight.remember()
        try:
            if message.guild is None:
                await message.channel.send(view=notice(words.SERVERS_ONLY))
            else:
                question = mentioned_question(message, self._bot.user.id)
                if question is not None:
                    await self._reply(message, message.guild.id, question)
        except discord.Forbidden:
            log.info("Not allowed to answer in channel %d", message.channel.id)
        except discord.HTTPException as error:
            sentence_for(error, "a mention")

    async def _reply(self, message: discord.Message, guild: int, question: str) -> None:
        if not question or len(question) > words.QUESTION_LIMIT:
            views = [notice(words.LONG_MENTION if question else words.EMPTY_MENTION)]
        else:
            try:
                views = answer_views(await self._library.ask(guild, question))
            except Exception as error:  # noqa: BLE001 -- a reply is the only place where this can be reported
                sentence = sentence_for(error, "a mention")
                views = [notice(sentence, Accent.REFUSED)] if sentence else []
        # The question may have been deleted meanwhile: then the answer stands by itself.
        reference = message.to_reference(fail_if_not_exists=False)
        for number, view in enumerate(views):
            if number == 0:
                await message.channel.send(view=view, reference=reference, mention_author=False)
            else:
                await message.channel.send(view=view)


def mentioned_question(message: discord.Message, bot_id: int) -> str | None:
    """Return the message without its mentions of the bot, or None where it does not mention the bot.

    What counts is the literal ``<@id>`` in the text: a reply to the bot pings it without one ("thanks"), and
    ``@everyone`` mentions everybody. Discord's own list must agree, because a mention inside a code block is none.
    """
    token = re.compile(rf"<@!?{bot_id}>")
    if not token.search(message.content) or all(user.id != bot_id for user in message.mentions):
        return None
    return " ".join(token.sub(" ", message.content).split())
