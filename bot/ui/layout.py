"""Cards into messages: Components V2 layouts within Discord's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from discord import ui

from bot.ui.language import translate
from bot.ui.text import units
from bot.ui.translating import translate_items

TEXT_LIMIT = 4000
"""Text of one message over all its components: discord.py's LayoutView.content_length."""
COMPONENT_LIMIT = 40
"""Components of one message, nested ones included."""
MESSAGE_LIMIT = 10
"""Messages that one answer may take; what is left out is said."""


class Accent(IntEnum):
    """The colour at a card's side."""

    QUOTE = 0x3E7CB1
    UNSURE = 0xC9A227
    SUMMARY = 0x6B5CA5
    DONE = 0x4E937A
    NOTHING = 0x8C8C8C
    REFUSED = 0xC1553B


@dataclass(frozen=True, slots=True)
class Card:
    """Texts that belong together, with a row of buttons below, in one container; without an accent they stand bare.

    Whole sentences of ours become the reader's language here, before anything is measured.
    """

    texts: tuple[str, ...]
    accent: int | None = None
    buttons: tuple[ui.Item[Any], ...] = ()

    def __post_init__(self) -> None:
        """Translate what is a whole sentence of ours; a quote begins with a mark that none of ours has."""
        object.__setattr__(self, "texts", tuple(map(translate, self.texts)))
        translate_items(self.buttons)

    @property
    def text_units(self) -> int:
        """How much of the text limit the card takes."""
        return sum(units(text) for text in self.texts)

    @property
    def components(self) -> int:
        """How much of the component limit the card takes."""
        row = 1 + len(self.buttons) if self.buttons else 0
        return len(self.texts) + (self.accent is not None) + row


def pack(cards: Iterable[Card], *, limit: int = TEXT_LIMIT, component_limit: int = COMPONENT_LIMIT) -> list[list[Card]]:
    """Put cards into messages in order, as many in each as fit. No card may be over a limit by itself."""
    messages: list[list[Card]] = []
    text_units = components = 0
    for card in cards:
        text_units += card.text_units
        components += card.components
        if not messages or text_units > limit or components > component_limit:
            messages.append([])
            text_units, components = card.text_units, card.components
        messages[-1].append(card)
    return messages


def build_view(cards: Sequence[Card], *rows: ui.ActionRow[Any]) -> ui.LayoutView:
    """Draw one message. Nothing in it waits for an answer, so it is never kept in memory."""
    view = ui.LayoutView(timeout=None)
    for card in cards:
        items: list[ui.Item[Any]] = [ui.TextDisplay(text) for text in card.texts]
        if card.buttons:
            items.append(ui.ActionRow(*card.buttons))
        if card.accent is None:
            for item in items:
                view.add_item(item)
        else:
            view.add_item(ui.Container(*items, accent_colour=int(card.accent)))
    translate_items(rows)
    for row in rows:
        view.add_item(row)
    return view


def notice(text: str, accent: Accent = Accent.NOTHING) -> ui.LayoutView:
    """Draw one message that says one thing: a layout like all others, because a message cannot stop being one."""
    return build_view([Card((text,), accent)])
