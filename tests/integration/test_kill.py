"""A process that is killed while it writes loses nothing that it acknowledged, and leaves nothing half-done.

The children do steps that follow from their number alone and acknowledge each on a pipe, so the parent knows what the
store must hold: the acknowledged steps, and at most the one after them.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from bot.engine.ports.stores import Store
from bot.engine.records.passages import digest
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.memory_store import MemoryStore
from tests.contract.sample_articles import ENCODER, OTHER_ENCODER, make_article

ROOT = Path(__file__).parents[2]
GUILD = 5
ROUNDS = 20

_STEPS = """
import itertools, sys
from pathlib import Path
from bot.engine.stores.sqlite import SQLiteStore
from tests.integration.test_kill import do_step

store = SQLiteStore.open(Path(sys.argv[1]))
for number in itertools.count(int(sys.argv[2])):
    do_step(store, number)
    print(number, flush=True)
"""

_REINDEX = """
import sys
from pathlib import Path
from bot.engine.stores.sqlite import SQLiteStore
from tests.integration.test_kill import reindex

store = SQLiteStore.open(Path(sys.argv[1]))
print("open", flush=True)
reindex(store)
print("done", flush=True)
"""

_OPEN = """
import sys
from pathlib import Path
from bot.engine.stores.sqlite import SQLiteStore

print("ready", flush=True)
SQLiteStore.open(Path(sys.argv[1]))
"""


def do_step(store: Store, number: int) -> None:
    """Step ``number`` from 0: mostly add an article; every fourth replaces one, every fifth removes one."""
    store.set_encoder_identity(ENCODER)
    ids = [article.id for article in store.list_articles(GUILD)]
    count = 1 + number % 40
    parsed = make_article(f"Article {number}", [f"Step {number}, paragraph {n}. 🙂" for n in range(count)], "a caption")
    core, tokens = f"core {number} ".encode() * 4_000, f"tokens {number} ".encode() * 20_000
    if number % 5 == 4 and ids:
        store.remove_article(GUILD, ids[number % len(ids)])
    elif number % 4 == 3 and ids:
        store.replace_article(
            GUILD, ids[number % len(ids)], parsed, source="", core=core, tokens=tokens, segment_version=1
        )
    else:
        store.add_article(GUILD, parsed, source=f"/srv/{number}", core=core, tokens=tokens, segment_version=1)


def reindex(store: Store) -> None:
    """Encode every article anew, as another encoder would."""
    for guild, article_id in store.reindex_backlog(OTHER_ENCODER, 1):
        text = store.get_article(guild, article_id).text
        store.stage_segment(
            guild,
            article_id,
            identity=OTHER_ENCODER,
            content_hash=digest(text),
            core=b"other" * 4_000,
            tokens=b"other" * 40_000,
            segment_version=1,
        )
    assert store.switch_encoder(OTHER_ENCODER, 1) == 0


def snapshot(store: Store) -> dict[str, object]:
    """All that the store holds, but for times."""
    articles = [store.get_article(GUILD, article.id) for article in store.list_articles(GUILD)]
    return {
        "state": store.guild_state(GUILD),
        "articles": [(item.id, item.title, item.source, item.text, item.lines, item.passages) for item in articles],
        "ids": store.segment_ids(GUILD),
        "cores": store.segments(GUILD, [item.id for item in articles]),
        "tokens": [digest(str(store.token_segment(GUILD, item.id))) for item in articles],
    }


def kill_after(script: str, path: Path, *arguments: str, seconds: float) -> list[str]:
    """Run a child, kill it ``seconds`` after its first line, and return all the lines that it wrote whole."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path), *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        # The moment of the kill is the matter of the test: no event can stand for it.
        time.sleep(seconds)
        child.kill()
        lines += child.stdout.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]


def test_kill_in_mid_write_loses_nothing(tmp_path: Path) -> None:
    """After each of many kills the store is sound and holds the acknowledged steps, whole, and at most one more."""
    path = tmp_path / "pullquote.sqlite3"
    dice = random.Random(20)  # noqa: S311 - moments, not secrets
    model: Store = MemoryStore()
    done = 0
    for _ in range(ROUNDS):
        acknowledged = kill_after(_STEPS, path, str(done), seconds=dice.uniform(0, 0.05))
        assert acknowledged == [str(number) for number in range(done, done + len(acknowledged))]
        assert acknowledged, "the child died before its first step"
        for number in range(done, done + len(acknowledged)):
            do_step(model, number)
        done += len(acknowledged)
        with closing(SQLiteStore.open(path)) as store:
            assert store.check() == []
            held = snapshot(store)
        if held != snapshot(model):
            do_step(model, done)
            done += 1
            assert held == snapshot(model)
    assert done >= ROUNDS


def test_kill_in_mid_reindex_never_mixes(tmp_path: Path) -> None:
    """A killed reindex leaves the old encoder answering, whole, or the new one; run again, it goes on and ends."""
    path = tmp_path / "pullquote.sqlite3"
    with closing(SQLiteStore.open(path)) as store:
        for number in range(30):
            do_step(store, number)
        old = snapshot(store)
        ids = list(store.segment_ids(GUILD))
    backlogs = []
    dice = random.Random(6)  # noqa: S311
    for _ in range(8):
        kill_after(_REINDEX, path, seconds=dice.uniform(0, 0.03))
        with closing(SQLiteStore.open(path)) as store:
            assert store.check() == []
            backlogs.append(len(store.reindex_backlog(OTHER_ENCODER, 1)))
            if store.encoder_identity() == ENCODER:
                assert snapshot(store) == old
            else:
                assert {segment.core for segment in store.segments(GUILD, ids)} == {b"other" * 4_000}
    assert backlogs == sorted(backlogs, reverse=True)
    with closing(SQLiteStore.open(path)) as store:
        reindex(store)
        assert store.encoder_identity() == OTHER_ENCODER
        assert store.reindex_backlog(OTHER_ENCODER, 1) == []
        assert [article.id for article in store.list_articles(GUILD)] == ids


def test_kill_while_a_store_is_made(tmp_path: Path) -> None:
    """A process killed while it makes a store leaves a file that opens, empty, without being taken for damaged."""
    dice = random.Random(8)  # noqa: S311
    for number in range(8):
        path = tmp_path / f"{number}.sqlite3"
        kill_after(_OPEN, path, seconds=dice.uniform(0, 0.01))
        with closing(SQLiteStore.open(path)) as store:
            assert store.check() == []
            do_step(store, 0)
            assert len(store.list_articles(GUILD)) == 1
