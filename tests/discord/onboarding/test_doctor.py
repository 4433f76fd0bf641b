"""``pullquote doctor`` against the emulator: what it finds of Discord's side."""

from __future__ import annotations

import json
import time

import pytest

from bot.client import default_intents
from bot.doctor.commands import describe_commands
from bot.doctor.discord_side import Visit
from bot.doctor.findings import Finding, State
from bot.sandbox import intents
from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import READ_MESSAGE_HISTORY, SEND_MESSAGES, VIEW_CHANNEL
from tests.discord.harness import Town, pointed_at
from tests.discord.onboarding.conftest import Running
from tests.discord.road.test_process import pullquote


async def look(emulator: Emulator, visit: Visit | None = None) -> dict[str, Finding]:
    """Return what a visit finds, by check."""
    visit = visit or Visit(emulator.token, servers=20)
    with pointed_at(emulator):
        return {finding.check: finding async for finding in visit.check()}


def states(found: dict[str, Finding]) -> dict[str, str]:
    """Only how each is."""
    return {check: finding.state.value for check, finding in found.items()}


async def test_all_is_well_once_the_bot_has_run(emulator: Emulator, town: Town, running: Running) -> None:
    """Every check passes, also while the bot is connected, whose session goes on."""
    async with running() as client:
        found = await look(emulator)
        assert states(found) == dict.fromkeys(
            ("token", "intents", "gateway", "clock", "commands", "server Harbour", "server Observatory"), "ok"
        )
        assert not client.is_closed()
    assert len(emulator.gateway.identify_times) == 1


async def test_it_reads_and_never_writes(emulator: Emulator, town: Town) -> None:
    """No request but GET, and no session of its own."""
    visit = Visit(emulator.token, servers=20)
    await look(emulator, visit)
    assert not [method for method in ("PUT", "POST", "PATCH", "DELETE") if emulator.transcript.requests(method)]
    assert not emulator.gateway.sessions
    assert visit.application == int(emulator.world.application_id)


async def test_a_refused_token_ends_the_visit(emulator: Emulator, town: Town) -> None:
    """One line that says where to copy it from, and never the token itself."""
    with emulator.expect_violation(0):
        found = await look(emulator, Visit("not.the.token", servers=20))
    assert states(found) == {"token": "fail"}
    assert "Reset Token" in found["token"].next_step
    assert "not.the.token" not in str(found)


async def test_an_unreachable_discord_is_one_line(emulator: Emulator, town: Town) -> None:
    """Nobody listening is no traceback."""
    await emulator.stop()
    found = await look(emulator)
    assert states(found) == {"discord": "fail"}


async def test_commands_that_discord_lacks_are_named(emulator: Emulator, town: Town, running: Running) -> None:
    """Before the first start all are missing; one that was changed elsewhere is told alone."""
    found = await look(emulator)
    assert found["commands"].state is State.WARN
    assert "/ask" in found["commands"].says
    async with running():
        pass
    assert (await look(emulator))["commands"].state is State.OK
    ask = next(command for command in emulator.commands.listing(None) if command["name"] == "ask")
    ask["options"][0]["description"] = "Something else"
    says = (await look(emulator))["commands"].says
    assert "/ask." in says
    assert "/summary" not in says


async def test_an_intent_that_is_off_in_the_portal_is_named(emulator: Emulator, town: Town) -> None:
    """The toggle's own name, so that it can be found; switched on, all is well."""
    wanted = default_intents()
    wanted.message_content = True
    found = await look(emulator, Visit(emulator.token, servers=0, intents=wanted))
    assert found["intents"].state is State.FAIL
    assert "Message Content Intent" in found["intents"].next_step
    emulator.portal_intents = intents.MESSAGE_CONTENT
    found = await look(emulator, Visit(emulator.token, servers=0, intents=wanted))
    assert found["intents"].state is State.OK


@pytest.mark.parametrize(("ahead", "state"), [(0.0, "ok"), (-30.0, "warn"), (3600.0, "fail")])
async def test_a_wrong_clock_is_noticed(emulator: Emulator, town: Town, ahead: float, state: str) -> None:
    """By the Date of Discord's answers; half a minute is bad, an hour breaks interactions."""
    found = await look(emulator, Visit(emulator.token, servers=0, clock=lambda: time.time() + ahead))
    assert found["clock"].state.value == state
    assert ("NTP" in found["clock"].next_step) is bool(ahead)


async def test_missing_permissions_are_named_by_server_and_channel(emulator: Emulator, town: Town) -> None:
    """In the whole server by permission; where one channel forbids it, by the channel; closed ones are counted."""
    for role in town.other_guild.roles.values():
        role.permissions &= ~READ_MESSAGE_HISTORY
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=SEND_MESSAGES)
    closed = emulator.add_channel(town.guild, "closed")
    emulator.world.set_overwrite(closed, emulator.bot_user, deny=VIEW_CHANNEL)
    found = await look(emulator)
    assert found["server Observatory"].says == "Not allowed: Read Message History."
    assert "cannot answer in #general" in found["server Harbour"].says
    assert "1 are closed" in found["server Harbour"].says
    assert found["server Harbour"].state is State.WARN


async def test_many_servers_are_not_all_visited(emulator: Emulator, town: Town) -> None:
    """Each costs requests; how many were left out is said."""
    found = await look(emulator, Visit(emulator.token, servers=1))
    assert found["servers"].says.startswith("1 more")


async def test_what_is_described_is_what_is_sent(emulator: Emulator, town: Town, running: Running) -> None:
    """The commands that the doctor compares with are those that the running bot sends."""
    async with running():
        pass
    sent = emulator.commands.listing(None)
    described = await describe_commands()
    assert sorted(command["name"] for command in sent) == sorted(command["name"] for command in described)


async def test_a_bot_in_no_server_is_told_to_invite(emulator: Emulator) -> None:
    """The first thing an operator does after the token."""
    found = await look(emulator)
    assert found["servers"].state is State.WARN
    assert "invitation" in found["servers"].next_step


async def test_the_command_reports_discords_side_too(
    emulator: Emulator, town: Town, environment: dict[str, str]
) -> None:
    """As a process: JSON, exit code 0 with warnings only, the invitation for this very application."""
    environment |= {
        "PULLQUOTE_DISCORD__TOKEN": emulator.token,
        "PULLQUOTE_DISCORD__API_BASE": emulator.api_base,
        "PULLQUOTE_DISCORD__GATEWAY_URL": emulator.gateway_url,
    }
    code, output, errors = await pullquote("doctor", "--json", environment=environment)
    report = json.loads(output)
    assert (code, errors) == (0, "")
    assert report["ok"]
    assert {"token", "gateway", "clock", "server Harbour"} <= {one["check"] for one in report["findings"]}
    assert f"client_id={emulator.world.application_id}&" in report["invitation"]
    assert emulator.token not in output
    environment["PULLQUOTE_DISCORD__TOKEN"] = "not.the.token"
    with emulator.expect_violation(0):
        code, output, _ = await pullquote("doctor", environment=environment)
    assert code == 1
    assert "Discord refuses the token" in output
    assert "Traceback" not in output
