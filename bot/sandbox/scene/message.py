"""A message as one person sees it, and what they can do with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.interactions import InteractionHandle
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.refusals import Payload
from bot.sandbox.rendering import button_labels
from bot.sandbox.rules import kinds
from bot.sandbox.rules.messages import EPHEMERAL

if TYPE_CHECKING:
    from bot.sandbox.scene.form import Form
    from bot.sandbox.scene.person import Person

_LINE = re.compile(r"(\r\n|\r|\n)> ")
_MARK = re.compile(r"\\([^0-9A-Za-z\s])|\*\*")
_LINK = re.compile(r"\[(?P<label>(?:\\.|[^\]\\])*)\]\(<?(?P<url>[^)>]+)>?\)")


class Message:
    """One message in the eyes of its `viewer`; it changes in place when the bot edits it.

    `payload` is the emulator's own record, `handle` the interaction it answers, if one.
    """

    def __init__(self, viewer: Person, payload: Payload, handle: InteractionHandle | None = None) -> None:
        self.viewer = viewer
        self.payload = payload
        self.handle = handle

    def __repr__(self) -> str:
        return f"<message seen by {self.viewer.name}: {self.text[:80]!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def id(self) -> str:
        """The message's id."""
        return str(self.payload["id"])

    @property
    def text(self) -> str:
        """All that is written in it, mark-up included."""
        return visible_text(self.payload)

    @property
    def lines(self) -> list[str]:
        """Its text displays, top to bottom."""
        return texts_of(self.payload["components"])

    @property
    def quotes(self) -> list[str]:
        """What is quoted, as a reader sees it: no bar, no bold, no escapes."""
        return [plain(text) for text in self.lines if text.startswith("> ")]

    @property
    def highlights(self) -> list[str]:
        """What is bold in the quotes."""
        found = []
        for text in self.lines:
            if text.startswith("> "):
                found += [_unescape(part) for part in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)]
        return found

    @property
    def links(self) -> dict[str, str]:
        """The masked links: what is shown → where it leads; link buttons included."""
        found = {_unescape(match["label"]): match["url"] for match in _LINK.finditer(self.text)}
        for part in kinds.walk(self.payload["components"]):
            if part["type"] == kinds.BUTTON and "url" in part:
                found[str(part.get("label"))] = part["url"]
        return found

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons that can be pressed."""
        return button_labels(self.payload)

    @property
    def menus(self) -> list[str]:
        """The placeholders of the select menus."""
        parts = kinds.walk(self.payload["components"])
        return [str(part.get("placeholder")) for part in parts if part["type"] in kinds.SELECTS]

    @property
    def is_private(self) -> bool:
        """Whether one person alone sees it."""
        return bool(self.payload["flags"] & EPHEMERAL)

    @property
    def is_gone(self) -> bool:
        """Whether it was deleted."""
        return "_deleted" in self.payload

    @property
    def pings(self) -> list[str]:
        """Whom it pings: ids of people and roles, and "everyone"."""
        pinged = self.payload["_pings"]
        return [*pinged["users"], *pinged["roles"], *(["everyone"] if pinged["everyone"] else [])]

    @property
    def reactions(self) -> dict[str, int]:
        """Its reactions: emoji → how many."""
        return {entry["emoji"]["name"]: entry["count"] for entry in self.payload.get("reactions", [])}

    def is_seen_by(self, person: Person) -> bool:
        """Tell whether somebody else sees it too."""
        return person.emulator.sees(person.user, self.payload)

    def answers(self, other: Message) -> bool:
        """Tell whether it is a reply to another message."""
        return bool((self.payload.get("message_reference") or {}).get("message_id") == other.id)

    async def part(self, number: int) -> Message:
        """Wait for a later part of an answer in several messages, counted from 1 (the answer itself is part 0)."""
        if self.handle is None or number < 1:
            return self
        return Message(self.viewer, await self.handle.followup(number - 1), self.handle)

    async def click(self, label: str) -> Message | Form:
        """Press a button as whoever sees this, and return what comes of it."""
        return await self.viewer.clicks(label, on=self)

    async def choose(self, *values: Any, menu: str | None = None) -> Message | Form:
        """Choose in a select menu (the only one, unless named) and return what comes of it."""
        return await self.viewer.chooses(*values, menu=menu, on=self)


def plain(quoted: str) -> str:
    """Return the characters a reader sees of a quote."""
    text = _LINE.sub(r"\1", quoted[2:]) if quoted.startswith("> ") else quoted
    return _MARK.sub(lambda match: match[1] or "", text)


def _unescape(text: str) -> str:
    return _MARK.sub(lambda match: match[1] or "", _LINE.sub(r"\1", text))
