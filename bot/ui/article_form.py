"""The form that ``/article add`` opens when it is given nothing: for files, and for pasted text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.ui import adding_words, words
from bot.ui.translating import translate_modal

OnFilled = Callable[[discord.Interaction[Any], str, str | None, list[discord.Attachment]], Awaitable[None]]
OnError = Callable[[discord.Interaction[Any], Exception], Awaitable[None]]
FILES_AT_ONCE = 10
_TIMEOUT_SECONDS = 60 * 60


class ArticleForm(ui.Modal, title=adding_words.FORM_TITLE):
    """Asks for a text and a title, or for files, and hands them on."""

    def __init__(self, on_filled: OnFilled, report: OnError, *, title: str | None = None) -> None:
        super().__init__(timeout=_TIMEOUT_SECONDS)
        self._on_filled = on_filled
        self._report = report
        self._text: ui.TextInput[ArticleForm] = ui.TextInput(
            style=discord.TextStyle.paragraph, required=False, max_length=adding_words.FORM_TEXT_LIMIT, custom_id="text"
        )
        self._files: ui.FileUpload[ArticleForm] = ui.FileUpload(
            required=False, min_values=0, max_values=FILES_AT_ONCE, custom_id="files"
        )
        self._name: ui.TextInput[ArticleForm] = ui.TextInput(
            required=False, max_length=words.TITLE_LIMIT, custom_id="title", default=title
        )
        self.add_item(
            ui.Label(
                text=adding_words.FORM_TEXT_LABEL, description=adding_words.FORM_TEXT_DESCRIPTION, component=self._text
            )
        )
        self.add_item(
            ui.Label(
                text=adding_words.FORM_TITLE_LABEL,
                description=adding_words.FORM_TITLE_DESCRIPTION,
                component=self._name,
            )
        )

        self.add_item(
            ui.Label(
                text=adding_words.FORM_FILES_LABEL,
                description=adding_words.FORM_FILES_DESCRIPTION,
                component=self._files,
            )
        )
        translate_modal(self)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand on what was filled in."""
        await self._on_filled(interaction, self._text.value, self._name.value.strip() or None, self._files.values)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]
        """Hand on what went wrong."""
        await self._report(interaction, error)
