"""Writes, edits and removes messages, and tells the gateway."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox import intents
from bot.sandbox.hub import Hub
from bot.sandbox.permissions import EMBED_LINKS, MENTION_EVERYONE
from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds
from bot.sandbox.rules.mentions import MESSAGE_DEFAULT, find_pings
from bot.sandbox.rules.messages import EDITABLE, Upload
from bot.sandbox.snowflakes import iso_now, timestamp_of
from bot.sandbox.world import Channel, User, wire

DEFAULT, REPLY, SLASH_RESPONSE, CONTEXT_RESPONSE = 0, 19, 20, 23


class Postbox:
    """Messages are plain payload dicts that change in place; keys with an underscore never leave the emulator.

    `_pings` is `{"users": [id], "roles": [id], "everyone": bool}` as it was when sent; `_seen_by` a user's id for an
    ephemeral message; `_edits` how often it was edited.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def compose(
        self,
        channel: Channel,
        author: User,
        body: Payload,
        uploads: list[Upload],
        *,
        mention_rules: Payload = MESSAGE_DEFAULT,
        replied_to: Payload | None = None,
        extra: Payload | None = None,
    ) -> Payload:
        """Return a new message from a checked body; nothing is stored or sent yet."""
        message_id = self._hub.world.snowflakes.make()
        message: Payload = {
            "id": message_id,
            "channel_id": channel.id,
            "author": author.payload(),
            "content": (body.get("content") or "").strip(),
            "timestamp": timestamp_of(message_id),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": self._attach(body, uploads, []),
            "embeds": self._embeds(body, channel, author),
            "components": [],
            "pinned": False,
            "type": DEFAULT,
            "flags": body.get("flags") or 0,
            "_edits": 0,
        }
        if channel.guild is not None:
            message["guild_id"] = channel.guild.id
            if author.id in channel.guild.members:
                message["member"] = channel.guild.members[author.id].payload(with_user=False)
        if body.get("nonce") is not None:
            message["nonce"] = body["nonce"]
        if replied_to is not None:
            message["type"] = REPLY
            message["message_reference"] = {"type": 0, "message_id": replied_to["id"], "channel_id": channel.id}
            if channel.guild is not None:
                message["message_reference"]["guild_id"] = channel.guild.id
            message["referenced_message"] = wire(replied_to)
        message.update(extra or {})
        message["components"] = self._components(body.get("components") or [], message["attachments"])
        self._mention(message, channel, author, body.get("allowed_mentions"), mention_rules)
        if body.get("poll"):
            self._hub.polls.open(message, body["poll"])
        return message

    def publish(self, channel: Channel, message: Payload) -> None:
        """Put a message into a channel's history and tell the gateway."""
        channel.messages[message["id"]] = message
        if channel.thread is not None:
            self._hub.threads.note_message(channel, self._hub.world.users[message["author"]["id"]])
        self._hub.gateway.dispatch("MESSAGE_CREATE", message, needs=needs_of(channel))
        self._hub.changes.ring()

    def revise(self, message: Payload, body: Payload, uploads: list[Upload], *, mention_rules: Payload) -> None:
        """Apply a checked edit in place; tells the gateway if the message is public."""
        channel = self._hub.world.channels[message["channel_id"]]
        author = self._hub.world.users[message["author"]["id"]]
        if "content" in body:
            message["content"] = (body["content"] or "").strip()
        if "embeds" in body:
            message["embeds"] = self._embeds(body, channel, author)
        if "attachments" in body or uploads:
            message["attachments"] = self._attach(body, uploads, message["attachments"])
        if "components" in body:
            message["components"] = self._components(body["components"] or [], message["attachments"])
        if "flags" in body:
            message["flags"] = message["flags"] & ~EDITABLE | (body["flags"] or 0) & EDITABLE
        self._mention(message, channel, author, body.get("allowed_mentions"), mention_rules)
        message["edited_timestamp"] = iso_now()
        message["_edits"] += 1
        self.tell_update(message)

    def tell_update(self, message: Payload) -> None:
        """Dispatch MESSAGE_UPDATE for a public message, and wake whoever waits for a change."""
        channel = self._hub.world.channels[message["channel_id"]]
        if message["id"] in channel.messages:
            self._hub.gateway.dispatch("MESSAGE_UPDATE", message, needs=needs_of(channel))
        self._hub.changes.ring()

    def remove(self, message: Payload) -> None:
        """Delete a message."""
        channel = self._hub.world.channels[message["channel_id"]]
        message["_deleted"] = True
        if channel.messages.pop(message["id"], None) is not None:
            gone = {"id": message["id"], "channel_id": channel.id}
            if channel.guild is not None:
                gone["guild_id"] = channel.guild.id
            self._hub.gateway.dispatch("MESSAGE_DELETE", gone, needs=needs_of(channel))
        self._hub.changes.ring()

    def _attach(self, body: Payload, uploads: list[Upload], existing: list[Payload]) -> list[Payload]:
        listed = {str(entry.get("id")): entry for entry in body.get("attachments") or []}
        kept = [entry for entry in existing if entry["id"] in listed] if "attachments" in body else list(existing)
        for upload in uploads:
            entry = listed.get(str(upload.index), {})
            attachment = self._hub.add_file(entry.get("filename") or upload.filename, upload.content)
            if entry.get("description"):
                attachment["description"] = entry["description"]
            kept.append(attachment)
        return kept

    def _embeds(self, body: Payload, channel: Channel, author: User) -> list[Payload]:
        # Without the permission Discord drops embeds and says nothing (undocumented).
        is_member = channel.guild is None or author.id in channel.guild.members
        if author.bot and is_member and not self._hub.world.permissions(author, channel) & EMBED_LINKS:
            return []
        return [{"type": "rich", **embed} for embed in body.get("embeds") or []]

    def _components(self, components: list[Payload], attachments: list[Payload]) -> list[Payload]:
        """Return the components as Discord returns them: each with a number for `id`, attached media by address."""
        urls = {f"attachment://{entry['filename']}": entry["url"] for entry in attachments}
        stored: list[Payload] = json.loads(json.dumps(components))
        taken = {part["id"] for part in kinds.walk(stored) if part.get("id")}
        number = 0
        for part in kinds.walk(stored):
            while not part.get("id") or part["id"] == 0:
                number += 1
                if number not in taken:
                    part["id"] = number
            for media in _media_of(part):
                media["url"] = urls.get(media["url"], media["url"])
                media.setdefault("proxy_url", media["url"])
        return stored

    def _mention(
        self, message: Payload, channel: Channel, author: User, allowed: Payload | None, default: Payload
    ) -> None:
        world = self._hub.world
        text = "\n".join([message["content"], *texts_of(message["components"])])
        replied = (message.get("referenced_message") or {}).get("author", {}).get("id")
        pings = find_pings(text, allowed, default, replied_to=replied)
        roles = channel.guild.roles if channel.guild else {}
        may_ping_all = bool(world.permissions(author, channel) & MENTION_EVERYONE) and channel.guild is not None
        pings["users"] = [user for user in pings["users"] if user in world.users]
        pings["roles"] = [
            role for role in pings["roles"] if role in roles and (may_ping_all or roles[role].mentionable)
        ]
        pings["everyone"] = pings["everyone"] and may_ping_all
        message["_pings"] = pings
        message["mentions"] = [world.users[user].payload() for user in pings["users"]]
        message["mention_roles"] = list(pings["roles"])
        message["mention_everyone"] = pings["everyone"]


def needs_of(channel: Channel) -> int:
    """Return the intent whose sessions hear of a channel's messages."""
    return intents.DIRECT_MESSAGES if channel.guild is None else intents.GUILD_MESSAGES


def texts_of(components: list[Payload]) -> list[str]:
    """Return the text displays of a component tree, in order."""
    return [part["content"] for part in kinds.walk(components) if part["type"] == kinds.TEXT]


def visible_text(message: Payload) -> str:
    """Return all text a person reads in a message: content, embeds, and the text of its components, line by line."""
    lines: list[str] = [message["content"]]
    for embed in message["embeds"]:
        parts: list[Any] = [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
        for entry in embed.get("fields") or []:
            parts += [entry["name"], entry["value"]]
        parts.append((embed.get("footer") or {}).get("text"))
        lines += [part for part in parts if part]
    lines += texts_of(message["components"])
    return "\n".join(line for line in lines if line)


def _media_of(part: Payload) -> list[Payload]:
    candidates = [part.get("file"), part.get("media"), *(item.get("media") for item in part.get("items") or [])]
    return [media for media in candidates if isinstance(media, dict)]
