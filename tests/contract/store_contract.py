"""What every store must do. A test class inherits :class:`StoreContract` and says how to open its store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.ports.stores import GuildState, Store
from tests.contract.article_contract import ArticleContract
from tests.contract.sample_articles import (
    ENCODER,
    GUILD,
    RIVER,
    TOWER,
    OpenStore,
    add,
    contents,
    make_article,
    put,
)
from tests.contract.segment_contract import SegmentContract


class StoreContract(ArticleContract, SegmentContract):
    """The tests. ``open_store`` opens one more handle on the same stored data, as another process would."""

    @pytest.fixture
    def open_store(self) -> Iterator[OpenStore]:
        """Inherited classes provide it and close at the end whatever was opened."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        """An empty store that knows its encoder."""
        store = open_store()
        store.set_encoder_identity(ENCODER)
        return store

    @pytest.mark.parametrize("place", ["title", "text", "source", "heading"])
    def test_text_that_cannot_be_encoded_leaves_the_store_in_order(self, store: Store, place: str) -> None:
        """A lone surrogate is refused with nothing written, and the next article goes in."""
        parsed, source = RIVER, ""
        if place == "source":
            source = "\ud800"
        elif place == "heading":
            passages = (RIVER.passages[0], replace(RIVER.passages[1], headings=("\ud800",)))
            parsed = replace(RIVER, passages=passages)
        else:
            parsed = replace(RIVER, **{place: "\ud800"})
        with pytest.raises(UnicodeEncodeError):
            add(store, parsed=parsed, source=source)
        assert store.guild_state(GUILD) == GuildState(0, 0)
        assert add(store) == 1
        with pytest.raises(UnicodeEncodeError):
            put(store, 1, parsed=parsed, source=source)
        assert store.get_article(GUILD, 1).text == RIVER.text
        assert store.guild_state(GUILD) == GuildState(1, 1)

    def test_closed_store_says_so(self, store: Store, open_store: OpenStore) -> None:
        """A closed store refuses everything with one sentence, may be closed again, and has lost nothing."""
        add(store)
        store.close()
        store.close()
        for use in (
            lambda: add(store),
            lambda: store.guild_state(GUILD),
            lambda: store.get_article(GUILD, 1),
            lambda: store.guilds(),
        ):
            with pytest.raises(StoreUnavailable, match="closed"):
                use()
        assert open_store().get_article(GUILD, 1).text == RIVER.text

    def test_backup_is_a_new_file(self, store: Store, tmp_path: Path) -> None:
        """A backup is written to a new file; a name that is taken is refused and left alone."""
        add(store)
        store.backup(tmp_path / "backup")
        written = (tmp_path / "backup").read_bytes()
        assert written
        with pytest.raises(StoreUnavailable, match="another name"):
            store.backup(tmp_path / "backup")
        assert (tmp_path / "backup").read_bytes() == written

    def test_what_one_handle_wrote_every_handle_reads(self, store: Store, open_store: OpenStore) -> None:
        """All is durable and visible to other handles when the method returns, and survives the closing."""
        other = open_store()
        add(store, source="river.txt")
        add(store, parsed=TOWER, mark=b"2")
        expected = contents(store, GUILD)
        assert contents(other, GUILD) == expected
        other.close()
        store.close()
        again = open_store()
        assert contents(again, GUILD) == expected
        assert again.find_by_source(GUILD, "river.txt") == 1

    def test_eight_threads_add_and_read_at_once(self, store: Store) -> None:
        """Threads that add, replace, remove and read together get distinct ids and only whole articles."""
        threads, rounds = 8, 6
        start = threading.Barrier(threads)

        def work(number: int) -> list[int]:
            start.wait(timeout=30)
            ids = []
            for turn in range(rounds):
                parsed = make_article(
                    f"{number}.{turn}", [f"Thread {number}, turn {turn}, line {n}." for n in range(9)]
                )
                ids.append(add(store, parsed=parsed, mark=parsed.title.encode()))
                for article in store.list_articles(GUILD):
                    assert article.passages == 9
                article = store.get_article(GUILD, ids[-1])
                assert (article.text, article.passages) == (parsed.text, parsed.passages)
                [segment] = store.segments(GUILD, [ids[-1]])
                assert segment.core == b"core" + parsed.title.encode()
                assert store.token_segment(GUILD, ids[-1]) == b"tokens" + parsed.title.encode()
            store.remove_article(GUILD, ids.pop(0))
            return ids

        with ThreadPoolExecutor(threads) as pool:
            kept = [article_id for ids in pool.map(work, range(threads)) for article_id in ids]
        assert sorted(kept) == [article.id for article in store.list_articles(GUILD)]
        assert store.guild_state(GUILD) == GuildState(threads * (rounds + 1), threads * (rounds - 1))
        written = list(store.segment_ids(GUILD).values())
        assert len(set(written)) == len(written)
