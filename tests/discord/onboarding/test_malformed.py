"""What Discord sends that cannot be read, and a gateway that is gone: never a silent end."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from bot.heartbeat import Outage
from bot.refusals import DiscordRefused
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.harness import Town, pointed_at
from tests.discord.onboarding.conftest import Running
from tests.discord.road.test_process import SECONDS, start_run


async def answers(emulator: Emulator, town: Town) -> bool:
    """Whether a command is answered."""
    handle = await emulator.slash(town.alice, town.channel, "help")
    return bool(visible_text(await handle.response()))


EVENTS = [
    "MESSAGE_CREATE",
    "INTERACTION_CREATE",
    "GUILD_CREATE",
    "GUILD_DELETE",
    "CHANNEL_UPDATE",
    "GUILD_MEMBERS_CHUNK",
]


async def test_a_malformed_event_is_logged_counted_and_survived(
    emulator: Emulator, town: Town, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """Of any kind; the next question is answered over the same session."""
    async with running() as client:
        for event in EVENTS:
            emulator.send_malformed_dispatch(event)
        assert await answers(emulator, town)
        assert dict(client.malformed) == dict.fromkeys(EVENTS, 1)
    for event in EVENTS:
        assert f"malformed {event}" in caplog.text
    assert len(emulator.gateway.identify_times) == 1


async def test_a_flood_of_malformed_events_does_not_flood_the_log(
    emulator: Emulator, town: Town, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """The first comes with its traceback, then the count now and then."""
    async with running() as client:
        for _ in range(120):
            emulator.send_malformed_dispatch("MESSAGE_CREATE")
        assert await answers(emulator, town)
        assert client.malformed["MESSAGE_CREATE"] == 120
    lines = [record for record in caplog.records if "malformed" in record.getMessage()]
    assert len(lines) == 3
    assert sum(record.exc_info is not None for record in lines) == 1


@pytest.mark.parametrize("fault", ["a frame that is no object", "a READY without its parts"])
async def test_what_ends_the_session_ends_the_process_loudly(
    settings: Settings, emulator: Emulator, town: Town, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Without frames or a session nothing can go on: one sentence for the supervisor's log, and a traceback before."""
    client = make_client(settings, open_library(settings))
    with pointed_at(emulator):
        running = asyncio.create_task(client.start(emulator.token))
        await asyncio.wait_for(client.wait_until_ready(), SECONDS)
        if fault.startswith("a frame"):
            frame: Any = ["not", "an", "object"]
            emulator.gateway.send_all(frame)
        else:
            emulator.send_malformed_dispatch("READY")
        with pytest.raises(DiscordRefused, match="broke in a way"):
            await asyncio.wait_for(running, SECONDS)
    assert client.is_closed()
    assert client.malformed["connection"] == 1
    assert any(record.exc_info for record in caplog.records)


async def test_the_process_exits_non_zero_when_its_connection_breaks(
    emulator: Emulator, town: Town, environment: dict[str, str]
) -> None:
    """`pullquote run` ends with 1, says why, and leaves no heartbeat that claims it lived."""
    process = await start_run(emulator, environment)
    try:
        async with asyncio.timeout(SECONDS):
            while not any(session.ready for session in emulator.gateway.sessions.values()):  # noqa: ASYNC110 -- another process
                await asyncio.sleep(0.05)
            await answers(emulator, town)
            emulator.send_malformed_dispatch("READY")
            _, logged = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert process.returncode == 1
    assert "broke in a way that was not expected" in logged.decode().splitlines()[-1]
    assert "Traceback" in logged.decode()
    assert emulator.token not in logged.decode()
    store = Path(environment["PULLQUOTE_STORE__URL"].removeprefix("sqlite:///"))
    assert not store.with_name("pullquote.heartbeat").exists()


async def test_a_gateway_that_is_gone_is_no_connection_until_it_is_back(
    emulator: Emulator, town: Town, running: Running
) -> None:
    """The sign of life stops (discord.py's own `is_ready` stays true), and the client comes back by itself."""
    async with running() as client:
        assert client.is_connected
        emulator.gateway.is_down = True
        emulator.drop_sockets()
        async with asyncio.timeout(SECONDS):
            while client.is_connected:  # noqa: ASYNC110 -- a socket has no event of ours
                await asyncio.sleep(0.01)
            assert client.is_ready()
            emulator.gateway.is_down = False
            while not client.is_connected:  # noqa: ASYNC110 -- as above
                await asyncio.sleep(0.01)
        assert await answers(emulator, town)


def test_a_long_outage_is_told_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    """Not before the first connection, after a minute, then ever more rarely, and once when it is over."""
    outage = Outage()
    with caplog.at_level(logging.WARNING):
        for second in range(300):
            outage.note(is_alive=False, now=second)
        assert not caplog.records
        outage.note(is_alive=True, now=300.0)
        for second in range(301, 300 + 3600):
            outage.note(is_alive=False, now=float(second))
        assert len(caplog.records) == 6
        outage.note(is_alive=True, now=4000.0)
        outage.note(is_alive=True, now=4020.0)
    assert len(caplog.records) == 7
    assert "again, after 3700 seconds" in caplog.records[-1].getMessage()
