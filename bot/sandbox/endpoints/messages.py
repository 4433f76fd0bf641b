"""Messages of channels: typing, sending, reading, editing, deleting, reacting."""

from __future__ import annotations

from bot.sandbox import intents
from bot.sandbox.endpoints.lookups import channel_of, message_of, own_message_of
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import rest_view
from bot.sandbox.permissions import (
    ADD_REACTIONS,
    ATTACH_FILES,
    MANAGE_MESSAGES,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
)
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rest import EMPTY, Call, Reply, Route
from bot.sandbox.rules.mentions import MESSAGE_DEFAULT
from bot.sandbox.rules.messages import EDITABLE, SENDABLE, check_message
from bot.sandbox.world import Channel

MAX_PAGE = 100


class MessageEndpoints:
    """What a bot does in a channel without an interaction."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._nonces: dict[tuple[str, str], Payload] = {}

    def routes(self) -> list[Route]:
        """Return this subject's routes."""
        channel, major = "/channels/{channel}", ("channel",)
        message = f"{channel}/messages/{{message}}"
        reaction = f"{message}/reactions/{{emoji}}/@me"
        return [
            Route("POST", f"{channel}/typing", self.type, "typing", major),
            Route("GET", f"{channel}/messages", self.read_page, "history", major),
            Route("POST", f"{channel}/messages", self.send, "messages", major),
            Route("GET", message, self.read, "message", major),
            Route("PATCH", message, self.edit, "messages.edit", major),
            Route("DELETE", message, self.delete, "messages.delete", major),
            Route("PUT", reaction, self.react, "reactions", major),
            Route("DELETE", reaction, self.unreact, "reactions", major),
        ]

    def type(self, call: Call) -> Reply:
        """Show the typing sign."""
        channel_of(self._hub, call, SEND_MESSAGES).typing_count += 1
        self._hub.changes.ring()
        return EMPTY

    def read_page(self, call: Call) -> Reply:
        """Return the newest messages first, between `after` and `before`."""
        history = channel_of(self._hub, call, READ_MESSAGE_HISTORY).history
        if "before" in call.query:
            history = [entry for entry in history if int(entry["id"]) < int(call.query["before"])]
        if "after" in call.query:
            history = [entry for entry in history if int(entry["id"]) > int(call.query["after"])]
        limit = min(MAX_PAGE, int(call.query.get("limit", 50)))
        return Reply(body=[self._readable(entry) for entry in history[::-1][:limit]])

    def read(self, call: Call) -> Reply:
        """Return one message."""
        return Reply(body=self._readable(message_of(self._hub, call)))

    def send(self, call: Call) -> Reply:
        """Write a message; the same nonce with enforce_nonce returns the earlier one."""
        body = call.form
        needed = SEND_MESSAGES | (ATTACH_FILES if call.uploads else 0)
        # D: resources/message, Create Message: a reply takes READ_MESSAGE_HISTORY
        needed |= READ_MESSAGE_HISTORY if body.get("message_reference") else 0
        channel = channel_of(self._hub, call, needed)
        if channel.recipient is not None and not channel.recipient.takes_direct:
            raise Refusal(50007)
        check_message(body, call.uploads, flags_allowed=SENDABLE)
        key = (channel.id, str(body.get("nonce")))
        if body.get("enforce_nonce") and key in self._nonces:
            return Reply(body=rest_view(self._nonces[key]))
        replied_to = _replied_to(channel, body.get("message_reference"))
        message = self._hub.postbox.compose(
            channel, self._hub.world.bot, body, call.uploads, mention_rules=MESSAGE_DEFAULT, replied_to=replied_to
        )
        if body.get("nonce") is not None:
            self._nonces[key] = message
        self._hub.postbox.publish(channel, message)
        return Reply(body=rest_view(message))

    def edit(self, call: Call) -> Reply:
        """Edit one of the bot's own messages."""
        message = own_message_of(self._hub, call)
        check_message(call.form, call.uploads, existing=message, flags_allowed=EDITABLE)
        self._hub.postbox.revise(message, call.form, call.uploads, mention_rules=MESSAGE_DEFAULT)
        return Reply(body=rest_view(message))

    def delete(self, call: Call) -> Reply:
        """Delete a message; another's takes a permission."""
        message = message_of(self._hub, call)
        if message["author"]["id"] != self._hub.world.bot.id:
            channel_of(self._hub, call, MANAGE_MESSAGES)
        self._hub.postbox.remove(message)
        return EMPTY

    def react(self, call: Call) -> Reply:
        """Add the bot's reaction; kept in the message's `_reactions`."""
        channel_of(self._hub, call, ADD_REACTIONS)
        message_of(self._hub, call).setdefault("_reactions", []).append(call.params["emoji"])
        self._hub.changes.ring()
        return EMPTY

    def unreact(self, call: Call) -> Reply:
        """Take back the bot's reaction."""
        reactions = message_of(self._hub, call).get("_reactions", [])
        if call.params["emoji"] not in reactions:
            raise Refusal(10014)
        reactions.remove(call.params["emoji"])
        return EMPTY

    def _readable(self, message: Payload) -> Payload:
        """Return a message as the history shows it: it too blanks content without the intent."""
        return rest_view(intents.readable("MESSAGE_CREATE", message, self._hub.portal_intents, self._hub.world.bot.id))


def _replied_to(channel: Channel, reference: Payload | None) -> Payload | None:
    if not reference:
        return None
    found = channel.messages.get(str(reference.get("message_id")))
    if found is None and reference.get("fail_if_not_exists", True):
        errors = {"message_reference": {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}}
        raise Refusal(50035, "the message replied to is gone", errors=errors)
    return found
