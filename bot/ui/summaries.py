"""A summary as Discord shows it: the article's own sentences in order, under their headings, each with its ¶ link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from discord import ui

from bot.engine.records.articles import Article
from bot.engine.records.summaries import Summary
from bot.engine.summaries.contents import is_long
from bot.ui import answer_words, summary_words
from bot.ui.language import translate
from bot.ui.layout import COMPONENT_LIMIT, MESSAGE_LIMIT, TEXT_LIMIT, Accent, Card, build_view, notice
from bot.ui.quotes import article_link
from bot.ui.summary_buttons import OPTION_LIMIT, Shelf, SummaryButton, SummaryMenu, SummaryPress, SummaryVerb
from bot.ui.summary_lines import Entry, Line, Links, draw_entries, make_lines, make_options, set_open
from bot.ui.text import LONGEST_URL, cut, escape

_TOPIC_UNITS = 100
# One menu, and a row of at most four buttons.
_ROW_COMPONENTS = 2 + 5


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered with a summary.

    ``shelf``: where the article is. ``can_add``: whether the reader may add it to the library. ``link``: the label and
    address of a button that leads where it came from. ``has_contents``: its table of contents.
    """

    shelf: Shelf
    can_add: bool = False
    link: tuple[str, str] | None = None
    has_contents: bool = False

    @classmethod
    def of(
        cls, article: Article, *, token: str = "", can_add: bool = False, link: tuple[str, str] | None = None
    ) -> Offer:
        """Offer what an article has."""
        where = link if link is not None and len(link[1]) <= LONGEST_URL else None
        return cls(Shelf(article.id, token), can_add, where, is_long(article))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message of a summary: its opening texts, its lines, what it offers besides."""

    opening: tuple[str, ...]
    lines: tuple[Line, ...]
    offer: Offer
    is_last: bool = True


def summary_views(
    summary: Summary, article: Article, links: Links, offer: Offer | None = None, *, opening: Sequence[str] = ()
) -> list[ui.LayoutView]:
    """Draw a summary as one message or several. A sentence that is not shown exactly is dropped and logged.

    ``links``: as :func:`bot.ui.summary_lines.find_links` found them. ``opening``: lines of ours above it.
    """
    offer = offer or Offer.of(article)
    about = escape(cut(summary.about, _TOPIC_UNITS))
    lines = make_lines(summary.sentences, article)
    if not lines and summary.about:
        return [notice(summary_words.nothing_about(article_link(summary.article), about))]
    if not lines:
        return [notice(summary_words.NOTHING_TO_SUMMARISE)]
    head = [*opening, summary_words.summary_title(article_link(summary.article), about)]
    head += [translate(summary_words.NOT_STORED)] if offer.shelf.token else []
    head += [translate(summary_words.TOO_SHORT_TO_SUMMARISE)] if summary.is_too_short else []
    sheets = _deal(lines, article, links, ("\n".join(head),), offer)
    views = [view for sheet in sheets for view in draw_sheet(sheet, article, links)]
    if len(views) > MESSAGE_LIMIT:
        views = [*views[:MESSAGE_LIMIT], build_view([Card((summary_words.REST_OF_SUMMARY,))])]
    return views


def _deal(lines: Sequence[Line], article: Article, links: Links, opening: tuple[str, ...], offer: Offer) -> list[Sheet]:
    """Deal the lines out to as many messages as they need."""
    sheets: list[Sheet] = []
    own: list[Line] = []
    for line in lines:
        sheet = Sheet(opening if not sheets else (), (*own, line), offer)
        if own and (len(own) >= OPTION_LIMIT or not fits(sheet, article, links)):
            sheets.append(replace(sheet, lines=tuple(own), is_last=False))
            own = []
        own.append(line)
    return [*sheets, Sheet(opening if not sheets else (), tuple(own), offer)]


def fits(sheet: Sheet, article: Article, links: Links) -> bool:
    """Tell whether lines fit into one message."""
    return len(_cards(sheet, article, links)) == 1


def draw_sheet(sheet: Sheet, article: Article, links: Links) -> list[ui.LayoutView]:
    """Draw one message, or more where a single line is too long for one."""
    pages = _cards(sheet, article, links)
    views = [build_view(cards) for cards in pages[:-1]]
    return [*views, build_view(pages[-1], *_rows(sheet, article))]


def _cards(sheet: Sheet, article: Article, links: Links) -> list[list[Card]]:
    """Put entries into as many messages as they need, the opening above the first."""
    head = [Card(sheet.opening)] if sheet.opening else []
    room = TEXT_LIMIT - sum(card.text_units for card in head)
    most = COMPONENT_LIMIT - _ROW_COMPONENTS - 1 - sum(card.components for card in head)
    pages: list[list[str]] = [[]]
    taken = 0
    for entry in draw_entries(sheet.lines, article, links, room):
        texts = _texts(entry)
        if pages[-1] and (taken + entry.text_units > room or len(pages[-1]) + len(texts) > most):
            pages.append([])
            taken = 0
        pages[-1] += texts
        taken += entry.text_units
    cards = [[Card(tuple(texts), Accent.SUMMARY)] for texts in pages]
    cards[0][:0] = head
    return cards


def _texts(entry: Entry) -> list[str]:
    texts = [entry.path] if entry.path else []
    texts += entry.texts
    if entry.has_gap:
        texts[-1] = f"{texts[-1]}\n{answer_words.GAP}"
    return texts


def _rows(sheet: Sheet, article: Article) -> list[ui.ActionRow[Any]]:
    offer = sheet.offer
    options = make_options(sheet.lines, article)
    rows: list[ui.ActionRow[Any]] = []
    items: list[ui.Item[Any]] = []
    if any(_can_unfold(line, article) for line in sheet.lines):
        rows.append(ui.ActionRow(SummaryMenu(SummaryPress(SummaryVerb.LINE, offer.shelf), options)))
        verb = SummaryVerb.FOLD if any(line.is_open for line in sheet.lines) else SummaryVerb.EXPAND
        items.append(SummaryButton(SummaryPress(verb, offer.shelf)))
    if sheet.is_last:
        if offer.has_contents:
            items.append(SummaryButton(SummaryPress(SummaryVerb.CONTENTS, offer.shelf, "0")))
        if offer.can_add:
            items.append(SummaryButton(SummaryPress(SummaryVerb.ADD, offer.shelf)))
        if offer.link is not None:
            items.append(ui.Button(label=offer.link[0], url=offer.link[1]))
    return [*rows, ui.ActionRow(*items)] if items else rows


def _can_unfold(line: Line, article: Article) -> bool:
    found = line.find(article)
    return found is not None and found[1] != (found[0].start, found[0].end)


def unfold_all(sheet: Sheet, article: Article, links: Links) -> Sheet:
    """Unfold as many of a message's lines as it has room for, from the top."""
    opened: list[int] = []
    for number in range(len(sheet.lines)):
        tried = replace(sheet, lines=tuple(set_open(sheet.lines, [*opened, number])))
        if fits(tried, article, links):
            opened.append(number)
    return replace(sheet, lines=tuple(set_open(sheet.lines, opened)))


def make_room(sheet: Sheet, chosen: int, article: Article, links: Links) -> Sheet | None:
    """Return a message with the chosen line unfolded, the others folded if need be; None where none has room."""
    alone = replace(sheet, lines=tuple(set_open(sheet.lines, [chosen])))
    return next((tried for tried in (sheet, alone) if fits(tried, article, links)), None)
