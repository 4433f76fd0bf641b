"""Translating what people see of buttons, menus and forms. What is marked with ``as_is`` stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands, ui

from bot.ui.catalogs import ENGLISH, Catalog, find_catalog, read_catalogs
from bot.ui.language import translate

_SEEN = ("label", "placeholder", "text", "description")
"""Attributes that people read; ``content`` is not among them: texts are translated as part of a card."""


def translate_items(items: Iterable[ui.Item[Any]]) -> None:
    """Translate the texts of items and of what is in them, in place."""
    for item in items:
        inner = item.item if isinstance(item, ui.DynamicItem) else item
        _translate_attributes(inner)
        for option in getattr(inner, "options", ()):
            _translate_attributes(option)
        if isinstance(inner, ui.Label):
            translate_items([inner.component])
        translate_items(getattr(inner, "children", ()))


def translate_modal(modal: ui.Modal) -> None:
    """Translate a form's title and its parts, in place; the last thing that a form's ``__init__`` does."""
    modal.title = translate(modal.title)
    translate_items(modal.children)


def _translate_attributes(part: object) -> None:
    # A text input has a label too, which is out of use: a label of its own stands around it.
    for name in ("placeholder",) if isinstance(part, ui.TextInput) else _SEEN:
        text = getattr(part, name, None)
        if isinstance(text, str) and text:
            setattr(part, name, translate(text))


class CatalogTranslator(app_commands.Translator):
    """Gives Discord the names and descriptions of commands and options in every language that there is a catalog of."""

    async def load(self) -> None:
        """Read the catalogs, so that nobody waits for them later."""
        read_catalogs()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the translation, or None where there is none: then Discord shows the English text."""
        catalog = find_catalog(str(locale.value))
        return None if catalog is ENGLISH else translate_command_text(catalog, string.message, context)


def translate_command_text(catalog: Catalog, text: str, context: app_commands.TranslationContextTypes) -> str | None:
    """Look a text of a command up: names of slash commands and options have a table of their own."""
    location = app_commands.TranslationContextLocation
    names = (location.command_name, location.group_name, location.parameter_name, location.choice_name)
    is_menu = isinstance(context.data, app_commands.ContextMenu)
    table = catalog.names if context.location in names and not is_menu else catalog.sentences
    return table.get(text)
