"""Fixtures for tests over the wire; another project takes them with ``pytest_plugins = ["tests.discord.fixtures"]``.

``emulator`` fails the test on anything Discord would refuse, on unanswered interactions and on lost exceptions;
``connect`` brings a discord.py client online; ``scene`` builds guilds and persons; ``alice``, ``admin`` and ``olga``
are persons of the ready-made ``town``. What the verbs are is told in docs/testing.md.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import discord
import pytest

from bot.sandbox.emulator import Emulator
from bot.sandbox.rate_limits import Allowance
from bot.sandbox.scene.person import Person
from bot.sandbox.scene.scene import Scene
from tests.discord.harness import Link, LoopWatch, Town, build_town, connected


@pytest.fixture
async def watch() -> AsyncIterator[LoopWatch]:
    """Watch the event loop for exceptions nobody retrieves; `watch.expected` names those a test provokes."""
    found = LoopWatch()
    found.install()
    yield found
    problems = await found.problems()
    if problems:
        pytest.fail("\n".join(problems))


@pytest.fixture
async def emulator(watch: LoopWatch) -> AsyncIterator[Emulator]:
    """A started emulator; the teardown fails on violations and unanswered interactions that were not expected."""
    emulator = Emulator()
    emulator.rate_limits.allowances["messages"] = Allowance(5, 1.0)
    async with emulator:
        yield emulator
    problems = emulator.problems()
    if problems:
        pytest.fail("\n".join(problems))


@pytest.fixture
def town(emulator: Emulator) -> Town:
    """Two guilds with a channel each; alice and adam (manage_guild) in the first, olga (manage_guild) in the second."""
    return build_town(emulator)


@pytest.fixture
async def connect(emulator: Emulator, town: Town) -> AsyncIterator[Callable[[discord.Client], Awaitable[Link]]]:
    """Return a function that brings a client online; the teardown closes it and raises whatever ended it early."""
    async with AsyncExitStack() as stack:

        async def bring_online(client: discord.Client) -> Link:
            return await stack.enter_async_context(connected(emulator, client))

        yield bring_online


@pytest.fixture
def scene(emulator: Emulator) -> Scene:
    """Builds guilds, channels, forums, roles and persons."""
    return Scene(emulator)


@pytest.fixture
def alice(emulator: Emulator, town: Town) -> Person:
    """A member of the town's first guild, in its channel."""
    return Person(emulator, town.alice, town.channel)


@pytest.fixture
def admin(emulator: Emulator, town: Town) -> Person:
    """Adam, who manages the first guild."""
    return Person(emulator, town.adam, town.channel)


@pytest.fixture
def olga(emulator: Emulator, town: Town) -> Person:
    """Who manages the town's other guild, in its channel."""
    return Person(emulator, town.olga, town.other_channel)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with a store of the test's own and no model."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")}
    return {
        **kept,
        "PULLQUOTE_STORE__URL": f"sqlite:///{tmp_path / 'pullquote.sqlite3'}",
        "PULLQUOTE_ENCODER__MODEL": "hashing",
    }
