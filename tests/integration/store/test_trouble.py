"""What the machine may do to the SQLite store, and what people may give it for a file: nothing is lost."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import Line, LineLabel, Passage, digest
from bot.engine.stores.migrate import load_migrations, open_migrated
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.sample_articles import (
    GUILD,
    RIVER,
    add,
    contents,
    make_article,
    put,
)
from tests.integration.store.connection import writer


class TestTrouble:
    """What the machine may do to the store."""

    def test_full_disk_loses_nothing(self, store: SQLiteStore) -> None:
        """On a full disk an article is refused whole, with the next step, and goes in once there is space."""
        add(store)
        before = contents(store, GUILD)
        pages = writer(store).execute("PRAGMA page_count").fetchone()[0]
        writer(store).execute(f"PRAGMA max_page_count = {pages + 2}")
        large = make_article("Large", ["word " * 40_000])
        with pytest.raises(StoreUnavailable, match=r"disk .* is full: free some space"):
            add(store, parsed=large)
        with pytest.raises(StoreUnavailable, match="is full"):
            put(store, 1, parsed=large)
        assert contents(store, GUILD) == before
        writer(store).execute("PRAGMA max_page_count = 1000000")
        assert add(store, parsed=large) == 2
        assert store.check() == []

    def test_locked_by_another_process(self, store: SQLiteStore, path: Path) -> None:
        """A writer that holds the store too long makes others say so; readers go on."""
        add(store)
        writer(store).execute("PRAGMA busy_timeout = 20")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match="another process: try again"):
                add(store)
            assert store.get_article(GUILD, 1).text == RIVER.text
            other.execute("ROLLBACK")
        assert add(store) == 2

    def test_refused_rows_leave_no_half_article(self, store: SQLiteStore, caplog: pytest.LogCaptureFixture) -> None:
        """Where SQLite refuses a row in the middle of an article, nothing of it stays and no id is lost."""
        passage = Passage(1, 0, 1, LineLabel.PARAGRAPH, (), digest("a"))
        broken = ParsedArticle("a", "a", (Line(1, 0, 1, LineLabel.PARAGRAPH),), (passage, passage))
        with pytest.raises(StoreUnavailable, match="nothing was changed"):
            add(store, parsed=broken)
        assert "SQLITE_CONSTRAINT_PRIMARYKEY" in caplog.text
        assert store.list_articles(GUILD) == []
        assert add(store) == 1

    def test_interrupt_in_a_transaction_undoes_it(self, store: SQLiteStore) -> None:
        """An interrupt from the keyboard in the middle of writing leaves no transaction open."""

        def write() -> None:
            with store._connections.write() as connection:
                connection.execute("INSERT INTO guild VALUES (?, 1, 1, 1)", (GUILD,))
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write()
        assert store.guilds() == []
        assert add(store) == 1

    def test_writer_that_cannot_roll_back_is_replaced(self, store: SQLiteStore) -> None:
        """A broken write connection is dropped, and the next write opens another."""

        def write() -> None:
            with store._connections.write() as connection:
                connection.close()
                connection.execute("SELECT 1")

        with pytest.raises(sqlite3.ProgrammingError):
            write()
        assert add(store) == 1

    def test_number_out_of_range_is_the_callers_error(self, store: SQLiteStore) -> None:
        """A guild number beyond 64 bits is not blamed on the store, which goes on."""
        with pytest.raises(OverflowError):
            add(store, guild=2**63)
        assert add(store) == 1

    def test_damage_is_reported_and_never_written_over(self, store: SQLiteStore, path: Path) -> None:
        """A damaged page raises one sentence that names the backup; the rest of the file stays as it is."""
        add(store, parsed=make_article("Long", [f"Paragraph {number}." * 9 for number in range(2_000)]))
        pages = [row[0] for row in writer(store).execute("SELECT rootpage FROM sqlite_master WHERE name = 'passage'")]
        store.close()
        with path.open("r+b") as file:
            file.seek((pages[0] - 1) * 8192)
            file.write(b"\xff" * 8192)
        damaged = path.read_bytes()
        with closing(SQLiteStore.open(path)) as store:
            assert [article.title for article in store.list_articles(GUILD)] == ["Long"]
            with pytest.raises(StoreUnavailable, match=r"damaged .* put a backup in its place"):
                store.get_article(GUILD, 1)
            assert store.check() != []
            with pytest.raises(StoreUnavailable, match="damaged"):
                store.backup(path.with_name("backup"))
        assert path.read_bytes() == damaged
        assert list(path.parent.iterdir()) == [path]

    def test_text_that_is_no_text_any_more_is_damage(self, store: SQLiteStore) -> None:
        """Bytes that were flipped so that a text cannot be decoded are told as damage."""
        add(store)
        writer(store).execute("UPDATE article_text SET text = CAST(x'41ff' AS TEXT)")
        with pytest.raises(StoreUnavailable, match="damaged"):
            store.get_article(GUILD, 1)

    def test_old_process_stops_after_an_upgrade(self, store: SQLiteStore, path: Path) -> None:
        """Where a newer version upgraded the file underneath, this process neither reads nor writes it any more."""
        add(store)
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("INSERT INTO schema_version VALUES (99, 0, 'later')")
        for use in (lambda: store.get_article(GUILD, 1), lambda: add(store), lambda: store.backup(path / "b")):
            with pytest.raises(StoreUnavailable, match="upgraded while this process ran: restart"):
                use()


class TestBadPlaces:
    """Opening what is no store: one sentence, and not a byte changed."""

    def refuse(self, path: Path) -> str:
        """Open, expect the refusal, return its sentence."""
        with pytest.raises(StoreUnavailable) as caught:
            SQLiteStore.open(path)
        assert str(path) in str(caught.value)
        return str(caught.value)

    @pytest.mark.parametrize("content", [b"x", b"Dear diary,\n" * 4000, b"SQLite format 3\x00" + b"\x00" * 500])
    def test_file_of_another_kind(self, path: Path, content: bytes) -> None:
        """A file that is no database is named as such and kept."""
        path.write_bytes(content)
        assert "left as it is" in self.refuse(path)
        assert path.read_bytes() == content
        assert list(path.parent.iterdir()) == [path]

    @pytest.mark.parametrize("table", ["moz_places", "schema_version"])
    def test_database_of_another_program(self, path: Path, table: str) -> None:
        """A SQLite database that we did not make is kept, even with a table named like ours."""
        with closing(sqlite3.connect(path)) as other, other:
            other.execute(f"CREATE TABLE {table} (number)")
        before = path.read_bytes()
        assert "database of another program" in self.refuse(path)
        assert path.read_bytes() == before

    def test_folder(self, path: Path) -> None:
        """A folder in the place of the file is named as such."""
        path.mkdir()
        assert "is a folder" in self.refuse(path)

    def test_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        """Where a parent folder is a file, the sentence says which folder could not be made."""
        (tmp_path / "file").write_text("")
        with pytest.raises(StoreUnavailable, match="cannot be made") as caught:
            SQLiteStore.open(tmp_path / "file" / "folder" / "pullquote.sqlite3")
        assert str(tmp_path / "file" / "folder") in str(caught.value)
        with pytest.raises(StoreUnavailable):
            SQLiteStore.open(tmp_path / "file" / "pullquote.sqlite3")

    @pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX permissions")
    @pytest.mark.parametrize("target", ["folder", "file"])
    def test_place_that_may_not_be_written(self, target: str) -> None:
        """A read-only folder or file is refused when the store is opened, not with the first article."""
        migrations = load_migrations()
        with tempfile.TemporaryDirectory() as folder:  # pytest's own folder is closed to other users
            path = Path(folder) / "pullquote.sqlite3"
            SQLiteStore.open(path).close()
            (path if target == "file" else path.parent).chmod(0o555)
            path.parent.chmod(0o555 if target == "folder" else 0o777)
            user = os.geteuid()
            if user == 0:
                os.seteuid(65534)  # root may write everywhere
            try:
                with pytest.raises(StoreUnavailable, match="may not write") as caught:
                    open_migrated(path, migrations)
            finally:
                os.seteuid(user)
                path.parent.chmod(0o700)
        assert str(path if target == "file" else path.parent) + ":" in str(caught.value)

    def test_empty_file_becomes_a_store(self, path: Path) -> None:
        """An empty file, such as a container's mount point, is as good as none."""
        path.touch()
        with closing(SQLiteStore.open(path)) as store:
            assert store.guilds() == []
