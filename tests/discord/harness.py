"""Points discord.py at an emulator, and notices what asyncio would only have logged."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.sandbox.emulator import Emulator
from bot.sandbox.world import Channel, Guild, User

READY_TIMEOUT_SECONDS = 10.0


@contextmanager
def pointed_at(emulator: Emulator) -> Iterator[None]:
    """Send discord.py's requests and sockets to an emulator inside the block."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = emulator.api_base
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(emulator.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@dataclass
class Link:
    """A client that is online. Set `may_end` where its `task` (Client.connect) is meant to end by itself."""

    client: discord.Client
    task: asyncio.Task[None]
    may_end: bool = False


@asynccontextmanager
async def connected(emulator: Emulator, client: discord.Client) -> AsyncIterator[Link]:
    """Log a client in, wait until it is ready, and close it in the end; raises what ended it early."""
    client._connection.guild_ready_timeout = 0.05
    emulator.starts.rest()
    with pointed_at(emulator):
        try:
            await client.login(emulator.token)
            link = Link(client, asyncio.create_task(client.connect()))
            ready = asyncio.create_task(client.wait_until_ready())
            try:
                async with asyncio.timeout(READY_TIMEOUT_SECONDS):
                    await asyncio.wait({ready, link.task}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                ready.cancel()
            if link.task.done():
                await link.task
            yield link
            await emulator.settle()
            ended_early = link.task.done()
        finally:
            await client.close()
        if not ended_early or not link.may_end:
            await link.task


@dataclass
class LoopWatch:
    """Collects everything handed to the event loop's exception handler, above all never-retrieved exceptions."""

    contexts: list[dict[str, Any]] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def install(self) -> None:
        """Take over the running loop's exception handler."""
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self.contexts.append(context))

    async def problems(self) -> list[str]:
        """Return a sentence for each exception nobody took, those still waiting for the collector included."""
        for _ in range(2):
            gc.collect()
            await asyncio.sleep(0)
        found = [f"asyncio: {entry.get('message')}: {entry.get('exception')!r}" for entry in self.contexts]
        return [entry for entry in found if not any(text in entry for text in self.expected)]


@dataclass
class Town:
    """The people and places of the `emulator` fixture."""

    guild: Guild
    channel: Channel
    alice: User
    adam: User
    other_guild: Guild
    other_channel: Channel
    olga: User


def build_town(emulator: Emulator) -> Town:
    """Make one guild with a member (alice) and an admin (adam), and a second with a member of its own (olga)."""
    guild, other = emulator.add_guild("Harbour"), emulator.add_guild("Observatory")
    return Town(
        guild=guild,
        channel=emulator.add_channel(guild, "general"),
        alice=emulator.add_member(guild, "alice"),
        adam=emulator.add_member(guild, "adam", "manage_guild"),
        other_guild=other,
        other_channel=emulator.add_channel(other, "lobby"),
        olga=emulator.add_member(other, "olga", "manage_guild"),
    )
