"""The buttons and menus under summaries and tables of contents. Each carries all it needs, even past a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

import discord
from discord import ui

from bot.ui import summary_words as words
from bot.ui.anchors import encode_number

SUMMARY_EVENT = "summary_press"
"""Dispatched by the client as ``on_summary_press(interaction, press)`` when one of these is pressed or chosen from."""
OPTION_LIMIT = 25
_MESSAGES = "https://discord.com/channels/"
LABEL_UNITS = 100
"""Of an option's label and of its description."""


class SummaryVerb(StrEnum):
    """What a press asks for; the values stand in messages that were sent long ago, so they never change."""

    LINE = "l"
    EXPAND = "e"
    FOLD = "f"
    CONTENTS = "t"
    SUMMARISE = "s"
    READ = "r"
    PAGE = "p"
    ADD = "a"


_LABELS = {
    SummaryVerb.EXPAND: words.EXPAND_ALL,
    SummaryVerb.FOLD: words.FOLD_ALL,
    SummaryVerb.CONTENTS: words.CONTENTS,
    SummaryVerb.ADD: words.ADD_TO_LIBRARY,
}
_PLACEHOLDERS = {
    SummaryVerb.LINE: words.EXPAND_LINE,
    SummaryVerb.SUMMARISE: words.SUMMARISE_SECTION,
    SummaryVerb.READ: words.READ_SECTION,
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where an article is: stored, by its id, or a guest, by its token."""

    article: int = 0
    token: str = ""

    def __str__(self) -> str:
        return f"g{self.token}" if self.token else f"a{encode_number(self.article)}"

    @classmethod
    def read(cls, text: str) -> Shelf:
        """Read what ``str`` wrote."""
        return cls(token=text[1:]) if text.startswith("g") else cls(article=int(text[1:], 36))


@dataclass(frozen=True, slots=True)
class SummaryPress:
    """A press. ``argument``: a page, or a place in a section; ``chosen``: what was chosen in a menu."""

    verb: SummaryVerb
    shelf: Shelf
    argument: str = ""
    chosen: str = ""

    @property
    def custom_id(self) -> str:
        """The press as Discord keeps it."""
        return f"pqs:{self.verb.value}:{self.shelf}:{self.argument}"

    @classmethod
    def of_match(cls, match: re.Match[str]) -> SummaryPress:
        """Make a press of the parts of its custom_id."""
        return cls(SummaryVerb(match["verb"]), Shelf.read(match["shelf"]), match["argument"])

    @classmethod
    def read(cls, custom_id: str | None) -> SummaryPress | None:
        """Read a custom_id, or return None where it is none of these."""
        match = _ANY.fullmatch(custom_id or "")
        return cls.of_match(match) if match else None


_REST = r":(?P<shelf>a[0-9a-z]{1,13}|g[0-9a-f]{12}):(?P<argument>[\w.-]{0,60})"
_BUTTON = rf"pqs:(?P<verb>[eftpa]){_REST}"
_MENU = rf"pqs:(?P<verb>[lsr]){_REST}"
_ANY = re.compile(rf"pqs:(?P<verb>[leftsrpa]){_REST}")


class SummaryButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_BUTTON):
    """A button, as its press says."""

    def __init__(self, press: SummaryPress, *, label: str | None = None, disabled: bool = False) -> None:
        super().__init__(ui.Button(label=label or _LABELS[press.verb], custom_id=press.custom_id, disabled=disabled))
        self.press = press

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what Discord sent back."""
        return cls(SummaryPress.of_match(match), label="-")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press on."""
        interaction.client.dispatch(SUMMARY_EVENT, interaction, self.press)


class SummaryMenu(ui.DynamicItem[ui.Select[ui.LayoutView]], template=_MENU):
    """A menu of lines or of sections."""

    def __init__(self, press: SummaryPress, options: Sequence[discord.SelectOption] = ()) -> None:
        super().__init__(
            ui.Select(
                custom_id=press.custom_id, placeholder=_PLACEHOLDERS[press.verb], options=list(options[:OPTION_LIMIT])
            )
        )
        self.press = press

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls(SummaryPress.of_match(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was chosen."""
        if self.item.values:
            chosen = replace(self.press, chosen=self.item.values[0])
            interaction.client.dispatch(SUMMARY_EVENT, interaction, chosen)


def read_menu(message: discord.Message) -> tuple[str, ...]:
    """Return the values of the message's menu of lines, in order."""
    for child in _children(message):
        if isinstance(child, discord.SelectMenu):
            press = SummaryPress.read(child.custom_id)
            if press is not None and press.verb is SummaryVerb.LINE:
                return tuple(option.value for option in child.options)
    return ()


def read_offers(message: discord.Message) -> tuple[frozenset[SummaryVerb], tuple[str, str] | None]:
    """Return what a summary's buttons offer, and the label and address of its link button, if it has one."""
    verbs: set[SummaryVerb] = set()
    link = None
    for child in _children(message):
        if isinstance(child, discord.Button):
            press = SummaryPress.read(child.custom_id)
            verbs |= {press.verb} if press is not None and not child.disabled else set()
            link = (child.label or "", child.url) if child.url else link
    return frozenset(verbs), link


def page_of(message: discord.Message) -> str | None:
    """Return the address of the page that a summary's link button leads to; a link to a message is no page."""
    _, link = read_offers(message)
    return None if link is None or link[1].startswith(_MESSAGES) else link[1]


def _children(message: discord.Message) -> Iterator[Any]:
    waiting: list[Any] = list(message.components)
    while waiting:
        part = waiting.pop(0)
        yield part
        waiting = [*getattr(part, "children", ()), *waiting]
