"""What every store of guild settings must do. A test class inherits it and says how to open one."""

from __future__ import annotations

import pytest

from bot.engine.errors import NotFound
from bot.engine.guild_settings.ports import SettingsStore
from bot.engine.guild_settings.records import StoredSettings
from bot.engine.scopes.records import ArticleScope, make_scope

GUILD, OTHER_GUILD = 7, 8
ARTICLE = 1
"""An article that the fixture has added to both guilds."""
BIG = 2**63 - 1
"""The largest id that fits; Discord's are of this order."""


class SettingsContract:
    """Runs on every store of guild settings; ``settings`` has an article 1 in both guilds."""

    @pytest.fixture
    def settings(self) -> SettingsStore:
        """Inherited classes provide it."""
        raise NotImplementedError

    def test_nothing_is_set_at_first(self, settings: SettingsStore) -> None:
        """A guild that never chose anything has version 0 and no values."""
        assert settings.settings_version(GUILD) == 0
        assert settings.read_settings(GUILD) == StoredSettings()

    def test_values_are_kept_by_channel_and_key(self, settings: SettingsStore) -> None:
        """What was written is read, the last value of a key counts, None takes one away."""
        settings.write_settings(GUILD, {(0, "a"): "1", (BIG, "a"): "ü", (5, "b"): "x"})
        settings.write_settings(GUILD, {(0, "a"): "2", (5, "b"): None, (6, "never"): None})
        assert settings.read_settings(GUILD).values == {(0, "a"): "2", (BIG, "a"): "ü"}

    def test_every_write_raises_the_version(self, settings: SettingsStore) -> None:
        """Settings, scopes and forgetting count, in the guild that is meant alone."""
        settings.write_settings(GUILD, {(0, "a"): "1"})
        settings.write_scope(GUILD, ARTICLE, make_scope([3], []))
        settings.forget_settings(GUILD)
        assert settings.settings_version(GUILD) == 3
        assert settings.read_settings(GUILD).version == 3
        assert settings.settings_version(OTHER_GUILD) == 0

    def test_a_scope_replaces_the_one_before(self, settings: SettingsStore) -> None:
        """An article has one scope; an empty one binds it to nothing."""
        settings.write_scope(GUILD, ARTICLE, make_scope([BIG, 3], [4]))
        assert settings.read_settings(GUILD).scopes == {ARTICLE: make_scope([3, BIG], [4])}
        settings.write_scope(GUILD, ARTICLE, make_scope([], [9]))
        assert settings.read_settings(GUILD).scopes == {ARTICLE: make_scope([], [9])}
        settings.write_scope(GUILD, ARTICLE, ArticleScope())
        assert settings.read_settings(GUILD).scopes == {}

    def test_an_article_that_is_gone_cannot_be_bound(self, settings: SettingsStore) -> None:
        """Nothing is written, and the version stays."""
        with pytest.raises(NotFound):
            settings.write_scope(GUILD, 99, make_scope([3], []))
        assert settings.settings_version(GUILD) == 0

    def test_guilds_have_nothing_in_common(self, settings: SettingsStore) -> None:
        """What one guild sets, binds or forgets leaves another as it is."""
        settings.write_settings(GUILD, {(0, "a"): "1"})
        settings.write_scope(GUILD, ARTICLE, make_scope([3], []))
        before = settings.read_settings(GUILD)
        settings.write_settings(OTHER_GUILD, {(0, "a"): "2"})
        settings.forget_settings(OTHER_GUILD)
        assert settings.read_settings(GUILD) == before
        assert settings.read_settings(OTHER_GUILD).values == {}
        assert settings.read_settings(OTHER_GUILD).scopes == {}

    def test_forgetting_opens_no_article(self, settings: SettingsStore) -> None:
        """Choices go, but articles stay bound: a forgotten scope would show them to everybody."""
        settings.write_settings(GUILD, {(0, "a"): "1"})
        settings.write_scope(GUILD, ARTICLE, make_scope([3], []))
        settings.forget_settings(GUILD)
        assert settings.read_settings(GUILD).values == {}
        assert settings.read_settings(GUILD).scopes == {ARTICLE: make_scope([3], [])}
