"""What every press of a button needs: whose articles it is about, and what was asked there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.ui import words
from bot.ui.access import is_member
from bot.ui.buttons import AnswerButton, Press, Verb, split_more
from bot.ui.layout import Card
from bot.ui.text import unescape
from bot.ui.unfolding import read_cards

_MENTION = re.compile(r"<@!?\d+>")
_QUESTION_VERBS = frozenset({Verb.HELPFUL, Verb.NOT_HELPFUL, Verb.FOLLOW_UP})
_CUT = "…"


class Refused(Exception):
    """A press that cannot be answered; its message is what the member is told."""


async def guild_of_press(interaction: discord.Interaction[Any], press: Press) -> int:
    """Return whose articles a press is about. In a direct message the member must still be in that guild."""
    if interaction.guild_id is not None:
        return interaction.guild_id
    guild = interaction.client.get_guild(press.guild) if press.guild is not None else None
    if guild is None or not await is_member(guild, interaction.user.id):
        raise Refused(words.NOT_A_MEMBER)
    return int(guild.id)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message of ours shows of a question.

    ``number``: under which it is kept, 0 where it is not. ``text``: the question, where it stands in the message whole;
    ``quoted``: (article id, position) of its quotes; ``guild``: whose articles they are, where the message says so.
    """

    number: int = 0
    text: str = ""
    quoted: tuple[tuple[int, int], ...] = ()
    guild: int | None = None


def read_shown(message: discord.Message) -> Shown:
    """Read what one of the bot's own messages shows of a question; nothing where it is no answer."""
    cards = read_cards(message)
    presses = [button.press for card in cards for button in card.buttons if isinstance(button, AnswerButton)]
    places = [(anchor.article, anchor.position) for press in presses if press.verb is Verb.SOURCE
              for anchor in press.anchors]  # fmt: skip
    guild = next((press.guild for press in presses if press.guild is not None), None)
    return Shown(number_in(presses), _question_in(cards), tuple(places), guild)


def number_in(presses: Sequence[Press]) -> int:
    """Return the number of the question that buttons are about, 0 where it is not kept."""
    for press in presses:
        if press.verb in _QUESTION_VERBS and press.number:
            return press.number
        if press.verb is Verb.MORE and press.number:
            return split_more(press.number)[0]
    return 0


def has_question_rows(cards: Sequence[Card]) -> bool:
    """Tell whether a message offers what can be done about a question."""
    presses = [button.press for card in cards for button in card.buttons if isinstance(button, AnswerButton)]
    return any(press.verb is Verb.FOLLOW_UP for press in presses)


def _question_in(cards: Sequence[Card]) -> str:
    prefix = words.asked("")
    for card in cards:
        for text in card.texts:
            if text.startswith(prefix) and not text.endswith(_CUT):
                return unescape(text.removeprefix(prefix))
    return ""


async def question_replied_to(message: discord.Message) -> str:
    """Return the text of the message that one of ours replies to, without mentions; ``""`` where it is gone."""
    reference = message.reference
    if reference is None or reference.message_id is None:
        return ""
    found = reference.resolved
    if not isinstance(found, discord.Message):
        try:
            found = await message.channel.fetch_message(reference.message_id)
        except (discord.NotFound, discord.Forbidden):
            return ""
    return " ".join(_MENTION.sub(" ", found.content).split())
