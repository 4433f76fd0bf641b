"""The store in one SQLite file: articles, passages and segments of every guild; it ranks nothing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.engine.errors import EncoderMismatch, NotFound, StoreUnavailable
from bot.engine.freshness import NEVER_FETCHED, FetchState
from bot.engine.ports import EncoderIdentity, GuildState, StoredPassage, StoredSegment
from bot.engine.records import Article, ArticleSummary, ParsedArticle
from bot.engine.room import GuildLimits
from bot.engine.stores import contents, segments
from bot.engine.stores.connections import Connections
from bot.engine.stores.copies import copy_store, find_damage
from bot.engine.stores.migrate import load_migrations, open_migrated

_PRUNED_AT_ONCE = 64


class SQLiteStore:
    """A :class:`bot.engine.ports.Store` in a file. Threads and processes may share it.

    Once :meth:`set_encoder_identity` was called, this object reads and writes segments of that encoder only: should
    another process reindex the store for another one meanwhile, what would mix the two raises EncoderMismatch.
    """

    def __init__(self, path: Path, connections: Connections, clock: Callable[[], float]) -> None:
        self._path = path
        self._connections = connections
        self._clock = clock
        self._bound: EncoderIdentity | None = None

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], float] = time.time) -> SQLiteStore:
        """Open the store, made where it is missing and upgraded where it is old. Raises StoreUnavailable."""
        migrations = load_migrations()
        return cls(path, Connections(path, open_migrated(path, migrations), len(migrations)), clock)

    # The encoder

    def encoder_identity(self) -> EncoderIdentity | None:
        """The encoder that made the stored segments, or None for a store that holds none."""
        with self._connections.read() as connection:
            present = segments.present_encoder(connection)
            return present[1] if present and segments.has_segments(connection) else None

    def set_encoder_identity(self, identity: EncoderIdentity) -> None:
        """Record the encoder. Raises EncoderMismatch where another one is recorded and segments exist."""
        with self._connections.read() as connection:
            present = segments.present_encoder(connection)
        if present is None or present[1] != identity:
            with self._connections.write() as connection:
                present = segments.present_encoder(connection)
                if present and present[1] != identity and segments.has_segments(connection):
                    raise segments.mismatch(present[1], identity)
                segments.choose_encoder(connection, segments.record_encoder(connection, identity))
        self._bound = identity

    def reindex_backlog(self, identity: EncoderIdentity, segment_version: int) -> list[tuple[int, int]]:
        """(guild, article id) of every article that has no segment of this encoder and version, ascending."""
        with self._connections.read() as connection:
            encoder = segments.find_encoder(connection, identity)
            return segments.list_backlog(connection, encoder or 0, segment_version)

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
        """Keep a segment until :meth:`switch_encoder`; False where the article is gone or holds another text."""
        with self._connections.write() as connection:
            if not contents.holds_text(connection, guild, article_id, content_hash):
                return False
            present = segments.present_encoder(connection)
            encoder = segments.record_encoder(connection, identity)
            answers_now = present is not None and present[0] == encoder
            segments.write_segment(
                connection,
                guild,
                article_id,
                encoder=encoder,
                guild_version=contents.count_change(connection, guild) if answers_now else 0,
                segment_version=segment_version,
                core=core,
                tokens=tokens,
            )
            return True

    def switch_encoder(self, identity: EncoderIdentity, segment_version: int) -> int:
        """Make this encoder's segments the store's if every article has one; return how many articles have none."""
        with self._connections.write() as connection:
            encoder = segments.record_encoder(connection, identity)
            backlog = segments.list_backlog(connection, encoder, segment_version)
            if backlog:
                return len(backlog)
            present = segments.present_encoder(connection)
            if present is None or present[0] != encoder:
                segments.switch_segments(connection, encoder)
        self._bound = identity
        # The rest only frees space: what does not answer is never read, and a kill here leaves it to the next switch.
        last: tuple[int, int, int] | None = (-1, -1, -1)
        while last is not None:
            with self._connections.write() as connection:
                last = segments.prune_segments(connection, last, _PRUNED_AT_ONCE)
        return 0

    # Writing articles

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
    ) -> int:
        """Add an article with its segment and return its id: per guild, counted from 1, never used twice.

        Raises StoreUnavailable where the guild has an article from this address or path already, EncoderMismatch where
        no encoder is recorded or another one answers by now, LibraryFull.
        """
        with self._connections.write() as connection:
            encoder = self._writing_encoder(connection)
            contents.check_room(connection, guild, parsed, limits)
            version = contents.count_change(connection, guild, articles=1)
            article_id = contents.take_article_id(connection, guild)
            now = int(self._clock())
            contents.insert_article(
                connection, guild, article_id, parsed, source, now, fetch=fetch, is_titled=is_titled
            )
            segments.write_segment(
                connection,
                guild,
                article_id,
                encoder=encoder,
                guild_version=version,
                segment_version=segment_version,
                core=core,
                tokens=tokens,
            )
            return article_id

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
        """Replace all of an article but its id and ``added_at``. Raises NotFound, and what ``add_article`` raises."""
        with self._connections.write() as connection:
            encoder = self._writing_encoder(connection)
            contents.check_room(connection, guild, parsed, limits, replaced=article_id)
            if not contents.update_article(
                connection, guild, article_id, parsed, source, fetch=fetch, is_titled=is_titled
            ):
                raise _no_article(article_id)
            segments.drop_segments(connection, guild, article_id)
            segments.write_segment(
                connection,
                guild,
                article_id,
                encoder=encoder,
                guild_version=contents.count_change(connection, guild),
                segment_version=segment_version,
                core=core,
                tokens=tokens,
            )

    def replace_segment(
        self, guild: int, article_id: int, *, core: bytes, tokens: bytes | None, segment_version: int
    ) -> None:
        """Replace an article's segment only. Raises NotFound, and EncoderMismatch as ``add_article`` does."""
        with self._connections.write() as connection:
            encoder = self._writing_encoder(connection)
            if segments.read_segment(connection, guild, article_id, encoder) is None:
                raise _no_article(article_id)
            segments.write_segment(
                connection,
                guild,
                article_id,
                encoder=encoder,
                guild_version=contents.count_change(connection, guild),
                segment_version=segment_version,
                core=core,
                tokens=tokens,
            )

    def write_fetch(self, guild: int, article_id: int, fetch: FetchState) -> None:
        """Note how an article's page was last had. Raises NotFound."""
        with self._connections.write() as connection:
            if not contents.write_fetch(connection, guild, article_id, fetch):
                raise _no_article(article_id)

    def remove_article(self, guild: int, article_id: int) -> None:
        """Remove an article and everything of it. Raises NotFound."""
        with self._connections.write() as connection:
            cursor = connection.execute("DELETE FROM article WHERE guild = ? AND id = ?", (guild, article_id))
            if cursor.rowcount == 0:
                raise _no_article(article_id)
            contents.count_change(connection, guild, articles=-1)

    # Reading

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
            raise _no_article(article_id)
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

    # Upkeep

    def backup(self, target: Path) -> None:
        """Copy the store to a new file while it is in use, and check the copy. Raises StoreUnavailable."""
        if target.exists():
            raise StoreUnavailable(f"{target} exists already and was left as it is: give the backup another name.")
        with self._connections.read():  # refuses a store that is closed or was upgraded meanwhile
            copy_store(self._path, target)

    def check(self) -> list[str]:
        """Read the whole store and return what is damaged, one line each; nothing where all is well."""
        with self._connections.read() as connection:
            return find_damage(connection)

    def close(self) -> None:
        """Close every handle. May be called twice."""
        self._connections.close()

    # Parts

    def _reading_encoder(self, connection: sqlite3.Connection) -> int:
        """The row id of the encoder whose segments answer, 0 where none is recorded. Raises EncoderMismatch."""
        present = segments.present_encoder(connection)
        if present is None:
            return 0
        if self._bound is not None and present[1] != self._bound:
            raise segments.mismatch(present[1], self._bound)
        return present[0]

    def _writing_encoder(self, connection: sqlite3.Connection) -> int:
        encoder = self._reading_encoder(connection)
        if encoder == 0:
            raise EncoderMismatch("No encoder is recorded for the articles yet: load one before adding an article.")
        return encoder


def _no_article(article_id: int) -> NotFound:
    return NotFound(f"There is no article {article_id}. List the articles to see what there is.")
