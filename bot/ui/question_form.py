"""The forms for one text: behind a posted *Ask* button, behind *Follow up*, and behind *Not helpful*."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.ui import asking_words, question_words
from bot.ui.translating import translate_modal

OnText = Callable[[discord.Interaction[Any], str], Awaitable[None]]
OnError = Callable[[discord.Interaction[Any], Exception], Awaitable[None]]
_TIMEOUT_SECONDS = 60 * 60
_QUESTION = "question"


class TextForm(ui.Modal):
    """Asks for one text, and hands it on."""

    def __init__(
        self, on_text: OnText, report: OnError, *, title: str, label: str, description: str, field: str
    ) -> None:
        super().__init__(title=title, timeout=_TIMEOUT_SECONDS)
        self._on_text = on_text
        self._report = report
        is_question = field == _QUESTION
        self._text: ui.TextInput[TextForm] = ui.TextInput(
            style=discord.TextStyle.paragraph,
            min_length=1 if is_question else 0,
            max_length=asking_words.QUESTION_LIMIT if is_question else question_words.REASON_LIMIT,
            required=is_question,
            custom_id=field,
        )
        self.add_item(ui.Label(text=label, description=description, component=self._text))
        translate_modal(self)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand on the text."""
        await self._on_text(interaction, self._text.value)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]
        """Hand on what went wrong."""
        await self._report(interaction, error)


def question_form(on_text: OnText, report: OnError) -> TextForm:
    """Make the form behind a posted *Ask* button."""
    return TextForm(
        on_text,
        report,
        title=asking_words.QUESTION_FORM_TITLE,
        label=asking_words.QUESTION_FORM_LABEL,
        description=asking_words.QUESTION_FORM_DESCRIPTION,
        field=_QUESTION,
    )


def follow_up_form(on_text: OnText, report: OnError) -> TextForm:
    """Make the form behind *Follow up*."""
    return TextForm(
        on_text,
        report,
        title=question_words.FOLLOW_UP_TITLE,
        label=question_words.FOLLOW_UP_LABEL,
        description=question_words.FOLLOW_UP_DESCRIPTION,
        field=_QUESTION,
    )


def reason_form(on_text: OnText, report: OnError) -> TextForm:
    """Make the form behind *Not helpful*; it may be left empty."""
    return TextForm(
        on_text,
        report,
        title=question_words.REASON_TITLE,
        label=question_words.REASON_LABEL,
        description=question_words.REASON_DESCRIPTION,
        field="reason",
    )
