"""How a socket becomes a session: IDENTIFY, and RESUME with the replay of what was missed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from bot.sandbox import intents
from bot.sandbox.hub import Hub
from bot.sandbox.refusals import Payload
from bot.sandbox.sessions import INVALID, Closed, Connection, Session
from bot.sandbox.world import Guild

if TYPE_CHECKING:
    from bot.sandbox.gateway import Gateway


class Handshake:
    """Takes the two payloads that begin or continue a session."""

    def __init__(self, hub: Hub, gateway: Gateway) -> None:
        self._hub = hub
        self._gateway = gateway

    def identify(self, connection: Connection, data: Any) -> None:
        """Begin a session, or close the socket with the code of what is wrong."""
        if connection.session is not None:
            raise Closed(4005)
        if not isinstance(data, dict) or data.get("token") != self._hub.token:
            raise Closed(4004)
        wanted = data.get("intents")
        if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted & ~intents.ALL:
            raise Closed(4013)
        if wanted & intents.PRIVILEGED & ~self._hub.portal_intents:
            raise Closed(4014)
        session = Session(secrets.token_hex(16), wanted, connection=connection, shard=_shard_of(data))
        world = self._hub.world
        joined = [guild for guild in world.guilds.values() if world.bot.id in guild.members]
        guilds = [guild for guild in joined if session.hears(guild.id)]
        if len(guilds) > self._hub.starts.guilds_per_shard:
            raise Closed(4011)
        if not self._admit(connection, session):
            return
        connection.packs_payloads = bool(data.get("compress"))
        connection.session = self._gateway.sessions[session.id] = session
        self._welcome(session, guilds)

    def _admit(self, connection: Connection, session: Session) -> bool:
        """Count the identification; too soon it is op 9, too many in a day end everything."""
        starts = self._hub.starts
        if starts.is_spent:
            self._gateway.forget_sessions()
            self._hub.reset_token()
            raise Closed(4004)
        if starts.admit((session.shard or (0, 1))[0]):
            return True
        self._hub.violate(
            "gateway", INVALID, f"identified again within {starts.pause_seconds} s", ["identify.pause_seconds"]
        )
        connection.send({"op": INVALID, "d": False})
        return False

    def _welcome(self, session: Session, guilds: list[Guild]) -> None:
        world = self._hub.world
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
        if session.intents & intents.GUILDS:
            for guild in guilds:
                if guild.available:
                    session.push("GUILD_CREATE", self._gateway.guild_payload(guild, session.intents))

    def resume(self, connection: Connection, data: Any) -> None:
        """Continue a session with everything after the given sequence number; op 9 where there is none any more."""
        if connection.session is not None:
            raise Closed(4005)
        if not isinstance(data, dict) or data.get("token") != self._hub.token:
            raise Closed(4004)
        session = self._gateway.sessions.get(str(data.get("session_id")))
        if session is None or self._is_too_late(session):
            self._gateway.sessions.pop(str(data.get("session_id")), None)
            connection.send({"op": INVALID, "d": False})
            return
        last = data.get("seq")
        if not isinstance(last, int) or last > session.sequence:
            del self._gateway.sessions[session.id]
            raise Closed(4007)
        if session.connection is not None:
            self._gateway.detach(session.connection)
        self._gateway.resumes += 1
        connection.session, session.connection, session.parted_at = session, connection, None
        for payload in session.sent:
            if payload["s"] > last:
                connection.send(payload)
        session.push("RESUMED", {"_trace": []})
        self._hub.changes.ring()

    def _is_too_late(self, session: Session) -> bool:
        if session.parted_at is None:
            return False
        return self._hub.clock.now() - session.parted_at > self._hub.resume_seconds


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
