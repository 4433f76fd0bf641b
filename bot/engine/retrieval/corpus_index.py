"""What makes a guild's search fast: the embeddings, words and postings of all its passages, kept in memory."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.engine.ports.stores import GuildState, StoredSegment
from bot.engine.retrieval.bm25 import build_postings
from bot.engine.retrieval.container import SegmentDamaged, SegmentOutdated
from bot.engine.retrieval.segment import Core, Lexicon, decode_core
from bot.engine.retrieval.signatures import LARGE_ROWS, make_signatures
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.token_cache import TOKEN_CACHE_BYTES, TokenCache
from bot.engine.retrieval.vectors import Quantized
from bot.engine.retrieval.visible import SearchedIndex, VisibleIndex, leave_out
from bot.engine.retrieval.vocabulary import Vocabulary, VocabularyCache

log = logging.getLogger(__name__)

MOST_VISIBLE, VISIBLE_BYTES = 64, 128 * 1024 * 1024
"""So many parts of one guild's index are kept for those who may not see all, in about so many bytes, but always one."""


class SegmentSource(Protocol):
    """The part of a store that an index reads."""

    def guild_state(self, guild: int) -> GuildState:
        """The guild's version and article count."""
        ...

    def segment_ids(self, guild: int) -> dict[int, int]:
        """Article id → the guild version at which its segment was written."""
        ...

    def segments(self, guild: int, article_ids: Iterable[int]) -> list[StoredSegment]:
        """The core segments of these articles."""
        ...


@dataclass(frozen=True, slots=True)
class _Parts:
    """One article on its way into a snapshot."""

    version: int
    embeddings: Quantized
    sentences: Quantized
    sentence_edges: npt.NDArray[np.int64]
    spans: npt.NDArray[np.uint32]
    types: npt.NDArray[np.uint8]
    lexicon: Lexicon
    checksum: int


@dataclass(slots=True)
class _State:
    snapshot: Snapshot
    versions: dict[int, int] = field(default_factory=dict)
    unreadable: dict[int, int] = field(default_factory=dict)
    visible: OrderedDict[frozenset[int], VisibleIndex] = field(default_factory=OrderedDict)
    visible_bytes: int = 0


class CorpusIndex:
    """The index of one guild. Searches take :attr:`snapshot` once; updates replace it in one step. Thread-safe.

    ``tokens`` keeps the token vectors of the articles that were candidates lately, at most ``token_bytes`` of them.
    """

    def __init__(self, guild: int, dimension: int, *, token_bytes: int = TOKEN_CACHE_BYTES) -> None:
        self.guild = guild
        self.dimension = dimension
        self.tokens = TokenCache(guild, token_bytes)
        self._vocabulary = VocabularyCache()
        self._updating = threading.Lock()
        self._cutting = threading.Lock()
        self._state = _State(_build_snapshot(-1, {}, dimension))

    @property
    def snapshot(self) -> Snapshot:
        """The state to search."""
        return self._state.snapshot

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        state = self._state
        return state.snapshot.nbytes + state.visible_bytes + self.tokens.nbytes + self._vocabulary.nbytes

    @property
    def vocabulary(self) -> Vocabulary:
        """The guild's words, to find those that a misspelt word is like."""
        return self._vocabulary.take(self.snapshot)

    @property
    def unreadable(self) -> tuple[int, ...]:
        """Articles that are left out because their segments are damaged or of another version: build them anew."""
        return tuple(sorted(self._state.unreadable))

    def without(self, hidden: frozenset[int]) -> SearchedIndex:
        """Return what there is for somebody from whom these articles are hidden.

        Made at the first question of each such set after a change, and kept: so many, in so many bytes.
        """
        state = self._state
        hidden = hidden.intersection(state.versions)
        if not hidden:
            return self
        with self._cutting:
            part = state.visible.get(hidden)
            if part is None:
                part = state.visible[hidden] = VisibleIndex(self, leave_out(state.snapshot, hidden))
                state.visible_bytes += part.own_bytes
            state.visible.move_to_end(hidden)
            while len(state.visible) > 1 and (state.visible_bytes > VISIBLE_BYTES or len(state.visible) > MOST_VISIBLE):
                state.visible_bytes -= state.visible.popitem(last=False)[1].own_bytes
        return part

    def update(self, store: SegmentSource) -> bool:
        """Load what the store changed since the last call, drop what it removed; return whether anything did."""
        if store.guild_state(self.guild).version == self._state.snapshot.version:
            return False
        with self._updating:
            state = self._state
            # Read before the segments: what changes in between is noticed at the next call.
            version = store.guild_state(self.guild).version
            if version == state.snapshot.version:
                return False
            wanted = store.segment_ids(self.guild)
            known = state.versions | state.unreadable
            changed = [article_id for article_id, written in wanted.items() if known.get(article_id) != written]
            parts = {
                article_id: part
                for article_id, part in _cut_parts(state).items()
                if wanted.get(article_id) == part.version
            }
            unreadable = {
                article_id: written
                for article_id, written in state.unreadable.items()
                if wanted.get(article_id) == written
            }
            for segment in store.segments(self.guild, changed) if changed else ():
                written = wanted[segment.article_id]
                try:
                    parts[segment.article_id] = _read_part(segment.core, written, self.dimension)
                except (SegmentDamaged, SegmentOutdated) as error:
                    log.warning("guild %d: article %d is left out of search: %s", self.guild, segment.article_id, error)
                    unreadable[segment.article_id] = written
            ordered = {article_id: parts[article_id] for article_id in sorted(parts)}
            self._state = _State(
                _build_snapshot(version, ordered, self.dimension),
                {article_id: part.version for article_id, part in ordered.items()},
                unreadable,
            )
            self.tokens.retain(set(ordered))
            log.debug("guild %d: index at version %d, %d articles", self.guild, version, len(ordered))
            return True


def _read_part(blob: bytes, version: int, dimension: int) -> _Parts:
    core: Core = decode_core(blob)
    if core.embeddings.rows.shape[1] != dimension:
        raise SegmentOutdated
    return _Parts(
        version,
        core.embeddings,
        core.sentences,
        core.sentence_edges,
        core.spans,
        core.types,
        core.lexicon.copy(),
        core.checksum,
    )


def _cut_parts(state: _State) -> dict[int, _Parts]:
    """Cut a snapshot into the parts it was made of, as views."""
    snapshot = state.snapshot
    parts = {}
    for number, article_id in enumerate(snapshot.article_ids.tolist()):
        low, high = snapshot.row_edges[number], snapshot.row_edges[number + 1]
        rows, edges = slice(low, high), snapshot.sentence_edges[low : high + 1]
        sentences = slice(edges[0], edges[-1])
        parts[article_id] = _Parts(
            state.versions[article_id],
            snapshot.embeddings[rows],
            snapshot.sentences[sentences],
            edges - edges[0],
            snapshot.spans[sentences],
            snapshot.types[sentences],
            snapshot.lexicons[number],
            int(snapshot.checksums[number]),
        )
    return parts


def _build_snapshot(version: int, parts: Mapping[int, _Parts], dimension: int) -> Snapshot:
    ordered = list(parts.values())
    counts = [len(part.embeddings) for part in ordered]
    sentence_counts = [np.diff(part.sentence_edges) for part in ordered]
    lexicons = tuple(part.lexicon for part in ordered)
    embeddings = _join([part.embeddings for part in ordered], dimension)
    return Snapshot(
        version=version,
        article_ids=np.array(list(parts), dtype=np.int64),
        row_edges=np.cumsum([0, *counts], dtype=np.int64),
        embeddings=embeddings,
        sentences=_join([part.sentences for part in ordered], dimension),
        sentence_edges=np.cumsum(np.concatenate([[0], *sentence_counts]), dtype=np.int64),
        spans=np.concatenate([np.zeros((0, 2), dtype=np.uint32), *(part.spans for part in ordered)]),
        types=np.concatenate([np.zeros(0, dtype=np.uint8), *(part.types for part in ordered)]),
        checksums=np.array([part.checksum for part in ordered], dtype=np.uint32),
        lexicons=lexicons,
        postings=build_postings(lexicons, [part.sentence_edges for part in ordered]),
        signatures=make_signatures(embeddings) if len(embeddings) >= LARGE_ROWS else None,
    )


def _join(vectors: Sequence[Quantized], dimension: int) -> Quantized:
    rows = np.concatenate([np.zeros((0, dimension), dtype=np.int8), *(part.rows for part in vectors)])
    scales = np.concatenate([np.zeros(0, dtype=np.float32), *(part.scales for part in vectors)])
    return Quantized(rows.astype(np.int8, copy=False), scales)
