"""Guilds, members, roles and channels that change while the bot is connected."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import intents
from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import VIEW_CHANNEL
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.emulator.wire import DEFAULT_INTENTS, Wire, read_events
from tests.discord.harness import Town


@pytest.fixture
async def wire(emulator: Emulator, town: Town) -> AsyncIterator[Wire]:
    """A hand-driven client."""
    async with Wire.open(emulator) as wire:
        yield wire


@proves("guild.outage")
async def test_an_outage_silences_a_guild(emulator: Emulator, town: Town, connect) -> None:
    """The library marks it unavailable, hears nothing of it, and has it back with GUILD_CREATE."""
    client = SampleClient()
    await connect(client)
    guild = client.get_guild(int(town.guild.id))
    emulator.roster.outage_begins(town.guild)
    await emulator.say(town.alice, town.channel, f"{emulator.bot_user.mention} unheard")
    emulator.roster.outage_ends(town.guild)
    heard = await emulator.say(town.alice, town.channel, f"{emulator.bot_user.mention} heard")
    await emulator.wait_message(town.channel, after=heard)
    assert [message.content.split()[-1] for message in client.heard] == ["heard"]
    assert not client.get_guild(int(town.guild.id)).unavailable
    assert guild.name == "Harbour"


async def test_the_bot_joins_and_leaves_guilds(emulator: Emulator, town: Town, connect) -> None:
    """GUILD_CREATE and GUILD_DELETE; of a guild it left nothing arrives and its REST routes are 50001."""
    client = SampleClient()
    await connect(client)
    new = emulator.world.add_guild("New", with_bot=False)
    channel = emulator.add_channel(new, "hall")
    nina = emulator.add_member(new, "nina")
    joining = client.wait_for("guild_join", timeout=5)
    emulator.roster.bot_joins(new)
    assert (await joining).name == "New"
    asked = await emulator.say(nina, channel, f"{emulator.bot_user.mention} welcome")
    await emulator.wait_message(channel, after=asked)
    leaving = client.wait_for("guild_remove", timeout=5)
    emulator.roster.bot_leaves(new)
    await emulator.say(nina, channel, f"{emulator.bot_user.mention} gone?")
    assert (await leaving).name == "New"
    assert len(client.heard) == 1
    async with Wire.open(emulator) as wire:
        with emulator.expect_violation(50001, times=1):
            await wire.call("GET", f"/guilds/{new.id}")


@proves("intent.members")
async def test_members_events_need_their_intent(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Joining, roles and leaving reach sessions with GUILD_MEMBERS alone; the bot's own roles reach all."""
    emulator.portal_intents = intents.GUILD_MEMBERS
    role = emulator.world.add_role(town.guild, "curators")

    async def heard(wanted: int) -> list[str]:
        emulator.starts.rest()
        async with wire.identified(wanted) as socket:
            await read_events(socket, "GUILD_CREATE")
            nora = emulator.world.add_user("nora")
            emulator.roster.joins(town.guild, nora)
            emulator.roster.gives_role(town.guild, nora, role)
            emulator.roster.takes_role(town.guild, nora, role)
            emulator.roster.leaves(town.guild, nora)
            emulator.roster.gives_role(town.guild, emulator.bot_user, role)
            emulator.roster.takes_role(town.guild, emulator.bot_user, role)
            await emulator.say(town.alice, town.channel, "end")
            events = await read_events(socket, "MESSAGE_CREATE")
        return [event["t"] for event in events if "MEMBER" in event["t"]]

    own = ["GUILD_MEMBER_UPDATE"] * 2
    assert await heard(DEFAULT_INTENTS) == own
    assert await heard(DEFAULT_INTENTS | intents.GUILD_MEMBERS) == [
        "GUILD_MEMBER_ADD",
        *["GUILD_MEMBER_UPDATE"] * 2,
        "GUILD_MEMBER_REMOVE",
        *own,
    ]


@proves("permission.view")
async def test_a_channel_out_of_sight_is_not_heard(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Taking the view away ends the channel's events, threads included; a command still reaches the bot."""
    emulator.commands.overwrite(None, [{"name": "ask", "description": "Ask"}])
    hidden = emulator.roster.opens_channel(town.guild, "hidden")
    thread = await emulator.begin_thread(town.alice, hidden, "inside")
    async with wire.identified() as socket:
        await read_events(socket, "GUILD_CREATE")
        emulator.roster.denies(hidden, emulator.bot_user, ["view_channel"])
        assert not emulator.world.permissions(emulator.bot_user, thread) & VIEW_CHANNEL
        for place in (hidden, thread):
            await emulator.say(town.alice, place, f"{emulator.bot_user.mention} unseen")
        handle = await emulator.slash(town.alice, hidden, "ask")
        await emulator.say(town.alice, town.channel, "end")
        events = [event["t"] for event in await read_events(socket, "MESSAGE_CREATE") if event["t"] != "GUILD_CREATE"]
        await wire.answer(handle, 4, {"content": "here all the same"})
    assert events == ["CHANNEL_UPDATE", "INTERACTION_CREATE", "MESSAGE_CREATE"]


async def test_channels_and_roles_change(emulator: Emulator, town: Town, connect) -> None:
    """The library follows new, changed and deleted channels and a role's new permissions."""
    client = SampleClient()
    await connect(client)
    guild = client.get_guild(int(town.guild.id))
    role = next(role for role in town.guild.roles.values() if role.name == "adam-role")
    made = emulator.roster.opens_channel(town.guild, "annex")
    emulator.roster.changes_role(town.guild, role, ["manage_guild", "manage_messages"])
    emulator.roster.closes_channel(town.channel)
    last = await emulator.say(town.alice, made, f"{emulator.bot_user.mention} end")
    await emulator.wait_message(made, after=last)
    assert [channel.name for channel in guild.text_channels] == ["annex"]
    assert guild.get_role(int(role.id)).permissions.manage_messages
