"""Reactions to messages, the bot's and everybody's."""

from __future__ import annotations

import re
import unicodedata

from bot.sandbox import intents
from bot.sandbox.hub import Hub
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.table import RULES
from bot.sandbox.world import Channel, Guild, User

_CUSTOM = re.compile(r"(?:a:)?(?P<name>\w{2,32}):(?P<id>\d+)")
_KEYCAP = "\u20e3"


class Reactions:
    """Kept in a message's `_reactions`: emoji as a path has it → the ids of those who reacted, in order."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def add(self, message: Payload, user: User, emoji: str) -> None:
        """React as somebody; a second time changes nothing. Refuses an unknown emoji and a 21st kind."""
        channel = self._hub.world.channels[message["channel_id"]]
        shown = emoji_of(emoji, channel.guild)
        found: dict[str, list[str]] = message.setdefault("_reactions", {})
        if emoji not in found and len(found) >= RULES["reactions.kinds"].high:
            raise Refusal(30010, rules=["reactions.kinds"])
        users = found.setdefault(emoji, [])
        if user.id in users:
            return
        users.append(user.id)
        event = self._event(message, channel, shown, user)
        event["message_author_id"] = message["author"]["id"]
        if channel.guild is not None and user.id in channel.guild.members:
            event["member"] = channel.guild.members[user.id].payload()
        self._tell("MESSAGE_REACTION_ADD", message, channel, event)

    def remove(self, message: Payload, user: User, emoji: str) -> None:
        """Take somebody's reaction back; refuses one that is not there."""
        channel = self._hub.world.channels[message["channel_id"]]
        users = message.get("_reactions", {}).get(emoji, [])
        if user.id not in users:
            raise Refusal(10014)
        users.remove(user.id)
        if not users:
            del message["_reactions"][emoji]
        self._tell(
            "MESSAGE_REACTION_REMOVE",
            message,
            channel,
            self._event(message, channel, emoji_of(emoji, channel.guild), user),
        )

    def clear(self, message: Payload, emoji: str | None = None) -> None:
        """Take all reactions away, or all of one emoji."""
        channel = self._hub.world.channels[message["channel_id"]]
        event = {"channel_id": channel.id, "message_id": message["id"]}
        if channel.guild is not None:
            event["guild_id"] = channel.guild.id
        if emoji is None:
            message["_reactions"] = {}
            self._tell("MESSAGE_REACTION_REMOVE_ALL", message, channel, event)
            return
        if message.get("_reactions", {}).pop(emoji, None) is None:
            raise Refusal(10014)
        event["emoji"] = emoji_of(emoji, channel.guild)
        self._tell("MESSAGE_REACTION_REMOVE_EMOJI", message, channel, event)

    def users(self, message: Payload, emoji: str) -> list[User]:
        """Return who reacted with an emoji, by id."""
        ids = sorted(message.get("_reactions", {}).get(emoji, []), key=int)
        return [self._hub.world.users[user_id] for user_id in ids]

    def _event(self, message: Payload, channel: Channel, emoji: Payload, user: User) -> Payload:
        event = {"user_id": user.id, "channel_id": channel.id, "message_id": message["id"], "emoji": emoji}
        if channel.guild is not None:
            event["guild_id"] = channel.guild.id
        return {**event, "burst": False, "type": 0}

    def _tell(self, event: str, message: Payload, channel: Channel, data: Payload) -> None:
        own = self._hub.world.bot.id
        message["reactions"] = [
            {
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "me": own in users,
                "me_burst": False,
                "emoji": emoji_of(emoji, channel.guild),
                "burst_colors": [],
            }
            for emoji, users in message.get("_reactions", {}).items()
        ]
        if not message["reactions"]:
            del message["reactions"]
        needs = intents.DIRECT_REACTIONS if channel.guild is None else intents.GUILD_REACTIONS
        self._hub.gateway.dispatch(event, data, needs=needs)
        self._hub.changes.ring()


def emoji_of(text: str, guild: Guild | None) -> Payload:
    """Return the partial emoji a path or a person names: `name:id` of the guild, or the character. Refuses others."""
    custom = _CUSTOM.fullmatch(text)
    if custom and guild is not None and custom["id"] in guild.emojis:
        return {"id": custom["id"], "name": guild.emojis[custom["id"]]}
    if not is_emoji(text):
        raise Refusal(10014, f"{text!r:.40} is no emoji here")
    return {"id": None, "name": text}


def is_emoji(text: str) -> bool:
    """Tell whether a text looks like one emoji: pictures, flags or a keycap, and no letters."""
    if not text or len(text) > 16:
        return False
    if text.endswith(_KEYCAP):
        return text[0] in "0123456789#*"
    kinds = [unicodedata.category(character) for character in text]
    return any(kind == "So" for kind in kinds) and all(kind in ("So", "Sk", "Mn", "Me", "Cf", "Sm") for kind in kinds)
