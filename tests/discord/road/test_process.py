"""The program as a process of its own: `pullquote run` against the emulator, `pullquote sandbox` with piped input."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from tests.discord.harness import Town

ROOT = Path(__file__).parents[3]
ARTICLE = "The lighthouse\n\nThe lamp of the lighthouse was sold to a museum in Lund. It still works.\n"
SECONDS = 60


async def pullquote(
    *arguments: str, environment: dict[str, str], stdin: str | None = None
) -> tuple[int | None, str, str]:
    """Run the command to its end and return its exit code, output and errors."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE if stdin is not None else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(SECONDS):
        output, errors = await process.communicate(None if stdin is None else stdin.encode())
    return process.returncode, output.decode(), errors.decode()


async def start_run(emulator: Emulator, environment: dict[str, str]) -> asyncio.subprocess.Process:
    """Start `pullquote run` against the emulator; adds to the environment what that takes."""
    environment |= {
        "PULLQUOTE_DISCORD__TOKEN": emulator.token,
        "PULLQUOTE_DISCORD__API_BASE": emulator.api_base,
        "PULLQUOTE_DISCORD__GATEWAY_URL": emulator.gateway_url,
        "PULLQUOTE_DISCORD__READY_TIMEOUT_SECONDS": "0.1",
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to end a process kindly")
async def test_run_answers_reports_health_and_stops_cleanly(
    emulator: Emulator, town: Town, environment: dict[str, str]
) -> None:
    """Run connects, answers what the terminal added meanwhile, is healthy, and ends with 0 on SIGTERM."""
    process = await start_run(emulator, environment)
    try:
        async with asyncio.timeout(SECONDS):
            # Another process connects: there is no event of ours to wait for.
            while not any(session.ready for session in emulator.gateway.sessions.values()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            guild = town.guild.id
            code, _, errors = await pullquote("add", "-", "--guild", guild, environment=environment, stdin=ARTICLE)
            assert (code, errors) == (0, "")
            asked = await emulator.slash(town.alice, town.channel, "ask", {"question": "Who bought the lamp?"})
            assert "museum in Lund" in visible_text(await asked.response(timeout=SECONDS))
            while (await pullquote("health", environment=environment))[0] != 0:
                pass  # the heartbeat follows the connection within a second; the timeout above bounds this
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SECONDS):
            _, logged = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert process.returncode == 0, logged.decode()
    assert emulator.token not in logged.decode()
    assert "lamp" not in logged.decode()
    code, _, _ = await pullquote("health", environment=environment)
    assert code == 1


async def test_run_with_a_wrong_token_says_what_to_do(emulator: Emulator, environment: dict[str, str]) -> None:
    """A token that Discord refuses ends with 2, as wrong settings do, and one clear line, not a traceback."""
    environment |= {
        "PULLQUOTE_DISCORD__TOKEN": "wrong.token.here",
        "PULLQUOTE_DISCORD__API_BASE": emulator.api_base,
        "PULLQUOTE_DISCORD__GATEWAY_URL": emulator.gateway_url,
    }
    with emulator.expect_violation(0):
        code, _, errors = await pullquote("run", environment=environment)
    assert code == 2
    assert "Discord refused the token" in errors
    assert "Traceback" not in errors
    assert "wrong.token.here" not in errors


async def test_sandbox_answers_piped_questions(environment: dict[str, str]) -> None:
    """Without a terminal the sandbox reads its input to the end: a newcomer's first minute, as a transcript."""
    lines = "How many packets of seed may I borrow?\n/summary ferry\nas adam\n/article list\nquit\n"
    code, output, errors = await pullquote("sandbox", environment=environment, stdin=lines)
    assert (code, errors) == (0, "")
    assert "Does crime rise when the lights go out?" in output
    assert "recorded crime at night did not rise" in output
    assert "six packets" in output
    assert "Night ferry to Skarholm" in output
    assert "3 articles" in output
