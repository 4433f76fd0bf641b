"""Questions by message: a mention of the bot, and a reply to it."""

from __future__ import annotations

import logging
import re

import discord
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.ui import words
from bot.ui.delivery import InFlight
from bot.ui.discretion import Discretion
from bot.ui.failures import sentence_for
from bot.ui.layout import Accent, notice
from bot.ui.offers import Offers
from bot.ui.quotes import answer_views

log = logging.getLogger(__name__)

_QUESTION_OPENING = re.compile(
    r"(?:and |but |so )?(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|should|"
    r"would|will|has|have|had|may|must)\b"
)


class Messages(commands.Cog):
    """Answers messages that ask the bot, and leaves every other alone."""

    def __init__(
        self, bot: commands.AutoShardedBot, library: AsyncLibrary, in_flight: InFlight, discretion: Discretion
    ) -> None:
        self._bot = bot
        self._library = library
        self._discretion = discretion
        self._in_flight = in_flight

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a question to the bot in a guild."""
        if message.author.bot or message.webhook_id is not None or self._bot.user is None or message.guild is None:
            return
        self._in_flight.remember()
        try:
            question = mentioned_question(message, self._bot.user.id)
            if question is None:
                question = replied_question(message, self._bot.user.id)
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
                assert self._bot.user is not None  # noqa: S101 -- checked by whoever calls this
                viewer = await self._discretion.everyone(message, self._bot.user.id)
                found = await self._library.find(guild, question, viewer=viewer)
                offers = Offers(found.articles, found.nearest, asker=message.author.id)
                views = answer_views(found.answer, offers=offers)
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


def replied_question(message: discord.Message, bot_id: int) -> str | None:
    """Return the text of a reply that pings the bot and asks something, else None.

    Without the ping Discord keeps the text to itself, and so it does for a reply to an interaction's answer. A reply
    pings by default, so "thanks" comes here too: only what reads as a question counts.
    """
    replied = message.reference.resolved if message.reference is not None else None
    if not isinstance(replied, discord.Message) or replied.author.id != bot_id:
        return None
    if all(user.id != bot_id for user in message.mentions):
        return None
    text = " ".join(message.content.split())
    return text if is_question(text) else None


def is_question(text: str) -> bool:
    """Tell whether a text reads as a question: it holds a question mark, or opens as English questions do."""
    return any(mark in text for mark in "?？؟") or _QUESTION_OPENING.match(text.casefold()) is not None
