"""The SQLite store of questions keeps the contract, beside the articles in one file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.engine.questions.records import AskedQuestion
from bot.engine.stores.questions import SQLiteQuestions, tables_of_guilds
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.question_contract import ALICE, ANSWERED, GUILD, MISSED, OTHER, OpenQuestions, QuestionContract
from tests.contract.sample_articles import ENCODER, add, make_article


class TestSQLiteQuestions(QuestionContract):
    """The contract, held in a file."""

    @pytest.fixture
    def open_questions(self, tmp_path: Path) -> Iterator[OpenQuestions]:
        """Open stores on one file and close them at the end."""
        opened = []

        def open_() -> SQLiteQuestions:
            opened.append(SQLiteQuestions.open(tmp_path / "pullquote.sqlite3"))
            return opened[-1]

        yield open_
        for store in opened:
            store.close()


def test_a_left_guild_goes_whole_and_alone(tmp_path: Path) -> None:
    """Every row of the guild goes, in whatever table; other guilds keep theirs, and article ids are not used twice."""
    path = tmp_path / "pullquote.sqlite3"
    with closing(SQLiteStore.open(path)) as store, closing(SQLiteQuestions.open(path)) as questions:
        store.set_encoder_identity(ENCODER)
        for guild in (GUILD, OTHER):
            add(store, guild, parsed=make_article("Rivers", ["They rise."]))
        questions.add_question(ANSWERED, wish="w")
        questions.note_departures([GUILD], 1)
        assert questions.stored_guilds() == [GUILD, OTHER]
        before = store.guild_state(GUILD).version
        questions.delete_guild(GUILD)
        with questions._connections.read() as connection:
            for table in tables_of_guilds(connection):
                query = f"SELECT count(*) FROM {table} WHERE guild = ?"  # noqa: S608
                assert connection.execute(query, (GUILD,)).fetchone() == (0,), table
        assert questions.stored_guilds() == [OTHER]
        assert store.list_articles(GUILD) == []
        assert len(store.list_articles(OTHER)) == 1
        assert store.guild_state(GUILD).version > before, "indexes in memory must notice"
        assert store.check() == []
        assert add(store, GUILD, parsed=make_article("Seas", ["They end."])) == 2


@pytest.mark.parametrize("how", ["by age", "by the member"])
def test_deleted_texts_are_gone_from_the_file(tmp_path: Path, how: str) -> None:
    """What is deleted is overwritten: its text is not found in the file afterwards."""
    path = tmp_path / "pullquote.sqlite3"
    with closing(SQLiteQuestions.open(path)) as questions:
        for number in range(200):
            questions.add_question(_numbered(number), wish="w")
    assert b"unforgettable walrus" in path.read_bytes()
    with closing(SQLiteQuestions.open(path)) as questions:
        gone = questions.purge(10**9) if how == "by age" else questions.delete_of_member({GUILD: ALICE})
        assert gone == 200
        questions.add_question(MISSED, wish="w")
    assert b"unforgettable walrus" not in path.read_bytes()


def _numbered(number: int) -> AskedQuestion:
    return replace(ANSWERED, id=number + 10, text=f"Where is the unforgettable walrus number {number}?")
