"""What the library needs from outside: an encoder, a store, a parser, a fetcher, perhaps a reranker.

Adapters implement these; only wiring names adapters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.engine.freshness import NEVER_FETCHED, FetchState
from bot.engine.records import (
    Article,
    ArticleRef,
    ArticleSource,
    ArticleSummary,
    FetchedPage,
    NotModified,
    ParsedArticle,
    Passage,
    Span,
)
from bot.engine.room import GuildLimits
from bot.engine.scopes.records import EVERYBODY, ArticleScope

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total) of passages, or with (0, 0) while a source is still read. May raise to give up."""


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What must be equal for two embeddings to be comparable.

    ``revision`` changes whenever the same text would give other numbers (weights, prompts, pooling, chunking).
    """

    name: str
    revision: str
    dimension: int

    def __str__(self) -> str:
        return f"{self.name} (revision {self.revision}, {self.dimension} dimensions)"


@dataclass(frozen=True, slots=True)
class PassageInput:
    """A passage's text and the spans of its sentences, as offsets into ``text``."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """One passage, encoded.

    ``embedding``: (d,) float32, unit length. ``sentences``: (s, d) float32, unit rows, one per input sentence.
    ``tokens``: (t, d) float32, unit rows, contextual vectors of the word pieces, special tokens dropped; or None from
    an encoder that has none. ``token_sentences``: (t,) uint16, the sentence that owns each token.
    """

    embedding: FloatArray
    sentences: FloatArray
    tokens: FloatArray | None
    token_sentences: npt.NDArray[np.uint16] | None


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """``embedding``: (d,) float32, unit length. ``tokens``: (t, d) float32 unit rows or None; ``pieces`` names them.

    ``starts``: (t,) where each piece starts in the text that was encoded, or None where the encoder cannot tell.
    ``cuts_words``: rare words come in several pieces, so a word that is one piece is a word that the encoder knows.
    """

    embedding: FloatArray
    tokens: FloatArray | None
    pieces: tuple[str, ...]
    starts: npt.NDArray[np.int64] | None = None
    cuts_words: bool = True


class Encoder(Protocol):
    """Turns text into embeddings. Thread-safe: queries may arrive while passages are encoded."""

    @property
    def identity(self) -> EncoderIdentity:
        """The identity that the store records. Cheap; raises EncoderUnavailable where the files are missing."""
        ...

    def encode_query(self, text: str) -> EncodedQuery:
        """Encode a question."""
        ...

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Encode passages, results in input order."""
        ...


class Parser(Protocol):
    """Turns a source into an article. Thread-safe."""

    def parse(self, guild: int, source: ArticleSource, *, tick: Callable[[], None] | None = None) -> ParsedArticle:
        """Parse a source. ``tick`` is called now and then while it waits, and may raise to give up.

        Raises ExtractFailed, TooLarge, Unsupported, Busy.
        """
        ...


class Fetcher(Protocol):
    """Gets pages from the web for coroutines."""

    async def fetch(
        self,
        guild: int,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        public_only: bool = False,
    ) -> FetchedPage | NotModified:
        """Get one page. Raises FetchFailed, TooLarge, Unsupported, Busy.

        ``public_only``: from the public web alone, whatever hosts the operator opened to those who add articles.

        ``etag`` and ``last_modified`` are those of the page as it was got before; only with one of them the answer may
        be NotModified.
        """
        ...


class Reranker(Protocol):
    """Scores passages with the question in view (a cross-encoder). Thread-safe."""

    def load(self) -> None:
        """Load the model now rather than at first use. Raises EncoderUnavailable where it cannot be."""
        ...

    def score(self, query: str, passages: Sequence[PassageInput]) -> list[float]:
        """Return a finite score for each passage, greater is better, comparable within one query.

        A passage longer than the model takes is scored by its best part. Raises EncoderUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """One article's encoded form: ``core`` is loaded into the index, ``tokens`` is read for candidates only."""

    article_id: int
    version: int
    core: bytes
    tokens: bytes | None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its text as cut from the stored article, and what a quote says of the article."""

    article: ArticleRef
    passage_count: int
    passage: Passage
    text: str


@dataclass(frozen=True, slots=True)
class GuildState:
    """``version`` grows by one with every change of the guild's articles; 0 for a guild never written to."""

    version: int
    articles: int


class Store(Protocol):
    """Keeps articles, passages and segments per guild. Ranks nothing. Thread-safe.

    Every method raises StoreUnavailable where the store cannot be read or written. Every write is one transaction: it
    happens whole or not at all, and is durable when the method returns.
    """

    def encoder_identity(self) -> EncoderIdentity | None:
        """The encoder that made the stored segments, or None for a store that holds none yet."""
        ...

    def set_encoder_identity(self, identity: EncoderIdentity) -> None:
        """Record the encoder. Raises EncoderMismatch where another one is recorded and segments exist."""
        ...

    def guild_state(self, guild: int) -> GuildState:
        """The guild's version and article count."""
        ...

    def add_article(
        self,
        guild: int,
        parsed: ParsedArticle,
        *,
        source: str,
        core: bytes,
        tokens: bytes | None,
        segment_version: int,
        fetch: FetchState = NEVER_FETCHED,
        is_titled: bool = False,
        limits: GuildLimits | None = None,
        scope: ArticleScope = EVERYBODY,
    ) -> int:
        """Add an article with its segment and return its id: per guild, counted from 1, never used twice.

        It is bound to its ``scope`` in the same transaction, so that nobody else ever sees it.

        Raises StoreUnavailable where the guild has an article from this address or path by now (a source with a slash;
        bare file names may repeat), EncoderMismatch where no encoder, or by now another one, is recorded, LibraryFull
        where the guild would hold more than ``limits`` allow. ``is_titled``: a person chose the title.
        """
        ...

    def replace_article(
        self,
        guild: int,
        article_id: int,
        parsed: ParsedArticle,
        *,
        source: str,
        core: bytes,
        tokens: bytes | None,
        segment_version: int,
        fetch: FetchState = NEVER_FETCHED,
        is_titled: bool = False,
        limits: GuildLimits | None = None,
    ) -> None:
        """Replace all of an article but its id and ``added_at``; its revision grows by one with another text.

        Raises NotFound, and what ``add_article`` raises.
        """
        ...

    def write_fetch(self, guild: int, article_id: int, fetch: FetchState) -> None:
        """Note how an article's page was last had; the guild's version stays as it is. Raises NotFound."""
        ...

    def replace_segment(
        self, guild: int, article_id: int, *, core: bytes, tokens: bytes | None, segment_version: int
    ) -> None:
        """Replace an article's segment only (a reindex). Raises NotFound."""
        ...

    def remove_article(self, guild: int, article_id: int) -> None:
        """Remove an article and everything of it. Raises NotFound."""
        ...

    def list_articles(self, guild: int) -> list[ArticleSummary]:
        """The guild's articles by id."""
        ...

    def get_article(self, guild: int, article_id: int) -> Article:
        """One article, whole. Raises NotFound."""
        ...

    def get_passages(self, guild: int, keys: Iterable[tuple[int, int]]) -> list[StoredPassage]:
        """The passages with these (article id, position) keys, in the keys' order; keys that are gone are left out."""
        ...

    def find_by_hash(self, guild: int, content_hash: str) -> int | None:
        """The id of the guild's article with this content hash, or None."""
        ...

    def find_by_source(self, guild: int, source: str) -> int | None:
        """The id of the guild's article from this (non-empty) source, or None."""
        ...

    def find_by_url(self, guild: int, url: str) -> int | None:
        """The lowest id of the guild's articles from this address, or that name it as their canonical one, or None."""
        ...

    def segment_ids(self, guild: int) -> dict[int, int]:
        """Article id → the guild version at which its segment was written: what an index needs to bring itself up."""
        ...

    def segments(self, guild: int, article_ids: Iterable[int]) -> list[StoredSegment]:
        """The core segments of these articles by id, ``tokens`` always None; ids that are gone are left out."""
        ...

    def token_segment(self, guild: int, article_id: int) -> bytes | None:
        """The token vectors of one article, or None."""
        ...

    def guilds(self) -> list[int]:
        """Every guild that has articles, ascending (for reindex, migrate and backup)."""
        ...

    # Changing the encoder: segments of the new one are staged beside the present ones, which go on answering, until one
    # transaction switches. A reindex that is killed leaves the store as it was and is continued by running it again.

    def reindex_backlog(self, identity: EncoderIdentity, segment_version: int) -> list[tuple[int, int]]:
        """(guild, article id) of every article that has no segment of this encoder and version, ascending."""
        ...

    def stage_segment(
        self,
        guild: int,
        article_id: int,
        *,
        identity: EncoderIdentity,
        content_hash: str,
        core: bytes,
        tokens: bytes | None,
        segment_version: int,
    ) -> bool:
        """Keep a segment made by this encoder until the switch; with the present encoder it replaces the segment now.

        ``content_hash`` is that of the text which was encoded. False, with nothing written, where the article is gone
        or holds another text by now.
        """
        ...

    def switch_encoder(self, identity: EncoderIdentity, segment_version: int) -> int:
        """Make this encoder's segments the store's, if every article has one; return how many articles have none yet.

        0 means switched: each guild's version grew by one and other encoders' segments are gone.
        """
        ...

    def backup(self, target: Path) -> None:
        """Copy the store to a new file while it is in use, and check the copy. Raises StoreUnavailable."""
        ...

    def close(self) -> None:
        """Close every handle. May be called twice."""
        ...
