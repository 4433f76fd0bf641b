"""The use cases of guild settings: defaults, choices, what is refused, what is kept in memory."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.errors import BadSetting, StoreUnavailable
from bot.engine.guild_settings.book import MOST_CHANNELS, SettingsBook, parse_settings
from bot.engine.guild_settings.records import (
    ChannelPolicy,
    ChannelSettings,
    GuildSettings,
    Privacy,
    StoredSettings,
)
from bot.engine.scopes.records import make_scope
from tests.contract.memory_settings import MemorySettings

GUILD = 7
CHANNEL, PARENT, CATEGORY = 11, 12, 13


@pytest.fixture
def store() -> MemorySettings:
    """A store in memory."""
    return MemorySettings()


@pytest.fixture
def book(store: MemorySettings) -> SettingsBook:
    """A book over it."""
    return SettingsBook(store)


def test_a_guild_decides_nothing_at_first(book: SettingsBook) -> None:
    """Every choice is then the operator's."""
    assert book.read(GUILD) == GuildSettings()
    assert book.read(GUILD).is_private([CHANNEL], otherwise=True)
    assert not book.read(GUILD).is_private([CHANNEL], otherwise=False)


def test_every_choice_is_kept(book: SettingsBook, store: MemorySettings) -> None:
    """What is chosen is read by another book over the same store, whole."""
    book.set_privacy(GUILD, Privacy.PRIVATE)
    book.set_privacy(GUILD, Privacy.PUBLIC, channel=CHANNEL)
    book.set_policy(GUILD, CHANNEL, ChannelPolicy.ALWAYS)
    book.set_wrong_in_100(GUILD, 0.2)
    book.set_quotes(GUILD, 1)
    book.set_cooldowns(GUILD, member=5)
    book.set_cooldowns(GUILD, channel=60)
    book.set_languages(GUILD, frozenset({"de", "en"}))
    book.set_manager_role(GUILD, 2**63 - 1)
    assert SettingsBook(store).read(GUILD) == GuildSettings(
        privacy=Privacy.PRIVATE,
        wrong_in_100=0.2,
        quotes=1,
        member_seconds=5,
        channel_seconds=60,
        languages=frozenset({"de", "en"}),
        manager_role=2**63 - 1,
        channels={CHANNEL: ChannelSettings(Privacy.PUBLIC, ChannelPolicy.ALWAYS)},
        version=9,
    )


def test_every_choice_can_be_taken_back(book: SettingsBook, store: MemorySettings) -> None:
    """Nothing stays in the store of what was reset."""
    book.set_privacy(GUILD, Privacy.PRIVATE, channel=CHANNEL)
    book.set_policy(GUILD, CHANNEL, ChannelPolicy.CONFIDENT)
    book.set_wrong_in_100(GUILD, 5)
    book.set_quotes(GUILD, 2)
    book.set_cooldowns(GUILD, member=5, channel=5)
    book.set_languages(GUILD, frozenset({"de"}))
    book.set_manager_role(GUILD, 3)
    book.set_privacy(GUILD, None, channel=CHANNEL)
    book.set_policy(GUILD, CHANNEL, ChannelPolicy.MENTIONED)
    book.set_wrong_in_100(GUILD, None)
    book.set_quotes(GUILD, None)
    book.set_cooldowns(GUILD, member=0, channel=0)
    book.set_languages(GUILD, frozenset())
    book.set_manager_role(GUILD, None)
    assert store.guilds[GUILD].values == {}
    assert book.read(GUILD).channels == {}


def test_the_nearest_place_decides() -> None:
    """A thread of its own settings goes before its channel, a channel before its category, that before the guild."""
    settings = GuildSettings(
        privacy=Privacy.PUBLIC,
        channels={
            PARENT: ChannelSettings(None, ChannelPolicy.CONFIDENT),
            CATEGORY: ChannelSettings(Privacy.PRIVATE, ChannelPolicy.ALWAYS),
        },
    )
    assert settings.channel([CHANNEL, PARENT, CATEGORY]) == ChannelSettings(Privacy.PRIVATE, ChannelPolicy.CONFIDENT)
    assert settings.is_private([CHANNEL, PARENT, CATEGORY], otherwise=False)
    assert not settings.is_private([CHANNEL], otherwise=True)


@pytest.mark.parametrize("rate", [-0.1, 50.1, float("nan"), float("inf")])
def test_a_rate_outside_is_refused(book: SettingsBook, store: MemorySettings, rate: float) -> None:
    """Nothing is written."""
    with pytest.raises(BadSetting):
        book.set_wrong_in_100(GUILD, rate)
    assert store.guilds == {}


@pytest.mark.parametrize("quotes", [0, 4, -1])
def test_other_numbers_of_quotes_are_refused(book: SettingsBook, quotes: int) -> None:
    """An answer has one to three quotes."""
    with pytest.raises(BadSetting):
        book.set_quotes(GUILD, quotes)


@pytest.mark.parametrize("seconds", [-1, 86_401])
def test_other_cooldowns_are_refused(book: SettingsBook, seconds: int) -> None:
    """A cooldown takes a day at most."""
    with pytest.raises(BadSetting):
        book.set_cooldowns(GUILD, member=seconds)


@pytest.mark.parametrize("language", ["", "e n", "english", "ü", "e1"])
def test_what_is_no_language_is_refused(book: SettingsBook, language: str) -> None:
    """Codes are kept side by side in one value, so nothing else may get in."""
    with pytest.raises(BadSetting):
        book.set_languages(GUILD, frozenset({language}))


def test_channels_with_settings_are_bounded(book: SettingsBook) -> None:
    """One more than the most is refused; those that have settings can still be changed."""
    for channel in range(1, MOST_CHANNELS + 1):
        book.set_privacy(GUILD, Privacy.PRIVATE, channel=channel)
    with pytest.raises(BadSetting):
        book.set_privacy(GUILD, Privacy.PRIVATE, channel=MOST_CHANNELS + 1)
    book.set_privacy(GUILD, Privacy.PUBLIC, channel=1)
    assert book.read(GUILD).channels[1].privacy is Privacy.PUBLIC


def test_settings_are_read_once_a_version(book: SettingsBook, store: MemorySettings) -> None:
    """Only the version is looked at again until something changes, whoever changed it."""
    for _ in range(5):
        book.read(GUILD)
        book.read_scopes(GUILD)
    assert store.reads == 1
    SettingsBook(store).bind_article(GUILD, 1, make_scope([3], []))
    assert book.read_scopes(GUILD) == {1: make_scope([3], [])}
    assert store.reads == 2


def test_a_store_that_is_away_is_no_permission(book: SettingsBook, store: MemorySettings) -> None:
    """What was read before is not used in its place: an article may have been bound meanwhile."""
    book.read_scopes(GUILD)
    store.is_down = True
    with pytest.raises(StoreUnavailable):
        book.read_scopes(GUILD)


def test_what_cannot_be_read_leaves_the_default(caplog: pytest.LogCaptureFixture) -> None:
    """A value of a newer version, or a damaged one, is logged without its text."""
    values = {
        (0, "privacy"): "semi-secret", (0, "wrong_in_100"): "many", (0, "quotes"): "7", (0, "member_seconds"): "-3",
        (0, "manager_role"): "boss", (0, "novelty"): "1", (CHANNEL, "policy"): "sometimes",
    }  # fmt: skip
    with caplog.at_level(logging.WARNING):
        assert parse_settings(GUILD, StoredSettings(4, values)) == GuildSettings(version=4)
    assert "semi-secret" not in caplog.text
    assert "privacy" in caplog.text


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.text(max_size=12)), st.text(max_size=12)))
def test_no_stored_value_breaks_reading(values: dict[tuple[int, str], str]) -> None:
    """Whatever stands in the store, settings come out of it."""
    assert parse_settings(GUILD, StoredSettings(1, values)).version == 1


def test_answers_come_in_threads_where_a_guild_says_so(book: SettingsBook) -> None:
    """Of a place the nearest that has settings decides; taking the choice back leaves nothing of it."""
    book.set_in_thread(GUILD, PARENT, in_thread=True)
    settings = book.read(GUILD)
    assert settings.channel((CHANNEL, PARENT)).in_thread
    assert not settings.channel((CHANNEL, CATEGORY)).in_thread
    book.set_policy(GUILD, CHANNEL, ChannelPolicy.ALWAYS)
    assert not book.read(GUILD).channel((CHANNEL, PARENT)).in_thread
    assert PARENT not in book.set_in_thread(GUILD, PARENT, in_thread=False).channels
