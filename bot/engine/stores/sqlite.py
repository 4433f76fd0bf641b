"""The store in one SQLite file: articles, passages and segments of every guild; it ranks nothing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bot.engine.articles.room import GuildLimits
from bot.engine.errors import EncoderMismatch, StoreUnavailable
from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.freshness import NEVER_FETCHED, FetchState
from bot.engine.scopes.records import EVERYBODY, ArticleScope
from bot.engine.stores import contents, segments
from bot.engine.stores.connections import Connections
from bot.engine.stores.copies import copy_store, find_damage
from bot.engine.stores.guild_settings import bind_article
from bot.engine.stores.migrate import load_migrations, open_migrated
from bot.engine.stores.reader import SQLiteReader, no_article

_PRUNED_AT_ONCE = 64


class SQLiteStore(SQLiteReader):
    """A :class:`bot.engine.ports.stores.Store` in a file. Threads and processes may share it.

    Once :meth:`set_encoder_identity` was called, this object reads and writes segments of that encoder only: should
    another process reindex the store for another one meanwhile, what would mix the two raises EncoderMismatch.
    """

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], float] = time.time) -> SQLiteStore:
        """Open the store, made where it is missing and upgraded where it is old. Raises StoreUnavailable."""
        migrations = load_migrations()
        return cls(path, Connections(path, open_migrated(path, migrations), len(migrations)), clock)

    @property
    def connections(self) -> Connections:
        """What other tables of the same file are read and written through; closed with the store."""
        return self._connections

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
        scope: ArticleScope = EVERYBODY,
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
            if scope:
                bind_article(connection, guild, article_id, scope)
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
                raise no_article(article_id)
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
                raise no_article(article_id)
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
                raise no_article(article_id)

    def remove_article(self, guild: int, article_id: int) -> None:
        """Remove an article and everything of it. Raises NotFound."""
        with self._connections.write() as connection:
            cursor = connection.execute("DELETE FROM article WHERE guild = ? AND id = ?", (guild, article_id))
            if cursor.rowcount == 0:
                raise no_article(article_id)
            contents.count_change(connection, guild, articles=-1)

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

    def _writing_encoder(self, connection: sqlite3.Connection) -> int:
        encoder = self._reading_encoder(connection)
        if encoder == 0:
            raise EncoderMismatch("No encoder is recorded for the articles yet: load one before adding an article.")
        return encoder
