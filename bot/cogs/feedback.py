"""What can be done about an answer: vote on it, see further passages, follow it up."""

from __future__ import annotations

from typing import Any

import discord
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.async_questions import AsyncQuestions
from bot.conversations import Before, before_reply
from bot.engine.guild_settings.cooldowns import Wait
from bot.engine.questions.log import Asking
from bot.engine.scopes.records import Viewer
from bot.ui import answer_words, question_words, words
from bot.ui.buttons import Press, Verb, split_more
from bot.ui.delivery import InFlight, announce, defer, show, tell
from bot.ui.discretion import Discretion
from bot.ui.failures import Refused, report
from bot.ui.language import speak_privately
from bot.ui.layout import Accent, notice
from bot.ui.manners import Manners
from bot.ui.offers import Offers
from bot.ui.pressing import question_replied_to, read_shown, viewer_of_press
from bot.ui.question_form import follow_up_form, reason_form
from bot.ui.quotes import answer_views, question_line, quote_views
from bot.ui.viewers import place_of


class Feedback(commands.Cog):
    """Answers the buttons about a question."""

    def __init__(
        self,
        library: AsyncLibrary,
        questions: AsyncQuestions,
        in_flight: InFlight,
        discretion: Discretion,
        manners: Manners,
    ) -> None:
        self._library = library
        self._questions = questions
        self._in_flight = in_flight
        self._discretion = discretion
        self._manners = manners

    @commands.Cog.listener()
    async def on_answer_button(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Do what a button says; every refusal is private."""
        actions = {
            Verb.HELPFUL: self._praise,
            Verb.NOT_HELPFUL: self._ask_why,
            Verb.MORE: self._show_more,
            Verb.FOLLOW_UP: self._ask_next,
        }
        if press.verb not in actions:
            return
        self._in_flight.remember()
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

    async def _viewer(
        self, interaction: discord.Interaction[Any], press: Press, *, private: bool
    ) -> tuple[int, Viewer]:
        return await viewer_of_press(interaction, press, self._discretion, private=private)

    # Votes

    async def _praise(self, interaction: discord.Interaction[Any], press: Press) -> None:
        await defer(interaction, private=True)
        guild, _ = await self._viewer(interaction, press, private=True)
        is_kept = await self._questions.vote(guild, press.number, interaction.user.id, is_helpful=True)
        await show(interaction, [_acknowledge(question_words.VOTED_HELPFUL, is_kept=is_kept)])

    async def _ask_why(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Open the form first, because nothing may come before it; the vote counts even if it is never sent."""

        async def keep_reason(sent: discord.Interaction[Any], reason: str) -> None:
            self._in_flight.remember()
            await defer(sent, private=True)
            try:
                guild, _ = await self._viewer(sent, press, private=True)
            except Refused as refusal:
                await tell(sent, notice(str(refusal), Accent.REFUSED))
                return
            is_kept = await self._questions.vote(guild, press.number, sent.user.id, is_helpful=False, reason=reason)
            thanks = question_words.VOTED_NOT_HELPFUL if reason.strip() else question_words.VOTED_WITHOUT_REASON
            await show(sent, [_acknowledge(thanks, is_kept=is_kept)])

        await interaction.response.send_modal(reason_form(keep_reason, report))
        guild, _ = await self._viewer(interaction, press, private=True)
        await self._questions.vote(guild, press.number, interaction.user.id, is_helpful=False)

    # Further passages

    async def _show_more(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Show what follows in the ranking to the presser alone."""
        await defer(interaction, private=True)
        guild, viewer = await self._viewer(interaction, press, private=True)
        number, shown = split_more(press.number)
        message = interaction.message
        assert message is not None  # noqa: S101 -- every button stands under a message
        on_message = read_shown(message)
        kept = await self._questions.get(guild, number)
        text = kept.text if kept else on_message.text or await question_replied_to(message)
        if not text:
            raise Refused(question_words.QUESTION_NOT_KEPT)
        found, now_shown = await self._library.find_more(
            guild,
            text,
            viewer=viewer,
            article=str(kept.article) if kept and kept.article else None,
            context=await self._questions.context(guild, kept.follows) if kept else None,
            quoted=kept.quoted if kept else on_message.quoted,
            shown=shown,
        )
        if not found.answer.quotes:
            raise Refused(question_words.NO_MORE_PASSAGES)
        opening = (question_line(text), question_words.MORE_PASSAGES)
        offers = Offers(found.articles, guild=press.guild, question=number, shown=now_shown)
        views = quote_views(found.answer.quotes, opening, offers, accent=Accent.UNSURE)
        await show(interaction, views or [notice(answer_words.NOTHING_TO_SHOW, Accent.REFUSED)])

    # The next question

    async def _ask_next(self, interaction: discord.Interaction[Any], press: Press) -> None:
        await interaction.response.send_modal(
            follow_up_form(lambda sent, question: self._answer_next(sent, question, press), report)
        )

    async def _answer_next(self, interaction: discord.Interaction[Any], question: str, press: Press) -> None:
        """Answer a follow-up where its answer stands: privately below a private one, else for all to see."""
        self._in_flight.remember()
        message = interaction.message
        is_private = message is None or message.flags.ephemeral
        if interaction.guild_id is not None and not is_private:
            is_private = await self._discretion.is_private(interaction)
        await defer(interaction, private=is_private)
        try:
            guild, viewer = await self._viewer(interaction, press, private=is_private)
        except Refused as refusal:
            await tell(interaction, notice(str(refusal), Accent.REFUSED))
            return
        wait = await self._wait(interaction, guild)
        if wait is not None:
            await tell(interaction, notice(self._manners.sentence(wait), Accent.REFUSED))
            return
        if not self._library.is_warm:
            await announce(interaction, notice(words.STARTING_UP))
        before = Before() if message is None else await before_reply(self._questions, guild, message)
        found = await self._library.find(guild, question, viewer=viewer, context=before.context)
        is_direct, user = interaction.guild_id is None, interaction.user.id
        asking = Asking(
            guild, interaction.channel_id or 0, user, follows=before.number, is_private=is_private or is_direct
        )
        offers = Offers(
            found.articles,
            found.nearest,
            can_post=is_private and not is_direct,
            asker=None if is_private or is_direct else user,
            guild=press.guild,
            question=self._questions.note(asking, found),
        )
        await show(interaction, answer_views(found.answer, question=question, offers=offers))

    async def _wait(self, interaction: discord.Interaction[Any], guild: int) -> Wait | None:
        """Return how long the member or the channel has to wait, or None."""
        settings = await self._discretion.read(guild)
        place = place_of(interaction.channel)[:1] if interaction.guild_id is not None else ()
        return self._manners.admit(guild, settings, member=interaction.user.id, channel=place[0] if place else None)


def _acknowledge(thanks: str, *, is_kept: bool) -> discord.ui.LayoutView:
    return notice(thanks, Accent.DONE) if is_kept else notice(question_words.NOT_KEPT, Accent.REFUSED)
