"""The list of articles, a page at a time, and the reports of adding and removing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.engine.records.articles import ArticleSummary
from bot.engine.records.sources import AddReport, AddStatus
from bot.ui import adding_words, article_words, words
from bot.ui.layout import Accent, Card, build_view, notice
from bot.ui.text import cut, escape

PAGE_SIZE = 15
PAGE_EVENT = "article_page"
"""Dispatched by the client as ``on_article_page(interaction, page)`` when a page button is pressed."""
_TITLE_UNITS = 80


class PageButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"articles:page:(?P<page>[0-9]{1,6})"):
    """Turns to a page, counted from 0. It carries all it needs, so it works after a restart too."""

    def __init__(self, page: int, label: str = words.NEXT) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"articles:page:{page}"))
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what Discord sent back."""
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to whoever lists articles."""
        interaction.client.dispatch(PAGE_EVENT, interaction, self.page)


def list_view(articles: Sequence[ArticleSummary], page: int = 0) -> ui.LayoutView:
    """Draw one page, counted from 0; a page that is gone (articles were removed) becomes the last one."""
    if not articles:
        return notice(words.NO_ARTICLES_YET)
    pages = -(-len(articles) // PAGE_SIZE)
    page = min(max(page, 0), pages - 1)
    lines = [_list_line(article) for article in articles[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]]
    card = Card((article_words.list_title(len(articles), page + 1, pages), "\n".join(lines)), Accent.NOTHING)
    buttons: list[PageButton] = []
    if page > 0:
        buttons.append(PageButton(page - 1, words.PREVIOUS))
    if page < pages - 1:
        buttons.append(PageButton(page + 1, words.NEXT))
    rows: list[ui.ActionRow[Any]] = [ui.ActionRow(*buttons)] if buttons else []
    return build_view([card], *rows)


def _list_line(article: ArticleSummary) -> str:
    return article_words.list_line(article.id, _title(article.title), article.passages, article.left_out)


def added_view(report: AddReport) -> ui.LayoutView:
    """Draw what adding or refreshing an article did."""
    is_news = report.status in (AddStatus.ADDED, AddStatus.UPDATED)
    return notice(added_line(report), Accent.DONE if is_news else Accent.NOTHING)


def added_line(report: AddReport) -> str:
    """Say what adding or refreshing an article did."""
    title = _title(report.title)
    if report.status is AddStatus.UNCHANGED:
        return adding_words.unchanged(title, report.id)
    if report.status is AddStatus.DUPLICATE:
        return adding_words.duplicate(title, report.id)
    counts = adding_words.passages(report.passages, report.left_out)
    if report.status is AddStatus.ADDED:
        return adding_words.added(title, report.id, counts)
    return adding_words.updated(title, report.id, counts, str(report.changes or ""))


def removed_view(article: ArticleSummary) -> ui.LayoutView:
    """Name the article that was removed."""
    return notice(article_words.removed(_title(article.title), article.id, article.passages), Accent.DONE)


def _title(title: str) -> str:
    return escape(cut(title, _TITLE_UNITS))
