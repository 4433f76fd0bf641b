"""An article's lines, a page at a time: which to quote after all, and which to leave out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.engine.articles.choices import LineReport
from bot.engine.errors import BadQuery
from bot.engine.records.articles import Article
from bot.engine.records.passages import LEFT_OUT, QUOTABLE, LineLabel, digest
from bot.ui import lines_words, words
from bot.ui.language import translate
from bot.ui.layout import Accent, Card, build_view
from bot.ui.text import cut, escape

LINES_EVENT = "article_lines"
"""Dispatched by the client as ``on_article_lines(interaction, article_id, is_restoring, page)``."""
CHOSEN_EVENT = "article_lines_chosen"
"""Dispatched by the client as ``on_article_lines_chosen(interaction, article_id, is_restoring, page, values)``."""
PAGE_SIZE = 15
_LINE_UNITS = 170
_OPTION_UNITS = 100
_TITLE_UNITS = 80
_DIGEST_DIGITS = 8
LABELS = {
    LineLabel.HEADING: lines_words.HEADING,
    LineLabel.PARAGRAPH: lines_words.PARAGRAPH,
    LineLabel.LIST_ITEM: lines_words.LIST_ITEM,
    LineLabel.BLOCK_QUOTE: lines_words.BLOCK_QUOTE,
    LineLabel.TABLE_ROW: lines_words.TABLE_ROW,
    LineLabel.CODE: lines_words.CODE,
    **{label: label.value for label in LEFT_OUT},
}
_MAY_BE_LEFT_OUT = QUOTABLE | {LineLabel.HEADING}
_PARTS = r"(?P<verb>restore|leave):(?P<id>[0-9]{1,18}):(?P<page>[0-9]{1,6})"


class LinesButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"lines:show:{_PARTS}"):
    """Shows a page of lines, counted from 0. It carries all it needs, so it works after a restart too."""

    def __init__(self, article_id: int, *, is_restoring: bool, page: int = 0, label: str | None = None) -> None:
        own = lines_words.RESTORE_BUTTON if is_restoring else lines_words.LEAVE_OUT_BUTTON
        custom_id = f"lines:show:{_verb(is_restoring)}:{article_id}:{page}"
        super().__init__(ui.Button(label=label or own, custom_id=custom_id))
        self.article_id = article_id
        self.is_restoring = is_restoring
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what Discord sent back."""
        return cls(int(match["id"]), is_restoring=match["verb"] == "restore", page=int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to whoever shows lines."""
        interaction.client.dispatch(LINES_EVENT, interaction, self.article_id, self.is_restoring, self.page)


class LinesMenu(ui.DynamicItem[ui.Select[ui.LayoutView]], template=rf"lines:pick:{_PARTS}"):
    """Offers lines; several may be chosen at once."""

    def __init__(
        self, article_id: int, *, is_restoring: bool, page: int, options: Sequence[discord.SelectOption] = ()
    ) -> None:
        own = lines_words.RESTORE_PLACEHOLDER if is_restoring else lines_words.LEAVE_OUT_PLACEHOLDER
        super().__init__(
            ui.Select(
                custom_id=f"lines:pick:{_verb(is_restoring)}:{article_id}:{page}",
                placeholder=own,
                options=list(options),
                max_values=max(1, len(options)),
            )
        )
        self.article_id = article_id
        self.is_restoring = is_restoring
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls(int(match["id"]), is_restoring=match["verb"] == "restore", page=int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was chosen."""
        interaction.client.dispatch(
            CHOSEN_EVENT, interaction, self.article_id, self.is_restoring, self.page, list(self.item.values)
        )


def lines_buttons(article: Article) -> tuple[LinesButton, ...]:
    """Return the buttons of a preview: restoring only where something is left out."""
    leave_out = LinesButton(article.id, is_restoring=False)
    return (LinesButton(article.id, is_restoring=True), leave_out) if article.left_out else (leave_out,)


def lines_view(
    article: Article, *, is_restoring: bool, page: int = 0, report: LineReport | None = None
) -> ui.LayoutView:
    """Draw a page of lines, counted from 0, under a report of what was done; a page that is gone is the last one."""
    name = f"#{article.id} {escape(cut(article.title, _TITLE_UNITS))}"
    indexes = _choosable(article, is_restoring=is_restoring)
    pages = max(1, -(-len(indexes) // PAGE_SIZE))
    page = min(max(page, 0), pages - 1)
    shown = indexes[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    cards = []
    if report is not None:
        cards.append(
            Card((_tell(report, name, is_restoring=is_restoring),), Accent.DONE if report.lines else Accent.NOTHING)
        )
    rows: list[ui.ActionRow[Any]] = []
    if shown:
        listed = "\n".join(_line(article, index) for index in shown)
        head = (lines_words.left_out if is_restoring else lines_words.quotable)(name, len(indexes))
        cards.append(Card((head, listed, lines_words.page(page + 1, pages)), Accent.NOTHING))
        options = [_option(article, index) for index in shown]
        rows.append(ui.ActionRow(LinesMenu(article.id, is_restoring=is_restoring, page=page, options=options)))
    else:
        text = (lines_words.nothing_left_out if is_restoring else lines_words.nothing_quotable)(name)
        cards.append(Card((text,), Accent.NOTHING))
    buttons = []
    if page > 0:
        buttons.append(LinesButton(article.id, is_restoring=is_restoring, page=page - 1, label=words.PREVIOUS))
    if page < pages - 1:
        buttons.append(LinesButton(article.id, is_restoring=is_restoring, page=page + 1, label=words.NEXT))
    if is_restoring or article.left_out:
        buttons.append(LinesButton(article.id, is_restoring=not is_restoring))
    rows.append(ui.ActionRow(*buttons)) if buttons else None
    return build_view(cards, *rows)


def _tell(report: LineReport, name: str, *, is_restoring: bool) -> str:
    if not report.lines:
        return lines_words.nothing_done(name)
    tell = lines_words.restored if is_restoring else lines_words.taken_out
    return tell(name, len(report.lines), report.passages)


def find_chosen(article: Article, values: Sequence[str]) -> list[int]:
    """Return the indexes of the lines that a menu's values name. Raises BadQuery where one is not there any more."""
    indexes = []
    for value in values:
        number, _, mark = value.partition(".")
        index = int(number) if number.isdecimal() and len(number) < 10 else -1
        if not 0 <= index < len(article.lines) or _mark(article, index) != mark:
            raise BadQuery(lines_words.CHANGED)
        indexes.append(index)
    return indexes


def _choosable(article: Article, *, is_restoring: bool) -> list[int]:
    wanted = LEFT_OUT if is_restoring else _MAY_BE_LEFT_OUT
    return [index for index, line in enumerate(article.lines) if line.label in wanted]


def _line(article: Article, index: int) -> str:
    line = article.lines[index]
    text = " ".join(article.text[line.start : line.end].split())
    return lines_words.line(line.number, LABELS[line.label], escape(cut(text, _LINE_UNITS)))


def _option(article: Article, index: int) -> discord.SelectOption:
    line = article.lines[index]
    text = " ".join(article.text[line.start : line.end].split())
    return discord.SelectOption(
        label=cut(f"{line.number}: {text}", _OPTION_UNITS),
        value=f"{index}.{_mark(article, index)}",
        description=translate(LABELS[line.label]),
    )


def _mark(article: Article, index: int) -> str:
    line = article.lines[index]
    return digest(article.text[line.start : line.end])[:_DIGEST_DIGITS]


def _verb(is_restoring: bool) -> str:
    return "restore" if is_restoring else "leave"
