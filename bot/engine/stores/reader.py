"""What a store in a SQLite file says: the reading half of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.engine.errors import NotFound
from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.ports.stores import GuildState, StoredPassage, StoredSegment
from bot.engine.records.articles import Article, ArticleSummary
from bot.engine.stores import contents, segments
from bot.engine.stores.connections import Connections


class SQLiteReader:
    """The reading methods of :class:`bot.engine.stores.sqlite.SQLiteStore`."""

    def __init__(self, path: Path, connections: Connections, clock: Callable[[], float]) -> None:
        self._path = path
        self._connections = connections
        self._clock = clock
        self._bound: EncoderIdentity | None = None

    def guild_state(self, guild: int) -> GuildState:
        """The guild's version and article count."""
        with self._connections.read() as connection:
            self._reading_encoder(connection)
            row = connection.execute("SELECT version, articles FROM guild WHERE id = ?", (guild,)).fetchone()
            return GuildState(*row) if row else GuildState(0, 0)

    def list_articles(self, guild: int) -> list[ArticleSummary]:
        """The guild's articles by id."""
        with self._connections.read() as connection:
            return contents.list_summaries(connection, guild)

    def get_article(self, guild: int, article_id: int) -> Article:
        """One article, whole. Raises NotFound."""
        with self._connections.read() as connection:
            article = contents.read_article(connection, guild, article_id)
        if article is None:
            raise no_article(article_id)
        return article

    def get_passages(self, guild: int, keys: Iterable[tuple[int, int]]) -> list[StoredPassage]:
        """The passages with these (article id, position) keys, in the keys' order; keys that are gone are left out."""
        with self._connections.read() as connection:
            found = [contents.read_passage(connection, guild, article_id, position) for article_id, position in keys]
        return [passage for passage in found if passage is not None]

    def find_by_hash(self, guild: int, content_hash: str) -> int | None:
        """The lowest id of the guild's articles with this content hash, or None."""
        with self._connections.read() as connection:
            return contents.find_by_hash(connection, guild, content_hash)

    def find_by_source(self, guild: int, source: str) -> int | None:
        """The newest of the guild's articles from this (non-empty) source, or None."""
        with self._connections.read() as connection:
            return contents.find_by_source(connection, guild, source)

    def find_by_url(self, guild: int, url: str) -> int | None:
        """The lowest id of the guild's articles from this (non-empty) address, or that say it is theirs, or None."""
        with self._connections.read() as connection:
            return contents.find_by_url(connection, guild, url)

    def segment_ids(self, guild: int) -> dict[int, int]:
        """Article id → the guild version at which its segment was written."""
        with self._connections.read() as connection:
            encoder = self._reading_encoder(connection)
            query = "SELECT article, guild_version FROM segment WHERE guild = ? AND encoder = ? ORDER BY article"
            return dict(connection.execute(query, (guild, encoder)).fetchall())

    def segments(self, guild: int, article_ids: Iterable[int]) -> list[StoredSegment]:
        """The core segments of these articles by id, ``tokens`` always None; ids that are gone are left out."""
        wanted = sorted(set(article_ids))
        with self._connections.read() as connection:
            encoder = self._reading_encoder(connection)
            found = [segments.read_segment(connection, guild, article_id, encoder) for article_id in wanted]
            return [segment for segment in found if segment is not None]

    def token_segment(self, guild: int, article_id: int) -> bytes | None:
        """The token vectors of one article, or None."""
        with self._connections.read() as connection:
            return segments.read_tokens(connection, guild, article_id, self._reading_encoder(connection))

    def guilds(self) -> list[int]:
        """Every guild that has articles, ascending."""
        with self._connections.read() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM guild WHERE articles > 0 ORDER BY id")]

    def _reading_encoder(self, connection: sqlite3.Connection) -> int:
        """The row id of the encoder whose segments answer, 0 where none is recorded. Raises EncoderMismatch."""
        present = segments.present_encoder(connection)
        if present is None:
            return 0
        if self._bound is not None and present[1] != self._bound:
            raise segments.mismatch(present[1], self._bound)
        return present[0]


def no_article(article_id: int) -> NotFound:
    """Say that an article is not there."""
    return NotFound(f"There is no article {article_id}. List the articles to see what there is.")
