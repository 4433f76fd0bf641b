"""The fixtures of `fixtures`, and a smaller heap for the collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.discord.fixtures import admin, alice, connect, emulator, environment, olga, scene, town, watch

__all__ = ["admin", "alice", "connect", "emulator", "environment", "olga", "scene", "town", "watch"]


@pytest.fixture(scope="package", autouse=True)
def _small_heap() -> Iterator[None]:
    """Take what other tests have loaded (torch …) out of the collector's sight: every test here collects twice."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
