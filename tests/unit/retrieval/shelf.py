"""A guild's segments in memory, as a store would serve them, and articles made of plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.ports.encoders import PassageInput
from bot.engine.ports.stores import GuildState, StoredSegment
from bot.engine.records.passages import Span
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.segment import SEGMENT_VERSION, EncodedSegment, build_segment

ENCODER = HashingEncoder(64)


class Shelf:
    """Holds the segments of one guild; every write raises the version by one."""

    def __init__(self) -> None:
        self.version = 0
        self.reads = 0
        self.token_reads = 0
        self._segments: dict[int, tuple[int, bytes]] = {}
        self.tokens: dict[int, bytes | None] = {}

    def put(self, article_id: int, core: bytes, tokens: bytes | None = None) -> None:
        """Add or replace a segment."""
        self.version += 1
        self._segments[article_id] = (self.version, core)
        self.tokens[article_id] = tokens

    def remove(self, article_id: int) -> None:
        """Remove a segment."""
        self.version += 1
        del self._segments[article_id]
        del self.tokens[article_id]

    def token_segment(self, guild: int, article_id: int) -> bytes | None:
        """The token segment asked for."""
        self.token_reads += 1
        return self.tokens.get(article_id)

    def guild_state(self, guild: int) -> GuildState:
        """The version and the number of articles."""
        return GuildState(self.version, len(self._segments))

    def segment_ids(self, guild: int) -> dict[int, int]:
        """Article id → version written."""
        return {article_id: version for article_id, (version, _) in self._segments.items()}

    def segments(self, guild: int, article_ids: Iterable[int]) -> list[StoredSegment]:
        """The segments asked for, those that are gone left out."""
        wanted = [article_id for article_id in article_ids if article_id in self._segments]
        self.reads += len(wanted)
        return [StoredSegment(i, SEGMENT_VERSION, self._segments[i][1], None) for i in sorted(wanted)]


def make_passage(*sentences: str) -> PassageInput:
    """Join sentences with spaces and tell where each one stands."""
    spans, position = [], 0
    for sentence in sentences:
        spans.append(Span(position, position + len(sentence)))
        position += len(sentence) + 1
    return PassageInput(" ".join(sentences), tuple(spans))


def make_segment(passages: Sequence[Sequence[str]], *, encoder: HashingEncoder = ENCODER) -> EncodedSegment:
    """Return the segment, with token vectors, of an article whose passages are lists of sentences."""
    inputs = [make_passage(*sentences) for sentences in passages]
    return build_segment(inputs, encoder.encode_passages(inputs))


def make_core(
    passages: Sequence[Sequence[str]], *, headings: Sequence[Sequence[str]] = (), encoder: HashingEncoder = ENCODER
) -> bytes:
    """Return the core segment of an article whose passages are lists of sentences."""
    inputs = [make_passage(*sentences) for sentences in passages]
    return build_segment(inputs, encoder.encode_passages(inputs), headings=headings, with_tokens=False).core


def make_index(*articles: Sequence[Sequence[str]]) -> CorpusIndex:
    """Return an index of articles, numbered from 1."""
    shelf = Shelf()
    for article_id, passages in enumerate(articles, start=1):
        shelf.put(article_id, make_core(passages))
    index = CorpusIndex(1, 64)
    index.update(shelf)
    return index
