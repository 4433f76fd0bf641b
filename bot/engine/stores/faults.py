"""What SQLite's errors mean to the person who has to mend them."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from bot.engine.errors import StoreUnavailable

log = logging.getLogger(__name__)

BUSY_TIMEOUT_SECONDS = 30

_ADVICE = {
    sqlite3.SQLITE_FULL: "The disk that holds {store} is full: free some space and try again; what is stored is safe.",
    sqlite3.SQLITE_BUSY: "{Store} is being written by another process: try again in a moment.",
    sqlite3.SQLITE_LOCKED: "{Store} is being written by another process: try again in a moment.",
    sqlite3.SQLITE_NOTADB: "{Store} is not a Pullquote store and was left as it is: choose another path for the store.",
    sqlite3.SQLITE_CORRUPT: "{Store} is damaged and was left as it is: stop Pullquote and put a backup in its place.",
    sqlite3.SQLITE_CANTOPEN: "{Store} cannot be opened: check that it is a file that this user may read and write.",
    sqlite3.SQLITE_PERM: "{Store} cannot be opened: check that it is a file that this user may read and write.",
    sqlite3.SQLITE_READONLY: "{Store} cannot be written: check that this user may write to it and to its folder.",
    sqlite3.SQLITE_IOERR: "The disk that holds {store} reported an error: check the disk, then try again.",
    sqlite3.SQLITE_TOOBIG: "The article is larger than {store} can keep: split it and add the parts.",
    sqlite3.SQLITE_NOMEM: "There is not enough memory to use {store}: free some and try again.",
}
_ADDRESS_TAKEN = "An article from this address was added a moment ago by someone else: add it again to update that one."
_UNEXPECTED = "{Store} failed unexpectedly ({error}): nothing was changed; please report it with the log."


def is_storage_fault(error: BaseException) -> bool:
    """Say whether SQLite itself failed, as opposed to a programming error in a call of it."""
    # Undecodable text is an OperationalError without a code, and a sign of damage.
    return isinstance(error, sqlite3.OperationalError) or getattr(error, "sqlite_errorcode", None) is not None


def translate(error: BaseException, path: Path, *, name_path: bool = False) -> StoreUnavailable:
    """Turn a storage fault into one sentence with the next step; the original goes to the log.

    ``name_path`` puts the path into the sentence; without it the sentence may be shown to members of a guild.
    """
    code = getattr(error, "sqlite_errorcode", None)
    # With the path, the sentence goes to the operator, who needs no second one from the log.
    level = logging.DEBUG if name_path else logging.ERROR
    log.log(level, "store %s: %s (%s)", path, error, getattr(error, "sqlite_errorname", type(error).__name__))
    if code == sqlite3.SQLITE_CONSTRAINT_UNIQUE and "article.source" in str(error):
        return StoreUnavailable(_ADDRESS_TAKEN)
    # The low byte is the primary code; the rest says more than a person needs.
    advice = _ADVICE.get(sqlite3.SQLITE_CORRUPT if code is None else code & 0xFF, _UNEXPECTED)
    store = f"the store {path}" if name_path else "the store"
    return StoreUnavailable(advice.format(store=store, Store=store[0].upper() + store[1:], error=error))
