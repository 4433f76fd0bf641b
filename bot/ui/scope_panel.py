"""The panel that binds an article to roles and channels. Every control works after a restart, and by the keyboard."""

from __future__ import annotations

import re
from typing import Any, Self

import discord
from discord import ButtonStyle, ui

from bot.engine.records.articles import ArticleSummary
from bot.engine.scopes.records import ArticleScope
from bot.ui import settings_words
from bot.ui.layout import Accent, Card, build_view
from bot.ui.text import cut, escape

SCOPE_EVENT = "article_scope"
"""Dispatched by the client as ``on_article_scope(interaction, article_id, part, ids)``: roles, channels or all."""
MOST_CHOSEN = 25
_TITLE_UNITS = 150
_NAMED = 20


class ScopeRoles(ui.DynamicItem[ui.RoleSelect[ui.LayoutView]], template=r"pq:scope:roles:(?P<id>[0-9]{1,18})"):
    """Chooses the roles that an article is for."""

    def __init__(self, article: int, chosen: frozenset[int] = frozenset()) -> None:
        defaults = [discord.SelectDefaultValue(id=role, type=discord.SelectDefaultValueType.role) for role in
                    sorted(chosen)[:MOST_CHOSEN]]  # fmt: skip
        super().__init__(
            ui.RoleSelect(
                custom_id=f"pq:scope:roles:{article}",
                placeholder=settings_words.SCOPE_ROLES,
                min_values=0,
                max_values=MOST_CHOSEN,
                default_values=defaults,
            )
        )
        self.article = article

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was chosen."""
        interaction.client.dispatch(SCOPE_EVENT, interaction, self.article, "roles", chosen_ids(interaction))


class ScopeChannels(ui.DynamicItem[ui.ChannelSelect[ui.LayoutView]], template=r"pq:scope:channels:(?P<id>[0-9]{1,18})"):
    """Chooses the channels, and categories, that an article is for."""

    def __init__(self, article: int, chosen: frozenset[int] = frozenset()) -> None:
        defaults = [discord.SelectDefaultValue(id=channel, type=discord.SelectDefaultValueType.channel) for channel in
                    sorted(chosen)[:MOST_CHOSEN]]  # fmt: skip
        super().__init__(
            ui.ChannelSelect(
                custom_id=f"pq:scope:channels:{article}",
                placeholder=settings_words.SCOPE_CHANNELS,
                min_values=0,
                max_values=MOST_CHOSEN,
                default_values=defaults,
            )
        )
        self.article = article

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was chosen."""
        interaction.client.dispatch(SCOPE_EVENT, interaction, self.article, "channels", chosen_ids(interaction))


class ScopeOpen(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"pq:scope:open:(?P<id>[0-9]{1,18})"):
    """Binds an article to nothing any more."""

    def __init__(self, article: int, *, disabled: bool = False) -> None:
        super().__init__(
            ui.Button(
                label=settings_words.SCOPE_OPEN,
                custom_id=f"pq:scope:open:{article}",
                style=ButtonStyle.secondary,
                disabled=disabled,
            )
        )
        self.article = article

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what Discord sent back."""
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on that it was pressed."""
        interaction.client.dispatch(SCOPE_EVENT, interaction, self.article, "all", [])


def chosen_ids(interaction: discord.Interaction[Any]) -> list[int]:
    """Return the ids that were chosen in a menu of roles or channels."""
    data: Any = interaction.data or {}
    return [int(value) for value in data.get("values") or [] if str(value).isdecimal()]


def scope_view(article: ArticleSummary, scope: ArticleScope, guild: discord.Guild | None) -> ui.LayoutView:
    """Draw whom an article is for, with the menus that change it."""
    texts = [settings_words.scope_title(escape(cut(article.title, _TITLE_UNITS)), article.id), *scope_lines(scope)]
    if scope:
        texts.append(settings_words.SCOPE_HINT)
    # Discord refuses a menu that has chosen what does not exist any more.
    roles = frozenset(role for role in scope.roles if guild is not None and guild.get_role(role) is not None)
    channels = frozenset(
        channel for channel in scope.channels if guild is not None and guild.get_channel_or_thread(channel) is not None
    )
    if len(roles) < len(scope.roles) or len(channels) < len(scope.channels):
        texts.append(settings_words.SCOPE_GONE)
    return build_view(
        [Card(tuple(texts), Accent.NOTHING)],
        ui.ActionRow(ScopeRoles(article.id, roles)),
        ui.ActionRow(ScopeChannels(article.id, channels)),
        ui.ActionRow(ScopeOpen(article.id, disabled=not scope)),
    )


def scope_lines(scope: ArticleScope) -> list[str]:
    """Say whom an article is for, a line each for roles and channels."""
    if not scope:
        return [settings_words.SCOPE_EVERYBODY]
    lines = []
    if scope.roles:
        lines.append(settings_words.scope_roles(_names(sorted(scope.roles), "<@&{}>")))
    if scope.channels:
        lines.append(settings_words.scope_channels(_names(sorted(scope.channels), "<#{}>")))
    return lines


def _names(numbers: list[int], form: str) -> str:
    shown = [form.format(number) for number in numbers[:_NAMED]]
    return ", ".join([*shown, *([f"+{len(numbers) - _NAMED}"] if len(numbers) > _NAMED else [])])
