"""Copies of the SQLite store, taken while it is in use."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.sample_articles import (
    GUILD,
    RIVER,
    TOWER,
    add,
)


class TestBackup:
    """Copies taken while the store is in use."""

    def test_backup_is_a_store_of_its_own(self, store: SQLiteStore, path: Path) -> None:
        """The copy is one file that opens as a store with the same content; its original goes on."""
        add(store, source="https://example.org/river")
        target = path.parent / "backups" / "monday.sqlite3"
        store.backup(target)
        assert list(target.parent.iterdir()) == [target]
        add(store, parsed=TOWER)
        with closing(SQLiteStore.open(target)) as copy:
            assert [article.id for article in copy.list_articles(GUILD)] == [1]
            assert copy.get_article(GUILD, 1) == store.get_article(GUILD, 1)
            assert add(copy) == 2
        assert [article.title for article in store.list_articles(GUILD)] == ["The river", "The tower"]

    def test_backup_never_replaces_a_file(self, store: SQLiteStore, path: Path) -> None:
        """A name that is taken, the store's own included, is refused and left alone."""
        add(store)
        taken = path.with_name("notes.txt")
        taken.write_text("mine")
        for target in (taken, path, path.parent):
            with pytest.raises(StoreUnavailable, match="another name"):
                store.backup(target)
        assert taken.read_text() == "mine"
        assert store.get_article(GUILD, 1).text == RIVER.text

    def test_backup_that_cannot_be_written(self, store: SQLiteStore, path: Path) -> None:
        """A place that cannot be made is named, and nothing half-done stays."""
        (path.parent / "file").write_text("")
        with pytest.raises(StoreUnavailable, match="cannot be written"):
            store.backup(path.parent / "file" / "backup.sqlite3")

    def test_backup_while_articles_are_added(self, store: SQLiteStore, path: Path) -> None:
        """A copy taken during writing holds a state that the store really had: articles 1 to n, all whole."""
        stop = threading.Event()

        def work() -> None:
            while not stop.is_set():
                add(store)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            for number in range(3):
                store.backup(path.with_name(f"copy-{number}"))
        finally:
            stop.set()
            thread.join()
        for number in range(3):
            with closing(SQLiteStore.open(path.with_name(f"copy-{number}"))) as copy:
                ids = [article.id for article in copy.list_articles(GUILD)]
                assert ids == list(range(1, len(ids) + 1))
                state = copy.guild_state(GUILD)
                assert state.version == state.articles == len(ids)
                assert len(copy.segments(GUILD, ids)) == len(ids)
