"""The panel of a guild's settings: one private message, redrawn after each choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import discord
from discord import SelectOption, ui

from bot.engine.guild_settings.records import (
    COOLDOWN_SECONDS,
    QUOTES,
    WRONG_IN_100,
    ChannelPolicy,
    ChannelSettings,
    GuildSettings,
    OperatorChoices,
    Privacy,
)
from bot.ui import settings_words as words
from bot.ui import threads_words
from bot.ui.layout import Card, build_view
from bot.ui.settings_controls import OPTION_LIMIT, BackButton, ChannelMenu, ManagerMenu, SettingMenu
from bot.ui.threads import has_threads, may_begin

DEFAULT = "default"
"""The value of a menu that leaves a choice to whatever is above."""
THREAD, YES, NO = "thread", "yes", "no"
"""The key of the menu that says where answers go, and its values."""
_LISTED_CHANNELS = 15
_PRIVACY = {Privacy.PUBLIC: words.PRIVACY_PUBLIC, Privacy.PRIVATE: words.PRIVACY_PRIVATE}
_POLICY = {
    ChannelPolicy.MENTIONED: words.POLICY_MENTIONED,
    ChannelPolicy.CONFIDENT: words.POLICY_CONFIDENT,
    ChannelPolicy.ALWAYS: words.POLICY_ALWAYS,
}


def settings_view(
    settings: GuildSettings,
    operator: OperatorChoices,
    *,
    languages: Mapping[str, int],
    role_exists: bool = True,
    unwritable: Sequence[int] = (),
) -> ui.LayoutView:
    """Draw all settings of a guild.

    ``languages``: how many articles are in each; ``role_exists``: whether the manager role does; ``unwritable``: ids of
    channels that are to be answered in, where the bot cannot write.
    """
    head = [words.SETTINGS_TITLE]
    if unwritable:
        head.append(words.cannot_write(", ".join(f"<#{channel}>" for channel in unwritable[:_LISTED_CHANNELS])))
    rate = operator.wrong_in_100 if settings.wrong_in_100 is None else settings.wrong_in_100
    cards = [
        Card(tuple(head)),
        _card(words.PRIVACY_TITLE, _privacy_menu(settings.privacy, operator)),
        _card(words.wrong_title(words.rate(rate)), _wrong_menu(settings, operator)),
        _card(words.QUOTES_TITLE, _quotes_menu(settings, operator)),
        _card(words.COOLDOWN_TITLE, _cooldown_menu("member_seconds", settings.member_seconds)),
        Card((), None, (_cooldown_menu("channel_seconds", settings.channel_seconds),)),
        _language_card(settings, languages),
        _card(words.MANAGER_TITLE, ManagerMenu(settings.manager_role if role_exists else None)),
        Card((words.CHANNELS_TITLE, *_channel_lines(settings)), None, (ChannelMenu(),)),
    ]
    return build_view(cards)


def channel_view(
    settings: GuildSettings,
    channel: int,
    operator: OperatorChoices,
    place: discord.abc.GuildChannel | None = None,
    *,
    cannot_write: bool = False,
) -> ui.LayoutView:
    """Draw the settings of one channel; ``place`` is the channel itself, where Discord has told of it."""
    own = settings.channels.get(channel, ChannelSettings())
    policy = SettingMenu("policy", _choices(_POLICY, own.policy), channel=channel, placeholder=words.POLICY_MENU)
    cards = [
        Card((words.channel_title(f"<#{channel}>"),)),
        _card(words.PRIVACY_TITLE, _privacy_menu(own.privacy, operator, channel=channel)),
        _card(words.POLICY_TITLE, policy),
        _thread_card(own, channel, place),
    ]
    notes = [words.POLICY_NEEDS_CONTENT] if not operator.reads_messages else []
    notes += [words.cannot_write(f"<#{channel}>")] if cannot_write else []
    if own.in_thread and isinstance(place, discord.TextChannel) and not may_begin(place, place.guild.me):
        notes.append(threads_words.cannot_begin(f"<#{channel}>"))
    return build_view([*cards, *([Card(tuple(notes))] if notes else []), Card((), None, (BackButton(),))])


def _thread_card(own: ChannelSettings, channel: int, place: discord.abc.GuildChannel | None) -> Card:
    if isinstance(place, discord.ForumChannel):
        return Card((threads_words.FORUM_POSTS,))
    if place is not None and not has_threads(place):
        return Card((threads_words.NO_THREADS,))
    options = [
        SelectOption(label=label, value=value, default=own.in_thread is (value == YES))
        for value, label in ((NO, threads_words.IN_CHANNEL), (YES, threads_words.IN_THREAD))
    ]
    menu = SettingMenu(THREAD, options, channel=channel, placeholder=threads_words.THREAD_MENU)
    return _card(threads_words.THREAD_TITLE, menu)


def _card(text: str, control: ui.Item[Any]) -> Card:
    return Card((text,), None, (control,))


def _choices(
    labels: Mapping[Privacy, str] | Mapping[ChannelPolicy, str], chosen: Privacy | ChannelPolicy | None
) -> list[SelectOption]:
    return [SelectOption(label=label, value=value.value, default=value == chosen) for value, label in labels.items()]


def _privacy_menu(chosen: Privacy | None, operator: OperatorChoices, *, channel: int = 0) -> SettingMenu:
    above = words.PRIVACY_AS_SERVER
    if not channel:
        above = words.as_operator(words.PRIVACY_PRIVATE if operator.private else words.PRIVACY_PUBLIC)
    options = [SelectOption(label=above, value=DEFAULT, default=chosen is None), *_choices(_PRIVACY, chosen)]
    return SettingMenu("privacy", options, channel=channel, placeholder=words.PRIVACY_MENU)


def _wrong_menu(settings: GuildSettings, operator: OperatorChoices) -> SettingMenu:
    chosen = settings.wrong_in_100
    above = words.as_operator(words.wrong_option(words.rate(operator.wrong_in_100)))
    rates = sorted({*WRONG_IN_100, *([] if chosen is None else [chosen])})
    options = [SelectOption(label=above, value=DEFAULT, default=chosen is None)]
    options += [
        SelectOption(label=words.wrong_option(words.rate(rate)), value=repr(rate), default=rate == chosen)
        for rate in rates
    ]
    return SettingMenu("wrong_in_100", options, placeholder=words.WRONG_MENU)


def _quotes_menu(settings: GuildSettings, operator: OperatorChoices) -> SettingMenu:
    above = words.as_operator(words.quotes_option(operator.quotes))
    options = [SelectOption(label=above, value=DEFAULT, default=settings.quotes is None)]
    options += [
        SelectOption(label=words.quotes_option(count), value=str(count), default=count == settings.quotes)
        for count in QUOTES
    ]
    return SettingMenu("quotes", options, placeholder=words.QUOTES_MENU)


def _cooldown_menu(key: str, chosen: int) -> SettingMenu:
    is_members = key == "member_seconds"
    label = words.member_cooldown if is_members else words.channel_cooldown
    options = [
        SelectOption(label=label(seconds), value=str(seconds), default=seconds == chosen)
        for seconds in sorted({*COOLDOWN_SECONDS, chosen})
    ]
    return SettingMenu(key, options, placeholder=words.MEMBER_MENU if is_members else words.CHANNEL_COOLDOWN_MENU)


def _language_card(settings: GuildSettings, languages: Mapping[str, int]) -> Card:
    known = {code: languages.get(code, 0) for code in [*sorted(settings.languages), *languages]}
    if not known:
        return Card((words.LANGUAGES_NONE,))
    options = [
        SelectOption(
            label=words.language_option(code),
            value=code,
            description=words.language_count(count),
            default=code in settings.languages,
        )
        for code, count in list(known.items())[:OPTION_LIMIT]
    ]
    return _card(
        words.LANGUAGES_TITLE, SettingMenu("languages", options, placeholder=words.LANGUAGES_MENU, several=True)
    )


def _channel_lines(settings: GuildSettings) -> list[str]:
    items = list(settings.channels.items())
    lines = [
        words.channel_line(
            f"<#{channel}>",
            _PRIVACY[own.privacy] if own.privacy else None,
            _POLICY[own.policy] if own.policy is not ChannelPolicy.MENTIONED else None,
            threads_words.IN_THREAD if own.in_thread else None,
        )
        for channel, own in items[:_LISTED_CHANNELS]
    ]
    if len(items) > _LISTED_CHANNELS:
        lines.append(words.more_channels(len(items) - _LISTED_CHANNELS))
    # One text: a message has room for 40 components.
    return ["\n".join(lines)] if lines else []


def find_unwritable(guild: discord.Guild | None, channels: Iterable[int]) -> list[int]:
    """Return those of the channels where the bot can neither read nor write."""
    if guild is None or guild.me is None:
        return []
    found = []
    for number in channels:
        channel = guild.get_channel(number)
        if channel is None or isinstance(channel, discord.CategoryChannel):
            continue
        may = channel.permissions_for(guild.me)
        speaks = may.send_messages_in_threads if isinstance(channel, discord.ForumChannel) else may.send_messages
        if not (may.view_channel and speaks):
            found.append(number)
    return found
