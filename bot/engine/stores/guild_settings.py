"""Guild settings and articles' scopes in the SQLite store's own file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from bot.engine.guild_settings.records import StoredSettings
from bot.engine.scopes.records import ArticleScope, make_scope
from bot.engine.stores.connections import Connections
from bot.engine.stores.reader import no_article

_ROLE, _CHANNEL = "role", "channel"


class SQLiteGuildSettings:
    """A :class:`bot.engine.guild_settings.ports.SettingsStore` on the connections of an open store."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def settings_version(self, guild: int) -> int:
        """The version of a guild's settings and scopes; 0 for a guild that never changed any."""
        with self._connections.read() as connection:
            return _read_version(connection, guild)

    def read_settings(self, guild: int) -> StoredSettings:
        """Everything that is kept of a guild's settings, of one version."""
        with self._connections.read() as connection:
            version = _read_version(connection, guild)
            query = "SELECT channel, key, value FROM guild_setting WHERE guild = ?"
            values = {(channel, key): value for channel, key, value in connection.execute(query, (guild,)).fetchall()}
            query = "SELECT article, kind, target FROM article_scope WHERE guild = ?"
            bound: dict[int, dict[str, set[int]]] = {}
            for article, kind, target in connection.execute(query, (guild,)).fetchall():
                bound.setdefault(article, {}).setdefault(kind, set()).add(target)
        scopes = {
            article: make_scope(kinds.get(_ROLE, ()), kinds.get(_CHANNEL, ())) for article, kinds in bound.items()
        }
        return StoredSettings(version, values, scopes)

    def write_settings(self, guild: int, changes: Mapping[tuple[int, str], str | None]) -> None:
        """Write values by channel (0: the guild itself) and key; None takes one away."""
        with self._connections.write() as connection:
            for (channel, key), value in changes.items():
                if value is None:
                    connection.execute(
                        "DELETE FROM guild_setting WHERE guild = ? AND channel = ? AND key = ?", (guild, channel, key)
                    )
                else:
                    connection.execute(
                        "INSERT INTO guild_setting (guild, channel, key, value) VALUES (?, ?, ?, ?)"
                        " ON CONFLICT (guild, channel, key) DO UPDATE SET value = excluded.value",
                        (guild, channel, key, value),
                    )
            _count_change(connection, guild)

    def write_scope(self, guild: int, article: int, scope: ArticleScope) -> None:
        """Bind an article to roles and channels, or with an empty scope to none. Raises NotFound."""
        with self._connections.write() as connection:
            row = connection.execute("SELECT 1 FROM article WHERE guild = ? AND id = ?", (guild, article)).fetchone()
            if row is None:
                raise no_article(article)
            bind_article(connection, guild, article, scope)

    def forget_settings(self, guild: int) -> None:
        """Take away everything that a guild decided but the scopes of its articles, which go with the articles."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM guild_setting WHERE guild = ?", (guild,))
            _count_change(connection, guild)


def bind_article(connection: sqlite3.Connection, guild: int, article: int, scope: ArticleScope) -> None:
    """Bind an article that is there, in place of what bound it before."""
    connection.execute("DELETE FROM article_scope WHERE guild = ? AND article = ?", (guild, article))
    targets = [(_ROLE, target) for target in sorted(scope.roles)]
    targets += [(_CHANNEL, target) for target in sorted(scope.channels)]
    connection.executemany(
        "INSERT INTO article_scope (guild, article, kind, target) VALUES (?, ?, ?, ?)",
        [(guild, article, kind, target) for kind, target in targets],
    )
    _count_change(connection, guild)


def _read_version(connection: sqlite3.Connection, guild: int) -> int:
    row = connection.execute("SELECT version FROM guild_settings_version WHERE guild = ?", (guild,)).fetchone()
    return int(row[0]) if row else 0


def _count_change(connection: sqlite3.Connection, guild: int) -> None:
    connection.execute(
        "INSERT INTO guild_settings_version (guild, version) VALUES (?, 1)"
        " ON CONFLICT (guild) DO UPDATE SET version = version + 1",
        (guild,),
    )
