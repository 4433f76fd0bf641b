"""The key of the members' hashes, in a file of its own beside the store: a copy of the store alone names nobody."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.engine.errors import StoreUnavailable
from bot.engine.questions.pseudonyms import KEY_BYTES


def derive_key(secret: str) -> bytes:
    """Make a key of a setting, for processes on several machines. Its strength is the secret's."""
    return hashlib.blake2b(secret.encode(), digest_size=KEY_BYTES, person=b"pullquote key").digest()


def open_key(path: Path) -> bytes:
    """Read the key, made where there is none; processes that make it at once agree. Raises StoreUnavailable."""
    try:
        if not path.exists():
            _make(path)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise StoreUnavailable(_unreadable(path, error)) from error
    if len(key) != KEY_BYTES:
        raise StoreUnavailable(_unreadable(path, f"it has {len(key)} bytes, not {KEY_BYTES}"))
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link is made or is refused: unlike a renaming, it never replaces the key of a process that was quicker.
        with suppress(FileExistsError):
            os.link(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _unreadable(path: Path, reason: object) -> str:
    return (
        f"The key {path} of the members' hashes cannot be used ({reason}): put its backup back, or remove it to have "
        "a new one made (members then cannot find or delete what was kept of them before; it goes by its age)."
    )
