"""The SQLite store keeps the contract, between processes too."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.sample_articles import (
    GUILD,
    OpenStore,
)
from tests.contract.store_contract import StoreContract

ROOT = Path(__file__).parents[2]


class TestSQLiteStore(StoreContract):
    """The contract, held in a file."""

    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Iterator[OpenStore]:
        """Open stores on one file and close them at the end."""
        opened = []

        def open_() -> SQLiteStore:
            opened.append(SQLiteStore.open(tmp_path / "new folder" / "50% of? #1" / "pullquote.sqlite3"))
            return opened[-1]

        yield open_
        for store in opened:
            store.close()


_ADDING_PROCESS = """
import sys
from pathlib import Path
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.sample_articles import ENCODER, GUILD, add, make_article

store = SQLiteStore.open(Path(sys.argv[1]))
store.set_encoder_identity(ENCODER)
print(*[add(store, parsed=make_article(f"{sys.argv[2]} {n}", ["text"])) for n in range(25)])
store.close()
"""


def test_two_processes_share_a_file(tmp_path: Path) -> None:
    """Two processes that make and fill one store at once both succeed, with distinct ids."""
    path = tmp_path / "pullquote.sqlite3"
    start: Callable[[str], subprocess.Popen[str]] = lambda name: subprocess.Popen(  # noqa: E731
        [sys.executable, "-c", _ADDING_PROCESS, str(path), name], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    children = [start("a"), start("b")]
    ids = [int(number) for child in children for number in child.communicate(timeout=120)[0].split()]
    assert [child.returncode for child in children] == [0, 0]
    assert sorted(ids) == list(range(1, 51))
    with closing(SQLiteStore.open(path)) as store:
        assert store.guild_state(GUILD).version == 50
        assert store.check() == []
