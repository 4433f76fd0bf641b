"""The bot with exactly the permissions of its invitation, and with each of them missing, over the wire."""

from __future__ import annotations

import pytest

from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import USE_APPLICATION_COMMANDS
from bot.ui.rights import RIGHTS, needed_permissions
from tests.discord.harness import Town
from tests.discord.onboarding.conftest import Running


def grant(emulator: Emulator, town: Town, permissions: int) -> None:
    """Give the bot these permissions alone: everyone's role gives none, people have a role of their own."""
    people = emulator.world.add_role(town.guild, "people", town.guild.roles[town.guild.id].permissions)
    for member in town.guild.members.values():
        if member.user.id != emulator.bot_user.id:
            member.role_ids.append(people.id)
    town.guild.roles[town.guild.id].permissions = USE_APPLICATION_COMMANDS
    own = town.guild.members[emulator.bot_user.id].role_ids[0]
    town.guild.roles[own].permissions = permissions


async def test_the_invitation_is_enough(emulator: Emulator, town: Town, running: Running) -> None:
    """Mentions are answered in reply, commands are, a panel is posted, a new guild is greeted."""
    grant(emulator, town, needed_permissions().value)
    town.guild.system_channel_id = town.channel.id
    async with running():
        emulator.announce(town.guild, is_new=True)
        greeting = await emulator.wait_message(town.channel)
        question = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> who is it?")
        answer = await emulator.wait_message(town.channel, after=question)
        assert int(answer["id"]) > int(greeting["id"])
        await (await emulator.slash(town.alice, town.channel, "ask", {"question": "who?"})).response()
        await (await emulator.slash(town.adam, town.channel, "panel")).response()


# What only threads need is missed in tests/discord/room/test_answer_threads.py.
ELSEWHERE = ("send_messages_in_threads", "create_public_threads")


@pytest.mark.parametrize("name", [right.name for right in RIGHTS if right.name not in ELSEWHERE])
async def test_nothing_in_it_is_superfluous(emulator: Emulator, town: Town, running: Running, name: str) -> None:
    """Without any one of them Discord refuses the answer to a mention."""
    permissions = needed_permissions()
    setattr(permissions, name, False)
    grant(emulator, town, permissions.value)
    async with running():
        await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> who is it?")
        await (await emulator.slash(town.alice, town.channel, "ask", {"question": "who?"})).response()
        await (await emulator.slash(town.alice, town.channel, "help")).response()
    refused = [violation for violation in emulator.violations if violation.code in (50001, 50013, 160002)]
    for violation in refused:
        violation.expected = True
    answers = [message for message in town.channel.history if message.get("message_reference")]
    assert refused or name == "view_channel"
    assert not [message for message in answers if message["author"]["id"] == emulator.bot_user.id]
