"""The panels of settings and of scopes, in every state."""

from __future__ import annotations

from discord import ui

from bot.engine.guild_settings.records import (
    COOLDOWN_SECONDS,
    QUOTES,
    ChannelPolicy,
    ChannelSettings,
    GuildSettings,
    OperatorChoices,
    Privacy,
)
from bot.engine.records.articles import ArticleSummary
from bot.engine.scopes.records import EVERYBODY, make_scope
from bot.ui import manners_words, settings_words
from bot.ui.layout import notice
from bot.ui.scope_panel import scope_view
from bot.ui.settings_panel import channel_view, settings_view

_NUMBER = 10**18
"""As long as the ids that Discord gives."""
_LANGUAGES = {code: number for number, code in enumerate(settings_words.LANGUAGE_NAMES, start=1)}


def settings() -> list[ui.LayoutView]:
    """All settings untouched and all decided, by operators who chose either way; channels of every kind."""
    operators = [OperatorChoices(), OperatorChoices(private=True, wrong_in_100=0.3, quotes=1, reads_messages=True)]
    channels = {_NUMBER + number: ChannelSettings(privacy, policy) for number, (privacy, policy) in enumerate(_own())}
    decided = [
        GuildSettings(
            Privacy.PRIVATE, 2.5, quotes, seconds, seconds, frozenset(list(_LANGUAGES)[:3]), _NUMBER, channels
        )
        for seconds in COOLDOWN_SECONDS
        for quotes in QUOTES
    ]
    views = []
    for operator in operators:
        views += [
            settings_view(chosen, operator, languages=_LANGUAGES, unwritable=list(channels))
            for chosen in (GuildSettings(), *decided)
        ]
        for start in range(0, len(_LANGUAGES), 25):
            some = dict(list(_LANGUAGES.items())[start : start + 25])
            views.append(settings_view(GuildSettings(), operator, languages=some, role_exists=False))
        views.append(settings_view(GuildSettings(), operator, languages={}))
        views += [channel_view(decided[0], channel, operator, cannot_write=True) for channel in channels]
        views.append(channel_view(GuildSettings(), _NUMBER, operator))
    return views


def _own() -> list[tuple[Privacy | None, ChannelPolicy]]:
    """What channels can have of their own, three times: more than the panel lists."""
    return [(privacy, policy) for privacy in (None, *Privacy) for policy in ChannelPolicy] * 3


def scopes() -> list[ui.LayoutView]:
    """An article for everybody, for a role, for a channel, and for as many as there may be."""
    bound = ArticleSummary(_NUMBER, "Лисы " * 40, "", 5000, 1, 0, 9)
    many = [_NUMBER + number for number in range(25)]
    chosen = [EVERYBODY, make_scope([1], []), make_scope([], [1]), make_scope(many, many)]
    return [scope_view(bound, scope, None) for scope in chosen]


def manners() -> list[ui.LayoutView]:
    """What is said of asking too soon, and of channels without rights."""
    said = [manners_words.too_soon(9000), manners_words.channel_too_soon(9000), manners_words.could_not_answer("<#1>")]
    return [notice(text) for text in said]


ROOMS = (settings, scopes, manners)
