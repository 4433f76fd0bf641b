"""Keeping the bot connected: signals, heartbeat, ordered close."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from bot.heartbeat import beat
from bot.wiring import heartbeat_path, make_client, open_library
from config.settings import Settings


async def serve(settings: Settings, token: str) -> None:
    """Connect to Discord and answer until stopped. Raises DiscordRefused, EngineError."""
    library = open_library(settings)
    client = make_client(settings, library)
    loop = asyncio.get_running_loop()
    closing: list[asyncio.Task[None]] = []
    for stop in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers in the loop; there Ctrl-C raises KeyboardInterrupt and asyncio.run cleans up.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(stop, lambda: closing.append(asyncio.create_task(client.close())))
    beating = asyncio.create_task(
        beat(heartbeat_path(settings), lambda: client.is_connected), name="pullquote-heartbeat"
    )
    try:
        await client.start(token)
    finally:
        beating.cancel()
        await asyncio.gather(beating, *closing, return_exceptions=True)
