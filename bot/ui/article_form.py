"""The form that ``/article add`` opens when it is given nothing: pasted text keeps its line breaks there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.ui import words

OnText = Callable[[discord.Interaction[Any], str, str | None], Awaitable[None]]
OnError = Callable[[discord.Interaction[Any], Exception], Awaitable[None]]
_TIMEOUT_SECONDS = 60 * 60


class ArticleForm(ui.Modal, title=words.FORM_TITLE):
    """Asks for a text and a title, and hands them on."""

    def __init__(self, on_text: OnText, report: OnError, *, title: str | None = None) -> None:
        super().__init__(timeout=_TIMEOUT_SECONDS)
        self._on_text = on_text
        self._report = report
        self._text: ui.TextInput[ArticleForm] = ui.TextInput(
            style=discord.TextStyle.paragraph, min_length=1, max_length=words.FORM_TEXT_LIMIT, custom_id="text"
        )
        self._name: ui.TextInput[ArticleForm] = ui.TextInput(
            required=False, max_length=words.TITLE_LIMIT, custom_id="title", default=title
        )
        self.add_item(
            ui.Label(text=words.FORM_TEXT_LABEL, description=words.FORM_TEXT_DESCRIPTION, component=self._text)
        )
        self.add_item(
            ui.Label(text=words.FORM_TITLE_LABEL, description=words.FORM_TITLE_DESCRIPTION, component=self._name)
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand on what was filled in."""
        await self._on_text(interaction, self._text.value, self._name.value.strip() or None)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]
        """Hand on what went wrong."""
        await self._report(interaction, error)
