"""What people do in the imagined Discord: type, invoke, click, fill in and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    InteractionFailed,
    InteractionHandle,
)
from bot.sandbox.invocation import File, Invocation
from bot.sandbox.modal_answers import submit_data
from bot.sandbox.permissions import MENTION_EVERYONE, SEND_MESSAGES, USE_APPLICATION_COMMANDS
from bot.sandbox.postbox import visible_text
from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds
from bot.sandbox.rules.commands import MESSAGE, SLASH, USER
from bot.sandbox.rules.messages import EPHEMERAL, Upload
from bot.sandbox.rules.table import RULES
from bot.sandbox.world import Channel, User


class People(Hub):
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
        command = self.commands.find(user, channel, name, kind, bypass=bypass_permissions)
        return self.interactions.start(COMMAND, user, channel, Invocation(self, channel).menu_data(command, target))

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        reply_to: Payload | None = None,
        ping: bool = True,
        files: list[File] | None = None,
    ) -> Payload:
        """Send a message as a person and return it; `ping` is the switch beside a reply."""
        held = self.world.permissions(user, channel)
        if not held & SEND_MESSAGES:
            raise CannotInvoke(f"{user.name} may not write in #{channel.name}")
        if len(text) > RULES["content"].high or not (text.strip() or files):
            raise CannotInvoke("a message has 1 to 2000 characters")
        uploads = [Upload(index, name, content) for index, (name, content) in enumerate(files or [])]
        kinds_pinged = ["users", "roles", *(["everyone"] if held & MENTION_EVERYONE else [])]
        rules = {"parse": kinds_pinged, "replied_user": ping}
        message = self.postbox.compose(
            channel, user, {"content": text}, uploads, mention_rules=rules, replied_to=reply_to
        )
        self.postbox.publish(channel, message)
        return message

    async def direct(self, user: User, text: str) -> Payload:
        """Send the bot a direct message and return it."""
        return await self.say(user, self.world.direct_channel(user), text)

    async def wait_message(
        self,
        channel: Channel,
        *,
        after: Payload | None = None,
        matching: Callable[[Payload], bool] | None = None,
        timeout: float = 5.0,  # noqa: ASYNC109 (reads naturally in a test)
    ) -> Payload:
        """Wait for the bot's first public message after another one (or at all) and return it."""
        start = int(after["id"]) if after else 0

        def look() -> Payload | None:
            for message in channel.history:
                mine = message["author"]["id"] == self.world.bot.id and int(message["id"]) > start
                if mine and (matching is None or matching(message)):
                    return message
            return None

        try:
            return await self.changes.until(look, timeout)
        except TimeoutError:
            raise InteractionFailed(f"the bot wrote nothing in #{channel.name} within {timeout} s") from None

    async def click(self, user: User, message: Payload, button: str) -> InteractionHandle:
        """Press a button, named by its custom_id or its label."""
        component = self._find(user, message, (kinds.BUTTON,), button)
        if "url" in component:
            raise CannotInvoke(f"{button!r} is a link")
        return self._use(user, message, component, {})

    async def select(self, user: User, message: Payload, menu: str, values: list[str]) -> InteractionHandle:
        """Choose values in a select menu, named by its custom_id or its placeholder."""
        component = self._find(user, message, kinds.SELECTS, menu)
        low, high = component.get("min_values", 1), component.get("max_values", 1)
        if not low <= len(values) <= high:
            raise CannotInvoke(f"{menu!r} takes {low} to {high} values")
        offered = {option["value"] for option in component.get("options") or []}
        if component["type"] == kinds.SELECT and set(values) - offered:
            raise CannotInvoke(f"{menu!r} does not offer {sorted(set(values) - offered)}")
        return self._use(user, message, component, {"values": list(values)})

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
        return self.commands.find(user, channel, first, SLASH, bypass=bypass), words

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
