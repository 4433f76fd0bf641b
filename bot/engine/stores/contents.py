"""Articles as rows: writing one with its lines and passages, reading it back as it was, and the guild's counters."""

from __future__ import annotations

import functools
import json
import sqlite3
from dataclasses import astuple
from typing import Any

from bot.engine.articles.room import GuildLimits, Usage
from bot.engine.ports.stores import StoredPassage
from bot.engine.records.articles import Article, ArticleDetails, ArticleSummary, ParsedArticle
from bot.engine.records.freshness import FetchState
from bot.engine.records.passages import Line, LineLabel, Passage, digest

_DETAILS = "author, site, published, language, canonical_url"
_FETCH = "fetched_at, etag, last_modified, checked_at, problem"
_SUMMARY = (
    "article.id, title, source, added_at, passages, left_out, characters, text_bytes, revision, is_titled, "
    f"{_DETAILS}, {_FETCH}"
)


def count_change(connection: sqlite3.Connection, guild: int, *, articles: int = 0) -> int:
    """Raise the guild's version by one and its article count by ``articles``; return the version."""
    connection.execute(
        "INSERT INTO guild (id, version, next_article, articles) VALUES (?, 0, 1, 0) ON CONFLICT DO NOTHING", (guild,)
    )
    row = connection.execute(
        "UPDATE guild SET version = version + 1, articles = articles + ? WHERE id = ? RETURNING version",
        (articles, guild),
    ).fetchone()
    return int(row[0])


def take_article_id(connection: sqlite3.Connection, guild: int) -> int:
    """Return an article id that the guild (which has its counters) never used."""
    row = connection.execute(
        "UPDATE guild SET next_article = next_article + 1 WHERE id = ? RETURNING next_article - 1", (guild,)
    ).fetchone()
    return int(row[0])


def insert_article(
    connection: sqlite3.Connection,
    guild: int,
    article_id: int,
    parsed: ParsedArticle,
    source: str,
    added_at: int,
    *,
    fetch: FetchState,
    is_titled: bool,
) -> None:
    """Write a new article, whole but for its segment."""
    connection.execute(
        "INSERT INTO article (guild, id, title, source, added_at, is_titled, content_hash, characters, passages,"
        " left_out, text_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (guild, article_id, parsed.title, source, added_at, is_titled, *_measure(parsed)),
    )
    _write_about(connection, guild, article_id, parsed, fetch)
    _insert_content(connection, guild, article_id, parsed)


def update_article(
    connection: sqlite3.Connection,
    guild: int,
    article_id: int,
    parsed: ParsedArticle,
    source: str,
    *,
    fetch: FetchState,
    is_titled: bool,
) -> bool:
    """Replace everything of an article but its id, the time it was added and its segment; False where it is gone."""
    cursor = connection.execute(
        "UPDATE article SET revision = revision + (content_hash <> ?), title = ?, source = ?, is_titled = ?,"
        " content_hash = ?, characters = ?, passages = ?, left_out = ?, text_bytes = ? WHERE guild = ? AND id = ?",
        (digest(parsed.text), parsed.title, source, is_titled, *_measure(parsed), guild, article_id),
    )
    if cursor.rowcount == 0:
        return False
    _write_about(connection, guild, article_id, parsed, fetch)
    connection.execute("DELETE FROM article_text WHERE guild = ? AND article = ?", (guild, article_id))
    connection.execute("DELETE FROM line WHERE guild = ? AND article = ?", (guild, article_id))
    connection.execute("DELETE FROM passage WHERE guild = ? AND article = ?", (guild, article_id))
    _insert_content(connection, guild, article_id, parsed)
    return True


def _write_about(
    connection: sqlite3.Connection, guild: int, article_id: int, parsed: ParsedArticle, fetch: FetchState
) -> None:
    connection.execute(
        f"UPDATE article SET ({_DETAILS}) = (?, ?, ?, ?, ?) WHERE guild = ? AND id = ?",  # noqa: S608
        (*astuple(parsed.details), guild, article_id),
    )
    write_fetch(connection, guild, article_id, fetch)


def write_fetch(connection: sqlite3.Connection, guild: int, article_id: int, fetch: FetchState) -> bool:
    """Note how the article's page was last had; False where the article is gone."""
    cursor = connection.execute(
        f"UPDATE article SET ({_FETCH}) = (?, ?, ?, ?, ?) WHERE guild = ? AND id = ?",  # noqa: S608
        (*astuple(fetch), guild, article_id),
    )
    return cursor.rowcount > 0


def check_room(
    connection: sqlite3.Connection, guild: int, parsed: ParsedArticle, limits: GuildLimits | None, *, replaced: int = 0
) -> None:
    """Raise LibraryFull where the guild would hold more than it may with this article, in place of another or not."""
    if limits is None:
        return
    before, others = _usage(connection, guild), _usage(connection, guild, without=replaced)
    limits.check(others + Usage(1, len(parsed.passages), len(parsed.text.encode())), before)


def _usage(connection: sqlite3.Connection, guild: int, *, without: int = 0) -> Usage:
    query = (
        "SELECT count(*), coalesce(sum(passages), 0), coalesce(sum(text_bytes), 0) FROM article"
        " WHERE guild = ? AND id <> ?"
    )
    return Usage(*connection.execute(query, (guild, without)).fetchone())


def find_by_hash(connection: sqlite3.Connection, guild: int, content_hash: str) -> int | None:
    """The lowest id of the articles with this content hash, or None."""
    query = "SELECT min(id) FROM article WHERE guild = ? AND content_hash = ?"
    found: int | None = connection.execute(query, (guild, content_hash)).fetchone()[0]
    return found


def find_by_source(connection: sqlite3.Connection, guild: int, source: str) -> int | None:
    """The newest article from this (non-empty) source, or None."""
    query = "SELECT max(id) FROM article WHERE guild = ? AND source = ? AND source <> ''"
    found: int | None = connection.execute(query, (guild, source)).fetchone()[0]
    return found


def find_by_url(connection: sqlite3.Connection, guild: int, url: str) -> int | None:
    """The lowest id of the articles that are from this address or say that it is theirs, or None."""
    query = (
        "SELECT min(id) FROM (SELECT id FROM article WHERE guild = ? AND source = ? AND source <> ''"
        " UNION ALL SELECT id FROM article WHERE guild = ? AND canonical_url = ? AND canonical_url <> '')"
    )
    found: int | None = connection.execute(query, (guild, url, guild, url)).fetchone()[0]
    return found


def holds_text(connection: sqlite3.Connection, guild: int, article_id: int, content_hash: str) -> bool:
    """Say whether the article is there and holds the text with this hash."""
    query = "SELECT content_hash FROM article WHERE guild = ? AND id = ?"
    row = connection.execute(query, (guild, article_id)).fetchone()
    return row is not None and bool(row[0] == content_hash)


def list_summaries(connection: sqlite3.Connection, guild: int) -> list[ArticleSummary]:
    """The guild's articles by id, without reading any text."""
    query = f"SELECT {_SUMMARY} FROM article WHERE guild = ? ORDER BY id"  # noqa: S608
    return [_summary(row) for row in connection.execute(query, (guild,))]


def _summary(row: tuple[Any, ...]) -> ArticleSummary:
    id_, title, source, added_at, passages, left_out, characters, text_bytes, revision, is_titled = row[:10]
    return ArticleSummary(
        id_,
        title,
        source,
        added_at,
        passages,
        left_out,
        characters,
        text_bytes,
        revision,
        bool(is_titled),
        ArticleDetails(*row[10:15]),
        FetchState(*row[15:20]),
    )


def read_article(connection: sqlite3.Connection, guild: int, article_id: int) -> Article | None:
    """Read an article, whole, or None."""
    key = (guild, article_id)
    query = f"SELECT content_hash, {_SUMMARY} FROM article WHERE guild = ? AND id = ?"  # noqa: S608
    row = connection.execute(query, key).fetchone()
    if row is None:
        return None
    text = connection.execute("SELECT text FROM article_text WHERE guild = ? AND article = ?", key).fetchone()[0]
    # All rows at once: a cursor that an error leaves half-read would keep the file open for as long as the error lives.
    lines = connection.execute(
        "SELECT number, start_offset, end_offset, label, level, is_chosen FROM line"
        " WHERE guild = ? AND article = ? ORDER BY ordinal",
        key,
    ).fetchall()
    passages = connection.execute(
        "SELECT position, start_offset, end_offset, kind, headings, digest FROM passage"
        " WHERE guild = ? AND article = ? ORDER BY position",
        key,
    ).fetchall()
    about = _summary(row[1:])
    return Article(
        about.id,
        about.title,
        about.source,
        about.added_at,
        row[0],
        text,
        tuple(
            Line(number, start, end, LineLabel(label), level, bool(is_chosen))
            for number, start, end, label, level, is_chosen in lines
        ),
        tuple(
            Passage(position, start, end, LineLabel(kind), _read_path(headings), digest_)
            for position, start, end, kind, headings, digest_ in passages
        ),
        about.revision,
        about.is_titled,
        about.details,
        about.fetch,
    )


@functools.lru_cache(maxsize=4096)
def _read_path(headings: str) -> tuple[str, ...]:
    """Read a heading path; kept, because all passages under one heading have the same."""
    return tuple(json.loads(headings))


def read_passage(connection: sqlite3.Connection, guild: int, article_id: int, position: int) -> StoredPassage | None:
    """Read one passage with its text, cut by the database so that a long article is not carried whole; or None."""
    query = (
        "SELECT start_offset, end_offset, kind, headings, digest,"  # noqa: S608
        f" substr(text, start_offset + 1, end_offset - start_offset), {_SUMMARY}"
        " FROM passage JOIN article ON article.guild = passage.guild AND article.id = passage.article"
        " JOIN article_text ON article_text.guild = passage.guild AND article_text.article = passage.article"
        " WHERE passage.guild = ? AND passage.article = ? AND position = ?"
    )
    row = connection.execute(query, (guild, article_id, position)).fetchone()
    if row is None:
        return None
    start, end, kind, headings, digest_, text = row[:6]
    about = _summary(row[6:])
    return StoredPassage(
        about.ref,
        about.passages,
        Passage(position, start, end, LineLabel(kind), _read_path(headings), digest_),
        text,
    )


def _measure(parsed: ParsedArticle) -> tuple[str, int, int, int, int]:
    text_bytes = len(parsed.text.encode())
    return digest(parsed.text), len(parsed.text), len(parsed.passages), len(parsed.left_out), text_bytes


def _insert_content(connection: sqlite3.Connection, guild: int, article_id: int, parsed: ParsedArticle) -> None:
    connection.execute(
        "INSERT INTO article_text (guild, article, text) VALUES (?, ?, ?)", (guild, article_id, parsed.text)
    )
    connection.executemany(
        "INSERT INTO line (guild, article, ordinal, number, start_offset, end_offset, label, level, is_chosen)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                guild,
                article_id,
                ordinal,
                line.number,
                line.start,
                line.end,
                line.label.value,
                line.level,
                line.is_chosen,
            )
            for ordinal, line in enumerate(parsed.lines, start=1)
        ),
    )
    connection.executemany(
        "INSERT INTO passage (guild, article, position, start_offset, end_offset, kind, headings, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                guild,
                article_id,
                passage.position,
                passage.start,
                passage.end,
                passage.kind.value,
                json.dumps(passage.headings, ensure_ascii=False, separators=(",", ":")),
                passage.digest,
            )
            for passage in parsed.passages
        ),
    )
