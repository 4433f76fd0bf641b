"""Articles as rows: writing one with its lines and passages, reading it back as it was, and the guild's counters."""

from __future__ import annotations

import json
import sqlite3

from bot.engine.ports import StoredPassage
from bot.engine.records import (
    Article,
    ArticleRef,
    ArticleSummary,
    Line,
    LineLabel,
    ParsedArticle,
    Passage,
    digest,
    find_url,
)

_COLUMNS = "id, title, source, added_at, content_hash"


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
    connection: sqlite3.Connection, guild: int, article_id: int, parsed: ParsedArticle, source: str, added_at: int
) -> None:
    """Write a new article, whole but for its segment."""
    connection.execute(
        "INSERT INTO article (guild, id, title, source, added_at, content_hash, characters, passages, left_out)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (guild, article_id, parsed.title, source, added_at, *_measure(parsed)),
    )
    _insert_content(connection, guild, article_id, parsed)


def update_article(
    connection: sqlite3.Connection, guild: int, article_id: int, parsed: ParsedArticle, source: str
) -> bool:
    """Replace everything of an article but its id, the time it was added and its segment; False where it is gone."""
    cursor = connection.execute(
        "UPDATE article SET title = ?, source = ?, content_hash = ?, characters = ?, passages = ?, left_out = ?"
        " WHERE guild = ? AND id = ?",
        (parsed.title, source, *_measure(parsed), guild, article_id),
    )
    if cursor.rowcount == 0:
        return False
    connection.execute("DELETE FROM article_text WHERE guild = ? AND article = ?", (guild, article_id))
    connection.execute("DELETE FROM line WHERE guild = ? AND article = ?", (guild, article_id))
    connection.execute("DELETE FROM passage WHERE guild = ? AND article = ?", (guild, article_id))
    _insert_content(connection, guild, article_id, parsed)
    return True


def holds_text(connection: sqlite3.Connection, guild: int, article_id: int, content_hash: str) -> bool:
    """Say whether the article is there and holds the text with this hash."""
    query = "SELECT content_hash FROM article WHERE guild = ? AND id = ?"
    row = connection.execute(query, (guild, article_id)).fetchone()
    return row is not None and bool(row[0] == content_hash)


def list_summaries(connection: sqlite3.Connection, guild: int) -> list[ArticleSummary]:
    """The guild's articles by id, without reading any text."""
    rows = connection.execute(
        "SELECT id, title, source, added_at, passages, left_out, characters FROM article WHERE guild = ? ORDER BY id",
        (guild,),
    )
    return [ArticleSummary(*row) for row in rows]


def read_article(connection: sqlite3.Connection, guild: int, article_id: int) -> Article | None:
    """Read an article, whole, or None."""
    key = (guild, article_id)
    row = connection.execute(f"SELECT {_COLUMNS} FROM article WHERE guild = ? AND id = ?", key).fetchone()  # noqa: S608
    if row is None:
        return None
    text = connection.execute("SELECT text FROM article_text WHERE guild = ? AND article = ?", key).fetchone()[0]
    # All rows at once: a cursor that an error leaves half-read would keep the file open for as long as the error lives.
    lines = connection.execute(
        "SELECT number, start_offset, end_offset, label, level FROM line"
        " WHERE guild = ? AND article = ? ORDER BY ordinal",
        key,
    ).fetchall()
    passages = connection.execute(
        "SELECT position, start_offset, end_offset, kind, headings, digest FROM passage"
        " WHERE guild = ? AND article = ? ORDER BY position",
        key,
    ).fetchall()
    id_, title, source, added_at, content_hash = row
    return Article(
        id_,
        title,
        source,
        added_at,
        content_hash,
        text,
        tuple(Line(number, start, end, LineLabel(label), level) for number, start, end, label, level in lines),
        tuple(
            Passage(position, start, end, LineLabel(kind), tuple(json.loads(headings)), digest_)
            for position, start, end, kind, headings, digest_ in passages
        ),
    )


def read_passage(connection: sqlite3.Connection, guild: int, article_id: int, position: int) -> StoredPassage | None:
    """Read one passage with its text, cut by the database so that a long article is not carried whole; or None."""
    row = connection.execute(
        "SELECT article.title, article.source, article.passages, start_offset, end_offset, kind, headings, digest,"
        " substr(text, start_offset + 1, end_offset - start_offset)"
        " FROM passage JOIN article ON article.guild = passage.guild AND article.id = passage.article"
        " JOIN article_text ON article_text.guild = passage.guild AND article_text.article = passage.article"
        " WHERE passage.guild = ? AND passage.article = ? AND position = ?",
        (guild, article_id, position),
    ).fetchone()
    if row is None:
        return None
    title, source, count, start, end, kind, headings, digest_, text = row
    return StoredPassage(
        ArticleRef(article_id, title, find_url(source)),
        count,
        Passage(position, start, end, LineLabel(kind), tuple(json.loads(headings)), digest_),
        text,
    )


def _measure(parsed: ParsedArticle) -> tuple[str, int, int, int]:
    return digest(parsed.text), len(parsed.text), len(parsed.passages), len(parsed.left_out)


def _insert_content(connection: sqlite3.Connection, guild: int, article_id: int, parsed: ParsedArticle) -> None:
    connection.execute(
        "INSERT INTO article_text (guild, article, text) VALUES (?, ?, ?)", (guild, article_id, parsed.text)
    )
    connection.executemany(
        "INSERT INTO line (guild, article, ordinal, number, start_offset, end_offset, label, level)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (guild, article_id, ordinal, line.number, line.start, line.end, line.label.value, line.level)
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
