"""The indexes of the guilds that asked lately, within bounds of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict

from bot.engine.errors import StoreUnavailable
from bot.engine.retrieval.corpus_index import CorpusIndex, SegmentSource


class IndexPool:
    """Keeps indexes in about ``limit`` bytes, the least recently used out first, but always one. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._indexes: OrderedDict[int, CorpusIndex] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, store: SegmentSource, guild: int, dimension: int) -> CorpusIndex:
        """Return a guild's index at the store's version. Raises StoreUnavailable where none of it can be read."""
        with self._lock:
            index = self._indexes.pop(guild, None) or CorpusIndex(guild, dimension)
            self._indexes[guild] = index
        index.update(store)
        if index.unreadable and not len(index.snapshot):
            raise StoreUnavailable(
                "The articles' search data is damaged or of another version. Build it anew: pullquote migrate --reindex"
            )
        with self._lock:
            while len(self._indexes) > 1 and sum(kept.nbytes for kept in self._indexes.values()) > self._limit:
                self._indexes.popitem(last=False)
        return index
