"""What a member can do here: the commands that are open to them, and the other ways to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands, ui

from bot.ui import adding_words, help_words, words
from bot.ui.access import may_send
from bot.ui.language import translate
from bot.ui.layout import Accent, Card, build_view, pack
from bot.ui.rights import Right, missing_rights

Command = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
ARTICLE_COMMANDS = ("article", adding_words.ADD_AS_ARTICLE)
"""What is open to a role that may manage articles without the permission to manage the guild."""
_LINES = 20
"""Of one card: many more would not fit one message."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where help is asked for: the channel, what the member and what the bot may do in it.

    ``manages_articles``: by permission, or by a role that the guild chose.
    """

    channel: object
    member: discord.Permissions
    bot: discord.Permissions
    manages_articles: bool
    has_articles: bool

    @property
    def takes_mentions(self) -> bool:
        """Whether a mention would be answered here."""
        return may_send(self.member, self.channel) and not missing_rights(self.bot, self.channel)


def help_views(place: Place, commands: Sequence[Command], link: Callable[[str], str]) -> list[ui.LayoutView]:
    """Draw what is open to the member, private messages all; ``link`` makes a command's name clickable."""
    open_commands = [command for command in commands if _is_open(command, place)]
    everyone = [command for command in open_commands if command.default_permissions is None]
    managing = [command for command in open_commands if command.default_permissions is not None]
    asking = [*_lines(everyone, link), *_ways(place), *_menus(everyone)]
    cards = [*_cards(help_words.HELP_TITLE, asking), Card((help_words.HELP_ANSWER,))]
    if not place.has_articles:
        cards.append(Card((words.NO_ARTICLES_YET,), Accent.NOTHING))
    if place.manages_articles:
        cards += _cards(help_words.HELP_MANAGING, [*_lines(managing, link), *_menus(managing)])
        lacking = lacking_lines(missing_rights(place.bot, place.channel))
        cards += _cards(help_words.HELP_MISSING, lacking, Accent.REFUSED)
    return [build_view(message) for message in pack(cards)]


def lacking_lines(rights: Iterable[Right]) -> list[str]:
    """Name permissions that the bot lacks, and what each is for."""
    return [help_words.missing_line(translate(right.label), translate(right.without_it)) for right in rights]


def _cards(title: str, lines: Sequence[str], accent: Accent = Accent.QUOTE) -> list[Card]:
    texts = ["\n".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)]
    return [Card((*([title] if number == 0 else []), text), accent) for number, text in enumerate(texts)]


def _is_open(command: Command, place: Place) -> bool:
    needed = command.default_permissions
    if needed is None or place.member.is_superset(needed):
        return True
    return place.manages_articles and command.name in ARTICLE_COMMANDS


def _lines(commands: Iterable[Command], link: Callable[[str], str]) -> Iterator[str]:
    for command in commands:
        if isinstance(command, app_commands.Group):
            yield from _lines(command.commands, link)
        elif isinstance(command, app_commands.Command):
            yield help_words.help_line(link(command.qualified_name), translate(command.description))


def _ways(place: Place) -> list[str]:
    ways = [help_words.HELP_MENTION, help_words.HELP_REPLY] if place.takes_mentions else []
    return [translate(way) for way in [*ways, help_words.HELP_DIRECT]]


def _menus(commands: Iterable[Command]) -> list[str]:
    names = [f"*{translate(command.name)}*" for command in commands if isinstance(command, app_commands.ContextMenu)]
    return [f"{translate(help_words.HELP_MENUS)} {', '.join(names)}"] if names else []
