"""``/gaps``, ``/stats`` and ``/explain``: for members with Manage Server, always private."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.async_library import AsyncLibrary
from bot.async_questions import AsyncQuestions
from bot.coverage import Coverage
from bot.engine.asking.quoting import quote_passage
from bot.engine.errors import BadQuery, NotFound
from bot.engine.questions.records import Gap
from bot.engine.records.articles import ArticleSummary
from bot.engine.scopes.records import EVERYTHING
from bot.ui import adding_words, answer_words, asking_words, board_words, words
from bot.ui.adding import carry_out, form_jobs
from bot.ui.article_form import ArticleForm
from bot.ui.board import GapVerb, explanation_view, gaps_view, replay_view, stats_view
from bot.ui.completion import complete, meant
from bot.ui.delivery import InFlight, defer, show, tell
from bot.ui.discretion import Discretion
from bot.ui.failures import report
from bot.ui.layout import Accent, notice
from bot.ui.offers import Offers
from bot.ui.quotes import quote_views

DAYS = (7, 30)


class Board(commands.Cog):
    """Shows what is asked, what is missing, and why."""

    def __init__(
        self, library: AsyncLibrary, questions: AsyncQuestions, in_flight: InFlight, discretion: Discretion
    ) -> None:
        self._library = library
        self._questions = questions
        self._coverage = Coverage(library, questions)
        self._in_flight = in_flight
        self._discretion = discretion

    @app_commands.command(name="gaps", description=board_words.GAPS)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def gaps(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page of the gaps."""
        guild = await self._discretion.managed_guild(interaction)
        await defer(interaction, private=True)
        if not self._questions.days:
            await show(interaction, [notice(board_words.NOT_KEPT)])
            return
        await show(interaction, [gaps_view(await self._coverage.gaps(guild))])

    @app_commands.command(name="stats", description=board_words.STATS)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def stats(self, interaction: discord.Interaction[Any]) -> None:
        """Show the figures."""
        guild = await self._discretion.managed_guild(interaction)
        await defer(interaction, private=True)
        overviews = [await self._coverage.overview(guild, days) for days in DAYS]
        await show(interaction, [stats_view(overviews, self._questions.days)])

    @app_commands.command(name="explain", description=board_words.EXPLAIN)
    @app_commands.describe(question=board_words.EXPLAIN_QUESTION, article=board_words.EXPLAIN_ARTICLE)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def explain(
        self,
        interaction: discord.Interaction[Any],
        question: Range[str, 1, asking_words.QUESTION_LIMIT],
        article: Range[str, 1, words.TITLE_LIMIT] | None = None,
    ) -> None:
        """Show why a question is answered as it is."""
        guild = await self._discretion.managed_guild(interaction)
        await defer(interaction, private=True)
        found = await self._library.explain(guild, question, article=meant(article))
        titles = {listed.id: listed.ref for listed in await self._library.list_articles(guild, viewer=EVERYTHING)}
        await show(interaction, [explanation_view(found, titles)])

    @explain.autocomplete("article")
    async def _complete(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await complete(self._known(interaction, typed))

    async def _known(self, interaction: discord.Interaction[Any], typed: str) -> list[ArticleSummary]:
        if not await self._discretion.manages_articles(interaction):
            return []
        guild = await self._discretion.managed_guild(interaction)
        return await self._library.complete_articles(guild, typed, viewer=EVERYTHING)

    @commands.Cog.listener()
    async def on_gap_button(self, interaction: discord.Interaction[Any], verb: GapVerb, number: int) -> None:
        """Do what a button of the board says."""
        actions: dict[GapVerb, Callable[[discord.Interaction[Any], int, int], Awaitable[None]]] = {
            GapVerb.NEAREST: self._show_nearest,
            GapVerb.ADD: self._open_form,
            GapVerb.AGAIN: self._ask_again,
            GapVerb.DISMISS: self._dismiss,
            GapVerb.PAGE: self._turn,
        }
        self._in_flight.remember()
        try:
            await actions[verb](interaction, await self._discretion.managed_guild(interaction), number)
        except Exception as error:  # noqa: BLE001 -- discord.py would only log it, and the manager would see nothing
            await report(interaction, error)

    async def _turn(self, interaction: discord.Interaction[Any], guild: int, page: int) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=gaps_view(await self._coverage.gaps(guild), page))

    async def _show_nearest(self, interaction: discord.Interaction[Any], guild: int, number: int) -> None:
        await defer(interaction, private=True)
        gap = await self._find(guild, number)
        if gap.nearest is None:
            raise NotFound(board_words.NO_NEAREST)
        article_id, position = gap.nearest
        article = await self._library.get_article_by_id(guild, article_id, viewer=EVERYTHING)
        if position > len(article.passages):
            raise NotFound(board_words.NO_NEAREST)
        quote = quote_passage(article, article.passages[position - 1])
        views = quote_views([quote], (board_words.NEAREST,), Offers({article.id: article}))
        await show(interaction, views or [notice(answer_words.NOTHING_TO_SHOW, Accent.REFUSED)])

    async def _open_form(self, interaction: discord.Interaction[Any], _guild: int, number: int) -> None:
        """Open the form first: nothing may come before it. Whether the gap is still there is asked when it is sent."""
        on_filled = functools.partial(self._add_for, number)
        await interaction.response.send_modal(ArticleForm(on_filled, report))

    async def _add_for(
        self,
        number: int,
        interaction: discord.Interaction[Any],
        text: str,
        title: str | None,
        files: list[discord.Attachment],
    ) -> None:
        """Add an article for a gap, then ask the gap's questions again."""
        self._in_flight.remember()
        guild = await self._discretion.managed_guild(interaction)
        await defer(interaction, private=True)
        jobs = form_jobs(functools.partial(self._library.add_article, guild), text, title, files)
        if not jobs:
            raise BadQuery(adding_words.EMPTY_FORM if not text else adding_words.EMPTY_TEXT)
        gap = await self._coverage.find(guild, number)
        if await carry_out(interaction, jobs) and gap is not None:
            view = replay_view(await self._coverage.replay(guild, gap))
            await interaction.followup.send(view=view, ephemeral=True)

    async def _ask_again(self, interaction: discord.Interaction[Any], guild: int, number: int) -> None:
        await defer(interaction, private=True)
        await show(interaction, [replay_view(await self._coverage.replay(guild, await self._find(guild, number)))])

    async def _dismiss(self, interaction: discord.Interaction[Any], guild: int, number: int) -> None:
        """Leave a gap out, and show the others in its place."""
        await interaction.response.defer()
        await self._coverage.dismiss(guild, await self._find(guild, number))
        await interaction.edit_original_response(view=gaps_view(await self._coverage.gaps(guild)))
        await tell(interaction, notice(board_words.DISMISSED, Accent.DONE))

    async def _find(self, guild: int, number: int) -> Gap:
        gap = await self._coverage.find(guild, number)
        if gap is None:
            raise NotFound(board_words.GAP_GONE)
        return gap
