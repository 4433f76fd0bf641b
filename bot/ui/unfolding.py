"""Reading a sent message back into cards, and unfolding a neighbouring passage in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

import discord
from discord import ui

from bot.engine.records.answers import Quote
from bot.engine.records.passages import Span
from bot.ui import summary_words
from bot.ui.anchors import Anchor
from bot.ui.buttons import AnswerButton, Press, Verb
from bot.ui.layout import COMPONENT_LIMIT, TEXT_LIMIT, Accent, Card
from bot.ui.parts import quote_part
from bot.ui.quotes import article_path, is_exact
from bot.ui.text import bold_spans, shown

QUOTED = "> "
"""How a text begins that is a quote; everything of ours begins otherwise."""


def read_cards(message: discord.Message) -> list[Card]:
    """Return the cards that a message of this bot was built from. What is no text and no button of ours is left out."""
    return [card for part in message.components for card in _read(part)]


def _read(part: Any) -> Iterator[Card]:
    if isinstance(part, discord.Container):
        inner = [card for child in part.children for card in _read(child)]
        texts = tuple(text for card in inner for text in card.texts)
        buttons = tuple(button for card in inner for button in card.buttons)
        colour = part.accent_colour
        yield Card(texts, colour.value if colour is not None else None, buttons)
    elif isinstance(part, discord.TextDisplay):
        yield Card((part.content,))
    elif isinstance(part, discord.ActionRow):
        yield Card((), None, tuple(_read_buttons(part)))


def _read_buttons(row: discord.ActionRow) -> Iterator[ui.Item[Any]]:
    for child in row.children:
        press = Press.read(child.custom_id) if isinstance(child, discord.Button) else None
        if press is not None and isinstance(child, discord.Button):
            yield AnswerButton(press, disabled=child.disabled)


def quoted_texts(cards: Sequence[Card]) -> list[str]:
    """Return the quotes as they were sent, escaped and with their highlights."""
    return [text for card in cards for text in card.texts if text.startswith(QUOTED)]


def highlight_of(cards: Sequence[Card], passage: str) -> tuple[Span, ...]:
    """Return what is bold where the cards quote a whole passage, as offsets into it."""
    for text in quoted_texts(cards):
        if shown(text) == passage:
            return tuple(bold_spans(text))
    return ()


def opening_lines(cards: Sequence[Card]) -> tuple[str, ...]:
    """Return the lines above the first quote: the question, what was corrected in it, how sure the answer is."""
    above = takewhile(lambda card: card.accent is None and not card.buttons, cards)
    return tuple(text for card in above for text in card.texts)


def accent_of(cards: Sequence[Card]) -> int:
    """Return the colour of the quotes, which tells how sure the answer is."""
    return next((card.accent for card in cards if card.accent is not None), Accent.QUOTE)


def unfold(cards: Sequence[Card], press: Press, neighbour: Quote, anchor: Anchor, *, shares_path: bool) -> list[Card]:
    """Return the cards with a neighbouring passage beside the pressed button's, and the button moved on to it.

    ``shares_path``: whether the neighbour stands under the same headings. Returns nothing where the message has no room
    or the neighbour would not be shown exactly.
    """
    span = Span(0, len(neighbour.text))
    part = quote_part(neighbour.text, (), span)
    if not is_exact([part], neighbour.text, [span]):
        return []
    path = None if shares_path else article_path(neighbour.headings)
    new = (*([path] if path else []), part, summary_words.paragraph(neighbour.position))
    unfolded = [_insert(card, press, new, has_path=path is not None) for card in cards]
    unfolded = [_move(card, press, neighbour, anchor) for card in unfolded]
    fits = sum(card.text_units for card in unfolded) <= TEXT_LIMIT
    return unfolded if fits and sum(card.components for card in unfolded) <= COMPONENT_LIMIT else []


def _insert(card: Card, press: Press, new: tuple[str, ...], *, has_path: bool) -> Card:
    if not any(isinstance(button, AnswerButton) and button.press == press for button in card.buttons):
        return card
    if press.verb is Verb.LATER:
        return replace(card, texts=(*card.texts, *new))
    quotes = [index for index, text in enumerate(card.texts) if text.startswith(QUOTED)]
    at = 0 if has_path or not quotes else quotes[0]
    return replace(card, texts=(*card.texts[:at], *new, *card.texts[at:]))


def _move(card: Card, press: Press, neighbour: Quote, anchor: Anchor) -> Card:
    last = neighbour.position <= 1 if press.verb is Verb.EARLIER else neighbour.position >= neighbour.passage_count
    buttons = [
        AnswerButton(press.at(anchor), disabled=last)
        if isinstance(button, AnswerButton) and button.press == press
        else button
        for button in card.buttons
    ]
    return replace(card, buttons=tuple(buttons))


def disable(cards: Sequence[Card], verb: Verb) -> list[Card]:
    """Return the cards with the buttons of one kind greyed."""
    return [
        replace(
            card,
            buttons=tuple(
                AnswerButton(button.press, disabled=True)
                if isinstance(button, AnswerButton) and button.press.verb is verb
                else button
                for button in card.buttons
            ),
        )
        for card in cards
    ]
