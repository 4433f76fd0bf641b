"""The gateway, version 10: sessions that outlive their sockets, heartbeats, resumes and close codes."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox import intents
from bot.sandbox.hub import Hub
from bot.sandbox.refusals import Payload
from bot.sandbox.sessions import (
    ACK,
    HEARTBEAT,
    HELLO,
    IDENTIFY,
    INVALID,
    MEMBERS,
    PRESENCE,
    RESUME,
    VOICE,
    Closed,
    Connection,
    Session,
)
from bot.sandbox.snowflakes import iso_now
from bot.sandbox.world import Guild

MAX_PAYLOAD_BYTES = 4096
MAX_EVENTS, EVENT_WINDOW_SECONDS = 120, 60.0
ZOMBIE_INTERVALS = 2.0


class Gateway:
    """Accepts sockets and hands events to sessions according to their intents."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identify_times: list[float] = []
        self.resumes = 0
        self.is_down = False

    def dispatch(self, event: str, data: Payload, *, needs: int = 0) -> None:
        """Send an event to each session whose intents cover it; `data` is filtered to what each may read."""
        repeat = 2 if self._hub.faults.duplicate_next_dispatch else 1
        self._hub.faults.duplicate_next_dispatch = False
        for session in self.sessions.values():
            if not session.ready or (needs and not session.intents & needs):
                continue
            if not session.hears(data.get("guild_id")):
                continue
            seen = json.loads(json.dumps(intents.readable(event, data, session.intents, self._hub.world.bot.id)))
            for _ in range(repeat):
                session.push(event, seen)
            self._hub.transcript.record("dispatch", event=event, sequence=session.sequence, payload=seen)

    def send_all(self, payload: Payload) -> None:
        """Send a raw payload to every open socket."""
        self._hub.transcript.record("sent", payload=payload)
        for connection in list(self.connections):
            connection.send(payload)

    def forget_sessions(self) -> None:
        """Make every session unresumable."""
        self.sessions.clear()

    def detach_all(self) -> list[Connection]:
        """Part every session from its socket, so that what happens from now on must be replayed."""
        parted = list(self.connections)
        for connection in parted:
            self._detach(connection)
        return parted

    def _detach(self, connection: Connection) -> None:
        self.connections.discard(connection)
        connection.outgoing.put_nowait(None)
        if connection.session is not None and connection.session.connection is connection:
            connection.session.connection = None

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it ends; refuse it while `is_down`."""
        if self.is_down:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection(socket, request, request.query.get("compress"))
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write())
        watcher = asyncio.create_task(self._watch(connection))
        try:
            await self._converse(connection)
        except Closed as closed:
            self._hub.violate("gateway", closed.code, str(closed))
            await connection.socket.close(code=closed.code, message=str(closed).encode())
        finally:
            self._detach(connection)
            watcher.cancel()
            await asyncio.gather(writer, watcher, return_exceptions=True)
        return socket

    async def _converse(self, connection: Connection) -> None:
        if connection.request.query.get("v") != "10":
            raise Closed(4012)
        connection.send({"op": HELLO, "d": {"heartbeat_interval": int(self._hub.heartbeat_interval_seconds * 1000)}})
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                raise Closed(4002)
            self._receive(connection, message.data)

    async def _watch(self, connection: Connection) -> None:
        """Close a socket whose client stopped beating; its session stays resumable."""
        while True:
            allowed = self._hub.heartbeat_interval_seconds * ZOMBIE_INTERVALS
            late = time.monotonic() - connection.heartbeat_at - allowed
            if late >= 0:
                self._hub.violate("gateway", 4009, "no heartbeat in time; the session stays resumable")
                await connection.socket.close(code=4009, message=b"Session timed out.")
                return
            await asyncio.sleep(max(0.02, min(-late, 1.0)))

    def _receive(self, connection: Connection, text: str) -> None:
        now = time.monotonic()
        connection.events.append(now)
        while connection.events and connection.events[0] <= now - EVENT_WINDOW_SECONDS:
            connection.events.popleft()
        if len(connection.events) > MAX_EVENTS:
            raise Closed(4008)
        if len(text.encode()) > MAX_PAYLOAD_BYTES:
            raise Closed(4002)
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            raise Closed(4002) from None
        self._hub.transcript.record("received", payload=payload)
        if op == HEARTBEAT:
            connection.heartbeat_at = now
            if connection.answers_heartbeats:
                connection.send({"op": ACK})
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif op not in (PRESENCE, VOICE, MEMBERS):
            raise Closed(4001)
        elif connection.session is None:
            raise Closed(4003)
        elif op == MEMBERS:
            self._send_members(connection.session, data)

    def _identify(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise Closed(4005)
        if not isinstance(data, dict) or data.get("token") != self._hub.token:
            raise Closed(4004)
        wanted = data.get("intents")
        if not isinstance(wanted, int) or wanted & ~intents.ALL:
            raise Closed(4013)
        if wanted & intents.PRIVILEGED & ~self._hub.portal_intents:
            raise Closed(4014)
        self.identify_times.append(self._hub.clock.now())
        session = Session(secrets.token_hex(16), wanted, connection=connection, shard=_shard_of(data))
        connection.session = self.sessions[session.id] = session
        world = self._hub.world
        joined = [guild for guild in world.guilds.values() if world.bot.id in guild.members]
        guilds = [guild for guild in joined if session.hears(guild.id)]
        flags = intents.application_flags(self._hub.portal_intents)
        ready: Payload = {
            "v": 10,
            "user": world.bot.payload(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self._hub.socket_url,
            "application": {"id": world.application_id, "flags": flags},
        }
        if session.shard is not None:
            ready["shard"] = list(session.shard)
        session.push("READY", ready)
        session.ready = True
        if wanted & intents.GUILDS:
            for guild in guilds:
                session.push("GUILD_CREATE", self.guild_payload(guild, wanted))

    def guild_payload(self, guild: Guild, session_intents: int) -> Payload:
        """Return GUILD_CREATE's data: without the members intent it lists only the bot."""
        everyone = session_intents & intents.GUILD_MEMBERS
        shown = [member for member in guild.members.values() if everyone or member.user.id == self._hub.world.bot.id]
        return guild.payload(shown)

    def announce(self, guild: Guild, *, is_new: bool = False) -> None:
        """Tell every session of a guild that came back while it was connected, or that the bot was just added to."""
        if is_new:
            guild.members[self._hub.world.bot.id].joined_at = iso_now()
        for session in self.sessions.values():
            if session.ready and session.intents & intents.GUILDS and session.hears(guild.id):
                payload = self.guild_payload(guild, session.intents)
                if is_new:
                    del payload["unavailable"]  # by which discord.py tells a new guild from one that came back
                session.push("GUILD_CREATE", payload)

    def _resume(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise Closed(4005)
        if not isinstance(data, dict) or data.get("token") != self._hub.token:
            raise Closed(4004)
        session = self.sessions.get(str(data.get("session_id")))
        if session is None:
            connection.send({"op": INVALID, "d": False})
            return
        last = data.get("seq")
        if not isinstance(last, int) or last > session.sequence:
            del self.sessions[session.id]
            raise Closed(4007)
        if session.connection is not None:
            self._detach(session.connection)
        self.resumes += 1
        connection.session, session.connection = session, connection
        for payload in session.sent:
            if payload["s"] > last:
                connection.send(payload)
        session.push("RESUMED", {"_trace": []})
        self._hub.changes.ring()

    def _send_members(self, session: Session, data: Payload) -> None:
        guild = self._hub.world.guilds.get(str(data.get("guild_id")))
        if guild is None:
            return
        wanted = {str(user_id) for user_id in data.get("user_ids") or []}
        prefix = (data.get("query") or "").lower()
        members = [
            member.payload()
            for member in guild.members.values()
            if (member.user.id in wanted if wanted else member.user.name.lower().startswith(prefix))
        ]
        chunk = {"guild_id": guild.id, "members": members, "chunk_index": 0, "chunk_count": 1, "not_found": []}
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.push("GUILD_MEMBERS_CHUNK", chunk)


def _shard_of(identify: Payload) -> tuple[int, int] | None:
    shard = identify.get("shard")
    if shard is None:
        return None
    try:
        number, count = (int(part) for part in shard)
    except (TypeError, ValueError):
        raise Closed(4010) from None
    if not 0 <= number < count:
        raise Closed(4010)
    return number, count
