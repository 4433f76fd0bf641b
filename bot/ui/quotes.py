"""An answer as Discord shows it: each quote in a card, its heading path above, its source below."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from discord import ui

from bot.engine.records.answers import Answer, AnswerState, Quote
from bot.engine.records.articles import Article, ArticleDetails, ArticleRef
from bot.engine.records.passages import Span
from bot.ui import answer_words, words
from bot.ui.buttons import AnswerButton, Press, Verb
from bot.ui.fragments import link_to_sentence
from bot.ui.language import as_is, translate
from bot.ui.layout import COMPONENT_LIMIT, MESSAGE_LIMIT, TEXT_LIMIT, Accent, Card, build_view, notice, pack
from bot.ui.offers import Offers
from bot.ui.parts import quote_part, split
from bot.ui.places import place_line
from bot.ui.text import cut, escape, link_target, shown, units

log = logging.getLogger(__name__)

PART_LIMIT = 6
"""Messages that one passage may take; a still longer one ends with a line that says how much is left."""
_TITLE_UNITS = 150
_PATH_UNITS = 200
_ABOUT_UNITS = 120
_QUESTION_UNITS = 200
_WORD_UNITS = 40
_CORRECTIONS = 4
_PART_LABEL_UNITS = 200


def answer_views(
    answer: Answer,
    *,
    question: str | None = None,
    origin: str | None = None,
    is_one_article: bool = False,
    offers: Offers | None = None,
) -> list[ui.LayoutView]:
    """Draw an answer as one message or several, best quote first.

    ``question`` is shown above the quotes where it is given, so is ``origin`` (a line of Discord markup), and where the
    quotes may not answer, that. A quote whose shown characters are not exactly its text is dropped and logged.
    """
    opening = [] if origin is None else [origin]
    corrected = corrections_line(answer)
    if not answer.answered or not answer.quotes:
        absent = translate(answer_words.NOT_IN_THIS_ARTICLE if is_one_article else answer_words.NOT_IN_THE_ARTICLES)
        return [_nothing([*opening, f"{absent}\n{corrected}" if corrected else absent], offers)]
    opening += [] if question is None else [question_line(question)]
    opening += [corrected] if corrected else []
    accent = Accent.QUOTE
    if answer.state is AnswerState.UNSURE:
        accent = Accent.UNSURE
        opening.append(answer_words.UNSURE if len(answer.quotes) > 1 else answer_words.UNSURE_ONE)
    views = quote_views(answer.quotes, opening, offers, accent=accent)
    return views or [notice(answer_words.NOTHING_TO_SHOW, Accent.REFUSED)]


def question_line(question: str) -> str:
    """Draw the question as it heads an answer."""
    return answer_words.asked(escape(cut(question, _QUESTION_UNITS)))


def corrections_line(answer: Answer) -> str | None:
    """Draw which words were searched for in place of misspelt ones, or None."""
    pairs = [
        answer_words.correction(escape(cut(typed, _WORD_UNITS)), escape(cut(found, _WORD_UNITS)))
        for typed, found in answer.corrections[:_CORRECTIONS]
    ]
    return answer_words.corrected(", ".join(pairs)) if pairs else None


def _nothing(texts: Sequence[str], offers: Offers | None) -> ui.LayoutView:
    anchor = offers.anchor(offers.nearest) if offers and offers.nearest else None
    presses = [Press(Verb.CLOSEST, (anchor,), guild=offers.guild)] if offers and anchor else []
    if offers is not None and offers.asker is not None:
        presses.append(Press(Verb.REMOVE, number=offers.asker))
    return build_view([Card(tuple(texts), Accent.NOTHING, tuple(AnswerButton(press) for press in presses))])


def quote_views(
    quotes: Sequence[Quote], opening: Sequence[str], offers: Offers | None = None, *, accent: int = Accent.QUOTE
) -> list[ui.LayoutView]:
    """Draw quotes below opening lines (Discord markup); no message at all where none of them can be shown."""
    head = [Card(tuple(opening))] if opening else []
    budget = TEXT_LIMIT - sum(card.text_units for card in head)
    row = offers.remove_row() if offers else None
    room = COMPONENT_LIMIT - sum(card.components for card in [*head, *([row] if row else [])])
    cards: list[Card] = []
    shown_quotes: list[Quote] = []
    for index, quote in enumerate(quotes):
        beside = [Span(other.start, other.end) for other in quotes
                  if other is not quote and other.article.id == quote.article.id]  # fmt: skip
        new = quote_cards(quote, budget, accent, number=index, offers=offers, beside=beside)
        if len(pack([*cards, *new], limit=budget, component_limit=room)) >= MESSAGE_LIMIT:
            cards.append(Card((answer_words.more_quotes(len(quotes) - index),)))
            break
        shown_quotes += [quote] if new else []
        cards += new
    if not shown_quotes:
        return []
    messages = pack(cards, limit=budget, component_limit=room)
    if offers is not None:
        anchors = [anchor for quote in shown_quotes if (anchor := offers.anchor(quote))]
        add_rows(messages, offers.closing_rows(anchors), room)
    messages[:-1] = [[*message, row] if row else message for message in messages[:-1]]
    # What can be posted is posted from its last message, which the bot is then handed alone: the question with it.
    again = offers is not None and offers.can_post and len(messages) > 1
    messages[0][:0] = head
    messages[-1][:0] = head if again else []
    return [build_view(message) for message in messages]


def add_rows(messages: list[list[Card]], rows: Sequence[Card], room: int) -> None:
    """Put rows of buttons below the last message, all in one place: in a message of their own where it is full."""
    needed = sum(row.components for row in rows)
    if sum(card.components for card in messages[-1]) + needed > room:
        messages.append([])
    messages[-1] += rows


def quote_cards(
    quote: Quote,
    budget: int = TEXT_LIMIT,
    accent: int = Accent.QUOTE,
    *,
    number: int = 0,
    offers: Offers | None = None,
    beside: Sequence[Span] = (),
) -> list[Card]:
    """Draw one quote as a card, or a card per part; none where what would be shown is not exactly the quote's text.

    ``number`` tells the card's buttons from those of the message's other cards; ``beside``: what else of the article
    is quoted.
    """
    path = article_path(quote.headings)
    title = article_link(quote.article)
    anchor = offers.anchor(quote) if offers else None
    strip = ""
    if offers is not None:
        if anchor is None:
            log.error("Quote dropped: article %d does not hold passage %d", quote.article.id, quote.position)
            return []
        article = offers.articles[quote.article.id]
        title = _with_deep_link(title, quote, article)
        strip = place_line(article, Span(quote.start, quote.end), beside)
    title = " · ".join([title, *article_facts(quote.article)])
    room = budget - units(path or "") - units(title) - units(strip) - _PART_LABEL_UNITS
    spans = split(quote.text, quote.highlight, room)
    parts = [quote_part(quote.text, quote.highlight, span) for span in spans[:PART_LIMIT]]
    if not is_exact(parts, quote.text, spans[: len(parts)]):
        log.error("Quote dropped: article %d, passage %d is not shown as stored", quote.article.id, quote.position)
        return []
    cards = []
    for count, part in enumerate(parts, start=1):
        texts = [path] if path and count == 1 else []
        source = answer_words.source_line(title, quote.position, quote.passage_count, count, len(spans))
        texts += [part, as_is(f"{source}\n{strip}") if strip and count == 1 else source]
        if count == PART_LIMIT < len(spans):
            texts.append(answer_words.rest_of_passage(len(quote.text) - spans[count - 1].end))
        buttons: list[AnswerButton] = []
        if offers is not None and anchor is not None:
            buttons = offers.neighbours(quote, anchor, number, first=count == 1, last=count == len(spans))
        cards.append(Card(tuple(texts), accent, tuple(buttons)))
    return cards


def _with_deep_link(title: str, quote: Quote, article: Article) -> str:
    start, end = quote.highlight[0] if quote.highlight else Span(0, len(quote.text))
    link = link_to_sentence(article.url, article.text, Span(quote.start + start, quote.start + end))
    return f"{title} · {answer_words.read_there(link)}" if link else title


def is_exact(parts: Sequence[str], text: str, spans: Sequence[Span]) -> bool:
    """Tell whether what a reader sees of the parts is the text, from its beginning to the last span's end."""
    return "".join(shown(part) for part in parts) == text[: spans[-1].end]


def article_path(headings: Sequence[str]) -> str | None:
    """Draw a heading path, outermost first, or None."""
    path = cut(" › ".join(headings), _PATH_UNITS)
    return answer_words.heading_path(escape(path)) if path else None


def article_facts(article: ArticleRef) -> list[str]:
    """Draw what is known of an article besides its title: author, site and date, and as of when its page was read."""
    as_of = words.as_of(article.as_of) if article.as_of is not None else ""
    return [fact for fact in (article_about(article.details), as_of) if fact]


def article_about(details: ArticleDetails) -> str:
    """Draw who wrote an article, where and when, as far as the source says so."""
    known = ", ".join(part for part in (details.author, details.site, details.published) if part)
    return escape(cut(known, _ABOUT_UNITS))


def article_link(article: ArticleRef) -> str:
    """Draw an article's title, as a link where it came from the web."""
    name = cut(article.title, _TITLE_UNITS)
    title = escape(name)
    target = link_target(article.url)
    # Discord shows a link whose own text is an address as raw markup.
    return f"[{title}](<{target}>)" if target and title and "://" not in name else title
