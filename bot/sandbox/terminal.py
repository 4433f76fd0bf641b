"""The sandbox in a terminal: a prompt that speaks to the bot as Discord's members would, over the emulator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.input_line import ATTACHMENT, CannotRead, read_slash, typed_value
from bot.sandbox.interactions import InteractionFailed, InteractionHandle
from bot.sandbox.refusals import Payload
from bot.sandbox.rendering import button_labels, message_text, render_text
from bot.sandbox.rules import kinds
from bot.sandbox.rules.messages import EPHEMERAL
from bot.sandbox.world import Channel, Role, User

ANSWER_SECONDS = 600.0
"""An article of hundreds of pages takes its time; Discord itself would wait 15 minutes."""

FOLLOWUP_SECONDS = 0.3

HELP = """\
Type a question, or:
  /ask QUESTION article: TITLE private: true     quotes that answer
  @bot QUESTION                                  the same, by mentioning the bot in a message
  /summary ARTICLE length: short                 an article in its own sentences
  /article list · /article add file: PATH · /article remove TITLE     (as adam, who manages the server)
  as adam · as alice                             speak as the other one
  click LABEL                                    press a button of the last answer
  choose VALUE, VALUE · choose MENU: VALUE       choose in a menu of the last answer; @name and #channel too
  menu NAME                                      a command on the last message, as *Ask about this*
  react 👍 · say TEXT                            react to the last message; write one without a command
  thread NAME · go #CHANNEL · go direct          begin a thread on the last message; go elsewhere
  help · quit"""


class Terminal:
    """One conversation. ``write`` receives finished text; ``colours`` says whether it may hold ANSI codes."""

    def __init__(
        self,
        emulator: Emulator,
        channel: Channel,
        people: dict[str, User],
        write: Callable[[str], None],
        *,
        colours: bool,
    ) -> None:
        self._emulator = emulator
        self._channel = self._home = channel
        self._people = people
        self._user = next(iter(people.values()))
        self._write = write
        self._colours = colours
        self._last: Payload | None = None
        self._said: Payload | None = None
        self._deeds: dict[str, Callable[[str], Awaitable[None]]] = {
            "choose": self._choose,
            "go": self._go,
            "menu": self._menu,
            "react": self._react,
            "say": self._say,
            "thread": self._thread,
        }

    @property
    def prompt(self) -> str:
        """What stands before the input: who is speaking."""
        return f"{self._user.name}> "

    async def converse(self, lines: AsyncIterator[str]) -> None:
        """Answer line by line until there are no more, or one says quit."""
        async for line in lines:
            if line.strip().lower() in ("quit", "exit", "q"):
                return
            await self.respond(line.strip())

    async def respond(self, line: str) -> None:
        """Do what one line says and write what the person would see."""
        try:
            await self._respond(line)
        except (CannotRead, CannotInvoke, InteractionFailed) as problem:
            self._write(str(problem))

    async def _respond(self, line: str) -> None:
        first, _, rest = line.partition(" ")
        if not line:
            return
        if first.lower() == "help":
            self._write(HELP)
        elif first.lower() == "as":
            self._switch(rest.strip().lower())
        elif first.lower() == "click":
            await self._click(rest.strip())
        elif first.lower() in self._deeds and rest.strip():
            await self._deeds[first.lower()](rest.strip())
        elif first.lower() == "@bot":
            await self._mention(rest.strip())
        elif line.startswith("/"):
            await self._slash(line)
        else:
            await self._follow(await self._emulator.slash(self._user, self._channel, "ask", {"question": line}))

    def _switch(self, name: str) -> None:
        if name not in self._people:
            raise CannotRead(f"There is nobody called {name or '…'} here. There are: {', '.join(self._people)}")
        self._user = self._people[name]

    async def _mention(self, question: str) -> None:
        text = f"<@{self._emulator.bot_user.id}> {question}"
        asked = await self._emulator.say(self._user, self._channel, text)
        reply = await self._emulator.wait_message(self._channel, after=asked, timeout=ANSWER_SECONDS)
        await self._emulator.settle()
        shown = [message for message in self._channel.history if int(message["id"]) >= int(reply["id"])]
        for message in shown:
            self._show(message)

    async def _slash(self, line: str) -> None:
        typed, options = read_slash(line, self._emulator.commands.available(self._user, self._channel))
        values: dict[str, Any] = {}
        for option in options:
            text = typed.options.get(option["name"])
            if text is None:
                continue
            if option["type"] == ATTACHMENT:
                values[option["name"]] = await asyncio.to_thread(_read_file, text)
            elif option.get("autocomplete"):
                values[option["name"]] = await self._complete(typed.name, option["name"], text)
            else:
                values[option["name"]] = typed_value(option, text)
        await self._follow(await self._emulator.slash(self._user, self._channel, typed.name, values))

    async def _complete(self, command: str, option: str, text: str) -> str:
        """Take the first suggestion for what was typed, as a person would; else send what was typed."""
        choices = await self._emulator.autocomplete(
            self._user, self._channel, command, focused=option, value=text[:100], options={}
        )
        return str(choices[0]["value"]) if choices else text

    async def _click(self, label: str) -> None:
        if self._last is None:
            raise CannotRead("There is no answer yet whose button could be pressed.")
        await self._follow(await self._emulator.click(self._user, self._last, label))

    async def _choose(self, text: str) -> None:
        message = self._message()
        menus = [part for part in kinds.walk(message["components"]) if part["type"] in kinds.SELECTS]
        names = [str(part.get("placeholder") or part["custom_id"]) for part in menus]
        name, _, rest = text.partition(":")
        name, values = (name, rest) if name in names and rest else (names[0] if len(names) == 1 else "", text)
        if not name:
            raise CannotRead(f"Say in which menu: choose MENU: VALUE. There are: {', '.join(names) or 'none'}")
        chosen = [self._named(value.strip()) for value in values.split(",") if value.strip()]
        await self._follow(await self._emulator.select(self._user, message, name, chosen))

    def _named(self, text: str) -> Any:
        """Return whom or what a word names: @person or @role, #channel, else the text itself."""
        guild = self._channel.guild
        if text.startswith("@") and guild is not None:
            known: list[User | Role] = [member.user for member in guild.members.values()]
            known += guild.roles.values()
            return next((entry for entry in known if entry.name.lstrip("@") == text[1:]), text)
        return self._find_channel(text) or text if text.startswith("#") else text

    def _find_channel(self, text: str) -> Channel | None:
        guild = self._channel.guild or self._home.guild
        places = [*guild.channels.values(), *guild.threads.values()] if guild else [self._home]
        return next((place for place in places if place.name == text.removeprefix("#")), None)

    async def _go(self, text: str) -> None:
        place = self._emulator.direct_channel(self._user) if text == "direct" else self._find_channel(text)
        if place is None or not self._emulator.world.permissions(self._user, place):
            raise CannotRead(f"There is no {text} here for you. Type: go #{self._home.name}")
        self._channel = place
        self._write(f"You are in {'a direct message' if place.recipient else f'#{place.name}'}.")

    async def _menu(self, name: str) -> None:
        target = self._said or self._message()
        await self._follow(await self._emulator.context_menu(self._user, self._channel, name, target))

    async def _react(self, emoji: str) -> None:
        message = self._message()
        await self._emulator.react(self._user, message, emoji)
        shown = " ".join(f"{entry['emoji']['name']} {entry['count']}" for entry in message["reactions"])
        self._write(f"[reactions: {shown}]")

    async def _say(self, text: str) -> None:
        self._said = self._last = await self._emulator.say(self._user, self._channel, text)

    async def _thread(self, name: str) -> None:
        on = self._last if self._last and self._last["id"] in self._channel.messages else None
        self._channel = await self._emulator.begin_thread(self._user, self._channel, name, on=on)
        self._write(f"You are in the thread {name}. Type go #{self._home.name} to go back.")

    def _message(self) -> Payload:
        if self._last is None:
            raise CannotRead("There is no message yet to do that with. Ask something first.")
        return self._last

    async def _follow(self, handle: InteractionHandle) -> None:
        """Write the response and every followup of an interaction."""
        await handle.acknowledged()
        if handle.modal is not None:
            raise CannotRead("Discord opens a form here. In this terminal use: /article add file: PATH")
        response = await handle.response(timeout=ANSWER_SECONDS)
        self._show(response)
        # Where the first message was taken away something else follows; else Discord never says which one is the last.
        patience = ANSWER_SECONDS if "_deleted" in response else FOLLOWUP_SECONDS
        shown = 0
        while True:
            try:
                self._show(await handle.followup(shown, timeout=patience))
            except InteractionFailed:
                return
            shown, patience = shown + 1, FOLLOWUP_SECONDS

    def _show(self, message: Payload) -> None:
        if "_deleted" in message:
            return
        self._last, self._said = message, None
        private = " (only you can see this)" if message["flags"] & EPHEMERAL else ""
        text = render_text(message_text(message), colours=self._colours)
        buttons = button_labels(message)
        footer = f"\n[buttons: {' · '.join(buttons)} — click LABEL]" if buttons else ""
        menus = [part for part in kinds.walk(message["components"]) if part["type"] in kinds.SELECTS]
        for menu in menus:
            offered = ", ".join(option["label"] for option in menu.get("options") or []) or "@name or #channel"
            footer += f"\n[menu {menu.get('placeholder') or menu['custom_id']}: {offered} — choose VALUE]"
        self._write(f"{self._emulator.bot_user.name}{private}:\n{text}{footer}\n")


def _read_file(text: str) -> tuple[str, bytes]:
    path = Path(text).expanduser()
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{text} cannot be read: {error.strerror}. Check the path.") from None
