"""What people do in the imagined Discord: type, invoke, click, fill in and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.sandbox.choices import chosen
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    InteractionHandle,
)
from bot.sandbox.invocation import Invocation
from bot.sandbox.modal_answers import submit_data
from bot.sandbox.permissions import USE_APPLICATION_COMMANDS
from bot.sandbox.postbox import visible_text
from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds
from bot.sandbox.rules.commands import MESSAGE, SLASH, USER
from bot.sandbox.rules.messages import EPHEMERAL
from bot.sandbox.talk import Talk
from bot.sandbox.world import Channel, User


class People(Talk):
    """The driver's verbs; each takes the person and the place first. CannotInvoke is what their client prevents."""

    async def slash(
        self,
        user: User,
        channel: Channel,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        bypass_permissions: bool = False,
    ) -> InteractionHandle:
        """Invoke a slash command such as "ask" or "article add".

        A value for an attachment option is (filename, bytes). `bypass_permissions` invokes what the person cannot see,
        to test the bot's own check.
        """
        command, words = self._command(user, channel, name, bypass=bypass_permissions)
        data = Invocation(self, channel).slash_data(command, words, options or {})
        return self.interactions.start(COMMAND, user, channel, data)

    async def autocomplete(
        self,
        user: User,
        channel: Channel,
        name: str,
        *,
        focused: str,
        value: str = "",
        options: dict[str, Any] | None = None,
        bypass_permissions: bool = False,
    ) -> list[Payload]:
        """Type into an option and return the choices offered, each `{"name", "value"}`."""
        command, words = self._command(user, channel, name, bypass=bypass_permissions)
        data = Invocation(self, channel).autocomplete_data(command, words, focused, value, options or {})
        handle = self.interactions.start(AUTOCOMPLETE, user, channel, data)
        await handle.acknowledged()
        return handle.choices or []

    async def context_menu(
        self, user: User, channel: Channel, name: str, target: Payload | User, *, bypass_permissions: bool = False
    ) -> InteractionHandle:
        """Invoke a context menu command on a message or on a user."""
        kind = USER if isinstance(target, User) else MESSAGE
        self._refuse_archived(user, channel)
        command = self.commands.find(user, channel, name, kind, bypass=bypass_permissions)
        return self.interactions.start(COMMAND, user, channel, Invocation(self, channel).menu_data(command, target))

    async def click(self, user: User, message: Payload, button: str) -> InteractionHandle:
        """Press a button, named by its custom_id or its label."""
        component = self._find(user, message, (kinds.BUTTON,), button)
        if "url" in component:
            raise CannotInvoke(f"{button!r} is a link")
        return self._use(user, message, component, {})

    async def select(self, user: User, message: Payload, menu: str, values: Sequence[Any]) -> InteractionHandle:
        """Choose in a select menu (its custom_id or placeholder): values or labels, users, roles or channels."""
        component = self._find(user, message, kinds.SELECTS, menu)
        invocation = Invocation(self, self.world.channels[message["channel_id"]])
        more: Payload = {"values": chosen(component, list(values), invocation)}
        if invocation.resolved:
            more["resolved"] = invocation.resolved
        return self._use(user, message, component, more)

    async def submit_modal(
        self, user: User, handle: InteractionHandle, values: dict[str, Any] | None = None
    ) -> InteractionHandle:
        """Fill in and submit the modal an interaction showed; values by custom_id or label."""
        modal = await handle.shown_modal()
        if handle.user.id != user.id:
            raise CannotInvoke(f"the modal was shown to {handle.user.name}")
        data = submit_data(modal, values or {}, Invocation(self, handle.channel))
        return self.interactions.start(MODAL_SUBMIT, user, handle.channel, data, source=handle.source)

    def sees(self, user: User, message: Payload) -> bool:
        """Tell whether a person sees a message: ephemeral ones only their addressee."""
        if "_deleted" in message:
            return False
        if message["flags"] & EPHEMERAL:
            return bool(message["_seen_by"] == user.id)
        return self.world.permissions(user, self.world.channels[message["channel_id"]]) != 0

    def screen(self, user: User, channel: Channel) -> list[Payload]:
        """Return what a person sees in a channel, oldest first, their ephemeral messages included."""
        private = [
            message
            for handle in self.interactions.handles
            for message in [*handle.followups, *([handle.message] if handle.message else [])]
            if message["channel_id"] == channel.id and message["flags"] & EPHEMERAL
        ]
        shown = {message["id"]: message for message in [*channel.history, *private] if self.sees(user, message)}
        return sorted(shown.values(), key=lambda message: int(message["id"]))

    def _command(self, user: User, channel: Channel, name: str, *, bypass: bool) -> tuple[Payload, list[str]]:
        first, *words = name.removeprefix("/").split()
        if not bypass and not self.world.permissions(user, channel) & USE_APPLICATION_COMMANDS:
            raise CannotInvoke(f"{user.name} may not use commands in #{channel.name}")
        self._refuse_archived(user, channel)
        return self.commands.find(user, channel, first, SLASH, bypass=bypass), words

    @staticmethod
    def _refuse_archived(user: User, channel: Channel) -> None:
        if channel.thread is not None and channel.thread.archived:
            raise CannotInvoke(f"#{channel.name} is archived: {user.name} can use no commands there")

    def _find(self, user: User, message: Payload, types: tuple[int, ...], name: str) -> Payload:
        if not self.sees(user, message):
            raise CannotInvoke(f"{user.name} does not see this message")
        for component in kinds.walk(message["components"]):
            names = (component.get("custom_id"), component.get("label"), component.get("placeholder"))
            if component["type"] in types and name in names:
                if component.get("disabled"):
                    raise CannotInvoke(f"{name!r} is disabled")
                return component
        raise CannotInvoke(f"the message has no {name!r}: {visible_text(message)[:200]!r}")

    def _use(self, user: User, message: Payload, component: Payload, more: Payload) -> InteractionHandle:
        data = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component["id"], **more}
        channel = self.world.channels[message["channel_id"]]
        return self.interactions.start(COMPONENT, user, channel, data, source=message)
