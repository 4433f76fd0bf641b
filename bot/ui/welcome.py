"""The one message that a guild gets when the bot was added to it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from discord import ui

from bot.ui import help_words
from bot.ui.layout import Accent, Card, build_view
from bot.ui.text import cut, escape

_NAME_UNITS = 100


def welcome_view(
    link: Callable[[str], str], commands: Collection[str], *, server: str | None = None, lacking: Collection[str] = ()
) -> ui.LayoutView:
    """Draw the three steps. ``link`` makes a command's name clickable, ``commands`` are those that there are.

    ``server``: its name, in a direct message. ``lacking``: lines on permissions that the bot has not got.
    """
    opening = help_words.WELCOME if server is None else help_words.welcome_to(escape(cut(server, _NAME_UNITS)))
    settles = "settings" in commands
    steps = (
        help_words.welcome_add(link("article add")),
        help_words.welcome_ask(link("ask")),
        help_words.welcome_manage_with(link("settings")) if settles else help_words.welcome_manage(),
    )
    texts = [opening, "\n".join(steps), help_words.welcome_help(link("help"))]
    if lacking:
        texts.append("\n".join(lacking))
    return build_view([Card(tuple(texts), Accent.QUOTE)])
