"""First answers to interactions: which types fit which interaction, and what each does."""

from __future__ import annotations

from typing import Any

from bot.sandbox.hub import Hub
from bot.sandbox.interactions import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERRED_MESSAGE,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    MODAL_SUBMIT,
    UPDATE,
    InteractionHandle,
    State,
    rest_view,
)
from bot.sandbox.permissions import USE_EXTERNAL_APPS
from bot.sandbox.postbox import CONTEXT_RESPONSE, SLASH_RESPONSE
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.commands import SLASH, check_choices
from bot.sandbox.rules.form import Form
from bot.sandbox.rules.mentions import INTERACTION_DEFAULT
from bot.sandbox.rules.messages import EDITABLE, EPHEMERAL, LOADING, SENDABLE, Upload, check_message
from bot.sandbox.rules.modals import check_modal
from bot.sandbox.threads import refuse_shut

# D: interactions/receiving-and-responding, Interaction Callback Type
ALLOWED: dict[int, tuple[int, ...]] = {
    COMMAND: (MESSAGE, DEFERRED_MESSAGE, MODAL),
    COMPONENT: (MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE),
}


class Callbacks:
    """Takes a callback, refuses what Discord refuses, and carries out the rest."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def answer(self, handle: InteractionHandle, body: Payload, uploads: list[Upload]) -> Payload:
        """Carry out the first answer of an interaction and return the callback object."""
        self._refuse_at_wrong_time(handle)
        kind = body.get("type")
        self._refuse_wrong_type(handle, kind)
        data = body.get("data") or {}
        if kind == MESSAGE:
            self._send(handle, data, uploads)
        elif kind == DEFERRED_MESSAGE:
            self._defer(handle, data)
        elif kind == DEFERRED_UPDATE:
            self._keep_source(handle)
        elif kind == UPDATE:
            self._update(handle, data, uploads)
        elif kind == CHOICES:
            handle.choices = self._choices(handle, data)
        else:
            form = Form()
            check_modal(form, data)
            form.refuse_if_wrong()
            handle.modal = data
        self._acknowledge(handle, kind or 0)
        return self._callback_object(handle, kind or 0)

    def _refuse_at_wrong_time(self, handle: InteractionHandle) -> None:
        age = self._hub.clock.now() - handle.created_at
        if handle.state is State.ACKNOWLEDGED:
            raise Refusal(40060, repr(handle))
        if age > self._hub.ack_seconds:
            handle.state = State.LATE
            self._hub.changes.ring()
            raise Refusal(10062, f"{handle!r}: first answer after {age:.2f} s, allowed are {self._hub.ack_seconds} s")

    def _refuse_wrong_type(self, handle: InteractionHandle, kind: Any) -> None:
        form = Form()
        allowed = ALLOWED[handle.kind]
        if handle.kind == MODAL_SUBMIT and handle.source is None:
            allowed = (MESSAGE, DEFERRED_MESSAGE)
        form.choose(("type",), kind, allowed, "callback.type")
        form.refuse_if_wrong()

    def _acknowledge(self, handle: InteractionHandle, kind: int) -> None:
        handle.state = State.ACKNOWLEDGED
        handle.ack_type = kind
        handle.ack_ms = (self._hub.clock.now() - handle.created_at) * 1000
        handle.acked.set()
        self._hub.changes.ring()

    def _send(self, handle: InteractionHandle, data: Payload, uploads: list[Upload]) -> None:
        check_message(data, uploads, flags_allowed=SENDABLE | EPHEMERAL)
        handle.ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
        handle.message = self.post(handle, data, uploads)

    def _defer(self, handle: InteractionHandle, data: Payload) -> None:
        flags = data.get("flags") or 0
        if flags & ~EPHEMERAL or set(data) - {"flags"}:
            form = Form()
            form.fail(
                ("data",), "BASE_TYPE_CHOICES", "A deferred response takes only the EPHEMERAL flag", "defer.flags"
            )
            form.refuse_if_wrong()
        handle.deferred = True
        handle.ephemeral = bool(flags & EPHEMERAL)
        handle.message = self.post(handle, {"flags": flags | LOADING}, [])

    def _keep_source(self, handle: InteractionHandle) -> None:
        source = _source_of(handle)
        handle.message, handle.edits_before = source, source["_edits"]
        handle.ephemeral = bool(source["flags"] & EPHEMERAL)

    def _update(self, handle: InteractionHandle, data: Payload, uploads: list[Upload]) -> None:
        source = _source_of(handle)
        check_message(data, uploads, existing=source, flags_allowed=EDITABLE | EPHEMERAL)
        self._keep_source(handle)
        self._hub.postbox.revise(source, data, uploads, mention_rules=INTERACTION_DEFAULT)

    def _choices(self, handle: InteractionHandle, data: Payload) -> list[Payload]:
        form = Form()
        choices = form.listing(("data", "choices"), data.get("choices"))
        form.count(("data", "choices"), choices, "autocomplete.choices")
        check_choices(form, ("data", "choices"), choices, _focused(handle.data)["type"])
        form.refuse_if_wrong()
        return choices

    def post(self, handle: InteractionHandle, body: Payload, uploads: list[Upload]) -> Payload:
        """Write a message of an interaction: a public one into the channel, an ephemeral one for the person alone."""
        refuse_shut(handle.channel, self._hub.world.permissions(self._hub.world.bot, handle.channel))
        body = self._hidden_where_it_must(handle, body)
        extra = self._hub.interactions.metadata(handle)
        if handle.kind == COMMAND:
            extra["type"] = SLASH_RESPONSE if handle.data.get("type", SLASH) == SLASH else CONTEXT_RESPONSE
        message = self._hub.postbox.compose(
            handle.channel, self._hub.world.bot, body, uploads, mention_rules=INTERACTION_DEFAULT, extra=extra
        )
        if not message["flags"] & EPHEMERAL:
            self._hub.postbox.publish(handle.channel, message)
        return message

    def _hidden_where_it_must(self, handle: InteractionHandle, body: Payload) -> Payload:
        """Make a user-installed app's message ephemeral where its user may not use external apps in public."""
        held = self._hub.world.permissions(handle.user, handle.channel)
        if not handle.is_user_install or held & USE_EXTERNAL_APPS:
            return body
        handle.ephemeral = True
        return {**body, "flags": (body.get("flags") or 0) | EPHEMERAL}

    def _callback_object(self, handle: InteractionHandle, kind: int) -> Payload:
        interaction: Payload = {"id": handle.id, "type": handle.kind}
        reply: Payload = {"interaction": interaction}
        if handle.message is not None:
            interaction["response_message_id"] = handle.message["id"]
            interaction["response_message_loading"] = handle.is_thinking
            interaction["response_message_ephemeral"] = bool(handle.ephemeral)
            reply["resource"] = {"type": kind}
            if kind != DEFERRED_UPDATE:
                reply["resource"]["message"] = rest_view(handle.message)
        return reply


def _source_of(handle: InteractionHandle) -> Payload:
    if handle.source is None:
        raise Refusal(10008, "there is no message to update")
    return handle.source


def _focused(data: Payload) -> Payload:
    for option in data.get("options") or []:
        if option.get("focused"):
            return dict(option)
        if option.get("options") and (found := _focused(option)):
            return found
    return {}
