"""Messages of channels: typing, sending, reading, editing, deleting."""

from __future__ import annotations

from bot.sandbox import intents
from bot.sandbox.endpoints.lookups import channel_of, message_of, own_message_of, page_size, writable
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import rest_view
from bot.sandbox.permissions import (
    MANAGE_MESSAGES,
    READ_MESSAGE_HISTORY,
    SEND_POLLS,
    writing_permission,
)
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rest import EMPTY, Call, Reply, Route
from bot.sandbox.rules.mentions import MESSAGE_DEFAULT
from bot.sandbox.rules.messages import EDITABLE, SENDABLE, check_message
from bot.sandbox.world import Channel


class MessageEndpoints:
    """What a bot does in a channel without an interaction."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._nonces: dict[tuple[str, str], Payload] = {}

    def routes(self) -> list[Route]:
        """Return this subject's routes."""
        channel, major = "/channels/{channel}", ("channel",)
        message = f"{channel}/messages/{{message}}"
        return [
            Route("POST", f"{channel}/typing", self.type, "typing", major),
            Route("GET", f"{channel}/messages", self.read_page, "history", major),
            Route("POST", f"{channel}/messages", self.send, "messages", major),
            Route("GET", message, self.read, "message", major),
            Route("PATCH", message, self.edit, "messages.edit", major),
            Route("DELETE", message, self.delete, "messages.delete", major),
        ]

    def type(self, call: Call) -> Reply:
        """Show the typing sign."""
        channel = channel_of(self._hub, call)
        channel_of(self._hub, call, writing_permission(channel)).typing_count += 1
        self._hub.changes.ring()
        return EMPTY

    def read_page(self, call: Call) -> Reply:
        """Return the newest messages first, between `after` and `before`."""
        history = channel_of(self._hub, call, READ_MESSAGE_HISTORY).history
        if "before" in call.query:
            history = [entry for entry in history if int(entry["id"]) < int(call.query["before"])]
        if "after" in call.query:
            history = [entry for entry in history if int(entry["id"]) > int(call.query["after"])]
        limit = page_size(call, 50, "history.page")
        return Reply(body=[self._readable(entry) for entry in history[::-1][:limit]])

    def read(self, call: Call) -> Reply:
        """Return one message."""
        return Reply(body=self._readable(message_of(self._hub, call)))

    def send(self, call: Call) -> Reply:
        """Write a message; the same nonce with enforce_nonce returns the earlier one."""
        channel = writable(self._hub, call, bool(call.uploads))
        body = call.form
        check_message(body, call.uploads, flags_allowed=SENDABLE)
        key = (channel.id, str(body.get("nonce")))
        if body.get("enforce_nonce") and key in self._nonces:
            return Reply(body=rest_view(self._nonces[key]))
        if body.get("poll"):
            channel_of(self._hub, call, SEND_POLLS)
        if body.get("message_reference"):
            self._refuse_blind_reply(channel)
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

    def _refuse_blind_reply(self, channel: Channel) -> None:
        if not self._hub.world.permissions(self._hub.world.bot, channel) & READ_MESSAGE_HISTORY:
            raise Refusal(160002)

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
