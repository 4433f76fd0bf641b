"""In whatever order a store is used, SQLite and the fake say the same."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.engine.errors import EngineError
from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.ports.stores import Store
from bot.engine.records.freshness import FetchState
from bot.engine.records.passages import digest
from bot.engine.stores.sqlite import SQLiteStore
from tests.contract.memory_store import MemoryStore, Shelf
from tests.contract.sample_articles import ENCODER, OTHER_ENCODER, make_article

GUILDS = st.sampled_from([0, 7])
IDS = st.integers(1, 4)
ARTICLES = st.sampled_from(
    [make_article("A", ["one", "two"], "caption"), make_article("B", ["🙂"]), make_article("", [])]
)
SOURCES = st.sampled_from(["", "notes.txt", "https://example.org/a", "/srv/b.md"])
BLOBS = st.binary(max_size=3)
VERSIONS = st.integers(1, 2)
ENCODERS = st.sampled_from([ENCODER, OTHER_ENCODER])


def say(store: Store, method: str, *values: Any, **named: Any) -> Any:
    """What a method returns, or the kind of error that it raises."""
    try:
        return getattr(store, method)(*values, **named)
    except EngineError as error:
        return type(error)


class StoreMachine(RuleBasedStateMachine):
    """Two handles on a file beside two on a shelf: each step is taken by both stores."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.shelf = Shelf()
        self.stores: list[Store] = [self.open_sqlite(), self.open_sqlite()]
        self.fakes: list[Store] = [MemoryStore(self.shelf), MemoryStore(self.shelf)]
        self.handle = 0
        self.both("set_encoder_identity", ENCODER)

    def open_sqlite(self) -> Store:
        """Open the file once more; the clock stands still."""
        return SQLiteStore.open(Path(self.folder.name) / "store", clock=lambda: 0)

    def both(self, method: str, *values: Any, **named: Any) -> None:
        """Call a method of both stores and compare what they say."""
        said = say(self.stores[self.handle], method, *values, **named)
        expected = say(self.fakes[self.handle], method, *values, **named)
        assert _timeless(said) == _timeless(expected), method

    @rule(handle=st.integers(0, 1))
    def turn_to(self, handle: int) -> None:
        """Go on with the other handle."""
        self.handle = handle

    @rule()
    def reopen(self) -> None:
        """Close the handle and open it again: it stands for no encoder until told."""
        for stores in (self.stores, self.fakes):
            stores[self.handle].close()
        self.stores[self.handle] = self.open_sqlite()
        self.fakes[self.handle] = MemoryStore(self.shelf)

    @rule(guild=GUILDS, parsed=ARTICLES, source=SOURCES, core=BLOBS, tokens=st.none() | BLOBS, version=VERSIONS)
    def add(self, guild: int, parsed: Any, source: str, core: bytes, tokens: bytes | None, version: int) -> None:
        """Add an article."""
        self.both("add_article", guild, parsed, source=source, core=core, tokens=tokens, segment_version=version)

    @rule(guild=GUILDS, id_=IDS, parsed=ARTICLES, source=SOURCES, core=BLOBS, version=VERSIONS)
    def replace(self, guild: int, id_: int, parsed: Any, source: str, core: bytes, version: int) -> None:
        """Replace an article."""
        self.both("replace_article", guild, id_, parsed, source=source, core=core, tokens=None, segment_version=version)

    @rule(guild=GUILDS, id_=IDS, problem=st.sampled_from(["", "The page answered 404."]))
    def note_fetch(self, guild: int, id_: int, problem: str) -> None:
        """Note how a page was had."""
        self.both("write_fetch", guild, id_, FetchState(7, "tag", "", 9, problem))

    @rule(guild=GUILDS, url=SOURCES)
    def find(self, guild: int, url: str) -> None:
        """Look for an address."""
        self.both("find_by_url", guild, url)

    @rule(guild=GUILDS, id_=IDS, core=BLOBS, tokens=st.none() | BLOBS, version=VERSIONS)
    def replace_segment(self, guild: int, id_: int, core: bytes, tokens: bytes | None, version: int) -> None:
        """Replace a segment."""
        self.both("replace_segment", guild, id_, core=core, tokens=tokens, segment_version=version)

    @rule(guild=GUILDS, id_=IDS)
    def remove(self, guild: int, id_: int) -> None:
        """Remove an article."""
        self.both("remove_article", guild, id_)

    @rule(guild=GUILDS, id_=IDS, parsed=ARTICLES, identity=ENCODERS, core=BLOBS, version=VERSIONS)
    def stage(self, guild: int, id_: int, parsed: Any, identity: EncoderIdentity, core: bytes, version: int) -> None:
        """Stage a segment."""
        self.both(
            "stage_segment",
            guild,
            id_,
            identity=identity,
            content_hash=digest(parsed.text),
            core=core,
            tokens=core,
            segment_version=version,
        )

    @rule(identity=ENCODERS, version=VERSIONS)
    def reindex(self, identity: EncoderIdentity, version: int) -> None:
        """Encode whatever is missing and switch, as a reindex does."""
        for guild, id_ in self.fakes[self.handle].reindex_backlog(identity, version):
            article = self.fakes[self.handle].get_article(guild, id_)
            self.both(
                "stage_segment",
                guild,
                id_,
                identity=identity,
                content_hash=article.content_hash,
                core=b"re",
                tokens=None,
                segment_version=version,
            )
        self.both("switch_encoder", identity, version)

    @rule(identity=ENCODERS, version=VERSIONS)
    def switch(self, identity: EncoderIdentity, version: int) -> None:
        """Try to switch the encoder without staging anything."""
        self.both("switch_encoder", identity, version)

    @rule(identity=ENCODERS)
    def set_encoder(self, identity: EncoderIdentity) -> None:
        """Record an encoder."""
        self.both("set_encoder_identity", identity)

    @invariant()
    def agree(self) -> None:
        """Every reading method says the same on both."""
        for method in ("encoder_identity", "guilds"):
            self.both(method)
        for guild in (0, 7):
            for method in ("guild_state", "list_articles", "segment_ids"):
                self.both(method, guild)
            self.both("segments", guild, range(1, 6))
            self.both("get_passages", guild, [(2, 1), (1, 3), (1, 2), (1, 1), (2, 1), (3, 0)])
            for id_ in range(1, 6):
                self.both("get_article", guild, id_)
                self.both("token_segment", guild, id_)
            for source in ("", "notes.txt", "https://example.org/a"):
                self.both("find_by_source", guild, source)
            self.both("find_by_hash", guild, digest("B\n🙂"))
        for identity in (ENCODER, OTHER_ENCODER):
            self.both("reindex_backlog", identity, 1)

    def teardown(self) -> None:
        """Close and check the file."""
        store = self.stores[0]
        assert isinstance(store, SQLiteStore)
        assert store.check() == []
        for handle in self.stores:
            handle.close()
        self.folder.cleanup()


def _timeless(said: Any) -> Any:
    """The same without the time of adding, which the fake takes from the real clock."""
    if isinstance(said, list):
        return [_timeless(item) for item in said]
    if hasattr(said, "added_at"):
        return {name: getattr(said, name) for name in said.__slots__ if name != "added_at"}
    return said


TestStoreAgreement = StoreMachine.TestCase
TestStoreAgreement.settings = settings(max_examples=60, stateful_step_count=25, deadline=None, derandomize=True)
