"""Gateway intents: their bits, and what a session may read without the privileged ones (D: events/gateway)."""

from __future__ import annotations

from bot.sandbox.refusals import Payload
from bot.sandbox.world import wire

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_REACTIONS = 1 << 10
DIRECT_MESSAGES = 1 << 12
DIRECT_REACTIONS = 1 << 13
MESSAGE_CONTENT = 1 << 15
GUILD_POLLS = 1 << 24
DIRECT_POLLS = 1 << 25
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
# bits 0-16, 20, 21, 24, 25 are assigned
ALL = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25

_LIMITED_FLAGS = {GUILD_MEMBERS: 1 << 15, PRESENCES: 1 << 13, MESSAGE_CONTENT: 1 << 19}
_CONTENT_EVENTS = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE"})


def application_flags(portal_intents: int) -> int:
    """Return the application flags that mirror the privileged intents switched on in the portal."""
    return sum(flag for intent, flag in _LIMITED_FLAGS.items() if portal_intents & intent)


def readable(event: str, data: Payload, session_intents: int, bot_id: str) -> Payload:
    """Return what a session receives of an event: message content is blanked unless one of the exceptions holds.

    Exceptions: the bot's own messages, direct messages, and messages that mention the bot, by text or by a reply
    with its ping on; a reply to an answer of an interaction is not one (D: gateway, you might not need a privileged
    intent).
    """
    message = wire(data)
    if event not in _CONTENT_EVENTS or session_intents & MESSAGE_CONTENT or content_is_open(data, bot_id):
        return message
    closed = {**message, "content": "", "embeds": [], "attachments": [], "components": []}
    closed.pop("poll", None)
    if closed.get("referenced_message"):
        closed["referenced_message"] = readable(event, closed["referenced_message"], session_intents, bot_id)
    return closed


def content_is_open(message: Payload, bot_id: str) -> bool:
    """Tell whether a message's content reaches the bot without the message content intent."""
    if message["author"]["id"] == bot_id or "guild_id" not in message:
        return True
    if not any(user["id"] == bot_id for user in message["mentions"]):
        return False
    named_in_text = f"<@{bot_id}>" in message["content"] or f"<@!{bot_id}>" in message["content"]
    replied_to = message.get("referenced_message") or {}
    return named_in_text or "interaction_metadata" not in replied_to
