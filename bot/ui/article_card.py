"""One article: what is known of it, how it begins, and the question before it is removed."""

from __future__ import annotations

import re
from typing import Any, Self

import discord
from discord import ui

from bot.engine.records.articles import Article, ArticleSummary
from bot.engine.records.passages import Span
from bot.ui import adding_words, article_words, settings_words, words
from bot.ui.article_lines import lines_buttons
from bot.ui.language import translate_failure
from bot.ui.layout import Accent, Card, build_view, notice
from bot.ui.parts import quote_part, split
from bot.ui.quotes import article_about, article_link, article_path
from bot.ui.text import cut, escape, units

REMOVAL_EVENT = "article_removal"
"""Dispatched by the client as ``on_article_removal(interaction, article_id, is_sure)`` when a button is pressed."""
_TITLE_UNITS = 80
_PROBLEM_UNITS = 400
_PREVIEW_UNITS = 2200
_PREVIEW_PASSAGES = 5
_LINE_UNITS = 100
_LINES = 10


class RemovalButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"articles:(?P<verb>remove|keep):(?P<id>[0-9]{1,18})"
):
    """Removes an article, or leaves it. It carries all it needs, so it works after a restart too."""

    def __init__(self, article_id: int, *, is_sure: bool) -> None:
        style = discord.ButtonStyle.danger if is_sure else discord.ButtonStyle.secondary
        label = words.REMOVE if is_sure else words.KEEP
        custom_id = f"articles:{'remove' if is_sure else 'keep'}:{article_id}"
        super().__init__(ui.Button(label=label, style=style, custom_id=custom_id))
        self.article_id = article_id
        self.is_sure = is_sure

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what Discord sent back."""
        return cls(int(match["id"]), is_sure=match["verb"] == "remove")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to whoever removes articles."""
        interaction.client.dispatch(REMOVAL_EVENT, interaction, self.article_id, self.is_sure)


def confirm_view(article: ArticleSummary) -> ui.LayoutView:
    """Ask whether an article is to be removed."""
    text = article_words.confirm_removal(_title(article.title), article.id, article.passages)
    buttons = (RemovalButton(article.id, is_sure=True), RemovalButton(article.id, is_sure=False))
    return build_view([Card((text,), Accent.REFUSED)], ui.ActionRow(*buttons))


def kept_view(article: ArticleSummary) -> ui.LayoutView:
    """Say that an article stays."""
    return notice(article_words.kept(_title(article.title), article.id))


def renamed_view(article: ArticleSummary) -> ui.LayoutView:
    """Say what an article is called now."""
    return notice(article_words.renamed(_title(article.title), article.id), Accent.DONE)


def info_view(article: ArticleSummary) -> ui.LayoutView:
    """Draw what is known of an article, without its text."""
    about = article_about(article.details)
    source = "" if article.url else escape(cut(article.source, _LINE_UNITS))
    lines = article_words.info_lines(
        added_at=article.added_at,
        revision=article.revision,
        passages=adding_words.passages(article.passages, article.left_out),
        characters=article.characters,
        language=escape(settings_words.language_option(article.details.language)),
        fetched_at=article.fetch.fetched_at,
        problem=escape(cut(translate_failure(article.fetch.problem), _PROBLEM_UNITS)),
    )
    head = f"**#{article.id}** {article_link(article.ref)}"
    return build_view([Card(("\n".join(line for line in [head, about, source, *lines] if line),), Accent.NOTHING)])


def preview_view(article: Article) -> ui.LayoutView:
    """Draw how an article begins, and the lines that are never quoted."""
    texts = [f"**#{article.id}** {article_link(article.ref)}"]
    left = _PREVIEW_UNITS
    headings: tuple[str, ...] = ()
    shown = 0
    for passage in article.passages[:_PREVIEW_PASSAGES]:
        text = article.text[passage.start : passage.end]
        path = article_path(passage.headings) if passage.headings != headings else None
        part = quote_part(text, (), split(text, (), _PREVIEW_UNITS)[0])
        cost = units(part) + units(path or "")
        if shown and cost > left:
            break
        texts += [path, part] if path else [part]
        headings, left, shown = passage.headings, left - cost, shown + 1
    if shown < len(article.passages):
        texts.append(article_words.more_passages(len(article.passages) - shown))
    return build_view([Card((*texts, *_left_out(article)), Accent.NOTHING)], ui.ActionRow(*lines_buttons(article)))


def _left_out(article: Article) -> list[str]:
    lines = article.left_out
    if not lines:
        return []
    shown = [
        article_words.left_out_line(
            line.label.value, escape(cut(_span(article, Span(line.start, line.end)), _LINE_UNITS))
        )
        for line in lines[:_LINES]
    ]
    more = [article_words.more_lines(len(lines) - _LINES)] if len(lines) > _LINES else []
    return ["\n".join([article_words.left_out_title(len(lines)), *shown, *more])]


def _span(article: Article, span: Span) -> str:
    return article.text[span.start : span.end]


def _title(title: str) -> str:
    return escape(cut(title, _TITLE_UNITS))
