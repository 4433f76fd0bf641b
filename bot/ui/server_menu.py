"""Which server's articles a direct message is about: a menu that works after a restart too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.ui import asking_words
from bot.ui.language import as_is
from bot.ui.layout import Accent, Card, build_view
from bot.ui.text import cut

MENU_EVENT = "server_chosen"
"""Dispatched by the client as ``on_server_chosen(interaction, guild)`` when a server is chosen."""
OPTION_LIMIT = 25
_NAME_UNITS = 100


class ServerMenu(ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"pq:server"):
    """Offers servers. The question is the message that the menu's message replies to."""

    def __init__(self, guilds: Sequence[tuple[int, str]] = ()) -> None:
        options = [discord.SelectOption(label=as_is(cut(name, _NAME_UNITS) or str(number)), value=str(number))
                   for number, name in guilds[:OPTION_LIMIT]]  # fmt: skip
        super().__init__(ui.Select(custom_id="pq:server", placeholder=asking_words.CHOOSE_SERVER, options=options))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was chosen."""
        chosen = self.item.values[0] if self.item.values else ""
        if chosen.isdecimal():
            interaction.client.dispatch(MENU_EVENT, interaction, int(chosen))


def which_server_view(guilds: Sequence[tuple[int, str]]) -> ui.LayoutView:
    """Ask which server is meant."""
    return build_view([Card((asking_words.WHICH_SERVER,), Accent.NOTHING, (ServerMenu(guilds),))])
