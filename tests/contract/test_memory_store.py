"""The in-memory fake keeps the store's contract, so that tests may stand on it."""

from __future__ import annotations

import pytest

from bot.engine.ports.stores import Store
from tests.contract.memory_store import MemoryStore, Shelf
from tests.contract.sample_articles import OpenStore
from tests.contract.store_contract import StoreContract


class TestMemoryStore(StoreContract):
    """The contract, held in memory."""

    @pytest.fixture
    def open_store(self) -> OpenStore:
        """Open stores on one shelf."""
        shelf = Shelf()

        def open_() -> Store:
            return MemoryStore(shelf)

        return open_
