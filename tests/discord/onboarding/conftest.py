"""The bot as ``pullquote run`` makes it, over a store and files of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from bot.client import PullquoteClient
from bot.sandbox.emulator import Emulator
from bot.wiring import make_client, open_library
from config.settings import Settings, load_settings
from tests.discord.harness import Town, connected

Running = Callable[[], AbstractAsyncContextManager[PullquoteClient]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store of the test's own and no model."""
    sections = {"store": {"url": f"sqlite:///{tmp_path / 'pullquote.sqlite3'}"}, "encoder": {"model": "hashing"}}
    return load_settings(sections, environ={})


@pytest.fixture
def running(settings: Settings, emulator: Emulator, town: Town) -> Running:
    """Return a function that runs the bot for the length of a block, as one process after another."""

    @asynccontextmanager
    async def run() -> AsyncIterator[PullquoteClient]:
        client = make_client(settings, open_library(settings))
        async with connected(emulator, client):
            yield client

    return run
