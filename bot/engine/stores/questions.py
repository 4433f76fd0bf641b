"""Questions, votes and departures as rows, in the same file as the articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot.engine.questions.records import AskedQuestion, Figures, GapState, Vote
from bot.engine.records.answers import AnswerState
from bot.engine.stores.connections import Connections
from bot.engine.stores.migrate import load_migrations, open_migrated
from bot.engine.stores.question_rows import QUESTION, VOTE, make_row, read_questions, read_votes

COUNTER = "guild_settings_version"
"""A table whose rows outlive what they count."""
_UNANSWERED = AnswerState.NOT_IN_ARTICLES.value


class SQLiteQuestions:
    """A :class:`bot.engine.questions.ports.QuestionStore` in the store's file. Threads and processes may share it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @classmethod
    def open(cls, path: Path) -> SQLiteQuestions:
        """Open the store's file, made where it is missing and upgraded where it is old. Raises StoreUnavailable."""
        migrations = load_migrations()
        return cls(Connections(path, open_migrated(path, migrations), len(migrations)))

    # Questions and votes

    def add_question(self, question: AskedQuestion, *, wish: str) -> bool:
        """Keep a question, in place of one with its id and of the votes on that.

        False, with nothing kept, where ``wish`` (a hash of no guild) has opted out.
        """
        row = make_row(question)
        with self._connections.write() as connection:
            _delete(connection, question.guild, question.id)
            if _is_out(connection, wish):
                return False
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO question ({QUESTION}) VALUES ({marks})", row)  # noqa: S608
            return True

    def delete_question(self, guild: int, question_id: int) -> None:
        """Delete a question with the votes on it; nothing happens where it is not kept."""
        with self._connections.write() as connection:
            _delete(connection, guild, question_id)

    def get_question(self, guild: int, question_id: int) -> AskedQuestion | None:
        """One question, or None where it is not (or no longer) kept."""
        with self._connections.read() as connection:
            found = read_questions(connection, "guild = ? AND id = ?", (guild, question_id))
        return found[0] if found else None

    def last_questions(
        self, guild: int, channel: int, *, since: int, member: str | None = None, limit: int = 1
    ) -> list[AskedQuestion]:
        """The newest questions asked in a channel since then, newest first, by one member, or publicly by anyone."""
        where, values = "guild = ? AND channel = ? AND asked_at >= ?", (guild, channel, since)
        with self._connections.read() as connection:
            if member is None:
                return read_questions(connection, f"{where} AND is_private = 0", values, newest=limit)
            return read_questions(connection, f"{where} AND member = ?", (*values, member), newest=limit)

    def put_vote(self, vote: Vote, *, wish: str) -> bool:
        """Keep a vote in place of the member's earlier one; False where the question is not kept or the member is out.

        An empty reason keeps the reason of an earlier vote that said the same.
        """
        key = (vote.guild, vote.question)
        with self._connections.write() as connection:
            kept = connection.execute("SELECT 1 FROM question WHERE guild = ? AND id = ?", key).fetchone()
            if kept is None or _is_out(connection, wish):
                return False
            connection.execute(
                f"INSERT INTO vote ({VOTE}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608
                " ON CONFLICT (guild, question, member) DO UPDATE SET voted_at = excluded.voted_at, reason = CASE"
                " WHEN excluded.reason = '' AND is_helpful = excluded.is_helpful THEN reason ELSE excluded.reason END,"
                " is_helpful = excluded.is_helpful",
                (*key, vote.member, vote.is_helpful, vote.reason, vote.voted_at),
            )
            return True

    def figures(self, guild: int, *, since: int, top: int) -> Figures:
        """Count what was asked since then, with the ``top`` articles that were quoted first most often."""
        asked = "question.guild = ? AND asked_at >= ?"
        with self._connections.read() as connection:
            states = dict(
                connection.execute(
                    f"SELECT state, count(*) FROM question WHERE {asked} GROUP BY state",  # noqa: S608
                    (guild, since),
                ).fetchall()
            )
            votes = dict(
                connection.execute(
                    "SELECT is_helpful, count(*) FROM vote JOIN question"  # noqa: S608
                    " ON question.guild = vote.guild AND question.id = vote.question"
                    f" WHERE {asked} GROUP BY is_helpful",
                    (guild, since),
                ).fetchall()
            )
            articles = connection.execute(
                "SELECT json_extract(quoted, '$[0][0]') AS first, count(*) AS times FROM question"  # noqa: S608
                f" WHERE {asked} AND quoted <> '[]' GROUP BY first ORDER BY times DESC, first LIMIT ?",
                (guild, since, top),
            ).fetchall()
        return Figures(
            questions=sum(states.values()),
            answered=states.get(AnswerState.ANSWERS.value, 0),
            unsure=states.get(AnswerState.UNSURE.value, 0),
            unanswered=states.get(_UNANSWERED, 0),
            helpful=votes.get(1, 0),
            not_helpful=votes.get(0, 0),
            top_articles=tuple((int(article), int(times)) for article, times in articles),
        )

    # Gaps

    def list_unanswered(self, guild: int, *, limit: int) -> list[AskedQuestion]:
        """The newest questions that the articles did not answer and that are open or dismissed, newest first."""
        where, values = "guild = ? AND state = ? AND gap <> ?", (guild, _UNANSWERED, GapState.ANSWERED.value)
        with self._connections.read() as connection:
            return read_questions(connection, where, values, newest=limit)

    def mark_gap(self, guild: int, question_ids: Sequence[int], state: GapState) -> None:
        """Note what became of unanswered questions."""
        with self._connections.write() as connection:
            connection.executemany(
                "UPDATE question SET gap = ? WHERE guild = ? AND id = ?",
                [(state.value, guild, number) for number in question_ids],
            )

    # Members

    def guilds(self) -> list[int]:
        """Every guild of which a question is kept, ascending."""
        with self._connections.read() as connection:
            return _guilds(connection)

    def list_of_member(self, members: dict[int, str]) -> tuple[list[AskedQuestion], list[Vote]]:
        """What is kept of a member, oldest first."""
        questions: list[AskedQuestion] = []
        votes: list[Vote] = []
        with self._connections.read() as connection:
            for key in members.items():
                questions += read_questions(connection, "guild = ? AND member = ?", key)
                votes += read_votes(connection, "guild = ? AND member = ?", key)
        return sorted(questions, key=lambda found: found.asked_at), sorted(votes, key=lambda found: found.voted_at)

    def delete_of_member(self, members: dict[int, str]) -> int:
        """Delete a member's questions (with everyone's votes on them) and votes; return how many of both."""
        count = 0
        with self._connections.write() as connection:
            _overwrite(connection)
            for key in members.items():
                # Votes first, so that those on the member's own questions are counted too.
                for table in ("vote", "question"):
                    query = f"DELETE FROM {table} WHERE guild = ? AND member = ?"  # noqa: S608
                    count += connection.execute(query, key).rowcount
        return count

    def set_opt_out(self, wish: str, since: int | None) -> None:
        """Note since when a member wants nothing kept, or (None) that this no longer holds."""
        with self._connections.write() as connection:
            if since is None:
                connection.execute("DELETE FROM opt_out WHERE member = ?", (wish,))
            else:
                connection.execute("INSERT OR IGNORE INTO opt_out (member, since) VALUES (?, ?)", (wish, since))

    def is_opted_out(self, wish: str) -> bool:
        """Whether a member wants nothing kept."""
        with self._connections.read() as connection:
            return _is_out(connection, wish)

    # Guilds and time

    def list_of_guild(self, guild: int) -> tuple[list[AskedQuestion], list[Vote]]:
        """All that is kept of a guild's questions, oldest first."""
        with self._connections.read() as connection:
            return read_questions(connection, "guild = ?", (guild,)), read_votes(connection, "guild = ?", (guild,))

    def purge(self, before: int) -> int:
        """Delete what was asked before then, with its votes; return how many questions that was."""
        with self._connections.read() as connection:
            # A look costs nothing; a write waits for other writers.
            if connection.execute("SELECT 1 FROM question WHERE asked_at < ? LIMIT 1", (before,)).fetchone() is None:
                return 0
        with self._connections.write() as connection:
            _overwrite(connection)
            return connection.execute("DELETE FROM question WHERE asked_at < ?", (before,)).rowcount

    def stored_guilds(self) -> list[int]:
        """Every guild of which anything is stored: articles or questions, ascending."""
        with self._connections.read() as connection:
            with_articles = connection.execute("SELECT id FROM guild WHERE articles > 0").fetchall()
            return sorted({*_guilds(connection), *(int(row[0]) for row in with_articles)})

    def note_departures(self, guilds: Sequence[int], left_at: int) -> None:
        """Note that the bot is not in these guilds (any more); an earlier note of the same guild holds."""
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO departure (guild, left_at) VALUES (?, ?)", [(guild, left_at) for guild in guilds]
            )

    def forget_departures(self, guilds: Sequence[int]) -> None:
        """Note that the bot is in these guilds."""
        with self._connections.write() as connection:
            connection.executemany("DELETE FROM departure WHERE guild = ?", [(guild,) for guild in guilds])

    def departures(self) -> dict[int, int]:
        """Guild → since when the bot is not in it."""
        with self._connections.read() as connection:
            return dict(connection.execute("SELECT guild, left_at FROM departure ORDER BY guild").fetchall())

    def delete_guild(self, guild: int) -> None:
        """Delete all that is stored of a guild, articles and settings included.

        Its number and the counters that keep article ids from being used twice remain.
        """
        with self._connections.write() as connection:
            _overwrite(connection)
            # Whatever table has a guild is the guild's: one that a later step adds is not forgotten here.
            for table in tables_of_guilds(connection):
                if table != COUNTER:
                    connection.execute(f"DELETE FROM {table} WHERE guild = ?", (guild,))  # noqa: S608
            # What is kept in memory is told by these that it is of another time.
            connection.execute(f"UPDATE {COUNTER} SET version = version + 1 WHERE guild = ?", (guild,))  # noqa: S608
            connection.execute("UPDATE guild SET version = version + 1, articles = 0 WHERE id = ?", (guild,))

    def close(self) -> None:
        """Close every handle. May be called twice."""
        self._connections.close()


def tables_of_guilds(connection: sqlite3.Connection) -> list[str]:
    """Return the tables whose rows belong to a guild, by name."""
    query = (
        "SELECT DISTINCT sqlite_master.name FROM sqlite_master, pragma_table_info(sqlite_master.name) AS part"
        " WHERE sqlite_master.type = 'table' AND part.name = 'guild' ORDER BY sqlite_master.name"
    )
    return [str(row[0]) for row in connection.execute(query).fetchall()]


def _overwrite(connection: sqlite3.Connection) -> None:
    """Have what is deleted overwritten in the file: a page that is only marked as free still holds its text."""
    connection.execute("PRAGMA secure_delete = ON")


def _delete(connection: sqlite3.Connection, guild: int, question_id: int) -> None:
    _overwrite(connection)
    connection.execute("DELETE FROM question WHERE guild = ? AND id = ?", (guild, question_id))


def _guilds(connection: sqlite3.Connection) -> list[int]:
    """Return every guild with questions, each found by one step in the index that it leads."""
    found: list[int] = []
    at = -1
    while row := connection.execute(
        "SELECT guild FROM question WHERE guild > ? ORDER BY guild LIMIT 1", (at,)
    ).fetchone():
        at = int(row[0])
        found.append(at)
    return found


def _is_out(connection: sqlite3.Connection, wish: str) -> bool:
    return connection.execute("SELECT 1 FROM opt_out WHERE member = ?", (wish,)).fetchone() is not None
