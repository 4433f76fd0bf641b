"""Whole copies of a store, taken while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.engine.errors import StoreUnavailable
from bot.engine.stores.connections import connect
from bot.engine.stores.faults import is_storage_fault, translate


def copy_store(path: Path, target: Path) -> None:
    """Copy the store to ``target``, which appears only once it is whole and checked; readers and writers go on.

    An earlier file at ``target`` is replaced. Raises StoreUnavailable.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _discard(partial)
        _copy(path, partial)
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        _discard(partial)
        if is_storage_fault(error):
            is_damage = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF == sqlite3.SQLITE_CORRUPT
            raise translate(error, path if is_damage else target, name_path=True) from error
        raise StoreUnavailable(
            f"The copy {target} cannot be written ({error}): choose another place for it."
        ) from error
    except BaseException:
        _discard(partial)
        raise


def find_damage(connection: sqlite3.Connection) -> list[str]:
    """Check every page, index and reference; return what is wrong, one line each, nothing where all is well."""
    found: list[str] = []
    try:
        found += [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"{row[0]} row without its {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        found.append(str(error))
    return found


def _copy(path: Path, partial: Path) -> None:
    with closing(connect(path, read_only=True)) as source, closing(connect(partial)) as copy:
        source.backup(copy)
        # One file that can be moved anywhere, with no -wal beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        damage = find_damage(copy)
    if damage:
        raise StoreUnavailable(f"The store {path} is damaged ({damage[0]}): restore an earlier backup.")


def _discard(partial: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):  # what cannot be removed is reported when it is written
            partial.with_name(partial.name + suffix).unlink(missing_ok=True)
