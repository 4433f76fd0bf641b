"""Segments as rows, and the encoders that made them.

Every segment row names its encoder, and the ``encoder`` entry of ``meta`` names the one whose segments answer, so
segments of two encoders can lie side by side but are never read together. The rules that hold after every transaction:
each article has exactly one segment of the answering encoder, and a segment of any encoder was made from the article's
present text (replacing a text deletes them all).
"""

from __future__ import annotations

import sqlite3

from bot.engine.errors import EncoderMismatch
from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.ports.stores import StoredSegment

_KEY = "guild = ? AND article = ? AND encoder = ?"


def mismatch(stored: EncoderIdentity, wanted: EncoderIdentity) -> EncoderMismatch:
    """Say that two encoders differ, and how to mend it."""
    return EncoderMismatch(
        f"The stored articles were encoded with {stored}, but the present encoder is {wanted}: run "
        "`pullquote migrate --reindex` to encode them anew, or set the encoder back."
    )


def present_encoder(connection: sqlite3.Connection) -> tuple[int, EncoderIdentity] | None:
    """The row id and the identity of the encoder whose segments answer, or None where none was ever recorded."""
    row = connection.execute(
        "SELECT id, name, revision, dimension FROM encoder"
        " WHERE id = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'encoder')"
    ).fetchone()
    return None if row is None else (row[0], EncoderIdentity(*row[1:]))


def has_segments(connection: sqlite3.Connection) -> bool:
    """Say whether any guild has a segment."""
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM segment)").fetchone()[0])


def find_encoder(connection: sqlite3.Connection, identity: EncoderIdentity) -> int | None:
    """The row id of an encoder, or None."""
    row = connection.execute(
        "SELECT id FROM encoder WHERE name = ? AND revision = ? AND dimension = ?",
        (identity.name, identity.revision, identity.dimension),
    ).fetchone()
    return None if row is None else int(row[0])


def record_encoder(connection: sqlite3.Connection, identity: EncoderIdentity) -> int:
    """The row id of an encoder, made where it is new. Rows are never deleted, so ids keep their meaning."""
    found = find_encoder(connection, identity)
    if found is not None:
        return found
    cursor = connection.execute(
        "INSERT INTO encoder (name, revision, dimension) VALUES (?, ?, ?)",
        (identity.name, identity.revision, identity.dimension),
    )
    return int(cursor.lastrowid or 0)


def choose_encoder(connection: sqlite3.Connection, encoder: int) -> None:
    """Make an encoder the one whose segments answer."""
    connection.execute(
        "INSERT INTO meta (key, value) VALUES ('encoder', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (str(encoder),),
    )


def write_segment(
    connection: sqlite3.Connection,
    guild: int,
    article_id: int,
    *,
    encoder: int,
    guild_version: int,
    segment_version: int,
    core: bytes,
    tokens: bytes | None,
) -> None:
    """Write an article's segment in place of the one that this encoder made before."""
    key = (guild, article_id, encoder)
    connection.execute(f"DELETE FROM segment WHERE {_KEY}", key)  # noqa: S608
    connection.execute("INSERT INTO segment VALUES (?, ?, ?, ?, ?)", (*key, guild_version, segment_version))
    connection.execute("INSERT INTO segment_core VALUES (?, ?, ?, ?)", (*key, core))
    if tokens is not None:
        connection.execute("INSERT INTO segment_tokens VALUES (?, ?, ?, ?)", (*key, tokens))


def drop_segments(connection: sqlite3.Connection, guild: int, article_id: int) -> None:
    """Delete an article's segments, whichever encoder made them."""
    connection.execute("DELETE FROM segment WHERE guild = ? AND article = ?", (guild, article_id))


def read_segment(connection: sqlite3.Connection, guild: int, article_id: int, encoder: int) -> StoredSegment | None:
    """Read an article's segment without its token vectors, or None."""
    row = connection.execute(
        "SELECT segment_version, core FROM segment JOIN segment_core USING (guild, article, encoder)"
        " WHERE guild = ? AND article = ? AND encoder = ?",
        (guild, article_id, encoder),
    ).fetchone()
    return None if row is None else StoredSegment(article_id, row[0], row[1], None)


def read_tokens(connection: sqlite3.Connection, guild: int, article_id: int, encoder: int) -> bytes | None:
    """Read an article's token vectors, or None."""
    row = connection.execute(
        f"SELECT tokens FROM segment_tokens WHERE {_KEY}",  # noqa: S608
        (guild, article_id, encoder),
    ).fetchone()
    return None if row is None else bytes(row[0])


def list_backlog(connection: sqlite3.Connection, encoder: int, segment_version: int) -> list[tuple[int, int]]:
    """(guild, article id) of the articles that have no segment of this encoder and version, ascending."""
    rows = connection.execute(
        "SELECT guild, id FROM article WHERE NOT EXISTS (SELECT 1 FROM segment WHERE segment.guild = article.guild"
        " AND segment.article = article.id AND encoder = ? AND segment_version = ?) ORDER BY guild, id",
        (encoder, segment_version),
    )
    return [(guild, article_id) for guild, article_id in rows]


def switch_segments(connection: sqlite3.Connection, encoder: int) -> None:
    """Let another encoder's segments answer: to every index they are new."""
    choose_encoder(connection, encoder)
    connection.execute("UPDATE guild SET version = version + 1 WHERE articles > 0")
    connection.execute(
        "UPDATE segment SET guild_version = (SELECT version FROM guild WHERE id = segment.guild) WHERE encoder = ?",
        (encoder,),
    )


def prune_segments(
    connection: sqlite3.Connection, after: tuple[int, int, int], limit: int
) -> tuple[int, int, int] | None:
    """Delete up to ``limit`` segments that do not answer, past this key; return the last one's key, None at the end."""
    present = present_encoder(connection)
    keys = connection.execute(
        "SELECT guild, article, encoder FROM segment WHERE (guild, article, encoder) > (?, ?, ?) AND encoder <> ?"
        " ORDER BY guild, article, encoder LIMIT ?",
        (*after, present[0] if present else 0, limit),
    ).fetchall()
    connection.executemany(f"DELETE FROM segment WHERE {_KEY}", keys)  # noqa: S608
    return (keys[-1][0], keys[-1][1], keys[-1][2]) if len(keys) == limit else None
