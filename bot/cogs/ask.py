"""Questions by interaction: ``/ask``, *Ask about this* on a message, and the *Ask* button that ``/panel`` posts."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.async_questions import AsyncQuestions
from bot.engine.questions.log import Asking
from bot.ui import asking_words, words
from bot.ui.access import guild_of, managed_guild_of, may_send
from bot.ui.buttons import AnswerButton, Press, Verb
from bot.ui.completion import complete, meant
from bot.ui.delivery import InFlight, announce, defer, show, tell
from bot.ui.discretion import ABSENT, Discretion
from bot.ui.failures import Refused, report
from bot.ui.language import speak_privately, speak_publicly
from bot.ui.layout import Accent, Card, build_view, notice
from bot.ui.manners import Manners
from bot.ui.offers import Offers
from bot.ui.question_form import question_form
from bot.ui.quotes import answer_views
from bot.ui.viewers import place_of


class Ask(commands.Cog):
    """Answers questions with quotes."""

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
        self._in_flight = in_flight
        self._discretion = discretion
        self._manners = manners
        self._menu = app_commands.ContextMenu(name=asking_words.ASK_ABOUT_THIS, callback=self._ask_about)
        app_commands.guild_only(self._menu)

    async def cog_load(self) -> None:
        """Add the message menu's command."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the message menu's command away."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="ask", description=asking_words.ASK)
    @app_commands.describe(
        question=asking_words.ASK_QUESTION, article=asking_words.ASK_ARTICLE, private=asking_words.ASK_PRIVATE
    )
    @app_commands.guild_only()
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: Range[str, 1, asking_words.QUESTION_LIMIT],
        article: Range[str, 1, words.TITLE_LIMIT] | None = None,
        private: bool | None = None,
    ) -> None:
        """Answer a question; the answer's privacy is settled before it is known."""
        is_private = await self._discretion.is_private(interaction, private)
        await self._answer(interaction, question, article=article, is_private=is_private)

    @ask.autocomplete("article")
    async def _complete(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await complete(self._discretion.complete(interaction, self._library.complete_articles, typed))

    async def _ask_about(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Take a message for a question, and answer whoever chose it in private."""
        question = " ".join(message.content.split())
        if not question or len(question) > asking_words.QUESTION_LIMIT:
            refusal = asking_words.LONG_MENTION if question else asking_words.NO_TEXT_TO_ASK
            await tell(interaction, notice(refusal, Accent.REFUSED))
            return
        await self._answer(interaction, question, is_private=True)

    @app_commands.command(name="panel", description=asking_words.PANEL)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def panel(self, interaction: discord.Interaction[Any]) -> None:
        """Post the button into the channel, as a message of its own that can be pinned."""
        managed_guild_of(interaction)
        channel = interaction.channel
        if not may_send(interaction.app_permissions, channel) or not isinstance(channel, discord.abc.Messageable):
            await tell(interaction, notice(words.BOT_CANNOT_POST, Accent.REFUSED))
            return
        await defer(interaction, private=True)
        speak_publicly()
        await channel.send(
            view=build_view([Card((asking_words.PANEL_TEXT,), Accent.QUOTE, (AnswerButton(Press(Verb.ASK)),))])
        )
        speak_privately()
        await show(interaction, [notice(asking_words.PANEL_POSTED, Accent.DONE)])

    @commands.Cog.listener()
    async def on_answer_button(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Open the form behind the posted button."""
        if press.verb is not Verb.ASK:
            return
        self._in_flight.remember()
        try:
            guild_of(interaction)
            await interaction.response.send_modal(question_form(self._ask_privately, report))
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the member would see nothing
            await report(interaction, error)

    async def _ask_privately(self, interaction: discord.Interaction[Any], question: str) -> None:
        self._in_flight.remember()
        await self._answer(interaction, question, is_private=True)

    async def _wait_turn(self, interaction: discord.Interaction[Any], guild: int) -> None:
        """Raise Refused where the member or the channel asks too soon; a command has to be answered each time."""
        settings = await self._discretion.read(guild)
        channel = place_of(interaction.channel)[:1]
        wait = self._manners.admit(guild, settings, member=interaction.user.id, channel=channel[0] if channel else None)
        if wait is not None:
            raise Refused(self._manners.sentence(wait))

    async def _answer(
        self, interaction: discord.Interaction[Any], question: str, *, article: str | None = None, is_private: bool
    ) -> None:
        await defer(interaction, private=is_private)
        guild, wanted = guild_of(interaction), meant(article)
        await self._wait_turn(interaction, guild)
        if not self._library.is_warm:
            await announce(interaction, notice(words.STARTING_UP))
        viewer = await self._discretion.viewer(interaction, private=is_private)
        try:
            found = await self._library.find(guild, question, article=wanted, viewer=viewer)
        except ABSENT as error:
            await self._discretion.explain(interaction, self._library.get_summary, wanted, error)
            raise
        asker = None if is_private else interaction.user.id
        only = found.only_article if wanted is not None else 0
        asking = Asking(guild, interaction.channel_id or 0, interaction.user.id, only, is_private=is_private)
        number = self._questions.note(asking, found)
        offers = Offers(found.articles, found.nearest, can_post=is_private, asker=asker, question=number)
        await show(
            interaction,
            answer_views(found.answer, question=question, is_one_article=article is not None, offers=offers),
        )
