"""A library on a temporary store, wired as in production but with the model-free encoder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.library import Library
from bot.wiring import open_library
from config.settings import load_settings


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library in ``tmp_path`` that needs no model."""
    opened = open_hashing_library(tmp_path)
    yield opened
    opened.close()


def open_hashing_library(folder: Path, **sections: dict[str, object]) -> Library:
    """Open a library in a folder; ``sections`` override settings."""
    overrides = {"store": {"url": f"sqlite:///{folder / 'pullquote.sqlite3'}"}, "encoder": {"model": "hashing"}}
    return open_library(load_settings({**overrides, **sections}, environ={}))
