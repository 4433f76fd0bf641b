"""The teardown notices what a test would otherwise pass over."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import discord
import pytest

from bot.sandbox.emulator import Emulator
from tests.conftest import ConnectionRefusedByTests
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.harness import LoopWatch, build_town, connected


@pytest.fixture
async def loose(watch: LoopWatch) -> Emulator:
    """An emulator whose problems are the test's subject and fail nothing."""
    emulator = Emulator()
    build_town(emulator)
    return emulator


async def test_swallowed_refusal_is_a_problem(loose: Emulator) -> None:
    """A refused request stays a problem though the bot swallowed its exception."""
    client = SampleClient()
    async with loose, connected(loose, client):
        channel = client.get_channel(int(loose.guild("Harbour").text_channel.id))
        with pytest.raises(discord.HTTPException):
            await channel.send("x" * 2001)
    assert len(loose.problems()) == 1
    assert "content" in loose.problems()[0]
    assert "50035" in loose.problems()[0]


async def test_expected_refusal_is_no_problem(loose: Emulator) -> None:
    """A violation expected by its code is none; one that does not come fails the block."""
    with loose.expect_violation(50035) as found:
        loose.violate("somewhere", 50035, "on purpose")
    assert [entry.code for entry in found] == [50035]
    assert loose.problems() == []
    with pytest.raises(AssertionError, match="expected at least one violation"), loose.expect_violation(50035):
        loose.violate("somewhere", 10062, "another")
    assert len(loose.problems()) == 1


async def test_unanswered_interaction_is_a_problem(loose: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    """Silence after a command, and a deferred answer that never comes, are problems."""
    client = SampleClient()

    @client.tree.command(description="Say nothing")
    async def silent(interaction: discord.Interaction) -> None:
        """Answer nothing."""

    @client.tree.command(description="Think for ever")
    async def ponder(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)

    town = loose.guild("Harbour")
    async with loose:
        async with connected(loose, client):
            alice = next(user for user in loose.world.users.values() if user.name == "alice")
            await loose.slash(alice, town.text_channel, "silent")
            handle = await loose.slash(alice, town.text_channel, "ponder")
            await handle.acknowledged()
            loose.settle_seconds = 0.0
        assert [entry.data["name"] for entry in loose.unanswered()] == ["silent", "ponder"]
        assert len(loose.problems()) == 2


async def test_exception_in_a_check_is_noticed(loose: Emulator, watch: LoopWatch) -> None:
    """An exception discord.py lets end in an unawaited task reaches the watch; the user gets silence."""

    class Picky(discord.app_commands.CommandTree[SampleClient]):
        async def interaction_check(self, interaction: discord.Interaction) -> bool:
            raise LookupError("lost in a check")

    client = discord.Client(intents=discord.Intents.default())
    tree = Picky(client)

    @tree.command(description="Never reached")
    async def anything(interaction: discord.Interaction) -> None:
        """Do nothing."""

    watch.expected = ("lost in a check",)
    town = loose.guild("Harbour")
    loose.settle_seconds = 0.05
    async with loose, connected(loose, client):
        await tree.sync()
        alice = next(user for user in loose.world.users.values() if user.name == "alice")
        await loose.slash(alice, town.text_channel, "anything")
    assert await watch.problems() == []
    assert any("lost in a check" in repr(entry.get("exception")) for entry in watch.contexts)
    assert len(loose.unanswered()) == 1


async def test_exception_nobody_retrieves_is_noticed() -> None:
    """A task that fails with nobody awaiting it is a sentence in the watch's problems."""

    async def fail() -> None:
        raise LookupError("nobody takes me")

    watch = LoopWatch()
    watch.install()
    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    del task
    problems = await watch.problems()
    assert len(problems) == 1
    assert "nobody takes me" in problems[0]


async def test_unknown_route_is_a_problem(loose: Emulator) -> None:
    """A request the emulator has no route for is refused and recorded, not ignored."""
    client = SampleClient()
    async with loose, connected(loose, client):
        with pytest.raises(discord.NotFound):
            await client.http.get_vanity_code(int(loose.guild("Harbour").id))
    assert "Not Found" in loose.problems()[0]


async def test_client_that_dies_early_fails_the_test(loose: Emulator) -> None:
    """What ended Client.connect is raised when the client is closed."""

    async def run() -> None:
        async with connected(loose, SampleClient()) as link:
            loose.send_malformed_dispatch()
            await asyncio.wait({link.task}, timeout=5)

    async with loose:
        with pytest.raises(KeyError):
            await run()


async def test_connections_beyond_this_machine_are_refused() -> None:
    """The guard refuses both an address and a name of another machine."""
    with pytest.raises(ConnectionRefusedByTests):
        await asyncio.open_connection("192.0.2.1", 80)
    with pytest.raises(ConnectionRefusedByTests):
        await asyncio.open_connection("example.org", 80)


SUBJECT = """
import asyncio

COMMANDS = [{"name": "ask", "description": "Ask"}]


async def test_violation(emulator, town):
    emulator.violate("somewhere", 50035, "a refused form")


async def test_silence(emulator, town):
    emulator.commands.overwrite(None, COMMANDS)
    await emulator.slash(town.alice, town.channel, "ask")


async def test_lost_exception(emulator, town):
    async def fail():
        raise LookupError("lost")

    task = asyncio.create_task(fail())
    await asyncio.wait({task})


async def test_clean(emulator, town):
    assert emulator.problems() == []
"""


def test_fixture_fails_the_test_that_caused_a_problem(tmp_path: Path) -> None:
    """Run by pytest, the fixtures turn each kind of problem into an error at teardown, and spare a clean test."""
    subject = tmp_path / "test_subject.py"
    subject.write_text(SUBJECT, encoding="utf-8")
    root = Path(__file__).parents[3]
    plugins = ["-p", "tests.conftest", "-p", "tests.discord.conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, "-c", str(root / "pyproject.toml")]
    done = subprocess.run(
        [*command, "-q", "--no-header", str(subject)],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert "4 passed, 3 errors" in done.stdout
    for words in (
        "Discord would refuse: somewhere: 50035",
        "nobody answered: <command ask by alice",
        "LookupError('lost')",
    ):
        assert words in done.stdout
