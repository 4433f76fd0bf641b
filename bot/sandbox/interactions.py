"""Interactions and their life: dispatched, answered within three seconds, followed up for fifteen minutes."""

from __future__ import annotations

import asyncio
import secrets
from enum import Enum
from typing import Any

from bot.sandbox.hub import Hub
from bot.sandbox.permissions import BOT_DEFAULT
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.messages import LOADING
from bot.sandbox.world import Channel, User, wire

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
NAMES = {COMMAND: "command", COMPONENT: "component", AUTOCOMPLETE: "autocomplete", MODAL_SUBMIT: "modal submit"}


class InteractionFailed(Exception):
    """What a person sees as "The application did not respond"."""


class State(Enum):
    """Where an interaction stands: waiting, answered, or answered too late."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    LATE = "late"


class InteractionHandle:
    """One thing a person did and everything the bot answered; messages in it change in place when edited.

    `acked` is set with the first answer, `ack_ms` how long that took, `ack_type` its callback type, `deferred` whether
    it was a "thinking" answer, `ephemeral` whether only the person sees it, `message` the original response,
    `followups` later messages, `modal` a modal's data, `choices` an autocomplete's.
    """

    def __init__(self, hub: Hub, kind: int, user: User, channel: Channel, data: Payload) -> None:
        self._hub = hub
        self.id = hub.world.snowflakes.make()
        self.token = secrets.token_urlsafe(48)
        self.kind = kind
        self.user = user
        self.channel = channel
        self.data = data
        self.source: Payload | None = None
        self.state = State.PENDING
        self.created_at = hub.clock.now()
        self.acked = asyncio.Event()
        self.ack_ms: float | None = None
        self.ack_type: int | None = None
        self.deferred = False
        self.ephemeral: bool | None = None
        self.message: Payload | None = None
        self.followups: list[Payload] = []
        self.modal: Payload | None = None
        self.choices: list[Payload] | None = None
        self.expected_unanswered = False
        self.edits_before = 0

    def __repr__(self) -> str:
        return f"<{self.what} by {self.user.name}: {self.state.value}>"

    @property
    def what(self) -> str:
        """The interaction in words, for a failure's message."""
        return f"{NAMES[self.kind]} {self.data.get('name') or self.data.get('custom_id')}"

    @property
    def is_user_install(self) -> bool:
        """Whether the app is here only because this person installed it for themselves."""
        guild = self.channel.guild
        return guild is not None and self._hub.world.bot.id not in guild.members

    @property
    def is_thinking(self) -> bool:
        """Whether the person still sees "thinking…"."""
        return self.message is not None and bool(self.message["flags"] & LOADING) and "_deleted" not in self.message

    @property
    def is_unanswered(self) -> bool:
        """Whether the person waits in vain: no answer, or a deferred one that never came.

        One that was answered too late is a violation already and is not counted again.
        """
        return self.state is State.PENDING or self.is_thinking

    async def acknowledged(self, timeout: float | None = None) -> int:  # noqa: ASYNC109 (reads naturally in a test)
        """Wait for the first answer and return its type; raises InteractionFailed once the deadline is over."""
        limit = self._hub.ack_seconds + 0.5 if timeout is None else timeout
        try:
            await self._hub.changes.until(lambda: self.state is not State.PENDING, limit)
        except TimeoutError:
            raise InteractionFailed(f"{self!r}: the application did not respond") from None
        if self.ack_type is None:
            raise InteractionFailed(f"{self!r}: the application did not respond in time")
        return self.ack_type

    async def response(self, timeout: float = 5.0) -> Payload:  # noqa: ASYNC109
        """Wait for the message a person ends up with, past any "thinking…" or deferred update, and return it."""
        await self.acknowledged()
        if self.ack_type in (CHOICES, MODAL):
            raise InteractionFailed(f"{self!r}: answered with choices or a modal, not with a message")
        await self._until(lambda: self.message is not None and not self.is_thinking and self._is_final(), timeout)
        if self.message is None:
            raise InteractionFailed(f"{self!r}: there is no message")
        return self.message

    async def followup(self, number: int = 0, timeout: float = 5.0) -> Payload:  # noqa: ASYNC109
        """Wait for a followup message, counted from 0, and return it."""
        await self._until(lambda: len(self.followups) > number, timeout)
        return self.followups[number]

    async def shown_modal(self, timeout: float | None = None) -> Payload:  # noqa: ASYNC109
        """Wait for a modal and return its data."""
        await self.acknowledged(timeout)
        if self.modal is None:
            raise InteractionFailed(f"{self!r}: no modal was shown")
        return self.modal

    def _is_final(self) -> bool:
        return self.ack_type != DEFERRED_UPDATE or (self.message or {}).get("_edits", 0) > self.edits_before

    async def _until(self, look: Any, timeout: float) -> None:  # noqa: ASYNC109
        try:
            await self._hub.changes.until(look, timeout)
        except TimeoutError:
            raise InteractionFailed(f"{self!r}: nothing more came within {timeout} s") from None


class Interactions:
    """All interactions of one emulator, by id and by token."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.handles: list[InteractionHandle] = []
        self._by_token: dict[str, InteractionHandle] = {}

    def unanswered(self) -> list[InteractionHandle]:
        """Return the interactions a person still waits for."""
        return [handle for handle in self.handles if handle.is_unanswered and not handle.expected_unanswered]

    def find(self, interaction_id: str, token: str) -> InteractionHandle:
        """Return the interaction of a callback or refuse with 10062."""
        handle = self._by_token.get(token)
        if handle is not None and handle.id == interaction_id:
            return handle
        raise Refusal(10062, f"no interaction {interaction_id}")

    def find_by_token(self, application_id: str, token: str) -> InteractionHandle:
        """Return an answered interaction for a followup; refuses unknown, unanswered and expired tokens."""
        handle = self._by_token.get(token)
        if handle is None or application_id != self._hub.world.application_id:
            raise Refusal(10015, "no such application or token")
        if self._hub.clock.now() - handle.created_at > self._hub.token_seconds:
            raise Refusal(50027, f"the token lived {self._hub.token_seconds} s")
        if handle.state is not State.ACKNOWLEDGED:
            raise Refusal(10015, "a followup before the first answer")
        return handle

    def start(
        self, kind: int, user: User, channel: Channel, data: Payload, *, source: Payload | None = None
    ) -> InteractionHandle:
        """Dispatch an interaction to the bot and return its handle; `source` is the message of a component."""
        handle = InteractionHandle(self._hub, kind, user, channel, data)
        handle.source = source
        self.handles.append(handle)
        self._by_token[handle.token] = handle
        self._hub.gateway.dispatch("INTERACTION_CREATE", self._payload(handle))
        return handle

    def _payload(self, handle: InteractionHandle) -> Payload:
        world, channel = self._hub.world, handle.channel
        payload: Payload = {
            "id": handle.id,
            "application_id": world.application_id,
            "type": handle.kind,
            "token": handle.token,
            "version": 1,
            "data": handle.data,
            "channel_id": channel.id,
            "channel": channel.payload(),
            "locale": handle.user.locale,
            "entitlements": [],
            "attachment_size_limit": self._hub.attachment_size_limit,
        }
        if channel.guild is None:
            payload |= {"user": handle.user.payload(), "context": 1, "app_permissions": str(BOT_DEFAULT)}
            payload["authorizing_integration_owners"] = {"0": "0"}
        else:
            member = channel.guild.members[handle.user.id].payload()
            member["permissions"] = str(world.permissions(handle.user, channel))
            payload |= {"member": member, "context": 0, "guild_id": channel.guild.id}
            payload["guild_locale"] = channel.guild.preferred_locale
            payload["guild"] = {"id": channel.guild.id, "locale": channel.guild.preferred_locale, "features": []}
            actor = handle.user if handle.is_user_install else world.bot
            payload["app_permissions"] = str(world.permissions(actor, channel))
            payload["authorizing_integration_owners"] = self._owners(handle)
        if handle.source is not None:
            payload["message"] = rest_view(handle.source)
        return payload

    @staticmethod
    def _owners(handle: InteractionHandle) -> Payload:
        if handle.is_user_install:
            return {"1": handle.user.id}
        return {"0": handle.channel.guild.id if handle.channel.guild else "0"}

    def metadata(self, handle: InteractionHandle) -> Payload:
        """Return what a response message says about where it came from."""
        about: Payload = {"id": handle.id, "type": handle.kind, "user": handle.user.payload()}
        about["authorizing_integration_owners"] = self._owners(handle)
        application = self._hub.world.application_id
        extra: Payload = {"interaction_metadata": about, "application_id": application, "webhook_id": application}
        if handle.kind == COMMAND:
            # deprecated, still sent, and read by discord.py
            name = handle.data["name"]
            extra["interaction"] = {"id": handle.id, "type": handle.kind, "name": name, "user": handle.user.payload()}
        elif handle.kind == COMPONENT and handle.source is not None:
            about["interacted_message_id"] = handle.source["id"]
        if handle.ephemeral:
            extra["_seen_by"] = handle.user.id
        return extra


def rest_view(message: Payload) -> Payload:
    """Return a message as REST replies and component interactions carry it: without the gateway's extra fields."""
    return {key: value for key, value in wire(message).items() if key not in ("guild_id", "member")}
