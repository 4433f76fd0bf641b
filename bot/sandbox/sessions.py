"""Gateway sessions and the sockets they are heard through."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox.compression import Pack
from bot.sandbox.refusals import Payload
from bot.sandbox.transcript import Transcript

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11,
)  # fmt: skip

# D: topics/opcodes-and-status-codes, gateway close event codes
CLOSE_REASONS = {
    4000: "Unknown error.",
    4001: "Unknown opcode.",
    4002: "Decode error.",
    4003: "Not authenticated.",
    4004: "Authentication failed.",
    4005: "Already authenticated.",
    4007: "Invalid seq.",
    4008: "Rate limited.",
    4009: "Session timed out.",
    4010: "Invalid shard.",
    4011: "Sharding required.",
    4012: "Invalid API version.",
    4013: "Invalid intents.",
    4014: "Disallowed intents.",
}
WORTH_PACKING_BYTES = 1024


class Closed(Exception):
    """The socket must be closed with a code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(CLOSE_REASONS.get(code, str(code)))


@dataclass
class Session:
    """One identified client; survives its socket and keeps every dispatch for replay.

    `parted_at`, on the emulator's clock, is when it lost its socket; None while it has one.
    """

    id: str
    intents: int
    sequence: int = 0
    sent: list[Payload] = field(default_factory=list)
    connection: Connection | None = None
    ready: bool = False
    shard: tuple[int, int] | None = None
    parted_at: float | None = None

    def hears(self, guild_id: str | None) -> bool:
        """Tell whether a guild's events (None: direct messages) go to this session's shard (D: events/gateway)."""
        number, count = self.shard or (0, 1)
        return ((int(guild_id) >> 22) % count if guild_id else 0) == number

    def push(self, event: str, data: Payload) -> None:
        """Number a dispatch, keep it, and send it if a socket is there."""
        self.sequence += 1
        payload = {"op": DISPATCH, "t": event, "s": self.sequence, "d": data}
        self.sent.append(payload)
        if self.connection is not None:
            self.connection.send(payload)


class Connection:
    """One websocket: an outgoing queue in front of it, and the compressor all its frames share.

    `packs_payloads` is IDENTIFY's `compress`: large frames one by one, where the transport is not compressed already.
    """

    def __init__(
        self, socket: web.WebSocketResponse, request: web.Request, pack: Pack | None, transcript: Transcript
    ) -> None:
        self.socket = socket
        self.request = request
        self.outgoing: asyncio.Queue[Payload | None] = asyncio.Queue()
        self.session: Session | None = None
        self.heartbeat_at = time.monotonic()
        self.events: deque[float] = deque()
        self.answers_heartbeats = True
        self.packs_payloads = False
        self.was_closed_here = False
        self._pack = pack
        self._transcript = transcript

    def send(self, payload: Payload) -> None:
        """Queue a payload; the writer keeps the order."""
        if isinstance(payload, dict) and payload.get("op") == DISPATCH:
            self._transcript.record("dispatch", event=payload["t"], sequence=payload["s"], payload=payload["d"])
        else:
            self._transcript.record("sent", payload=payload)
        self.outgoing.put_nowait(payload)

    async def write(self) -> None:
        """Send queued payloads until the socket goes."""
        while (payload := await self.outgoing.get()) is not None:
            text = json.dumps(payload)
            try:
                if self._pack is not None:
                    await self.socket.send_bytes(self._pack(text.encode()))
                elif self.packs_payloads and len(text) > WORTH_PACKING_BYTES:
                    await self.socket.send_bytes(zlib.compress(text.encode()))
                else:
                    await self.socket.send_str(text)
            except (ConnectionError, RuntimeError):
                return

    def abort(self) -> None:
        """Cut the connection as a broken network does: no close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()
