"""An answer as Discord shows it: each quote in a card, its heading path above, its source below."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from discord import ui

from bot.engine.records import Answer, AnswerState, ArticleRef, Quote, Span
from bot.ui import words
from bot.ui.layout import MESSAGE_LIMIT, TEXT_LIMIT, Accent, Card, build_view, notice, pack
from bot.ui.parts import quote_part, split
from bot.ui.text import cut, escape, link_target, shown, units

log = logging.getLogger(__name__)

PART_LIMIT = 6
"""Messages that one passage may take; a still longer one ends with a line that says how much is left."""
_TITLE_UNITS = 150
_PATH_UNITS = 200
_QUESTION_UNITS = 200
_WORD_UNITS = 40
_CORRECTIONS = 4
_PART_LABEL_UNITS = 200


def answer_views(answer: Answer, *, question: str | None = None, is_one_article: bool = False) -> list[ui.LayoutView]:
    """Draw an answer as one message or several, best quote first.

    ``question`` is shown above the quotes where it is given, and where they may not answer, that. A quote whose shown
    characters are not exactly its text is dropped and logged.
    """
    corrected = corrections_line(answer)
    if not answer.answered or not answer.quotes:
        absent = words.NOT_IN_THIS_ARTICLE if is_one_article else words.NOT_IN_THE_ARTICLES
        return [notice(f"{absent}\n{corrected}" if corrected else absent)]
    cards: list[Card] = []
    heading = [] if question is None else [words.asked(escape(cut(question, _QUESTION_UNITS)))]
    heading += [corrected] if corrected else []
    if heading:
        cards.append(Card(tuple(heading)))
    accent = Accent.QUOTE
    if answer.state is AnswerState.UNSURE:
        accent = Accent.UNSURE
        cards.append(Card((words.UNSURE if len(answer.quotes) > 1 else words.UNSURE_ONE,)))
    budget = TEXT_LIMIT - sum(card.text_units for card in cards)
    has_quotes = False
    for index, quote in enumerate(answer.quotes):
        new = quote_cards(quote, budget, accent)
        if len(pack([*cards, *new])) >= MESSAGE_LIMIT:
            cards.append(Card((words.more_quotes(len(answer.quotes) - index),)))
            break
        has_quotes = has_quotes or bool(new)
        cards += new
    if not has_quotes:
        return [notice(words.NOTHING_TO_SHOW, Accent.REFUSED)]
    return [build_view(message) for message in pack(cards)]


def corrections_line(answer: Answer) -> str | None:
    """Draw which words were searched for in place of misspelt ones, or None."""
    pairs = [
        words.correction(escape(cut(typed, _WORD_UNITS)), escape(cut(found, _WORD_UNITS)))
        for typed, found in answer.corrections[:_CORRECTIONS]
    ]
    return words.corrected(", ".join(pairs)) if pairs else None


def quote_cards(quote: Quote, budget: int = TEXT_LIMIT, accent: Accent = Accent.QUOTE) -> list[Card]:
    """Draw one quote as a card, or a card per part; none where what would be shown is not exactly the quote's text."""
    path = article_path(quote.headings)
    title = article_link(quote.article)
    room = budget - units(path or "") - units(title) - _PART_LABEL_UNITS
    spans = split(quote.text, quote.highlight, room)
    parts = [quote_part(quote.text, quote.highlight, span) for span in spans[:PART_LIMIT]]
    if not is_exact(parts, quote.text, spans[: len(parts)]):
        log.error("Quote dropped: article %d, passage %d is not shown as stored", quote.article.id, quote.position)
        return []
    cards = []
    for number, part in enumerate(parts, start=1):
        texts = [path] if path and number == 1 else []
        texts += [part, words.source_line(title, quote.position, quote.passage_count, number, len(spans))]
        if number == PART_LIMIT < len(spans):
            texts.append(words.rest_of_passage(len(quote.text) - spans[number - 1].end))
        cards.append(Card(tuple(texts), accent))
    return cards


def is_exact(parts: Sequence[str], text: str, spans: Sequence[Span]) -> bool:
    """Tell whether what a reader sees of the parts is the text, from its beginning to the last span's end."""
    return "".join(shown(part) for part in parts) == text[: spans[-1].end]


def article_path(headings: Sequence[str]) -> str | None:
    """Draw a heading path, outermost first, or None."""
    path = cut(" › ".join(headings), _PATH_UNITS)
    return words.heading_path(escape(path)) if path else None


def article_link(article: ArticleRef) -> str:
    """Draw an article's title, as a link where it came from the web."""
    name = cut(article.title, _TITLE_UNITS)
    title = escape(name)
    target = link_target(article.url)
    # Discord shows a link whose own text is an address as raw markup.
    return f"[{title}](<{target}>)" if target and title and "://" not in name else title
