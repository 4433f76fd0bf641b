"""The machine: Python, open files, the data folder, the disk."""

from __future__ import annotations

import importlib
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.findings import Finding, fail, ok, warn

OLDEST_PYTHON = (3, 11)
FEW_FILES, TOO_FEW_FILES = 512, 192
"""Open files: a hundred connections to Discord, the store's readers, the children that parse."""
LITTLE_DISK_BYTES, TOO_LITTLE_DISK_BYTES = 1_000_000_000, 100_000_000
_MEGABYTE = 1_000_000


def check_machine(folder: Path, store_bytes: int) -> Iterator[Finding]:
    """Check what the program runs on. ``folder`` holds the store, which has so many bytes."""
    yield _check_python()
    yield _check_open_files()
    yield _check_folder(folder)
    yield _check_disk(folder, store_bytes)


def _check_python() -> Finding:
    found = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return fail("python", f"Python {found} is too old.", "Install Python 3.11 or newer and set up again.")
    return ok("python", f"Python {found} on {platform.system()}.")


def _check_open_files() -> Finding:
    if sys.platform == "win32":
        return ok("open files", "Windows sets no limit that matters here.")
    resource = importlib.import_module("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= FEW_FILES:
        return ok("open files", f"This process may open {_number(soft)} files.")
    advice = f"Raise it: ulimit -n 1024 (the hard limit is {_number(hard)}), or LimitNOFILE=1024 in the systemd unit."
    says = f"This process may open only {soft} files."
    return fail("open files", says, advice) if soft < TOO_FEW_FILES else warn("open files", says, advice)


def _number(limit: int) -> str:
    return "any number of" if limit < 0 or limit > 10**12 else str(limit)


def _check_folder(folder: Path) -> Finding:
    place = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return fail(
            "data folder",
            f"{place} cannot be written to ({error.strerror}).",
            "Give this user the right to, or choose another place with --data-dir or PULLQUOTE_STORE__URL.",
        )
    return ok("data folder", f"{folder} can be written to." if place == folder else f"{folder} will be made.")


def _check_disk(folder: Path, store_bytes: int) -> Finding:
    try:
        free = shutil.disk_usage(_nearest(folder)).free
    except OSError as error:
        return warn("disk", f"The free space cannot be read ({error.strerror}).", "Check that the disk is mounted.")
    says = f"{free / _MEGABYTE:,.0f} MB free, the store takes {store_bytes / _MEGABYTE:,.1f} MB."
    advice = "Free some space: an upgrade and a backup each need room for a copy of the store."
    if free < TOO_LITTLE_DISK_BYTES:
        return fail("disk", says, advice)
    return warn("disk", says, advice) if free < max(LITTLE_DISK_BYTES, 2 * store_bytes) else ok("disk", says)


def _nearest(folder: Path) -> Path:
    """Return the folder, or the one above it that exists."""
    return next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
