"""The bot with a fake library, online in the emulator's town."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import discord
import pytest

from bot.async_library import AsyncLibrary
from bot.client import PullquoteClient
from bot.sandbox.emulator import Emulator
from tests.discord.bot.fake_fetcher import FakeFetcher
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.harness import Link, Town

FOX = "The fox wrote a letter. It was never sent; the post office had closed."


@pytest.fixture
def fake(town: Town) -> FakeLibrary:
    """Two articles in the first guild, one in the other."""
    fake = FakeLibrary()
    fake.put(int(town.guild.id), "Foxes", FOX, "https://example.com/foxes")
    fake.put(int(town.guild.id), "Harbour rules", "Boats give way to ferries.")
    fake.put(int(town.other_guild.id), "Star charts", "Polaris stays where it is.")
    return fake


@pytest.fixture
def web() -> FakeFetcher:
    """A web with one page."""
    return FakeFetcher({"https://example.com/gulls": "Gulls steal chips."})


@pytest.fixture
async def client(fake: FakeLibrary, web: FakeFetcher) -> AsyncIterator[PullquoteClient]:
    """A client that is not online yet."""
    client = PullquoteClient(library=AsyncLibrary(fake, fetcher=web))  # type: ignore[arg-type]
    yield client
    web.gate.set()
    fake.gate.set()
    fake.ingest_gate.set()
    await client.close()


@pytest.fixture
async def online(
    client: PullquoteClient,
    fake: FakeLibrary,
    emulator: Emulator,
    connect: Callable[[discord.Client], Awaitable[Link]],
) -> AsyncIterator[Link]:
    """The client online with a warm encoder; whatever happens in the test, nobody is pinged."""
    link = await connect(client)
    assert client._warming is not None
    await client._warming
    yield link
    fake.gate.set()
    fake.ingest_gate.set()
    pinged = [message for message in emulator_messages(emulator) if any(message["_pings"].values())]
    assert pinged == []


def emulator_messages(emulator: Emulator) -> list[dict[str, object]]:
    """Every message the bot sent, ephemeral ones included."""
    public = [message for channel in emulator.world.channels.values() for message in channel.history]
    private = [
        message
        for handle in emulator.interactions.handles
        for message in [*handle.followups, *([handle.message] if handle.message else [])]
    ]
    bot_id = emulator.world.bot.id
    return [message for message in [*public, *private] if message["author"]["id"] == bot_id]
