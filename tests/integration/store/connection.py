"""What a test needs to reach behind the store."""

from __future__ import annotations

import sqlite3

from bot.engine.stores.sqlite import SQLiteStore


def writer(store: SQLiteStore) -> sqlite3.Connection:
    """The connection that the store writes with, to put it under conditions that are hard to come by."""
    connection = store._connections._writer
    assert connection is not None
    return connection
