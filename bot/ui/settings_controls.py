"""The controls of the settings panel. Each carries all it needs in its custom_id, so it works after a restart too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ButtonStyle, ui

from bot.ui import settings_words
from bot.ui.scope_panel import chosen_ids

SETTING_EVENT = "setting_chosen"
"""Dispatched by the client as ``on_setting_chosen(interaction, key, channel, values)``; channel 0 is the guild."""
MANAGER, CHANNEL, BACK = "manager", "channel", "back"
OPTION_LIMIT = 25
_ANSWERABLE = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.category,
)


class SettingMenu(
    ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"pq:set:(?P<key>[a-z_0-9]{1,20}):(?P<channel>[0-9]{1,20})"
):
    """Offers the values of one setting, of the guild or of one channel."""

    def __init__(
        self,
        key: str,
        options: Sequence[discord.SelectOption] = (),
        *,
        channel: int = 0,
        placeholder: str = "",
        several: bool = False,
    ) -> None:
        shown = list(options)[:OPTION_LIMIT]
        super().__init__(
            ui.Select(
                custom_id=f"pq:set:{key}:{channel}",
                placeholder=placeholder or None,
                options=shown,
                min_values=0 if several else 1,
                max_values=max(len(shown), 1) if several else 1,
            )
        )
        self.key, self.channel = key, channel

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls(match["key"], channel=int(match["channel"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was chosen."""
        data: Any = interaction.data or {}
        values = [str(value) for value in data.get("values") or []]
        interaction.client.dispatch(SETTING_EVENT, interaction, self.key, self.channel, values)


class ManagerMenu(ui.DynamicItem[ui.RoleSelect[ui.LayoutView]], template=r"pq:set:manager"):
    """Chooses the role that may manage articles."""

    def __init__(self, chosen: int | None = None) -> None:
        role = discord.SelectDefaultValueType.role
        super().__init__(
            ui.RoleSelect(
                custom_id="pq:set:manager",
                placeholder=settings_words.MANAGER_MENU,
                min_values=0,
                max_values=1,
                default_values=[] if chosen is None else [discord.SelectDefaultValue(id=chosen, type=role)],
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was chosen."""
        values = [str(number) for number in chosen_ids(interaction)]
        interaction.client.dispatch(SETTING_EVENT, interaction, MANAGER, 0, values)


class ChannelMenu(ui.DynamicItem[ui.ChannelSelect[ui.LayoutView]], template=r"pq:set:channel"):
    """Chooses the channel whose settings are shown next."""

    def __init__(self) -> None:
        super().__init__(
            ui.ChannelSelect(
                custom_id="pq:set:channel", placeholder=settings_words.CHANNELS_MENU, channel_types=list(_ANSWERABLE)
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was chosen."""
        values = [str(number) for number in chosen_ids(interaction)]
        interaction.client.dispatch(SETTING_EVENT, interaction, CHANNEL, 0, values)


class BackButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"pq:set:back"):
    """Leads from a channel's settings to all."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label=settings_words.BACK, custom_id="pq:set:back", style=ButtonStyle.secondary))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Make the button again."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on that it was pressed."""
        interaction.client.dispatch(SETTING_EVENT, interaction, BACK, 0, [])
