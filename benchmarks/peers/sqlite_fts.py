"""SQLite's FTS5, ranked by its own bm25()."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from benchmarks.peers.passages import DEPTH, Article, Unit


class SqliteFts:
    """The default tokenizer. FTS5 wants every word of a query present, so a question's words are joined by OR."""

    label = "SQLite FTS5"
    settings = "unicode61, bm25(); the question's words joined by OR; in article: a WHERE clause"
    packages: tuple[str, ...] = ()
    tokenizer = "unicode61"

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE passages USING fts5"
            f"(pid UNINDEXED, doc_id UNINDEXED, text, tokenize = '{self.tokenizer}')"
        )

    def add(self, name: str, articles: Sequence[Article]) -> None:  # noqa: ARG002
        """Insert every paragraph."""
        rows = ((passage.pid, article.doc_id, passage.text) for article in articles for passage in article.passages)
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows)

    def search(self, question: str, doc_id: str | None) -> list[Unit]:
        """Ask for the words in quotation marks, so that none is taken for an operator."""
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        if not words:
            return []
        rows = self._connection.execute(
            "SELECT pid, length(text) FROM passages WHERE passages MATCH ?1 AND (?2 IS NULL OR doc_id = ?2)"
            " ORDER BY bm25(passages) LIMIT ?3",
            (words, doc_id, DEPTH),
        )
        return [Unit((pid,), length) for pid, length in rows]


class SqliteFtsPorter(SqliteFts):
    """The same with the Porter stemmer that FTS5 offers."""

    label = "SQLite FTS5, porter"
    settings = "porter unicode61, otherwise as above"
    tokenizer = "porter unicode61"
