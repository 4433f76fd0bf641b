"""A store in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.sample_articles import ENCODER


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of a test lies."""
    return tmp_path / "pullquote.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[SQLiteStore]:
    """An open, empty store."""
    with closing(SQLiteStore.open(path)) as store:
        store.set_encoder_identity(ENCODER)
        yield store
