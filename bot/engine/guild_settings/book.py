"""The use cases of guild settings: reading them, changing them, binding articles. Synchronous and thread-safe.

What was read is kept and compared with the store's version at each use, so that several processes agree at once.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.engine.errors import BadSetting
from bot.engine.guild_settings.ports import SettingsStore
from bot.engine.guild_settings.records import (
    QUOTES,
    USUAL,
    ChannelPolicy,
    ChannelSettings,
    GuildSettings,
    Privacy,
    StoredSettings,
)
from bot.engine.scopes.records import ArticleScope

log = logging.getLogger(__name__)

T = TypeVar("T")

LONGEST_COOLDOWN = 86_400
MOST_CHANNELS = 500
"""With settings of their own, in one guild."""
_GUILD = 0
_YES = "yes"
_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class _Page:
    settings: GuildSettings
    scopes: Mapping[int, ArticleScope]


class SettingsBook:
    """The settings of every guild."""

    def __init__(self, store: SettingsStore) -> None:
        self._store = store
        self._pages: OrderedDict[int, _Page] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, guild: int) -> GuildSettings:
        """Return a guild's settings. Raises StoreUnavailable."""
        return self._open(guild).settings

    def read_scopes(self, guild: int) -> Mapping[int, ArticleScope]:
        """Return the scopes of the guild's articles that are bound to anything, by id. Raises StoreUnavailable."""
        return self._open(guild).scopes

    def set_privacy(self, guild: int, privacy: Privacy | None, *, channel: int = _GUILD) -> GuildSettings:
        """Choose who sees answers, in the guild or in one channel; None leaves it to what is above."""
        return self._write(guild, {(channel, "privacy"): privacy.value if privacy else None})

    def set_policy(self, guild: int, channel: int, policy: ChannelPolicy) -> GuildSettings:
        """Choose which messages of a channel are answered without a mention."""
        return self._write(guild, {(channel, "policy"): None if policy is USUAL.policy else policy.value})

    def set_in_thread(self, guild: int, channel: int, *, in_thread: bool) -> GuildSettings:
        """Choose whether answers to messages of a channel come in threads of their own."""
        return self._write(guild, {(channel, "thread"): _YES if in_thread else None})

    def set_wrong_in_100(self, guild: int, rate: float | None) -> GuildSettings:
        """Choose how many of 100 questions about something else may be answered. Raises BadSetting."""
        if rate is not None and not 0 <= rate <= 50:
            raise BadSetting("Wrong answers allowed in 100 are a number from 0 to 50. Choose one of these.")
        return self._write(guild, {(_GUILD, "wrong_in_100"): None if rate is None else repr(float(rate))})

    def set_quotes(self, guild: int, quotes: int | None) -> GuildSettings:
        """Choose how many quotes an answer has at most. Raises BadSetting."""
        if quotes is not None and quotes not in QUOTES:
            raise BadSetting(f"An answer has {QUOTES[0]} to {QUOTES[-1]} quotes. Choose one of these numbers.")
        return self._write(guild, {(_GUILD, "quotes"): None if quotes is None else str(quotes)})

    def set_cooldowns(self, guild: int, *, member: int | None = None, channel: int | None = None) -> GuildSettings:
        """Choose the seconds between two questions of a member, or in a channel; None leaves one as it is.

        Raises BadSetting.
        """
        given = {"member_seconds": member, "channel_seconds": channel}
        for seconds in given.values():
            if seconds is not None and not 0 <= seconds <= LONGEST_COOLDOWN:
                raise BadSetting(f"A cooldown takes 0 to {LONGEST_COOLDOWN:,} seconds. Choose one of these.")
        chosen = {key: seconds for key, seconds in given.items() if seconds is not None}
        return self._write(guild, {(_GUILD, key): str(seconds) if seconds else None for key, seconds in chosen.items()})

    def set_languages(self, guild: int, languages: frozenset[str]) -> GuildSettings:
        """Choose in which languages articles are searched; none chosen: in all. Raises BadSetting."""
        if any(not (code.isascii() and code.isalpha() and len(code) <= 3) for code in languages):
            raise BadSetting("A language is a code of two letters, such as en. Choose one from the list.")
        return self._write(guild, {(_GUILD, "languages"): " ".join(sorted(languages)) or None})

    def set_manager_role(self, guild: int, role: int | None) -> GuildSettings:
        """Choose the role whose holders may manage articles too, or none."""
        return self._write(guild, {(_GUILD, "manager_role"): None if role is None else str(role)})

    def bind_article(self, guild: int, article: int, scope: ArticleScope) -> None:
        """Bind an article to roles and channels, or with an empty scope to none. Raises NotFound."""
        self._store.write_scope(guild, article, scope)
        log.info(
            "guild %d: article %d bound to %d roles, %d channels", guild, article, len(scope.roles), len(scope.channels)
        )

    def forget(self, guild: int) -> None:
        """Take away everything that a guild decided but the scopes of its articles, which go with the articles."""
        self._store.forget_settings(guild)

    def _write(self, guild: int, changes: Mapping[tuple[int, str], str | None]) -> GuildSettings:
        new = {channel for channel, _ in changes if channel != _GUILD} - set(self.read(guild).channels)
        if new and len(self.read(guild).channels) + len(new) > MOST_CHANNELS:
            raise BadSetting(f"At most {MOST_CHANNELS} channels have settings of their own. Reset one of them first.")
        self._store.write_settings(guild, changes)
        return self.read(guild)

    def _open(self, guild: int) -> _Page:
        version = self._store.settings_version(guild)
        with self._lock:
            page = self._pages.get(guild)
            if page is not None and page.settings.version == version:
                self._pages.move_to_end(guild)
                return page
        stored = self._store.read_settings(guild)
        page = _Page(parse_settings(guild, stored), stored.scopes)
        with self._lock:
            kept = self._pages.get(guild)
            if kept is None or kept.settings.version <= stored.version:
                self._pages[guild] = page
            while len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
        return page


def parse_settings(guild: int, stored: StoredSettings) -> GuildSettings:
    """Make settings of stored values; what cannot be read, or is of a newer version, is left out and logged."""
    values = {key: value for (channel, key), value in stored.values.items() if channel == _GUILD}
    numbers = {channel for channel, _ in stored.values} - {_GUILD}
    channels = {
        number: ChannelSettings(
            _read(guild, "privacy", stored.values.get((number, "privacy")), Privacy),
            _read(guild, "policy", stored.values.get((number, "policy")), ChannelPolicy) or USUAL.policy,
            stored.values.get((number, "thread")) == _YES,
        )
        for number in sorted(numbers)
    }
    return GuildSettings(
        privacy=_read(guild, "privacy", values.get("privacy"), Privacy),
        wrong_in_100=_read(guild, "wrong_in_100", values.get("wrong_in_100"), _rate),
        quotes=_read(guild, "quotes", values.get("quotes"), _quotes),
        member_seconds=_read(guild, "member_seconds", values.get("member_seconds"), _seconds) or 0,
        channel_seconds=_read(guild, "channel_seconds", values.get("channel_seconds"), _seconds) or 0,
        languages=frozenset(values.get("languages", "").split()),
        manager_role=_read(guild, "manager_role", values.get("manager_role"), int),
        channels={number: found for number, found in channels.items() if found != USUAL},
        version=stored.version,
    )


def _read(guild: int, key: str, value: str | None, parse: Callable[[str], T]) -> T | None:
    if value is None:
        return None
    try:
        return parse(value)
    except ValueError:
        log.warning("guild %d: the stored setting %s cannot be read; the default holds", guild, key)
        return None


def _rate(value: str) -> float:
    rate = float(value)
    if not math.isfinite(rate) or not 0 <= rate <= 50:
        raise ValueError(value)
    return rate


def _quotes(value: str) -> int:
    if int(value) not in QUOTES:
        raise ValueError(value)
    return int(value)


def _seconds(value: str) -> int:
    if not 0 <= int(value) <= LONGEST_COOLDOWN:
        raise ValueError(value)
    return int(value)
