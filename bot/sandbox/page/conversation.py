"""One open page: what it asks for becomes a person's deed, what changes for that person is sent to it.

From the page come objects with `do` and a number `n`; each gets one reply `{"kind": "done", "n", …}` or
`{"kind": "failed", "n", "text"}`. By themselves are sent `hello`, `screen` (everything the person sees in the channel,
as often as it changes), `modal` and, while the drawer is open, `drawer`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.input_line import CannotRead, typed_value
from bot.sandbox.interactions import InteractionFailed, InteractionHandle
from bot.sandbox.page.screens import hello_of, places_of, read_file, screen_of
from bot.sandbox.page.stage import Stage
from bot.sandbox.refusals import Payload
from bot.sandbox.rules.commands import ATTACHMENT
from bot.sandbox.world import Channel, User

_DRAWER_ENTRIES = 200
_FOREVER = 3600.0


class Conversation:
    """Speaks with one page until its socket closes."""

    def __init__(self, emulator: Emulator, stage: Stage, socket: web.WebSocketResponse) -> None:
        self._emulator = emulator
        self._stage = stage
        self._socket = socket
        self._user: User = stage.people[0]
        self._channel: Channel = stage.channels[0]
        self._modals: dict[str, InteractionHandle] = {}
        self._has_drawer = False
        self._shown: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._deeds = {
            "view": self._view,
            "say": self._say,
            "slash": self._slash,
            "complete": self._complete,
            "click": self._click,
            "select": self._select,
            "submit": self._submit,
            "menu": self._menu,
            "react": self._react,
            "thread": self._thread,
            "drawer": self._drawer,
        }

    async def hold(self) -> None:
        """Send what changes and do what the page says, until it is closed."""
        await self._send(hello_of(self._emulator, self._stage))
        self._begin(self._watch())
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT:
                    # Each on its own: an autocomplete must not wait for an answer that takes seconds.
                    self._begin(self._obey(frame.data))
        finally:
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, message: Payload) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self._socket.send_str(json.dumps(message, default=str))

    async def _watch(self) -> None:
        """Send the screen, and the drawer where it is open, whenever they are other than last time."""
        while not self._socket.closed:
            parts = {"screen": self._screen()}
            if self._has_drawer:
                parts["drawer"] = self._drawer_content()
            for name, content in parts.items():
                text = json.dumps(content, default=str)
                if self._shown.get(name) != text:
                    self._shown[name] = text
                    await self._send(content)
            with contextlib.suppress(TimeoutError):
                await self._emulator.changes.until(self._has_changed, _FOREVER)

    def _has_changed(self) -> bool:
        is_other = json.dumps(self._screen(), default=str) != self._shown.get("screen")
        return is_other or (self._has_drawer and self._drawer_content()["total"] != self._drawer_total())

    def _drawer_total(self) -> int:
        shown = self._shown.get("drawer")
        return int(json.loads(shown)["total"]) if shown else -1

    def _screen(self) -> Payload:
        return screen_of(self._emulator, self._stage, self._user, self._channel)

    def _drawer_content(self) -> Payload:
        entries = self._emulator.transcript.entries
        return {
            "kind": "drawer",
            "total": len(entries) + len(self._emulator.violations),
            "entries": entries[-_DRAWER_ENTRIES:],
            "problems": self._emulator.problems(),
        }

    # What the page may ask for

    async def _obey(self, text: str) -> None:
        number: Any = None
        try:
            order = json.loads(text)
            number = order.get("n")
            deed = self._deeds[order["do"]]
            reply = await deed(order)
        except (CannotInvoke, CannotRead, InteractionFailed) as problem:
            await self._send({"kind": "failed", "n": number, "text": str(problem)})
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            await self._send({"kind": "failed", "n": number, "text": f"The page sent something odd: {problem!r}"})
        else:
            await self._send({"kind": "done", "n": number, **(reply or {})})

    async def _view(self, order: Payload) -> None:
        user = next((user for user in self._stage.people if user.id == order["user"]), None)
        if user is None:
            raise CannotInvoke("There is nobody with that id here.")
        places = [*places_of(self._emulator, self._stage, user), self._emulator.direct_channel(user)]
        wanted = order.get("channel")
        self._user = user
        self._channel = next((place for place in places if place.id == wanted), places[-1 if wanted == "direct" else 0])
        self._emulator.changes.ring()

    async def _say(self, order: Payload) -> None:
        await self._emulator.say(
            self._user,
            self._channel,
            str(order.get("text") or ""),
            reply_to=self._message(order["reply_to"]) if order.get("reply_to") else None,
            ping=bool(order.get("ping", True)),
            files=[read_file(entry) for entry in order.get("files") or []],
        )

    async def _slash(self, order: Payload) -> None:
        name = str(order["name"])
        values: dict[str, Any] = {}
        for option in self._options(name):
            given = (order.get("options") or {}).get(option["name"])
            if given is None or given == "":
                continue
            values[option["name"]] = (
                read_file(given) if option["type"] == ATTACHMENT else typed_value(option, str(given))
            )
        await self._follow(await self._emulator.slash(self._user, self._channel, name, values))

    async def _complete(self, order: Payload) -> Payload:
        choices = await self._emulator.autocomplete(
            self._user,
            self._channel,
            str(order["name"]),
            focused=str(order["option"]),
            value=str(order.get("value") or "")[:100],
        )
        return {"choices": choices}

    async def _click(self, order: Payload) -> None:
        await self._follow(await self._emulator.click(self._user, self._message(order["message"]), order["custom_id"]))

    async def _select(self, order: Payload) -> None:
        message = self._message(order["message"])
        values = [self._chosen(value) for value in order["values"]]
        await self._follow(await self._emulator.select(self._user, message, order["custom_id"], values))

    async def _submit(self, order: Payload) -> None:
        handle = self._modals[order["modal"]]
        values = {name: self._entered(value) for name, value in order["values"].items()}
        await self._follow(await self._emulator.submit_modal(self._user, handle, values))

    async def _menu(self, order: Payload) -> None:
        target = self._chosen({"user": order["user"]}) if order.get("user") else self._message(order["message"])
        await self._follow(await self._emulator.context_menu(self._user, self._channel, order["name"], target))

    async def _react(self, order: Payload) -> None:
        message = self._message(order["message"])
        if order.get("on", True):
            await self._emulator.react(self._user, message, str(order["emoji"]))
        else:
            await self._emulator.unreact(self._user, message, str(order["emoji"]))

    async def _thread(self, order: Payload) -> None:
        """Begin a thread on a message, or in a forum a post, and go there."""
        name = str(order["name"])
        if self._channel.is_forum:
            self._channel, _ = await self._emulator.post(self._user, self._channel, name, str(order.get("text") or ""))
        else:
            on = self._message(order["message"]) if order.get("message") else None
            self._channel = await self._emulator.begin_thread(self._user, self._channel, name, on=on)
        self._emulator.changes.ring()

    def _entered(self, value: Any) -> Any:
        """Return a form's value as the emulator takes it: files decoded, people, roles and channels looked up."""
        if not isinstance(value, list):
            return value
        files = [isinstance(entry, dict) and "data" in entry for entry in value]
        return [
            read_file(entry) if is_file else self._chosen(entry) for entry, is_file in zip(value, files, strict=True)
        ]

    def _chosen(self, value: Any) -> Any:
        """Return the person, role or channel a value such as {"user": id} stands for; a text is itself."""
        if not isinstance(value, dict):
            return str(value)
        world, guild = self._emulator.world, self._channel.guild
        kind, identifier = next(iter(value.items()))
        known: dict[str, Any] = {"user": world.users, "role": guild.roles if guild else {}, "channel": world.channels}
        if identifier not in known.get(kind, {}):
            raise CannotInvoke("That is not here any more.")
        return known[kind][identifier]

    async def _drawer(self, order: Payload) -> None:
        self._has_drawer = bool(order["open"])
        self._shown.pop("drawer", None)
        self._emulator.changes.ring()

    async def _follow(self, handle: InteractionHandle) -> None:
        """Wait for the first answer; show a modal where it is one."""
        self._emulator.changes.ring()
        await handle.acknowledged()
        if handle.modal is not None:
            self._modals[handle.id] = handle
            await self._send({"kind": "modal", "id": handle.id, "modal": handle.modal})

    def _message(self, identifier: Any) -> Payload:
        for message in self._emulator.screen(self._user, self._channel):
            if message["id"] == identifier:
                return message
        raise CannotInvoke("That message is gone.")

    def _options(self, name: str) -> list[Payload]:
        first, *words = name.split()
        found = [c for c in self._emulator.commands.available(self._user, self._channel) if c["name"] == first]
        options: list[Payload] = found[0].get("options") or [] if found else []
        for word in words:
            options = next((entry.get("options") or [] for entry in options if entry["name"] == word), [])
        return options
