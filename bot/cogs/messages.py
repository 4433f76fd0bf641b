"""Questions by message: a mention of the bot, and a reply to it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.async_questions import NOTHING_KEPT, AsyncQuestions
from bot.conversations import Before, before_in_channel, before_reply
from bot.engine.asking.found import Found
from bot.engine.errors import EngineError
from bot.engine.guild_settings.records import ChannelPolicy, GuildSettings
from bot.engine.questions.follow_up import leans
from bot.engine.questions.log import Asking
from bot.engine.records.answers import AnswerState
from bot.ui import asking_words
from bot.ui.addressed import is_question, mentioned_question, replied_question
from bot.ui.delivery import InFlight
from bot.ui.discretion import Discretion
from bot.ui.failures import sentence_for
from bot.ui.layout import Accent, notice
from bot.ui.manners import Manners, Trouble, is_courtesy
from bot.ui.offers import Offers
from bot.ui.posts import unasked_question
from bot.ui.quotes import answer_views
from bot.ui.threads import NoThread, begin_thread
from bot.ui.viewers import place_of

log = logging.getLogger(__name__)

EDIT_SECONDS = 60.0
"""How old a message may be for an edit of it to be answered."""
MOST_SEEN = 2_000
_NONCE_LIMIT = 25


@dataclass
class Asked:
    """A question that was answered, or is being: while it is young, an edit of it edits the answer.

    ``policy``: of the channel, where the bot was not asked but answers; ``number``: of the question as it is kept.
    ``place``: where the answer goes, once that is settled; ``in_thread``: whether it is to be a thread of its own.
    """

    question: str
    policy: ChannelPolicy | None = None
    in_thread: bool = False
    number: int = NOTHING_KEPT
    place: discord.abc.Messageable | None = None
    answers: list[discord.Message] = field(default_factory=list)
    editions: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Messages(commands.Cog):
    """Answers messages that ask the bot, and leaves every other alone but where a server chose otherwise."""

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
        self._in_flight = in_flight
        self._manners = manners
        self._seen: OrderedDict[int, Asked | None] = OrderedDict()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a question to the bot in a guild."""
        if message.author.bot or message.webhook_id is not None or self._bot.user is None or message.guild is None:
            return
        # Discord may send an event twice, above all after a lost connection.
        if message.id in self._seen:
            return
        self._seen[message.id] = None
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        self._in_flight.remember()
        await self._guard(message, self._consider(message, message.guild.id))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a question anew that was edited within a minute."""
        message, asked = payload.message, self._seen.get(payload.message_id)
        if asked is None or message.guild is None:
            return
        age = discord.utils.utcnow() - message.created_at
        question = self._question_of(message) if asked.policy is None else unasked_question(message, is_question)
        if question is None or question == asked.question or age.total_seconds() > EDIT_SECONDS:
            return
        self._in_flight.remember()
        asked.question = question
        await self._guard(message, self._reply(message, message.guild.id, asked))

    async def _guard(self, message: discord.Message, answering: Coroutine[Any, Any, None]) -> None:
        try:
            await answering
        except discord.Forbidden:
            guild = message.guild.id if message.guild is not None else 0
            if self._manners.note_trouble(guild, message.channel.id, Trouble.NO_ANSWER):
                log.warning("Not allowed to answer in channel %d of guild %d", message.channel.id, guild)
        except discord.HTTPException as error:
            sentence_for(error, "a mention")

    def _question_of(self, message: discord.Message) -> str | None:
        """Return what a message asks the bot, or None where it does not."""
        assert self._bot.user is not None  # noqa: S101 -- there are no messages before login
        question = mentioned_question(message, self._bot.user.id)
        if question is None:
            question = replied_question(message, self._bot.user.id)
        return None if question is not None and is_courtesy(question) else question

    async def _consider(self, message: discord.Message, guild: int) -> None:
        question, policy = self._question_of(message), None
        if isinstance(message.channel, discord.PartialMessageable) and self._bot.intents.message_content:
            # A thread that the bot has not heard of: its parent decides.
            message.channel = await self._bot.fetch_channel(message.channel.id)  # type: ignore[assignment]
        if question is None and self._bot.intents.message_content:
            question = unasked_question(message, is_question)
            if question is not None:
                policy = (await self._read(guild)).channel(place_of(message.channel)).policy
        if question is None or policy is ChannelPolicy.MENTIONED:
            return
        settings = await self._read(guild)
        place = place_of(message.channel)
        wait = self._manners.admit(guild, settings, member=message.author.id, channel=place[0])
        if wait is not None:
            if wait.is_first and policy is None:
                await _send(message, notice(self._manners.sentence(wait)), nonce=f"{message.id}0")
            return
        # In a thread, or in a forum's post, the answer is in one already.
        in_thread = settings.channel(place).in_thread and not isinstance(message.channel, discord.Thread)
        asked = self._seen[message.id] = Asked(question, policy, in_thread)
        await self._reply(message, guild, asked)

    async def _read(self, guild: int) -> GuildSettings:
        try:
            return await self._discretion.read(guild)
        except EngineError:
            # Whoever asks is told so by the question itself.
            return GuildSettings()

    async def _reply(self, message: discord.Message, guild: int, asked: Asked) -> None:
        async with asked.lock:
            question = asked.question
            heard = await self._search(message, guild, question, asked.policy)
            if question != asked.question:
                # It was edited meanwhile: the edit waits behind the lock and answers.
                return
            views = heard if isinstance(heard, list) else await self._draw(message, guild, asked, heard)
            if isinstance(heard, list):
                # What was asked before the edit is asked no more.
                self._questions.withdraw(guild, asked.number)
                asked.number = NOTHING_KEPT
            for number, view in enumerate(views):
                if number < len(asked.answers):
                    await asked.answers[number].edit(view=view, allowed_mentions=discord.AllowedMentions.none())
                    continue
                # Another process on the same bot would send the same: Discord makes one message of both.
                nonce = f"{message.id}{asked.editions}{number}"[:_NONCE_LIMIT]
                asked.answers.append(await self._say(message, asked, view, nonce))
            while len(asked.answers) > len(views):
                await asked.answers.pop().delete()
            asked.editions = min(asked.editions + 1, 9)

    async def _search(
        self, message: discord.Message, guild: int, question: str, policy: ChannelPolicy | None
    ) -> tuple[Found, Before] | list[ui.LayoutView]:
        """Return what was found, or what is to be said instead: nothing where a channel's policy is to be silent."""
        if not question or len(question) > asking_words.QUESTION_LIMIT:
            return [notice(asking_words.LONG_MENTION if question else asking_words.EMPTY_MENTION)]
        try:
            assert self._bot.user is not None  # noqa: S101 -- there are no messages before login
            viewer = await self._discretion.everyone(message, self._bot.user.id)
            before = await self._before(message, guild, question)
            found = await self._library.find(guild, question, viewer=viewer, context=before.context)
        except Exception as error:  # noqa: BLE001 -- a reply is the only place where this can be reported
            sentence = sentence_for(error, "a mention")
            return [notice(sentence, Accent.REFUSED)] if sentence and policy is None else []
        if policy is ChannelPolicy.CONFIDENT and found.answer.state is not AnswerState.ANSWERS:
            log.info("guild %d: silent in channel %d: not confident", guild, message.channel.id)
            return []
        return found, before

    async def _draw(
        self, message: discord.Message, guild: int, asked: Asked, heard: tuple[Found, Before]
    ) -> list[ui.LayoutView]:
        """Settle where the answer goes, have the question kept, and draw the answer."""
        found, before = heard
        place = asked.place = asked.place or await self._choose_place(message, asked)
        # What follows in a thread leans on what was asked there.
        channel = getattr(place, "id", message.channel.id)
        asking = Asking(guild, channel, message.author.id, follows=before.number)
        asked.number = self._questions.note(asking, found, number=asked.number)
        offers = Offers(found.articles, found.nearest, asker=message.author.id, question=asked.number)
        return answer_views(found.answer, offers=offers)

    async def _choose_place(self, message: discord.Message, asked: Asked) -> discord.abc.Messageable:
        """Return a new thread on the question where the channel is to have one, else the channel."""
        if asked.in_thread and not asked.answers:
            try:
                return await begin_thread(self._bot, message)
            except NoThread as error:
                self._note_no_thread(message, error)
        return message.channel

    async def _say(self, message: discord.Message, asked: Asked, view: ui.LayoutView, nonce: str) -> discord.Message:
        """Send a part of an answer where it belongs; in the channel where a new thread does not take the first."""
        place = asked.place or message.channel
        if place is not message.channel:
            try:
                return await place.send(view=view, nonce=nonce)
            except discord.DiscordServerError:
                raise
            except discord.HTTPException as error:
                if asked.answers:
                    raise
                self._note_no_thread(message, NoThread(f"code {error.code}"))
                asked.place, nonce = message.channel, f"c{nonce}"[:_NONCE_LIMIT]
        return await _send(message, view, nonce=nonce, is_reply=not asked.answers)

    def _note_no_thread(self, message: discord.Message, error: NoThread) -> None:
        guild, channel = message.guild.id if message.guild is not None else 0, message.channel.id
        if error.is_ours and self._manners.note_trouble(guild, channel, Trouble.NO_THREAD):
            log.warning("No thread in channel %d of guild %d (%s): answered in the channel", channel, guild, error)

    async def _before(self, message: discord.Message, guild: int, question: str) -> Before:
        """What a question may lean on: the answer it replies to, or in a thread what was asked there last."""
        if not leans(question):
            return Before()
        answer = message.reference.resolved if message.reference is not None else None
        if isinstance(answer, discord.Message) and answer.author == self._bot.user:
            return await before_reply(self._questions, guild, answer)
        if isinstance(message.channel, discord.Thread):
            return await before_in_channel(self._questions, guild, message.channel.id)
        return Before()


async def _send(message: discord.Message, view: ui.LayoutView, *, nonce: str, is_reply: bool = True) -> discord.Message:
    """Say something in a message's channel."""
    if not is_reply:
        return await message.channel.send(view=view, nonce=nonce)
    # The question may have been deleted meanwhile: then the answer stands by itself.
    reference = message.to_reference(fail_if_not_exists=False)
    return await message.channel.send(view=view, reference=reference, mention_author=False, nonce=nonce)
