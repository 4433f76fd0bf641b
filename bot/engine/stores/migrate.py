"""Numbered migrations: a store is brought to this version's schema whole, or is left as it was.

Migrations are files ``NNNN_name.sql``, never edited after release. All that are missing run in one transaction together
with the rows that record them, under SQLite's write lock, so that processes which open a store at once agree. A store
that holds something is first copied to ``<store>.bak-NNNN``, where NNNN is the schema version of the copy.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.engine.errors import StoreUnavailable
from bot.engine.stores.connections import connect
from bot.engine.stores.copies import copy_store
from bot.engine.stores.faults import BUSY_TIMEOUT_SECONDS, is_storage_fault, translate

log = logging.getLogger(__name__)

APPLICATION_ID = 0x50554C51
"""``PULQ`` in the file's header: it tells our stores from other programs' databases."""

_SMALLEST_DATABASE_BYTES = 512
_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_VERSION_TABLE = """
    CREATE TABLE IF NOT EXISTS schema_version (
        number INTEGER NOT NULL PRIMARY KEY,
        applied_at INTEGER NOT NULL,
        name TEXT NOT NULL
    )
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: ``number`` counts from 1; ``statements`` run in order."""

    number: int
    name: str
    statements: tuple[str, ...]


def load_migrations(folder: Traversable | None = None) -> tuple[Migration, ...]:
    """Read the migrations of a folder, by default the ones shipped for SQLite.

    Raises ValueError where a name does not fit, a number is missing or double, or a statement has no end.
    """
    folder = folder or files("bot.engine.stores").joinpath("sql", "sqlite")
    migrations: list[Migration] = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if not item.name.endswith(".sql"):
            continue
        match = _FILE_NAME.fullmatch(item.name)
        if match is None or int(match[1]) != len(migrations) + 1:
            raise ValueError(f"migration {item.name}: expected {len(migrations) + 1:04d}_lower_case_name.sql")
        migrations.append(Migration(int(match[1]), match[2], split_statements(item.read_text(encoding="utf-8"))))
    return tuple(migrations)


def split_statements(sql: str) -> tuple[str, ...]:
    """Split SQL where statements end; semicolons in strings, comments and triggers end none.

    ``executescript`` would do it too, but commits the open transaction first. Raises ValueError for an unended one.
    """
    statements = []
    statement = ""
    for piece in re.split(r"(?<=;)", sql):
        statement += piece
        if piece.endswith(";") and sqlite3.complete_statement(statement):
            statements.append(statement.strip())
            statement = ""
    if any(line.strip() and not line.lstrip().startswith("--") for line in statement.splitlines()):
        raise ValueError(f"SQL statement without an end: {statement.strip()[:80]}")
    return tuple(statements)


def open_migrated(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    """Open or create the store, bring it to the newest of ``migrations`` and return its writer.

    Raises StoreUnavailable where that is impossible; the file is then as it was.
    """
    _check_place(path)
    try:
        connection = connect(path)
        try:
            version = read_version(connection, path, len(migrations))
            _use_write_ahead_log(connection, path)
            if version < len(migrations):
                _migrate(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        if is_storage_fault(error):
            raise translate(error, path, name_path=True) from error
        raise
    return connection


def _check_place(path: Path) -> None:
    """Refuse early what SQLite would only refuse with the first write, or in other words."""
    # Never open the file itself here: closing it would drop SQLite's locks on it in this process (POSIX).
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise StoreUnavailable(f"The store {path} is a folder: give the path of a file in it.")
        # SQLite takes a file of one byte for an empty one.
        if path.exists() and 0 < path.stat().st_size < _SMALLEST_DATABASE_BYTES:
            raise StoreUnavailable(
                f"{path} is not a Pullquote store and was left as it is: choose another path for it."
            )
    except (OSError, ValueError) as error:
        raise StoreUnavailable(
            f"The folder {path.parent} for the store cannot be made ({error}): make it, or choose another one."
        ) from error
    effective = os.access in os.supports_effective_ids
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK, effective_ids=effective):
            raise StoreUnavailable(f"This user may not write to {place}: change its permissions or choose another one.")


def read_version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    """Return the schema version, 0 for an empty file. Refuse another program's database and a newer store."""
    in_transaction = connection.in_transaction
    if not in_transaction:
        connection.execute("BEGIN")  # one state for all three questions
    try:
        tables = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master")}
        if not tables:
            return 0
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        if not ours or "schema_version" not in tables:
            raise StoreUnavailable(
                f"{path} is the database of another program and was left as it is: choose another path for the store."
            )
        version = int(connection.execute("SELECT max(number) FROM schema_version").fetchone()[0])
    finally:
        if not in_transaction:
            connection.execute("ROLLBACK")
    if version > newest:
        raise StoreUnavailable(
            f"The store {path} was written by a newer Pullquote (schema version {version}, this one knows up to "
            f"{newest}): upgrade pullquote to open it; it was left as it is."
        )
    return version


def _use_write_ahead_log(connection: sqlite3.Connection, path: Path) -> None:
    # Two processes that switch a new file at once get SQLITE_BUSY without any waiting, so wait here.
    deadline = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
            continue
        if mode != "wal":
            raise StoreUnavailable(f"The place of the store {path} does not fit SQLite: put it on a local disk.")
        return


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    # Off while tables are rebuilt (it cannot be switched inside a transaction); checked before the commit instead.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = read_version(connection, path, len(migrations))
        if version:
            copy = path.with_name(f"{path.name}.bak-{version:04d}")
            copy_store(path, copy)
            log.info("store %s: schema version %d is kept as %s", path, version, copy)
        for migration in migrations[version:]:
            _apply(connection, path, migration)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("PRAGMA foreign_keys = ON")
    if version < len(migrations):
        log.info("store %s: schema version %d → %d", path, version, len(migrations))


def _apply(connection: sqlite3.Connection, path: Path, migration: Migration) -> None:
    try:
        connection.execute(_VERSION_TABLE)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for statement in migration.statements:
            connection.execute(statement)
            if not connection.in_transaction:
                raise RuntimeError(f"migration {migration.number:04d}_{migration.name} ends the transaction")
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise sqlite3.IntegrityError(f"a {broken[0]} row has lost its {broken[2]}")
        connection.execute(
            "INSERT INTO schema_version (number, applied_at, name) VALUES (?, ?, ?)",
            (migration.number, int(time.time()), migration.name),
        )
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF not in _STEP_FAULTS:
            raise
        log.exception("store %s: migration %04d_%s failed", path, migration.number, migration.name)
        raise StoreUnavailable(
            f"The store {path} could not be upgraded (step {migration.number:04d}_{migration.name}: {error}) and was "
            "left as it is: go back to the version of Pullquote that wrote it, and report this."
        ) from error


_STEP_FAULTS = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH})
"""Primary codes that blame the step itself; a full disk, say, has better advice elsewhere."""
