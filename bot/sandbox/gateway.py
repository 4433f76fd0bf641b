"""The gateway, version 10: sessions that outlive their sockets, heartbeats, resumes and close codes."""

from __future__ import annotations

import asyncio
import json
import time

from aiohttp import WSMsgType, web

from bot.sandbox import intents
from bot.sandbox.compression import packer
from bot.sandbox.handshake import Handshake
from bot.sandbox.hub import Hub
from bot.sandbox.member_requests import send_members
from bot.sandbox.permissions import VIEW_CHANNEL
from bot.sandbox.refusals import Payload
from bot.sandbox.rules.table import RULES
from bot.sandbox.sessions import (
    ACK,
    CLOSE_REASONS,
    HEARTBEAT,
    HELLO,
    IDENTIFY,
    MEMBERS,
    PRESENCE,
    RESUME,
    VOICE,
    Closed,
    Connection,
    Session,
)
from bot.sandbox.snowflakes import iso_now
from bot.sandbox.world import Channel, Guild

EVENT_WINDOW_SECONDS = 60.0
ZOMBIE_INTERVALS = 2.0
# Interactions arrive whatever the bot sees or hears; these events need no channel that it may view.
GOODBYES = (1000, 1001)
ALWAYS_SEEN = frozenset({"INTERACTION_CREATE"})


class Gateway:
    """Accepts sockets and hands events to sessions according to their intents."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.handshake = Handshake(hub, self)
        self.resumes = 0
        self.is_down = False

    @property
    def identify_times(self) -> list[float]:
        """When somebody identified, on the emulator's clock, refused ones included."""
        return list(self._hub.starts.times)

    def dispatch(
        self,
        event: str,
        data: Payload,
        *,
        needs: int = 0,
        seen_from: Channel | None = None,
        shard_of: str | None = None,
    ) -> None:
        """Send an event to each session whose intents cover it; `data` is filtered to what each may read.

        An event of a channel (`seen_from`, or the one it names) that the bot may not view, or of a guild that is
        down, goes to nobody. `shard_of` is the guild of an event that names none.
        """
        if event not in ALWAYS_SEEN and not self._may_see(data, seen_from):
            return
        repeat = 2 if self._hub.faults.duplicate_next_dispatch else 1
        self._hub.faults.duplicate_next_dispatch = False
        for session in self.sessions.values():
            if not session.ready or (needs and not session.intents & needs):
                continue
            if not session.hears(shard_of or data.get("guild_id")):
                continue
            seen = json.loads(json.dumps(intents.readable(event, data, session.intents, self._hub.world.bot.id)))
            for _ in range(repeat):
                session.push(event, seen)

    def send_all(self, payload: Payload) -> None:
        """Send a raw payload to every open socket, even one that no client can read."""
        for connection in list(self.connections):
            connection.send(payload)

    def forget_sessions(self) -> None:
        """Make every session unresumable."""
        self.sessions.clear()

    def detach_all(self) -> list[Connection]:
        """Part every session from its socket, so that what happens from now on must be replayed."""
        parted = list(self.connections)
        for connection in parted:
            self.detach(connection)
        return parted

    def detach(self, connection: Connection) -> None:
        """Part a socket from its session, which lives on for a while."""
        self.connections.discard(connection)
        connection.outgoing.put_nowait(None)
        if connection.session is not None and connection.session.connection is connection:
            connection.session.connection = None
            connection.session.parted_at = self._hub.clock.now()

    def _may_see(self, data: Payload, channel: Channel | None) -> bool:
        world = self._hub.world
        guild = world.guilds.get(str(data.get("guild_id")))
        if guild is not None and (not guild.available or world.bot.id not in guild.members):
            return False
        channel = channel or world.channels.get(str(data.get("channel_id")))
        if channel is None or channel.guild is None:
            return True
        return bool(world.permissions(world.bot, channel) & VIEW_CHANNEL)

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it ends; refuse it while `is_down`."""
        if self.is_down:
            return web.Response(status=503)
        try:
            pack = packer(request.query.get("compress"))
        except LookupError as refused:
            self._hub.violate("gateway", 0, str(refused))
            return web.Response(status=400, text=str(refused))
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection(socket, request, pack, self._hub.transcript)
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write())
        watcher = asyncio.create_task(self._watch(connection))
        try:
            await self._converse(connection)
        except Closed as closed:
            self._hub.violate("gateway", closed.code, str(closed))
            await self._close(connection, closed.code, str(closed))
        finally:
            self.detach(connection)
            self._note_leave(connection)
            watcher.cancel()
            await asyncio.gather(writer, watcher, return_exceptions=True)
        return socket

    async def _close(self, connection: Connection, code: int, reason: str) -> None:
        self._hub.transcript.record("closed", code=code, reason=reason)
        await connection.socket.close(code=code, message=reason.encode())

    def _note_leave(self, connection: Connection) -> None:
        """End the session of a client that said goodbye: after 1000 and 1001 there is nothing to resume."""
        session = connection.session
        is_goodbye = connection.socket.close_code in GOODBYES and not connection.was_closed_here
        if is_goodbye and session is not None and session.connection is None:
            self.sessions.pop(session.id, None)
        self._hub.changes.ring()

    async def close_all(self, code: int) -> None:
        """Close every socket with a code, as Discord does when something of its own fails (4000)."""
        for connection in self.detach_all():
            connection.was_closed_here = True
            await self._close(connection, code, CLOSE_REASONS.get(code, ""))

    async def _converse(self, connection: Connection) -> None:
        if connection.request.query.get("v") != "10":
            raise Closed(4012)
        if connection.request.query.get("encoding", "json") != "json":
            raise Closed(4002)
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
                connection.was_closed_here = True
                await self._close(connection, 4009, CLOSE_REASONS[4009])
                return
            await asyncio.sleep(max(0.02, min(-late, 1.0)))

    def _receive(self, connection: Connection, text: str) -> None:
        now = time.monotonic()
        connection.events.append(now)
        while connection.events and connection.events[0] <= now - EVENT_WINDOW_SECONDS:
            connection.events.popleft()
        if len(connection.events) > RULES["gateway.events"].high:
            raise Closed(4008)
        if len(text.encode()) > RULES["gateway.payload"].high:
            raise Closed(4002)
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            self._hub.transcript.record("received", text=text)
            raise Closed(4002) from None
        self._hub.transcript.record("received", payload=payload)
        if op == HEARTBEAT:
            connection.heartbeat_at = now
            self._hub.changes.ring()
            if connection.answers_heartbeats:
                connection.send({"op": ACK})
        elif op == IDENTIFY:
            self.handshake.identify(connection, data)
        elif op == RESUME:
            self.handshake.resume(connection, data)
        elif op not in (PRESENCE, VOICE, MEMBERS):
            raise Closed(4001)
        elif connection.session is None:
            raise Closed(4003)
        elif op == MEMBERS:
            send_members(self._hub, connection.session, data)

    def guild_payload(self, guild: Guild, session_intents: int) -> Payload:
        """Return GUILD_CREATE's data: without the members intent it lists only the bot."""
        everyone = session_intents & intents.GUILD_MEMBERS
        shown = [member for member in guild.members.values() if everyone or member.user.id == self._hub.world.bot.id]
        bot = self._hub.world.bot
        threads = [
            thread.payload(bot.id)
            for thread in guild.threads.values()
            if thread.thread and not thread.thread.archived and self._hub.world.permissions(bot, thread)
        ]
        return guild.payload(shown, threads)

    def announce(self, guild: Guild, *, is_new: bool = False) -> None:
        """Tell every session of a guild that came back while it was connected, or that the bot was just added to.

        Where it was just added (`is_new`) the event lacks `unavailable`, by which libraries tell a join.
        """
        if is_new:
            guild.members[self._hub.world.bot.id].joined_at = iso_now()
        for session in self.sessions.values():
            if session.ready and session.intents & intents.GUILDS and session.hears(guild.id):
                data = self.guild_payload(guild, session.intents)
                if is_new:
                    del data["unavailable"]
                session.push("GUILD_CREATE", data)
        self._hub.changes.ring()
