"""Token vectors of articles that were candidates lately, so that questions seldom wait for the store."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import Protocol

from bot.engine.errors import StoreUnavailable
from bot.engine.retrieval.segment import SEGMENT_VERSION
from bot.engine.retrieval.token_vectors import TokenVectors, decode_tokens

log = logging.getLogger(__name__)

TOKEN_CACHE_BYTES = 128 * 1024 * 1024
"""About 17,000 passages of encyclopedia length."""


class TokenSource(Protocol):
    """The part of a store that late interaction reads."""

    def token_segment(self, guild: int, article_id: int) -> bytes | None:
        """The token vectors of one article, or None."""
        ...


class TokenCache:
    """Keeps the token vectors of one guild's articles, least recently used out first. Thread-safe."""

    def __init__(self, guild: int, limit: int = TOKEN_CACHE_BYTES) -> None:
        self._guild = guild
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, TokenVectors] = OrderedDict()
        self._absent: dict[int, tuple[int, int]] = {}
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._bytes

    def take(self, source: TokenSource, article_id: int, core: int, version: int) -> TokenVectors | None:
        """Return an article's token vectors, or None where there are none that belong to this core segment.

        ``core``: the checksum of the core segment that is searched; ``version``: the guild's, at which a lack of token
        vectors is remembered.
        """
        with self._lock:
            kept = self._kept.get(article_id)
            if kept is not None and kept.core == core:
                self._kept.move_to_end(article_id)
                return kept
            if self._absent.get(article_id) == (core, version):
                return None
        found = self._read(source, article_id, core)
        with self._lock:
            self._drop(article_id)
            if found is None:
                self._absent[article_id] = (core, version)
                return None
            self._kept[article_id] = found
            self._bytes += found.nbytes
            while self._bytes > self._limit and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))
            return found

    def retain(self, article_ids: set[int]) -> None:
        """Forget every article but these."""
        with self._lock:
            for article_id in (self._kept.keys() | self._absent.keys()) - article_ids:
                self._drop(article_id)

    def _drop(self, article_id: int) -> None:
        dropped = self._kept.pop(article_id, None)
        self._bytes -= dropped.nbytes if dropped is not None else 0
        self._absent.pop(article_id, None)

    def _read(self, source: TokenSource, article_id: int, core: int) -> TokenVectors | None:
        try:
            blob = source.token_segment(self._guild, article_id)
            found = decode_tokens(blob, SEGMENT_VERSION) if blob else None
        except StoreUnavailable as error:
            log.warning("guild %d: article %d is ranked without token vectors: %s", self._guild, article_id, error)
            return None
        # The article may have been changed since the index was brought up to date.
        return found if found is not None and found.core == core else None
