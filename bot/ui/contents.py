"""An article's table of contents, and its sections to read, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.engine.records.articles import Article
from bot.engine.records.passages import Span
from bot.engine.summaries.contents import Section, read_contents
from bot.ui import answer_words, summary_words
from bot.ui.anchors import encode_number
from bot.ui.language import as_is, translate
from bot.ui.layout import COMPONENT_LIMIT, TEXT_LIMIT, Accent, Card, build_view, notice
from bot.ui.parts import quote_part, split
from bot.ui.quotes import article_link, article_path, is_exact
from bot.ui.summary_buttons import (
    LABEL_UNITS,
    OPTION_LIMIT,
    Shelf,
    SummaryButton,
    SummaryMenu,
    SummaryPress,
    SummaryVerb,
)
from bot.ui.summary_lines import line_label
from bot.ui.text import cut, escape, units

_HEADING_UNITS = 90
_TITLE_UNITS = 150
_PATH_UNITS = 200
_REVISION = 8
_PLACE = re.compile(r"([0-9a-z]{1,6})\.([0-9a-z]{1,6})\.([0-9]{1,3})\.([0-9a-f]{8})(?:\.([0-9]{1,6}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A section as a menu remembers it: its first and last passage, its level, and the article's revision."""

    first: int
    last: int
    level: int
    revision: str
    page: int = 0

    def __str__(self) -> str:
        return f"{encode_number(self.first)}.{encode_number(self.last)}.{self.level}.{self.revision}"

    @property
    def argument(self) -> str:
        """The place with its page."""
        return f"{self}.{self.page}"

    @classmethod
    def of(cls, section: Section, article: Article, page: int = 0) -> Place:
        """Remember a section."""
        return cls(section.first, section.last, section.level, article.content_hash[:_REVISION], page)

    @classmethod
    def read(cls, text: str) -> Place | None:
        """Read what ``str`` or ``argument`` wrote, or return None."""
        match = _PLACE.fullmatch(text)
        if match is None:
            return None
        return cls(int(match[1], 36), int(match[2], 36), int(match[3]), match[4], int(match[5] or 0))

    def find(self, article: Article) -> Section | None:
        """Return the section; None where the article has changed since."""
        if article.content_hash[:_REVISION] != self.revision:
            return None
        for section in read_contents(article):
            if (section.first, section.last, section.level) == (self.first, self.last, self.level):
                return section
        return None


def contents_view(article: Article, shelf: Shelf, page: int = 0) -> ui.LayoutView:
    """Draw a page of the table of contents, counted from 0, with menus to summarise or to read one of its sections."""
    sections = read_contents(article)
    if not any(section.path for section in sections):
        return notice(summary_words.NO_CONTENTS)
    pages = -(-len(sections) // OPTION_LIMIT)
    page = min(max(page, 0), pages - 1)
    shown = sections[page * OPTION_LIMIT : (page + 1) * OPTION_LIMIT]
    title = summary_words.contents_title(article_link(article.ref), len(article.passages))
    texts = [title, "\n".join(map(_line, shown))]
    if pages > 1:
        texts.append(summary_words.contents_page(page + 1, pages))
    options = [_option(section, article) for section in shown]
    rows: list[ui.ActionRow[Any]] = [
        ui.ActionRow(SummaryMenu(SummaryPress(verb, shelf, str(page)), options))
        for verb in (SummaryVerb.SUMMARISE, SummaryVerb.READ)
    ]
    turns = _turns(SummaryVerb.CONTENTS, shelf, str(page - 1), str(page + 1), first=page == 0, last=page == pages - 1)
    return build_view([Card(tuple(texts), Accent.NOTHING)], *rows, *_row(turns))


def _line(section: Section) -> str:
    heading = escape(cut(section.title, _HEADING_UNITS)) or translate(summary_words.INTRODUCTION)
    where = f"¶ {section.first}" if len(section) == 1 else f"¶ {section.first}–{section.last}"
    return f"{'  ' * max(section.level - 1, 0)}- {heading} · {where}"


def _option(section: Section, article: Article) -> discord.SelectOption:
    name = section.title or translate(summary_words.INTRODUCTION)
    label = as_is(cut(line_label(section.first, name), LABEL_UNITS))
    above = cut(" › ".join(section.path[:-1]), LABEL_UNITS)
    return discord.SelectOption(
        label=label, value=str(Place.of(section, article)), description=as_is(above) if above else None
    )


def _turns(
    verb: SummaryVerb, shelf: Shelf, previous: str, following: str, *, first: bool, last: bool
) -> list[SummaryButton]:
    buttons = [] if first else [SummaryButton(SummaryPress(verb, shelf, previous), label=summary_words.PREVIOUS)]
    if not last:
        buttons.append(SummaryButton(SummaryPress(verb, shelf, following), label=summary_words.NEXT))
    return buttons


def _row(buttons: Sequence[SummaryButton]) -> list[ui.ActionRow[Any]]:
    return [ui.ActionRow(*buttons)] if buttons else []


def section_opening(article: Article, section: Section) -> str:
    """Name a section."""
    path = escape(cut(" › ".join(section.path), _PATH_UNITS)) or translate(summary_words.INTRODUCTION)
    return f"**{escape(cut(article.title, _TITLE_UNITS))}** · {path}"


def section_pages(article: Article, section: Section) -> list[tuple[str, ...]]:
    """Lay a section's passages out in pages of texts, whole and word for word. Use a thread for a long one."""
    room = TEXT_LIMIT - units(section_opening(article, section)) - units(summary_words.reading_page(9999, 9999))
    pages: list[list[str]] = [[]]
    taken = 0
    path = section.path
    for passage in article.passages[section.first - 1 : section.last]:
        heading = article_path(passage.headings) if passage.headings != path else None
        path = passage.headings
        text = article.text[passage.start : passage.end]
        for texts in _passage_texts(text, passage.position, heading, room):
            size = sum(map(units, texts))
            if pages[-1] and (taken + size > room or len(pages[-1]) + len(texts) > COMPONENT_LIMIT - 6):
                pages.append([])
                taken = 0
            pages[-1] += texts
            taken += size
    return [tuple(texts) for texts in pages if texts]


def _passage_texts(text: str, position: int, heading: str | None, room: int) -> list[list[str]]:
    limit = room - units(heading or "") - 60
    whole = quote_part(text, (), Span(0, len(text)))
    spans = [Span(0, len(text))] if units(whole) <= limit else split(text, (), limit)
    parts = [whole] if len(spans) == 1 else [quote_part(text, (), span) for span in spans]
    if not is_exact(parts, text, spans):
        return []
    drawn = [
        [part, summary_words.paragraph(position, number, len(parts))] for number, part in enumerate(parts, start=1)
    ]
    drawn[0][:0] = [heading] if heading else []
    return drawn


def section_view(
    article: Article, section: Section, pages: Sequence[tuple[str, ...]], shelf: Shelf, page: int = 0
) -> ui.LayoutView:
    """Draw one of a section's pages, counted from 0."""
    if not pages:
        return notice(answer_words.NOTHING_TO_SHOW)
    page = min(max(page, 0), len(pages) - 1)
    opening = [section_opening(article, section)]
    if len(pages) > 1:
        opening.append(summary_words.reading_page(page + 1, len(pages)))
    previous, following = (Place.of(section, article, at).argument for at in (max(page - 1, 0), page + 1))
    turns = _turns(SummaryVerb.PAGE, shelf, previous, following, first=page == 0, last=page == len(pages) - 1)
    cards = [Card(tuple(opening)), Card(pages[page], Accent.QUOTE)]
    return build_view(cards, *_row(turns))
