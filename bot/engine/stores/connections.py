"""One writer and a few readers on a SQLite file, shared by threads and by processes.

Writers wait for each other (a lock in this process, SQLite's own between processes); readers wait for nobody: each
transaction sees the store as it was when it began.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.engine.errors import StoreUnavailable
from bot.engine.stores.faults import BUSY_TIMEOUT_SECONDS, is_storage_fault, translate

PAGE_BYTES = 8192
READERS = 8
"""The most readers at once. SQLite keeps the files of a closed connection open as long as others of this process are on
the same store (POSIX locks), so only a bound on connections bounds the file handles."""

_UPGRADED = "The store was upgraded while this process ran: restart it, with the newer version of Pullquote."


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a connection without implicit transactions; a file that is missing is created unless ``read_only``.

    It may move between threads; whoever holds it is alone with it.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
        uri=True,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -8192")  # KiB
        if not read_only:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # counts for a new file only
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone leaves data in the drive's cache
            connection.execute("PRAGMA journal_size_limit = 67108864")
    except BaseException:
        connection.close()
        raise
    return connection


class Connections:
    """The connections of one open store. Takes over the writer it is given."""

    def __init__(self, path: Path, writer: sqlite3.Connection, schema: int) -> None:
        self._path = path
        self._schema = schema
        self._writer: sqlite3.Connection | None = writer
        self._writing = threading.Lock()
        self._readers: list[sqlite3.Connection] = []
        self._pool = threading.Lock()
        self._slots = threading.BoundedSemaphore(READERS)
        self._closed = False

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run the block in one transaction: whole and durable at its end, or without any trace where it raises."""
        with self._writing:
            self._require_open()
            try:
                if self._writer is None:
                    self._writer = connect(self._path)
                connection = self._writer
                connection.execute("BEGIN IMMEDIATE")
                self._check_schema(connection)
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                self._roll_back()
                if is_storage_fault(error):
                    raise translate(error, self._path) from error
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Run the block on one unchanging state of the store. Blocks must not nest."""
        with self._slots:
            connection: sqlite3.Connection | None = None
            try:
                connection = self._take_reader()
                connection.execute("BEGIN")
                self._check_schema(connection)
                yield connection
                connection.execute("ROLLBACK")
            except BaseException as error:
                if connection is not None:
                    connection.close()
                if is_storage_fault(error):
                    raise translate(error, self._path) from error
                raise
            self._return_reader(connection)

    def close(self) -> None:
        """Close every connection once its transaction has ended. May be called twice."""
        with self._pool:
            self._closed = True
            readers, self._readers = self._readers, []
        for reader in readers:
            reader.close()
        with self._writing:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.close()

    def _check_schema(self, connection: sqlite3.Connection) -> None:
        if connection.execute("SELECT max(number) FROM schema_version").fetchone()[0] != self._schema:
            raise StoreUnavailable(_UPGRADED)

    def _roll_back(self) -> None:
        """End the transaction; a connection that cannot even do that is dropped, and SQLite recovers."""
        connection = self._writer
        if connection is None:
            return
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._writer = None
            with suppress(sqlite3.Error):
                connection.close()

    def _require_open(self) -> None:
        if self._closed:
            raise StoreUnavailable("The store is closed: Pullquote is shutting down; try again when it is back.")

    def _take_reader(self) -> sqlite3.Connection:
        with self._pool:
            self._require_open()
            if self._readers:
                return self._readers.pop()
        return connect(self._path, read_only=True)

    def _return_reader(self, connection: sqlite3.Connection) -> None:
        with self._pool:
            if not self._closed:
                self._readers.append(connection)
                return
        connection.close()
