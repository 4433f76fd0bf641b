"""How the SQLite store keeps its file and its handles."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.records.passages import digest
from bot.engine.stores.connections import READERS
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.sample_articles import (
    ENCODER,
    GUILD,
    OTHER_ENCODER,
    RIVER,
    TOWER,
    add,
    contents,
    put,
    stage,
)
from tests.integration.store.connection import writer


class TestFile:
    """How the file is kept."""

    def test_file_is_set_up_to_be_durable_and_shared(self, store: SQLiteStore) -> None:
        """Commits reach the disk before they are acknowledged, readers do not wait, references are enforced."""
        asked = ("journal_mode", "synchronous", "foreign_keys", "page_size", "busy_timeout")
        found = [writer(store).execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
        assert found == ["wal", 2, 1, 8192, 30_000]

    def test_closed_store_is_one_file(self, store: SQLiteStore, path: Path) -> None:
        """After closing, the one file is all there is to copy."""
        add(store)
        store.close()
        assert list(path.parent.iterdir()) == [path]

    def test_reader_cannot_write(self, store: SQLiteStore) -> None:
        """Connections for reading are read-only, so no reading method can ever change the file."""
        with (
            pytest.raises(StoreUnavailable, match="cannot be written"),
            store._connections.read() as connection,
        ):
            connection.execute("DELETE FROM guild")

    def test_small_reads_do_not_touch_texts_and_blobs(self, store: SQLiteStore) -> None:
        """Listing, versions and hashes are answered from tables and indexes without any text or blob in them."""
        bulky = {"article_text", "line", "passage", "segment_core", "segment_tokens"}
        touched: set[str | None] = set()

        def watch(action: int, table: str | None, *_: str | None) -> int:
            if action == sqlite3.SQLITE_READ:
                touched.add(table)
            return sqlite3.SQLITE_OK

        add(store)
        [reader] = store._connections._readers
        reader.set_authorizer(watch)
        store.list_articles(GUILD)
        store.segment_ids(GUILD)
        store.guild_state(GUILD)
        store.find_by_hash(GUILD, digest(RIVER.text))
        store.find_by_source(GUILD, "a/b")
        assert {"article", "segment", "guild"} <= touched
        assert not touched & bulky

    @pytest.mark.parametrize("column", ["source", "content_hash"])
    def test_finding_uses_an_index(self, store: SQLiteStore, column: str) -> None:
        """Finding by hash or source does not scan the guild's articles."""
        condition = f"guild = ? AND {column} = ?" + (" AND source <> ''" if column == "source" else "")
        plan = writer(store).execute(f"EXPLAIN QUERY PLAN SELECT max(id) FROM article WHERE {condition}", (1, "x"))  # noqa: S608
        assert f"INDEX article_{column} (guild=? AND {column}=?)" in plan.fetchone()[3]

    def test_nothing_unreferenced_stays(self, store: SQLiteStore) -> None:
        """Removing, replacing and switching leave no rows behind in any table."""
        for _ in range(3):
            add(store)
        put(store, 2)
        for article_id, parsed in ((1, RIVER), (2, TOWER), (3, RIVER)):
            assert stage(store, article_id, parsed)
        assert store.switch_encoder(OTHER_ENCODER, 2) == 0
        counts = {
            table: writer(store).execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("article_text", "segment", "segment_core", "segment_tokens")
        }
        assert counts == {"article_text": 3, "segment": 3, "segment_core": 3, "segment_tokens": 3}
        for article_id in (1, 2, 3):
            store.remove_article(GUILD, article_id)
        tables = ("article", *counts, "line", "passage")
        left = [writer(store).execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608
        assert left == [0] * len(tables)
        assert store.check() == []

    def test_interrupted_switch_leaves_only_unused_space(self, store: SQLiteStore) -> None:
        """Segments that a killed switch could not delete any more are never read, and the next switch deletes them."""
        add(store)
        assert stage(store, 1, RIVER)
        before = contents(store, GUILD)
        assert store.switch_encoder(ENCODER, 1) == 0
        assert contents(store, GUILD) == before
        assert writer(store).execute("SELECT count(*) FROM segment").fetchone()[0] == 1


class TestHandles:
    """What the store holds of the system."""

    @pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to count open files")
    def test_files_and_threads_return_to_baseline(self, path: Path) -> None:
        """Reading from many short-lived threads leaks neither a file handle nor a thread, even before closing."""

        def count() -> tuple[int, int]:
            return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

        SQLiteStore.open(path).close()  # whatever is loaded once is loaded now
        baseline = count()
        store = SQLiteStore.open(path)
        store.set_encoder_identity(ENCODER)
        add(store)
        for _ in range(5):
            threads = [threading.Thread(target=store.get_article, args=(GUILD, 1)) for _ in range(32)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(store._connections._readers) <= READERS
        assert count()[0] <= baseline[0] + 1 + 2 * (READERS + 1)
        store.close()
        assert count() == baseline

    def test_a_reader_that_outlives_the_store_is_closed_when_it_ends(self, store: SQLiteStore) -> None:
        """Closing while another thread reads lets that read end, then closes its connection too."""
        with store._connections.read() as connection:
            store.close()
            assert connection.execute("SELECT count(*) FROM article").fetchone() == (0,)
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
        assert store._connections._readers == []
