"""The stores of guild settings keep their contract, between processes and with their articles too."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.guild_settings.ports import SettingsStore
from bot.engine.guild_settings.records import Privacy
from bot.engine.scopes.records import make_scope
from bot.engine.stores.guild_settings import SQLiteGuildSettings
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.memory_settings import MemorySettings
from tests.contract.sample_articles import ENCODER, RIVER, add, make_article
from tests.contract.settings_contract import ARTICLE, GUILD, OTHER_GUILD, SettingsContract


class TestMemorySettings(SettingsContract):
    """The fake that tests stand on."""

    @pytest.fixture
    def settings(self) -> SettingsStore:
        """Settings in memory, an article in each guild."""
        return MemorySettings({(GUILD, ARTICLE), (OTHER_GUILD, ARTICLE)})


class TestSQLiteSettings(SettingsContract):
    """The tables beside the articles."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SQLiteStore]:
        """A store with an article in each guild."""
        store = SQLiteStore.open(tmp_path / "pullquote.sqlite3")
        store.set_encoder_identity(ENCODER)
        for guild in (GUILD, OTHER_GUILD):
            assert add(store, guild, RIVER) == ARTICLE
        yield store
        store.close()

    @pytest.fixture
    def settings(self, store: SQLiteStore) -> SettingsStore:
        """The settings of that store."""
        return SQLiteGuildSettings(store.connections)

    def test_a_removed_article_takes_its_scope_along(self, store: SQLiteStore, settings: SettingsStore) -> None:
        """Its number is never used again, so nothing inherits the scope either."""
        settings.write_scope(GUILD, ARTICLE, make_scope([3], [4]))
        store.remove_article(GUILD, ARTICLE)
        assert settings.read_settings(GUILD).scopes == {}

    def test_an_updated_article_stays_bound(self, store: SQLiteStore, settings: SettingsStore) -> None:
        """A refresh or a reindex opens nothing."""
        settings.write_scope(GUILD, ARTICLE, make_scope([3], []))
        changed = make_article("The river", ["It rises in the marsh."])
        store.replace_article(GUILD, ARTICLE, changed, source="", core=b"c", tokens=None, segment_version=1)
        assert settings.read_settings(GUILD).scopes == {ARTICLE: make_scope([3], [])}

    def test_a_backup_holds_the_settings(self, store: SQLiteStore, settings: SettingsStore, tmp_path: Path) -> None:
        """A restored store keeps its articles bound."""
        settings.write_scope(GUILD, ARTICLE, make_scope([3], []))
        store.backup(tmp_path / "copy.sqlite3")
        copy = SQLiteStore.open(tmp_path / "copy.sqlite3")
        try:
            assert SQLiteGuildSettings(copy.connections).read_settings(GUILD) == settings.read_settings(GUILD)
        finally:
            copy.close()

    def test_two_processes_agree_at_once(self, store: SQLiteStore, settings: SettingsStore, tmp_path: Path) -> None:
        """A handle opened elsewhere sees a change at its next look, though it had read before."""
        other_store = SQLiteStore.open(tmp_path / "pullquote.sqlite3")
        try:
            mine, theirs = SettingsBook(settings), SettingsBook(SQLiteGuildSettings(other_store.connections))
            assert theirs.read(GUILD).privacy is None
            mine.set_privacy(GUILD, Privacy.PRIVATE)
            mine.bind_article(GUILD, ARTICLE, make_scope([3], []))
            assert theirs.read(GUILD).privacy is Privacy.PRIVATE
            assert theirs.read_scopes(GUILD) == {ARTICLE: make_scope([3], [])}
        finally:
            other_store.close()

    def test_threads_that_write_different_keys_lose_nothing(self, settings: SettingsStore) -> None:
        """Two admins at once change what each meant to change."""
        book = SettingsBook(settings)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda channel: book.set_privacy(GUILD, Privacy.PUBLIC, channel=channel), range(1, 17)))
        assert set(book.read(GUILD).channels) == set(range(1, 17))
        assert book.read(GUILD).version == 16

    def test_a_closed_store_says_so(self, store: SQLiteStore, settings: SettingsStore) -> None:
        """Whoever asks after closing gets the store's own sentence."""
        store.close()
        with pytest.raises(StoreUnavailable):
            settings.settings_version(GUILD)
