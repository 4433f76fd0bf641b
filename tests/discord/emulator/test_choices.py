"""Select menus of every kind: what may be chosen, and what the bot gets."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import USE_EXTERNAL_APPS
from bot.sandbox.postbox import visible_text
from bot.sandbox.rate_limits import Allowance
from bot.sandbox.refusals import Payload
from bot.sandbox.rules.table import RULES
from bot.sandbox.world import User
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.emulator.wire import Wire
from tests.discord.harness import Town

FRUIT = ("fig", "plum", "pear")


class Menus(discord.ui.View):
    """One select of each kind, on which the view says what it got."""

    @discord.ui.select(
        placeholder="Fruit",
        max_values=2,
        options=[discord.SelectOption(label=name) for name in ("fig", "plum", "pear")],
    )
    async def fruit(self, interaction: discord.Interaction, menu: discord.ui.Select[Any]) -> None:
        """Name the values."""
        await interaction.response.send_message(" ".join(menu.values))

    @discord.ui.select(cls=discord.ui.UserSelect, placeholder="People", max_values=2)
    async def people(self, interaction: discord.Interaction, menu: discord.ui.UserSelect[Any]) -> None:
        """Name the members."""
        await interaction.response.send_message(" ".join(f"{type(one).__name__} {one.name}" for one in menu.values))

    @discord.ui.select(cls=discord.ui.RoleSelect, placeholder="Roles", min_values=0)
    async def roles(self, interaction: discord.Interaction, menu: discord.ui.RoleSelect[Any]) -> None:
        """Name the roles."""
        await interaction.response.send_message(" ".join(role.name for role in menu.values) or "none")

    @discord.ui.select(cls=discord.ui.ChannelSelect, placeholder="Channels", channel_types=[discord.ChannelType.text])
    async def channels(self, interaction: discord.Interaction, menu: discord.ui.ChannelSelect[Any]) -> None:
        """Name the channels."""
        await interaction.response.send_message(" ".join(channel.name for channel in menu.values))

    @discord.ui.select(cls=discord.ui.MentionableSelect, placeholder="Anyone", max_values=2)
    async def anyone(self, interaction: discord.Interaction, menu: discord.ui.MentionableSelect[Any]) -> None:
        """Name the members and roles."""
        await interaction.response.send_message(" ".join(entry.name for entry in menu.values))


@pytest.fixture
async def message(emulator: Emulator, town: Town, connect) -> Payload:
    """A message with the menus."""
    client = SampleClient()
    await connect(client)
    await client.get_channel(int(town.channel.id)).send(view=Menus())
    return town.channel.history[-1]


async def told(emulator: Emulator, user: User, message: Payload, menu: str, *values: Any) -> str:
    """Choose, and return what the bot says."""
    return visible_text(await (await emulator.select(user, message, menu, values)).response())


@proves("select.values")
async def test_each_kind_of_menu_brings_what_was_chosen(emulator: Emulator, town: Town, message: Payload) -> None:
    """Values or labels, members, roles, channels and either: as resolved objects of the library."""
    role = emulator.world.add_role(town.guild, "curators")
    assert await told(emulator, town.alice, message, "Fruit", "fig", "pear") == "fig pear"
    assert await told(emulator, town.alice, message, "People", town.adam) == "Member adam"
    assert await told(emulator, town.alice, message, "Roles", role) == "curators"
    assert await told(emulator, town.alice, message, "Roles") == "none"
    assert await told(emulator, town.alice, message, "Channels", town.channel) == "general"
    assert set((await told(emulator, town.alice, message, "Anyone", town.adam, role)).split()) == {"adam", "curators"}


async def test_what_a_menu_does_not_offer_cannot_be_chosen(emulator: Emulator, town: Town, message: Payload) -> None:
    """Too many, too few, twice the same, another kind, another guild's role or channel never reach the bot."""
    foreign = emulator.world.add_role(town.other_guild, "strangers")
    forum = emulator.world.add_channel(town.guild, "help", 15)
    before = len(emulator.interactions.handles)
    for menu, values in [
        ("Fruit", ["quince"]),
        ("Fruit", ["fig", "fig"]),
        ("Fruit", ["fig", "plum", "pear"]),
        ("Fruit", []),
        ("People", ["adam"]),
        ("People", [town.channel]),
        ("Roles", [foreign]),
        ("Channels", [town.other_channel]),
        ("Channels", [forum]),
        ("Anyone", [town.channel]),
        ("Nothing", ["fig"]),
    ]:
        with pytest.raises(CannotInvoke):
            await emulator.select(town.alice, message, menu, values)
    assert len(emulator.interactions.handles) == before


@proves("followups.user_install", "user_install.hidden")
async def test_a_user_installed_app_is_bound(emulator: Emulator, town: Town) -> None:
    """Where only a member brought the app, five followups are taken; without USE_EXTERNAL_APPS all is private."""
    elsewhere = emulator.world.add_guild("Elsewhere", with_bot=False)
    channel = emulator.add_channel(elsewhere, "general")
    emulator.add_member(elsewhere, town.alice)
    emulator.commands.overwrite(None, [{"name": "ask", "description": "Ask"}])
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.alice, channel, "ask")
    emulator.commands.overwrite(None, [{"name": "ask", "description": "Ask", "integration_types": [0, 1]}])
    emulator.rate_limits.allowances["webhook"] = Allowance(50, 1.0)
    async with Wire.open(emulator) as wire:
        handle = await emulator.slash(town.alice, channel, "ask")
        assert handle.is_user_install
        await wire.answer(handle, 4, {"content": "first"})
        assert not handle.ephemeral
        high = RULES["followups.user_install"].high
        for number in range(high):
            assert (await wire.respond(handle, "POST", "", {"content": str(number)}))[0] == 200
        with emulator.expect_violation(40094, times=1):
            status, body = await wire.respond(handle, "POST", "", {"content": "one more"})
        assert (status, body["code"]) == (400, 40094)
        emulator.world.set_overwrite(channel, town.alice, deny=USE_EXTERNAL_APPS)
        hidden = await emulator.slash(town.alice, channel, "ask")
        await wire.answer(hidden, 4, {"content": "for all?"})
        assert hidden.message["flags"] & 64
        assert hidden.message["id"] not in channel.messages
