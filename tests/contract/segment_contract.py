"""What every store must do with versions, segments and their encoders; part of the store contract."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.engine.errors import EncoderMismatch
from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.ports.stores import GuildState, Store, StoredSegment
from bot.engine.records.articles import TERMINAL_GUILD
from tests.contract.sample_articles import (
    ENCODER,
    GUILD,
    OTHER_ENCODER,
    OTHER_GUILD,
    RIVER,
    TOWER,
    OpenStore,
    add,
    contents,
    put,
    stage,
)


class SegmentContract:
    """Versions, segments, and the change from one encoder to another."""

    def test_every_change_counts_one(self, store: Store) -> None:
        """The guild's version grows by exactly one with each change; segments bear the version that wrote them."""
        add(store)
        add(store, parsed=TOWER)
        assert store.guild_state(GUILD) == GuildState(2, 2)
        assert store.segment_ids(GUILD) == {1: 1, 2: 2}
        put(store, 1)
        assert store.guild_state(GUILD) == GuildState(3, 2)
        assert store.segment_ids(GUILD) == {1: 3, 2: 2}
        store.replace_segment(GUILD, 2, core=b"c", tokens=None, segment_version=7)
        assert store.guild_state(GUILD) == GuildState(4, 2)
        assert store.segment_ids(GUILD) == {1: 3, 2: 4}
        store.remove_article(GUILD, 1)
        assert store.guild_state(GUILD) == GuildState(5, 1)
        assert store.segment_ids(GUILD) == {2: 4}
        store.remove_article(GUILD, 2)
        assert store.guild_state(GUILD) == GuildState(6, 0)
        assert store.guild_state(OTHER_GUILD) == GuildState(0, 0)

    def test_segments_come_by_id_once_and_without_tokens(self, store: Store) -> None:
        """Asked in any order, with repeats and ids that are gone, segments come by id, each once."""
        for mark in (b"1", b"2", b"3"):
            add(store, mark=mark)
        add(store, guild=OTHER_GUILD, mark=b"other")
        store.remove_article(GUILD, 2)
        assert store.segments(GUILD, iter([3, 99, 2, 1, 3])) == [
            StoredSegment(1, 1, b"core1", None),
            StoredSegment(3, 1, b"core3", None),
        ]
        assert store.segments(GUILD, []) == []
        assert store.token_segment(GUILD, 3) == b"tokens3"

    def test_replaced_segment_leaves_the_article(self, store: Store) -> None:
        """Replacing a segment changes neither the text nor its time; tokens may go and come back."""
        add(store)
        article = store.get_article(GUILD, 1)
        store.replace_segment(GUILD, 1, core=b"c2", tokens=None, segment_version=2)
        assert store.segments(GUILD, [1]) == [StoredSegment(1, 2, b"c2", None)]
        assert store.token_segment(GUILD, 1) is None
        store.replace_segment(GUILD, 1, core=b"c3", tokens=b"t3", segment_version=3)
        assert store.token_segment(GUILD, 1) == b"t3"
        assert store.get_article(GUILD, 1) == article

    def test_guilds_do_not_see_each_other(self, store: Store) -> None:
        """The same ids live in several guilds; changing and removing in one leaves the others as they were."""
        for guild in (OTHER_GUILD, TERMINAL_GUILD, GUILD):
            add(store, guild=guild, source="https://example.org/river", mark=str(guild).encode())
        before = contents(store, OTHER_GUILD), contents(store, TERMINAL_GUILD)
        assert store.guilds() == [TERMINAL_GUILD, GUILD, OTHER_GUILD]
        put(store, 1)
        store.remove_article(GUILD, 1)
        assert (contents(store, OTHER_GUILD), contents(store, TERMINAL_GUILD)) == before
        assert store.guilds() == [TERMINAL_GUILD, OTHER_GUILD]
        assert store.token_segment(TERMINAL_GUILD, 1) == b"tokens0"

    def test_encoder_is_known_while_segments_exist(self, store: Store, open_store: OpenStore) -> None:
        """The recorded encoder is told to every handle, and is forgotten with the last article."""
        assert store.encoder_identity() is None
        add(store)
        store.set_encoder_identity(ENCODER)
        assert open_store().encoder_identity() == ENCODER
        store.remove_article(GUILD, 1)
        assert store.encoder_identity() is None

    @pytest.mark.parametrize(
        "other", [replace(ENCODER, name="x"), replace(ENCODER, revision="x"), replace(ENCODER, dimension=9)]
    )
    def test_another_encoder_is_refused(self, store: Store, open_store: OpenStore, other: EncoderIdentity) -> None:
        """An encoder that differs in anything is refused while segments exist, with both names and what to do."""
        add(store)
        with pytest.raises(EncoderMismatch) as caught:
            open_store().set_encoder_identity(other)
        assert str(ENCODER) in str(caught.value)
        assert str(other) in str(caught.value)
        assert "`pullquote migrate --reindex`" in str(caught.value)
        assert store.encoder_identity() == ENCODER

    def test_another_encoder_may_start_an_empty_store(self, store: Store) -> None:
        """Without segments there is nothing to mix, so the encoder may change."""
        add(store)
        store.remove_article(GUILD, 1)
        store.set_encoder_identity(OTHER_ENCODER)
        add(store)
        assert store.encoder_identity() == OTHER_ENCODER

    def test_no_segment_without_an_encoder(self, open_store: OpenStore) -> None:
        """An article is refused until the store knows which encoder made its segment."""
        store = open_store()
        with pytest.raises(EncoderMismatch):
            add(store)
        assert store.guilds() == []

    def test_staged_segments_are_not_seen(self, store: Store) -> None:
        """While a reindex goes on the old segments answer, and nothing that a reader sees changes."""
        add(store)
        add(store, parsed=TOWER)
        before = contents(store, GUILD)
        assert stage(store, 1, RIVER)
        assert contents(store, GUILD) == before
        assert store.encoder_identity() == ENCODER

    def test_switch_waits_for_every_article(self, store: Store, open_store: OpenStore) -> None:
        """A killed reindex goes on where it was; the switch happens when no article is left, and all at once."""
        add(store)
        add(store, parsed=TOWER)
        add(store, guild=OTHER_GUILD)
        backlog = [(GUILD, 1), (GUILD, 2), (OTHER_GUILD, 1)]
        assert store.reindex_backlog(OTHER_ENCODER, 2) == backlog
        assert stage(store, 1, RIVER)
        store.close()
        store = open_store()
        assert store.reindex_backlog(OTHER_ENCODER, 2) == backlog[1:]
        assert store.switch_encoder(OTHER_ENCODER, 2) == 2
        assert store.encoder_identity() == ENCODER
        assert stage(store, 2, TOWER)
        assert stage(store, 1, RIVER, guild=OTHER_GUILD)
        assert store.switch_encoder(OTHER_ENCODER, 2) == 0
        assert store.encoder_identity() == OTHER_ENCODER
        assert store.guild_state(GUILD) == GuildState(3, 2)
        assert store.guild_state(OTHER_GUILD) == GuildState(2, 1)
        assert store.segment_ids(GUILD) == {1: 3, 2: 3}
        assert store.segments(GUILD, [1, 2]) == [
            StoredSegment(1, 2, b"staged core", None),
            StoredSegment(2, 2, b"staged core", None),
        ]
        assert store.token_segment(OTHER_GUILD, 1) == b"staged tokens"
        assert store.get_article(GUILD, 1).text == RIVER.text
        assert store.reindex_backlog(ENCODER, 1) == backlog

    def test_switching_twice_changes_nothing(self, store: Store) -> None:
        """Where the encoder is the present one already, the switch is a matter of nothing."""
        add(store)
        before = contents(store, GUILD)
        assert store.switch_encoder(ENCODER, 1) == 0
        assert contents(store, GUILD) == before

    def test_guild_without_articles_keeps_its_version_at_a_switch(self, store: Store) -> None:
        """A switch counts as a change only where there are segments to load anew."""
        add(store)
        store.remove_article(GUILD, 1)
        add(store, guild=OTHER_GUILD)
        assert stage(store, 1, RIVER, guild=OTHER_GUILD)
        assert store.switch_encoder(OTHER_ENCODER, 2) == 0
        assert store.guild_state(GUILD) == GuildState(2, 0)

    def test_article_changed_during_a_reindex_is_encoded_again(self, store: Store) -> None:
        """A text that was replaced, before or after its segment was staged, comes back into the backlog."""
        add(store)
        add(store, parsed=RIVER)
        assert stage(store, 1, RIVER)
        put(store, 1, parsed=TOWER)
        put(store, 2, parsed=TOWER)
        assert not stage(store, 2, RIVER)
        assert store.reindex_backlog(OTHER_ENCODER, 2) == [(GUILD, 1), (GUILD, 2)]
        store.remove_article(GUILD, 2)
        assert not stage(store, 2, TOWER)
        assert stage(store, 1, TOWER)
        assert store.switch_encoder(OTHER_ENCODER, 2) == 0

    def test_staging_for_the_present_encoder_takes_effect_at_once(self, store: Store) -> None:
        """A newer form of segment by the same encoder replaces the old one article by article."""
        add(store)
        assert store.reindex_backlog(ENCODER, 1) == []
        assert store.reindex_backlog(ENCODER, 2) == [(GUILD, 1)]
        assert store.switch_encoder(ENCODER, 2) == 1
        assert stage(store, 1, RIVER, identity=ENCODER)
        assert store.guild_state(GUILD) == GuildState(2, 1)
        assert store.segment_ids(GUILD) == {1: 2}
        assert store.segments(GUILD, [1]) == [StoredSegment(1, 2, b"staged core", None)]
        assert store.reindex_backlog(ENCODER, 2) == []

    def test_process_with_the_old_encoder_cannot_mix_after_a_switch(self, store: Store, open_store: OpenStore) -> None:
        """A handle that stands for the old encoder neither reads nor writes segments of the new one."""
        add(store)
        other = open_store()
        assert stage(other, 1, RIVER)
        assert other.switch_encoder(OTHER_ENCODER, 2) == 0
        before = contents(other, GUILD)
        for use in (
            lambda: add(store, parsed=TOWER),
            lambda: put(store, 1),
            lambda: store.replace_segment(GUILD, 1, core=b"", tokens=None, segment_version=1),
            lambda: store.guild_state(GUILD),
            lambda: store.segment_ids(GUILD),
            lambda: store.segments(GUILD, [1]),
            lambda: store.token_segment(GUILD, 1),
            lambda: store.set_encoder_identity(ENCODER),
        ):
            with pytest.raises(EncoderMismatch, match="pullquote migrate --reindex"):
                use()
        assert contents(other, GUILD) == before
        assert store.get_article(GUILD, 1).text == RIVER.text
