"""A client that speaks the wire by hand, for what discord.py refuses to send."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp

from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import InteractionHandle

Answer = tuple[int, Any]
DEFAULT_INTENTS = 1 | 1 << 9 | 1 << 12


class Wire:
    """REST and gateway without any of a library's own checks."""

    def __init__(self, emulator: Emulator, session: aiohttp.ClientSession) -> None:
        self.emulator = emulator
        self.session = session

    @classmethod
    @asynccontextmanager
    async def open(cls, emulator: Emulator) -> AsyncIterator[Self]:
        """Open an HTTP session that is closed in the end."""
        async with aiohttp.ClientSession() as session:
            yield cls(emulator, session)

    async def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Answer:
        """Send a request with the bot's token and return status and parsed body."""
        headers = {"Authorization": f"Bot {token or self.emulator.token}"}
        url = self.emulator.api_base + path
        async with self.session.request(method, url, json=body, headers=headers) as reply:
            text = await reply.text()
            return reply.status, json.loads(text) if text else None

    async def upload(self, path: str, body: Any, files: list[tuple[str, bytes]]) -> Answer:
        """Send a multipart request."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(body))
        for index, (name, content) in enumerate(files):
            form.add_field(f"files[{index}]", io.BytesIO(content), filename=name)
        headers = {"Authorization": f"Bot {self.emulator.token}"}
        async with self.session.post(self.emulator.api_base + path, data=form, headers=headers) as reply:
            return reply.status, await reply.json()

    async def send(self, channel_id: str, body: Any) -> Answer:
        """Send a message to a channel."""
        return await self.call("POST", f"/channels/{channel_id}/messages", body)

    async def answer(self, handle: InteractionHandle, kind: int, data: Any = None) -> Answer:
        """Send the first answer of an interaction."""
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        return await self.call("POST", f"/interactions/{handle.id}/{handle.token}/callback?with_response=1", body)

    async def respond(self, handle: InteractionHandle, method: str, path: str = "", body: Any = None) -> Answer:
        """Use an interaction's webhook: "" for a followup, "/messages/@original" for the response."""
        application = self.emulator.world.application_id
        return await self.call(method, f"/webhooks/{application}/{handle.token}{path}?wait=true", body)

    @asynccontextmanager
    async def gateway(self, query: str = "?v=10") -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a gateway socket."""
        async with self.session.ws_connect(self.emulator.gateway_url + query) as socket:
            yield socket

    @asynccontextmanager
    async def identified(self, intents: int = DEFAULT_INTENTS) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a gateway socket and identify; READY and the guilds are still to be read."""
        async with self.gateway() as socket:
            await socket.receive_json()
            await socket.send_json(identify(self.emulator.token, intents))
            yield socket


def identify(token: str, intents: int = DEFAULT_INTENTS) -> dict[str, Any]:
    """Return an IDENTIFY payload."""
    return {"op": 2, "d": {"token": token, "intents": intents, "properties": {}}}


def codes(tree: Any) -> set[str]:
    """Return all error codes in a form error's tree."""
    if isinstance(tree, dict):
        own = {entry["code"] for entry in tree.get("_errors", [])}
        return own.union(*(codes(value) for key, value in tree.items() if key != "_errors"))
    return set()


async def read_events(socket: aiohttp.ClientWebSocketResponse, last: str) -> list[dict[str, Any]]:
    """Read dispatches up to the first of a name."""
    events: list[dict[str, Any]] = []
    async with asyncio.timeout(5):
        while not events or events[-1]["t"] != last:
            payload = await socket.receive_json()
            if payload["op"] == 0:
                events.append(payload)
    return events


async def closing_code(socket: aiohttp.ClientWebSocketResponse) -> int:
    """Read until the server closes the socket and return the code."""
    async with asyncio.timeout(5):
        while (message := await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
            pass
    return int(message.data)
