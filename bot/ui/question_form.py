"""The form behind a posted *Ask* button."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.ui import words
from bot.ui.translating import translate_modal

OnQuestion = Callable[[discord.Interaction[Any], str], Awaitable[None]]
OnError = Callable[[discord.Interaction[Any], Exception], Awaitable[None]]
_TIMEOUT_SECONDS = 60 * 60


class QuestionForm(ui.Modal, title=words.QUESTION_FORM_TITLE):
    """Asks for one question, and hands it on."""

    def __init__(self, on_question: OnQuestion, report: OnError) -> None:
        super().__init__(timeout=_TIMEOUT_SECONDS)
        self._on_question = on_question
        self._report = report
        self._question: ui.TextInput[QuestionForm] = ui.TextInput(
            style=discord.TextStyle.paragraph, min_length=1, max_length=words.QUESTION_LIMIT, custom_id="question"
        )
        self.add_item(
            ui.Label(
                text=words.QUESTION_FORM_LABEL,
                description=words.QUESTION_FORM_DESCRIPTION,
                component=self._question,
            )
        )
        translate_modal(self)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand on the question."""
        await self._on_question(interaction, self._question.value)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]
        """Hand on what went wrong."""
        await self._report(interaction, error)
