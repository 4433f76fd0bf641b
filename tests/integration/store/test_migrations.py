"""Stores of every age: empty and old ones are brought to the newest schema, newer ones are refused, none is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from importlib.resources import files
from pathlib import Path

import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.records.articles import ArticleDetails, ArticleRef
from bot.engine.records.freshness import FetchState
from bot.engine.stores.migrate import Migration, load_migrations, open_migrated, split_statements
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.sample_articles import ENCODER, make_article

ROOT = Path(__file__).parents[3]
GUILD = 5
RIVER = make_article("The river", ["It rises in the hills.", "It ends in the sea."])

FIRST = """
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE use (word INTEGER NOT NULL REFERENCES word (id) ON DELETE CASCADE);
INSERT INTO word VALUES (1, 'a;b'); INSERT INTO use VALUES (1);
"""
SECOND = """
-- A table is rebuilt; this comment; has semicolons.
CREATE TABLE word_2 (id INTEGER PRIMARY KEY, text TEXT NOT NULL, size INTEGER NOT NULL);
INSERT INTO word_2 SELECT id, text, length(text) FROM word;
DROP TABLE word;
ALTER TABLE word_2 RENAME TO word;
CREATE TRIGGER grow AFTER INSERT ON word BEGIN
    UPDATE word SET size = size + 1 WHERE id <> new.id;
    UPDATE word SET text = 'it''s; so' WHERE id = new.id;
END;
"""
BROKEN = "INSERT INTO word VALUES (2, 'c', 1); INSERT INTO nowhere VALUES (1);"


def load(folder: Path, *scripts: str) -> tuple[Migration, ...]:
    """Write migrations into a folder and load them."""
    folder.mkdir(exist_ok=True)
    for number, sql in enumerate(scripts, start=1):
        (folder / f"{number:04d}_step_{number}.sql").write_text(sql, encoding="utf-8")
    return load_migrations(folder)


def open_and_close(path: Path, migrations: Sequence[Migration]) -> None:
    """Bring a store up to the migrations."""
    open_migrated(path, migrations).close()


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask a closed store directly."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of a test lies."""
    return tmp_path / "data" / "pullquote.sqlite3"


def test_new_store_gets_every_migration(path: Path) -> None:
    """A new store has the newest schema, records each step, and leaves no copy of the nothing before."""
    SQLiteStore.open(path).close()
    shipped = load_migrations()
    assert query(path, "SELECT number, name FROM schema_version") == [(step.number, step.name) for step in shipped]
    assert query(path, "SELECT min(applied_at) > 1700000000 FROM schema_version") == [(1,)]
    assert list(path.parent.iterdir()) == [path]


def test_opening_again_changes_nothing(path: Path) -> None:
    """A current store is opened without writing to it."""
    SQLiteStore.open(path).close()
    before = path.read_bytes()
    SQLiteStore.open(path).close()
    assert path.read_bytes() == before


def test_old_store_is_upgraded_with_its_data_and_copied_before(path: Path, tmp_path: Path) -> None:
    """An old store keeps its rows through an upgrade, and a copy in the old form lies beside it."""
    open_and_close(path, load(tmp_path / "old", FIRST))
    open_and_close(path, load(tmp_path / "new", FIRST, SECOND, "CREATE TABLE extra (id INTEGER);"))
    assert query(path, "SELECT number FROM schema_version") == [(1,), (2,), (3,)]
    assert query(path, "SELECT * FROM word") == [(1, "a;b", 3)]
    assert query(path, "SELECT * FROM use") == [(1,)], "rebuilding a table must not delete what refers to it"
    copy = path.with_name("pullquote.sqlite3.bak-0001")
    assert sorted(path.parent.iterdir()) == [path, copy]
    assert query(copy, "SELECT * FROM word") == [(1, "a;b")]
    assert query(copy, "SELECT number FROM schema_version") == [(1,)]
    assert query(copy, "PRAGMA integrity_check") == [("ok",)]


def test_shipped_store_with_articles_survives_a_later_step(path: Path, tmp_path: Path) -> None:
    """A store of this version, filled, takes a later step with all its articles, and its copy still opens here."""
    with closing(SQLiteStore.open(path)) as store:
        store.set_encoder_identity(ENCODER)
        store.add_article(GUILD, RIVER, source="", core=b"core", tokens=b"tokens", segment_version=1)
        article = store.get_article(GUILD, 1)
    shipped = load_migrations()
    later = Migration(len(shipped) + 1, "later", ("ALTER TABLE article ADD COLUMN note TEXT NOT NULL DEFAULT 'none'",))
    open_and_close(path, [*shipped, later])
    assert query(path, "SELECT title, note FROM article") == [("The river", "none")]
    assert query(path, "SELECT core FROM segment_core") == [(b"core",)]
    with closing(SQLiteStore.open(path.with_name(f"{path.name}.bak-{len(shipped):04d}"))) as copy:
        assert copy.get_article(GUILD, 1) == article


def test_first_stores_learn_what_a_source_says(path: Path) -> None:
    """A store of the first schema keeps its articles; what it never knew is unknown, and texts are measured."""
    shipped = load_migrations()
    open_and_close(path, shipped[:1])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO guild VALUES (5, 1, 2, 1)")
        connection.execute("INSERT INTO article VALUES (5, 1, 'Flüsse', 'https://a.example/', 7, 'h', 9, 1, 0)")
        connection.execute("INSERT INTO article_text VALUES (5, 1, 'Der Fluß.')")
        connection.execute("INSERT INTO passage VALUES (5, 1, 1, 0, 9, 'paragraph', '[]', 'd')")
    with closing(SQLiteStore.open(path)) as store:
        [listed] = store.list_articles(GUILD)
        article = store.get_article(GUILD, 1)
        store.write_fetch(GUILD, 1, FetchState(9, "tag"))
        assert store.get_article(GUILD, 1).fetch.etag == "tag"
    assert (listed.text_bytes, listed.revision, listed.is_titled) == (10, 1, False)
    assert (article.text, article.details, article.fetch) == ("Der Fluß.", ArticleDetails(), FetchState())
    assert article.ref == ArticleRef(1, "Flüsse", "https://a.example/")
    assert query(path.with_name("pullquote.sqlite3.bak-0001"), "SELECT number FROM schema_version") == [(1,)]


@pytest.mark.parametrize(
    "step",
    [
        BROKEN,
        "INSERT INTO word VALUES (1, 'twice', 1);",
        "CREATE TABLE child (word INTEGER REFERENCES word (id)); INSERT INTO child VALUES (404);",
    ],
)
def test_failing_step_leaves_the_old_store(path: Path, tmp_path: Path, step: str) -> None:
    """Where any step fails, all steps of the upgrade are undone, and the sentence says which one and what to do."""
    old = load(tmp_path / "old", FIRST)
    open_and_close(path, old)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match=r"0003_step_3: .* left as it is: go back"):
        open_migrated(path, load(tmp_path / "new", FIRST, SECOND, step))
    assert path.read_bytes() == before
    with closing(open_migrated(path, old)) as connection:
        assert connection.execute("SELECT * FROM word").fetchall() == [(1, "a;b")]
    open_and_close(path, load(tmp_path / "mended", FIRST, SECOND))
    assert query(path, "SELECT * FROM word") == [(1, "a;b", 3)]


def test_failing_first_step_leaves_an_empty_store(path: Path, tmp_path: Path) -> None:
    """A new store whose first step fails holds nothing and can be opened once the step is mended."""
    with pytest.raises(StoreUnavailable, match="0001_step_1"):
        open_migrated(path, load(tmp_path / "broken", "CREATE TABLE a (id); CREATE TABLE a (id);"))
    assert query(path, "SELECT name FROM sqlite_master") == []
    SQLiteStore.open(path).close()


def test_step_that_ends_the_transaction_is_an_error(path: Path, tmp_path: Path) -> None:
    """A migration with a COMMIT of its own is a mistake of ours that does not pass."""
    with pytest.raises(RuntimeError, match="ends the transaction"):
        open_migrated(path, load(tmp_path / "bad", "CREATE TABLE a (id); COMMIT; CREATE TABLE b (id);"))


def test_newer_store_is_refused_untouched(path: Path) -> None:
    """A store of a newer version is refused with both versions and the next step, and not a byte changes."""
    SQLiteStore.open(path).close()
    newest = len(load_migrations())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO schema_version VALUES (?, 0, 'later')", (newest + 3,))
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable) as caught:
        SQLiteStore.open(path)
    assert f"schema version {newest + 3}, this one knows up to {newest}" in str(caught.value)
    assert "upgrade pullquote" in str(caught.value)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_no_upgrade_without_a_copy(path: Path, tmp_path: Path) -> None:
    """Where the copy cannot be written, the store is not upgraded."""
    open_and_close(path, load(tmp_path / "old", FIRST))
    path.with_name("pullquote.sqlite3.bak-0001").mkdir()
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match=r"copy .* cannot be written"):
        open_migrated(path, load(tmp_path / "new", FIRST, SECOND))
    assert path.read_bytes() == before
    assert not path.with_name("pullquote.sqlite3.bak-0001.partial").exists()


def test_damaged_store_is_not_upgraded(path: Path, tmp_path: Path) -> None:
    """Damage is found by the copy before anything is changed."""
    rows = "INSERT INTO word (text) SELECT hex(zeroblob(20000)) FROM word;"
    open_and_close(path, load(tmp_path / "old", FIRST + rows))
    with path.open("r+b") as file:
        file.seek(-8192, 2)
        file.write(b"\xff" * 8192)
    damaged = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="damaged"):
        open_migrated(path, load(tmp_path / "new", FIRST + rows, SECOND))
    assert path.read_bytes() == damaged


def test_processes_that_open_an_old_store_at_once_all_succeed(path: Path, tmp_path: Path) -> None:
    """Of several processes that upgrade one store together each step runs once, and each process goes on."""
    open_and_close(path, load(tmp_path / "steps", FIRST))
    load(tmp_path / "steps", FIRST, SECOND)
    script = (
        "import sys; from pathlib import Path; from bot.engine.stores.migrate import *\n"
        "steps = load_migrations(Path(sys.argv[2])); print('ready', flush=True); sys.stdin.readline()\n"
        "open_migrated(Path(sys.argv[1]), steps).close()"
    )
    command = [sys.executable, "-c", script, str(path), str(tmp_path / "steps")]
    with ExitStack() as stack:
        children = [
            stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            for _ in range(4)
        ]
        assert [child.stdout.readline() for child in children if child.stdout] == [b"ready\n"] * 4
        for child in children:
            assert child.stdin is not None
            child.stdin.write(b"go\n")
            child.stdin.flush()
    assert [child.returncode for child in children] == [0, 0, 0, 0]
    assert query(path, "SELECT number FROM schema_version") == [(1,), (2,)]
    assert query(path, "SELECT * FROM word") == [(1, "a;b", 3)]


def test_threads_that_make_a_store_at_once_all_succeed(path: Path) -> None:
    """However the first openings of a store fall together, all find it whole."""
    for number in range(10):
        start = threading.Barrier(4)
        file = path.with_name(str(number))

        def open_(start: threading.Barrier = start, file: Path = file) -> None:
            start.wait(timeout=30)
            SQLiteStore.open(file).close()

        with ThreadPoolExecutor(4) as pool:
            for opening in [pool.submit(open_) for _ in range(4)]:
                opening.result(timeout=60)
        assert query(file, "SELECT count(*) FROM schema_version") == [(len(load_migrations()),)]


class TestScripts:
    """Reading migration files."""

    def test_statements_end_where_sql_says(self) -> None:
        """Semicolons in strings, comments and triggers do not end a statement; a last comment is none."""
        statements = split_statements(SECOND + "-- the end;\n  \n")
        assert [statement.split()[0] for statement in statements] == ["--", "INSERT", "DROP", "ALTER", "CREATE"]
        assert statements[-1].endswith("END;")

    def test_statement_without_an_end_is_an_error(self) -> None:
        """A forgotten semicolon does not drop a statement silently."""
        with pytest.raises(ValueError, match="without an end: CREATE TABLE b"):
            split_statements("CREATE TABLE a (id);\nCREATE TABLE b (id)")

    @pytest.mark.parametrize("name", ["0003_gap.sql", "2_short.sql", "0002-dash.sql", "0001_double.sql"])
    def test_misnamed_file_is_an_error(self, tmp_path: Path, name: str) -> None:
        """Numbers have four digits and no gaps, so that order and completeness are plain."""
        (tmp_path / "0001_first.sql").write_text(FIRST)
        (tmp_path / name).write_text(FIRST)
        (tmp_path / "README.md").write_text("not a step")
        with pytest.raises(ValueError, match="migration"):
            load_migrations(tmp_path)

    def test_shipped_steps_are_package_data(self) -> None:
        """The SQL files load from the package, wherever it is installed."""
        assert files("bot.engine.stores").joinpath("sql", "sqlite", "0001_initial.sql").is_file()
        assert [step.number for step in load_migrations()] == list(range(1, len(load_migrations()) + 1))
