"""The one message after the bot was added to a guild."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from bot.guild_memory import GuildMemory
from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import BOT_DEFAULT, SEND_MESSAGES, VIEW_AUDIT_LOG
from bot.sandbox.postbox import visible_text
from bot.sandbox.world import Guild, User
from tests.discord.harness import Town
from tests.discord.onboarding.conftest import Running


def new_guild(emulator: Emulator, *, with_system_channel: bool = True) -> Guild:
    """Make a guild that a connected client does not know yet."""
    guild = emulator.add_guild("Library")
    channel = emulator.add_channel(guild, "welcome")
    guild.system_channel_id = channel.id if with_system_channel else None
    return guild


def direct_messages(emulator: Emulator, user: User) -> list[dict[str, Any]]:
    """What the bot wrote to somebody directly."""
    return emulator.direct_channel(user).history


async def greeted(emulator: Emulator, guild: Guild) -> str:
    """Wait for the greeting in a guild's first channel, and return what it says."""
    return visible_text(await emulator.wait_message(guild.text_channel))


async def settled(emulator: Emulator, town: Town) -> None:
    """Come back once the bot has answered something: what it would have said before that is said by then."""
    await (await emulator.slash(town.alice, town.channel, "help")).response()


async def test_a_new_guild_is_told_three_steps_once(emulator: Emulator, running: Running) -> None:
    """The system channel gets how to add, how to ask and who manages, with commands that can be clicked."""
    async with running():
        guild = new_guild(emulator)
        emulator.announce(guild, is_new=True)
        text = await greeted(emulator, guild)
        for command in ("article add", "ask", "help"):
            assert f"</{command}:" in text
        assert [line[:2] for line in text.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3."]
        assert "Manage Server" in text
    assert len(guild.text_channel.history) == 1


async def test_reconnects_outages_and_restarts_repeat_nothing(emulator: Emulator, town: Town, running: Running) -> None:
    """Neither a new session, nor a guild that was away, nor another process greets again."""
    guild = new_guild(emulator)
    async with running() as client:
        emulator.announce(guild, is_new=True)
        await greeted(emulator, guild)
        emulator.drop_sockets()
        await settled(emulator, town)
        again = asyncio.create_task(client.wait_for("ready", timeout=10.0))
        await asyncio.sleep(0)
        emulator.invalidate_sessions()
        await again
        await settled(emulator, town)
        for session in emulator.gateway.sessions.values():
            session.push("GUILD_DELETE", {"id": guild.id, "unavailable": True})
        emulator.announce(guild)
        await settled(emulator, town)
        assert client.get_guild(int(guild.id)) is not None
    async with running():
        await settled(emulator, town)
    assert len(guild.text_channel.history) == 1


async def test_a_guild_that_added_the_bot_again_is_greeted_again(emulator: Emulator, running: Running) -> None:
    """Removed and added anew is new."""
    guild = new_guild(emulator)
    async with running():
        emulator.announce(guild, is_new=True)
        await greeted(emulator, guild)
        for session in emulator.gateway.sessions.values():
            session.push("GUILD_DELETE", {"id": guild.id})
        last = guild.text_channel.history[-1]
        emulator.announce(guild, is_new=True)
        await emulator.wait_message(guild.text_channel, after=last)
    assert len(guild.text_channel.history) == 2


async def test_a_guild_joined_while_the_bot_was_away_is_greeted_at_the_start(
    emulator: Emulator, running: Running
) -> None:
    """Who invites first and starts the bot afterwards is greeted too; guilds of long ago are not."""
    guild = new_guild(emulator)
    emulator.gateway.announce(guild, is_new=True)
    async with running():
        assert "Thank you for adding me" in await greeted(emulator, guild)
    old = [other for other in emulator.world.guilds.values() if other.id != guild.id]
    assert old
    assert not [message for other in old for message in other.text_channel.history]


async def test_without_a_channel_the_installer_is_told(emulator: Emulator, town: Town, running: Running) -> None:
    """Where the audit log may be read, whoever added the bot gets the message, and it names the server."""
    guild = new_guild(emulator, with_system_channel=False)
    adder = emulator.add_member(guild, "ines", "manage_guild")
    guild.installer_id = adder.id
    own_role = guild.members[emulator.bot_user.id].role_ids[0]
    guild.roles[own_role].permissions = BOT_DEFAULT | VIEW_AUDIT_LOG
    async with running():
        emulator.announce(guild, is_new=True)
        message = await emulator.wait_message(emulator.direct_channel(adder))
    assert "Thank you for adding me to Library" in visible_text(message)
    assert not guild.text_channel.history


async def test_without_the_audit_log_the_owner_is_told(emulator: Emulator, running: Running) -> None:
    """A system channel that the bot may not write in counts for none."""
    guild = new_guild(emulator)
    emulator.world.set_overwrite(guild.text_channel, emulator.bot_user, deny=SEND_MESSAGES)
    owner = emulator.world.users[guild.owner_id]
    async with running():
        emulator.announce(guild, is_new=True)
        await emulator.wait_message(emulator.direct_channel(owner))
    assert len(direct_messages(emulator, owner)) == 1


async def test_who_takes_no_direct_messages_is_left_alone(
    emulator: Emulator, town: Town, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """Then nothing is said, the log says so, and it is not tried again."""
    guild = new_guild(emulator, with_system_channel=False)
    emulator.world.users[guild.owner_id].takes_direct = False
    with emulator.expect_violation(50007, times=1), caplog.at_level(logging.INFO):
        async with running():
            emulator.announce(guild, is_new=True)
            async with asyncio.timeout(5.0):
                while "nobody takes" not in caplog.text:  # noqa: ASYNC110 -- a log has no event to wait for
                    await asyncio.sleep(0.01)
        async with running():
            await settled(emulator, town)
    assert "nobody takes a direct message" in caplog.text


async def test_missing_permissions_are_named(emulator: Emulator, running: Running) -> None:
    """An invitation that left permissions out is noticed at once, not at the first question."""
    guild = new_guild(emulator)
    own_role = guild.members[emulator.bot_user.id].role_ids[0]
    for role in (guild.roles[own_role], guild.roles[guild.id]):
        role.permissions &= ~(1 << 16)
    async with running():
        emulator.announce(guild, is_new=True)
        assert "**Read Message History** is missing" in await greeted(emulator, guild)


def test_a_memory_that_cannot_be_written_lasts_as_long_as_the_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It warns, and within the process still knows; a damaged file is begun anew."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    memory = GuildMemory(blocked / "guilds")
    assert memory.remember(1, 5.0)
    assert not memory.remember(1, 5.0)
    assert not memory.remember(1, 4.0)
    assert memory.remember(1, 6.0)
    assert "greeted again" in caplog.text
    damaged = tmp_path / "damaged"
    damaged.write_text("{")
    assert GuildMemory(damaged).remember(1, 5.0)
    assert not GuildMemory(damaged).remember(1, 5.0)
