"""Requests for guild members over the gateway (op 8): by ids, by a prefix, or all of them."""

from __future__ import annotations

from typing import Any

from bot.sandbox import intents
from bot.sandbox.hub import Hub
from bot.sandbox.refusals import Payload
from bot.sandbox.rules.table import RULES
from bot.sandbox.sessions import MEMBERS, Closed, Session

CHUNK = 1000
REST_SECONDS = 30.0
"""How often all members of one guild may be asked for (D: change-log, Rate Limit When Requesting All Guild Members)."""


def send_members(hub: Hub, session: Session, data: Any) -> None:
    """Answer a request with chunks of at most 1,000 members; what Discord does not answer is a violation."""
    if not isinstance(data, dict) or (data.get("user_ids") is None and data.get("query") is None):
        raise Closed(4001)
    guild = hub.world.guilds.get(str(data.get("guild_id")))
    if guild is None or hub.world.bot.id not in guild.members:
        return
    ids = data.get("user_ids")
    prefix, limit = str(data.get("query") or "").lower(), data.get("limit") or 0
    if ids is None and not prefix and not limit and not _may_have_all(hub, session, guild.id):
        return
    wanted = [str(entry) for entry in (ids if isinstance(ids, list) else [ids] if ids else [])]
    high = RULES["members.requested"].high
    if len(wanted) > high or limit > high or (prefix and not limit > 0):
        hub.violate("gateway", MEMBERS, f"op 8 takes up to {high} members by id or prefix", ["members.requested"])
    if ids is not None:
        members = [guild.members[user_id] for user_id in wanted[:high] if user_id in guild.members]
    else:
        members = [member for member in guild.members.values() if member.user.name.lower().startswith(prefix)]
        members = members[: min(limit, high)] if limit else members
    payloads = [member.payload() for member in members]
    parts = [payloads[start : start + CHUNK] for start in range(0, len(payloads), CHUNK)] or [[]]
    missing = [user_id for user_id in wanted if user_id not in guild.members]
    for number, part in enumerate(parts):
        chunk: Payload = {"guild_id": guild.id, "members": part, "chunk_index": number, "chunk_count": len(parts)}
        chunk["not_found"] = missing
        nonce = data.get("nonce")
        # a nonce that is too long is ignored, and the chunk comes without one
        if nonce and len(str(nonce).encode()) <= RULES["members.nonce"].high:
            chunk["nonce"] = nonce
        session.push("GUILD_MEMBERS_CHUNK", chunk)


def _may_have_all(hub: Hub, session: Session, guild_id: str) -> bool:
    if not session.intents & intents.GUILD_MEMBERS:
        hub.violate("gateway", MEMBERS, "all members need the GUILD_MEMBERS intent", ["members.intent"])
        return False
    now = hub.clock.now()
    last = hub.members_asked_at.get(guild_id)
    if last is not None and now - last < REST_SECONDS:
        retry = round(REST_SECONDS - (now - last), 3)
        meta = {"guild_id": guild_id}
        session.push("RATE_LIMITED", {"opcode": MEMBERS, "retry_after": retry, "meta": meta})
        return False
    hub.members_asked_at[guild_id] = now
    return True
