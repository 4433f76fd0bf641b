"""What every press of a button needs: whose articles it is about, and what was asked there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.engine.scopes.records import Viewer
from bot.ui import answer_words, asking_words
from bot.ui.access import find_member
from bot.ui.buttons import AnswerButton, Press, Verb, split_more
from bot.ui.catalogs import ENGLISH, read_catalogs, shape_of
from bot.ui.discretion import Discretion
from bot.ui.failures import Refused
from bot.ui.layout import Card
from bot.ui.text import unescape
from bot.ui.unfolding import read_cards

_MENTION = re.compile(r"<@!?\d+>")
_QUESTION_VERBS = frozenset({Verb.HELPFUL, Verb.NOT_HELPFUL, Verb.FOLLOW_UP})
_CUT = "…"


async def viewer_of_press(
    interaction: discord.Interaction[Any], press: Press, discretion: Discretion, *, private: bool
) -> tuple[int, Viewer]:
    """Return whose articles a press is about, and who will see what it shows, by their roles of now.

    In a direct message the member must still be in the guild: raises Refused.
    """
    if interaction.guild_id is not None:
        return interaction.guild_id, await discretion.viewer(interaction, private=private)
    guild = interaction.client.get_guild(press.guild) if press.guild is not None else None
    member = None if guild is None else await find_member(guild, interaction.user.id)
    if member is None:
        raise Refused(asking_words.NOT_A_MEMBER)
    return member.guild.id, await discretion.member(member)


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
    """Return the question that heads an answer, in whatever language that was sent; ``""`` where it was cut."""
    shapes = [
        shape_of(catalog.sentence(answer_words.QUESTION_LINE)) for catalog in (ENGLISH, *read_catalogs().values())
    ]
    for text in (text for card in cards for text in card.texts):
        for shape in shapes:
            match = shape.fullmatch(text)
            if match and not text.endswith(_CUT):
                return unescape(match[1])
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
