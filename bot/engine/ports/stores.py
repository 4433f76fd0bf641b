"""What keeps articles, passages and segments per guild."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.engine.articles.room import GuildLimits
from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.records.articles import Article, ArticleRef, ArticleSummary, ParsedArticle
from bot.engine.records.freshness import NEVER_FETCHED, FetchState
from bot.engine.records.passages import Passage
from bot.engine.scopes.records import EVERYBODY, ArticleScope


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
