"""The whole program over the wire: real store, real retrieval, real client, the emulator for Discord."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import discord
import pytest

from bot.client import PullquoteClient
from bot.engine.library import Library
from bot.wiring import make_client, open_library
from config.settings import Settings, load_settings
from tests.discord.harness import Link


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store of the test's own and no model."""
    sections = {"store": {"url": f"sqlite:///{tmp_path / 'pullquote.sqlite3'}"}, "encoder": {"model": "hashing"}}
    return load_settings(sections, environ={})


@pytest.fixture
def library(settings: Settings) -> Library:
    """The library that the client of the test answers from; the client closes it."""
    return open_library(settings)


@pytest.fixture
async def online(
    settings: Settings, library: Library, connect: Callable[[discord.Client], Awaitable[Link]]
) -> PullquoteClient:
    """The bot as `pullquote run` makes it, online."""
    client = make_client(settings, library)
    await connect(client)
    return client
