"""Answers to interactions: the callback, followups, and edits of both. None of them carries the bot's token."""

from __future__ import annotations

from bot.sandbox.callbacks import Callbacks
from bot.sandbox.endpoints.lookups import handle_of, response_of
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import InteractionHandle, rest_view
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rest import EMPTY, Call, Reply, Route
from bot.sandbox.rules.mentions import INTERACTION_DEFAULT
from bot.sandbox.rules.messages import EDITABLE, EPHEMERAL, LOADING, SENDABLE, check_message
from bot.sandbox.rules.table import RULES

YES = ("1", "true")


class ResponseEndpoints:
    """The endpoints under an interaction's token; the global rate limit does not count them."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._callbacks = Callbacks(hub)

    def routes(self) -> list[Route]:
        """Return this subject's routes."""
        webhook = "/webhooks/{application}/{token}"
        message = f"{webhook}/messages/{{message}}"
        table = [
            ("POST", "/interactions/{id}/{token}/callback", self.answer, "callback", ("id", "token")),
            ("POST", webhook, self.follow_up, "webhook", ("application", "token")),
            ("GET", message, self.read, "webhook", ("application", "token")),
            ("PATCH", message, self.edit, "webhook", ("application", "token")),
            ("DELETE", message, self.delete, "webhook", ("application", "token")),
        ]
        return [Route(*entry, needs_token=False, counts_globally=False) for entry in table]

    def answer(self, call: Call) -> Reply:
        """Take the first answer of an interaction."""
        handle = self._hub.interactions.find(call.params["id"], call.params["token"])
        reply = self._callbacks.answer(handle, call.form, call.uploads)
        return Reply(body=reply) if call.query.get("with_response") in YES else EMPTY

    def follow_up(self, call: Call) -> Reply:
        """Write a further message; the first one after "thinking…" fills that message instead."""
        handle = handle_of(self._hub, call)
        body = call.form
        check_message(body, call.uploads, flags_allowed=SENDABLE | EPHEMERAL)
        if handle.is_thinking and handle.message is not None:
            # its own ephemeral flag counts for nothing: the deferral decided
            body = {**body, "flags": (body.get("flags") or 0) & ~EPHEMERAL}
            message = self._fill(handle.message, body, call)
        else:
            self._refuse_sixth(handle)
            message = self._callbacks.post(handle, body, call.uploads)
            handle.followups.append(message)
            self._hub.changes.ring()
        return Reply(body=rest_view(message)) if call.query.get("wait") in YES else EMPTY

    @staticmethod
    def _refuse_sixth(handle: InteractionHandle) -> None:
        if handle.is_user_install and len(handle.followups) >= RULES["followups.user_install"].high:
            raise Refusal(40094, rules=["followups.user_install"])

    def read(self, call: Call) -> Reply:
        """Return a response."""
        return Reply(body=rest_view(response_of(self._hub, call)))

    def edit(self, call: Call) -> Reply:
        """Edit a response; the first edit of a deferred one ends its "thinking…"."""
        message = response_of(self._hub, call)
        check_message(call.form, call.uploads, existing=message, flags_allowed=EDITABLE)
        return Reply(body=rest_view(self._fill(message, call.form, call)))

    def delete(self, call: Call) -> Reply:
        """Delete a response."""
        self._hub.postbox.remove(response_of(self._hub, call))
        return EMPTY

    def _fill(self, message: Payload, body: Payload, call: Call) -> Payload:
        message["flags"] &= ~LOADING
        self._hub.postbox.revise(message, body, call.uploads, mention_rules=INTERACTION_DEFAULT)
        return message
