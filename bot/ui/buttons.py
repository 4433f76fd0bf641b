"""The buttons under answers. Each carries all it needs in its custom_id, so it works after a restart too."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

import discord
from discord import ButtonStyle, ui

from bot.ui import answer_words, asking_words, question_words, words
from bot.ui.anchors import Anchor, encode_number, join_anchors, split_anchors

BUTTON_EVENT = "answer_button"
"""Dispatched by the client as ``on_answer_button(interaction, press)`` when one of these buttons is pressed."""
CUSTOM_ID_LIMIT = 100


class Verb(StrEnum):
    """What a button does; the values stand in messages that were sent long ago, so they never change."""

    EARLIER = "e"
    LATER = "l"
    SOURCE = "s"
    VERIFY = "v"
    POST = "p"
    REMOVE = "r"
    CLOSEST = "c"
    ASK = "a"
    HELPFUL = "h"
    NOT_HELPFUL = "n"
    MORE = "m"
    FOLLOW_UP = "f"


_LABELS = {
    Verb.EARLIER: answer_words.EARLIER,
    Verb.LATER: answer_words.LATER,
    Verb.SOURCE: answer_words.SOURCE,
    Verb.VERIFY: answer_words.VERIFY,
    Verb.POST: answer_words.POST,
    Verb.REMOVE: words.REMOVE,
    Verb.CLOSEST: answer_words.SHOW_CLOSEST,
    Verb.ASK: asking_words.ASK_BUTTON,
    Verb.HELPFUL: question_words.HELPFUL,
    Verb.NOT_HELPFUL: question_words.NOT_HELPFUL,
    Verb.MORE: question_words.MORE,
    Verb.FOLLOW_UP: question_words.FOLLOW_UP,
}


@dataclass(frozen=True, slots=True)
class Press:
    """What a button says when it is pressed.

    ``number``: of the card among a message's (Earlier, Later), whose answer it is (Remove: a member's id), or of the
    question as it is kept (Helpful, Not helpful, Follow up; with what was shown, :func:`join_more`, More).
    ``guild``: whose articles they are, where the message is in no guild.
    """

    verb: Verb
    anchors: tuple[Anchor, ...] = ()
    number: int = 0
    guild: int | None = None

    @property
    def custom_id(self) -> str:
        """The press as Discord keeps it; anchors that do not fit are left out."""
        guild = "" if self.guild is None else encode_number(self.guild)
        head = f"pq:{self.verb.value}:{encode_number(self.number)}:{guild}:"
        return head + join_anchors(self.anchors, CUSTOM_ID_LIMIT - len(head))

    @classmethod
    def read(cls, custom_id: str | None) -> Press | None:
        """Read a custom_id, or return None where it is not of these buttons."""
        match = _PATTERN.fullmatch(custom_id or "")
        return cls.of_match(match) if match else None

    @classmethod
    def of_match(cls, match: re.Match[str]) -> Press:
        """Make a press of the parts of its custom_id."""
        guild = int(match["guild"], 36) if match["guild"] else None
        return cls(Verb(match["verb"]), split_anchors(match["anchors"]), int(match["number"], 36), guild)

    def at(self, anchor: Anchor) -> Press:
        """Return the press with another passage."""
        return replace(self, anchors=(anchor,))


_TEMPLATE = r"pq:(?P<verb>[elsvprcahnmf]):(?P<number>[0-9a-z]{1,13}):(?P<guild>[0-9a-z]{0,13}):(?P<anchors>[\w.,-]*)"
_PATTERN = re.compile(_TEMPLATE)


_MOST_SHOWN = 32


def join_more(question: int, shown: int) -> int:
    """Return the number of a More button: of the question, and how many passages were shown of it (0 to 31)."""
    return question * _MOST_SHOWN + min(shown, _MOST_SHOWN - 1)


def split_more(number: int) -> tuple[int, int]:
    """Return what :func:`join_more` was given."""
    return divmod(number, _MOST_SHOWN)


class AnswerButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_TEMPLATE):
    """One of the buttons, as its press says."""

    def __init__(self, press: Press, *, disabled: bool = False) -> None:
        style = ButtonStyle.primary if press.verb is Verb.ASK else ButtonStyle.secondary
        super().__init__(
            ui.Button(label=_LABELS[press.verb], custom_id=press.custom_id, disabled=disabled, style=style)
        )
        self.press = press

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what Discord sent back."""
        return cls(Press.of_match(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to whoever answers it."""
        interaction.client.dispatch(BUTTON_EVENT, interaction, self.press)
