"""ZIP-based files, checked before anything in them is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from bot.engine.errors import ExtractFailed, TooLarge, Unsupported

_MOST_MEMBERS = 2_000
_MOST_BYTES = 50 * 1024 * 1024
_MOST_TIMES = 100
_SMALL_BYTES = 1024 * 1024
_ENCRYPTED = 0x1


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Open an archive from memory; nothing of it ever reaches the disk.

    Raises ExtractFailed where it is damaged, TooLarge where it holds 2,000 members, 50 MB unpacked or anything packed
    to less than a hundredth, Unsupported where it is encrypted or names members outside itself.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, UnicodeDecodeError):
        raise ExtractFailed("That file is damaged. Save or download it again, or paste its text.") from None
    if len(members) >= _MOST_MEMBERS or sum(member.file_size for member in members) >= _MOST_BYTES:
        raise _bomb()
    for member in members:
        if member.file_size > _SMALL_BYTES and member.file_size > _MOST_TIMES * max(1, member.compress_size):
            raise _bomb()
        if member.flag_bits & _ENCRYPTED:
            raise Unsupported("That file is locked with a password. Save it without one, or paste its text.")
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise Unsupported(
                "That file names members outside itself, as no word processor does. Save it again, or paste its text."
            )
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read one member, never more of it than it says of itself. Raises ExtractFailed where it is missing or damaged."""
    try:
        with archive.open(name) as member:
            return member.read(_MOST_BYTES)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise ExtractFailed("That file is damaged. Save or download it again, or paste its text.") from None


def _bomb() -> TooLarge:
    return TooLarge(
        "That file unpacks to far more than it should. Save it again without its pictures, or paste its text."
    )
