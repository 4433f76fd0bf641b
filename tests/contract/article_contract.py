"""What every store must do with articles; part of the store contract."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot.engine.articles.room import GuildLimits
from bot.engine.errors import LibraryFull, NotFound, StoreUnavailable
from bot.engine.ports.stores import GuildState, Store, StoredSegment
from bot.engine.records.articles import ArticleDetails, ParsedArticle
from bot.engine.records.freshness import FetchState
from bot.engine.records.passages import Line, LineLabel, Passage, digest
from tests.contract.sample_articles import (
    DETAILS,
    ENCODER,
    FETCH,
    GUILD,
    OTHER_GUILD,
    RIVER,
    TOWER,
    OpenStore,
    add,
    contents,
    make_article,
    put,
)


class ArticleContract:
    """Keeping, listing, replacing, removing and finding."""

    def test_new_store_holds_nothing(self, open_store: OpenStore) -> None:
        """A new store answers every question with nothing instead of an error."""
        store = open_store()
        assert store.encoder_identity() is None
        assert store.guild_state(GUILD) == GuildState(version=0, articles=0)
        assert (store.guilds(), store.list_articles(GUILD)) == ([], [])
        assert (store.segment_ids(GUILD), store.segments(GUILD, [1]), store.token_segment(GUILD, 1)) == ({}, [], None)
        assert (store.find_by_hash(GUILD, digest("")), store.find_by_source(GUILD, "a/b")) == (None, None)
        assert store.reindex_backlog(ENCODER, 1) == []

    def test_added_article_comes_back_whole(self, store: Store) -> None:
        """An article comes back with the very text, lines and passages that were added."""
        before = int(time.time())
        assert add(store, source="https://example.org/river") == 1
        article = store.get_article(GUILD, 1)
        assert (article.id, article.title, article.source) == (1, "The river", "https://example.org/river")
        assert (article.text, article.lines, article.passages) == (RIVER.text, RIVER.lines, RIVER.passages)
        assert article.content_hash == digest(RIVER.text)
        assert before <= article.added_at <= int(time.time())

    def test_passages_come_back_cut_from_the_text(self, store: Store) -> None:
        """Passages come in the order asked for, with their text and article; gone or foreign ones are left out."""
        add(store, source="https://example.org/river")
        add(store, parsed=TOWER, guild=OTHER_GUILD)
        second, first = store.get_passages(GUILD, [(1, 2), (1, 99), (7, 1), (1, 1)])
        assert (first.passage, second.passage) == RIVER.passages
        assert [item.text for item in (first, second)] == [RIVER.text[p.start : p.end] for p in RIVER.passages]
        assert (first.article.title, first.article.url, first.passage_count) == (
            "The river",
            "https://example.org/river",
            2,
        )
        assert [item.article.title for item in store.get_passages(OTHER_GUILD, [(1, 1)])] == [TOWER.title]
        assert store.get_passages(12345, [(1, 1)]) == []

    def test_list_counts_without_the_text(self, store: Store) -> None:
        """The list gives counts of passages, left-out lines and characters, ordered by id."""
        add(store)
        add(store, parsed=TOWER, source="tower.txt")
        river, tower = store.list_articles(GUILD)
        assert (river.id, river.title, river.source, river.passages, river.left_out) == (1, "The river", "", 2, 1)
        assert (tower.id, tower.title, tower.source, tower.passages, tower.left_out) == (
            2,
            "The tower",
            "tower.txt",
            1,
            0,
        )
        assert (river.characters, tower.characters) == (len(RIVER.text), len(TOWER.text))

    def test_every_field_of_lines_and_passages_survives(self, store: Store) -> None:
        """Blocks keep their order, double line numbers, labels, levels and heading paths."""
        text = "Guide\nSetup\na | b"
        lines = (
            Line(1, 0, 5, LineLabel.TITLE),
            Line(2, 6, 11, LineLabel.HEADING, 3),
            Line(3, 12, 13, LineLabel.TABLE_ROW),
            Line(3, 16, 17, LineLabel.CODE, is_chosen=True),
        )
        passages = (
            Passage(1, 12, 13, LineLabel.TABLE_ROW, (), digest("a")),
            Passage(2, 16, 17, LineLabel.CODE, ('Say "so"', "a › b, c"), digest("b")),
        )
        article_id = add(store, parsed=ParsedArticle("Guide", text, lines, passages))
        article = store.get_article(GUILD, article_id)
        assert (article.lines, article.passages) == (lines, passages)

    @pytest.mark.parametrize(
        "text",
        [
            "👩‍👩‍👧 family, 🇺🇳 flag, 𝔘 beyond the first plane",
            "שלום עולם \u202bمرحبا\u202c mixed",
            "zero\u200bwidth\ufeff, cafe\u0301, \u2028 separators \x85 \x0c",
            "'; DROP TABLE article; --",
            "",
        ],
    )
    def test_any_clean_text_is_kept_to_the_character(self, store: Store, text: str) -> None:
        """Text, title, source and headings come back unchanged, whatever characters they hold."""
        line = Line(1, 0, len(text), LineLabel.PARAGRAPH)
        passage = Passage(1, 0, len(text), LineLabel.PARAGRAPH, (text, text), digest(text))
        article_id = add(store, parsed=ParsedArticle(text, text, (line,), (passage,)), source=text)
        article = store.get_article(GUILD, article_id)
        assert (article.title, article.text, article.source) == (text, text, text)
        assert article.passages == (passage,)
        assert store.list_articles(GUILD)[0].characters == len(text)

    def test_line_ends_are_kept(self, store: Store) -> None:
        """Carriage returns and line feeds are stored as they came, because offsets count them."""
        parsed = replace(TOWER, text="one\r\ntwo\rthree\n\n")
        assert store.get_article(GUILD, add(store, parsed=parsed)).text == "one\r\ntwo\rthree\n\n"

    def test_article_of_three_thousand_lines(self, store: Store) -> None:
        """A very long article is kept whole."""
        parsed = make_article("Long", [f"Paragraph {number}." for number in range(3_000)])
        article = store.get_article(GUILD, add(store, parsed=parsed))
        assert (len(article.lines), article.lines, article.passages) == (3_001, parsed.lines, parsed.passages)

    def test_article_without_passages(self, store: Store) -> None:
        """An article with nothing quotable and an empty segment can be kept."""
        article_id = store.add_article(
            GUILD, ParsedArticle("", "", (), ()), source="", core=b"", tokens=b"", segment_version=0
        )
        assert store.get_article(GUILD, article_id).passages == ()
        assert store.segments(GUILD, [article_id]) == [StoredSegment(article_id, 0, b"", None)]
        assert store.token_segment(GUILD, article_id) == b""

    def test_ids_count_from_one_per_guild_and_are_never_used_twice(self, store: Store, open_store: OpenStore) -> None:
        """The id of a removed article is not given again, even when all are gone and the store was closed between."""
        assert [add(store), add(store, parsed=TOWER), add(store, guild=OTHER_GUILD)] == [1, 2, 1]
        store.remove_article(GUILD, 2)
        assert add(store, parsed=TOWER) == 3
        for article_id in (1, 3):
            store.remove_article(GUILD, article_id)
        store.close()
        assert add(open_store()) == 4

    def test_replaced_article_keeps_its_id_and_nothing_else(self, store: Store) -> None:
        """Replacing changes text, passages, source, hash and segment, and keeps id and the time of the first adding."""
        article_id = add(store, source="river.txt")
        added_at = store.get_article(GUILD, article_id).added_at
        put(store, article_id, source="tower.txt")
        article = store.get_article(GUILD, article_id)
        assert (article.id, article.title, article.source, article.added_at) == (1, "The tower", "tower.txt", added_at)
        assert (article.text, article.lines, article.passages) == (TOWER.text, TOWER.lines, TOWER.passages)
        assert article.content_hash == digest(TOWER.text)
        assert [summary.passages for summary in store.list_articles(GUILD)] == [1]
        assert store.segments(GUILD, [article_id]) == [StoredSegment(1, 2, b"new core", None)]
        assert store.token_segment(GUILD, article_id) == b"new tokens"
        assert store.find_by_hash(GUILD, digest(RIVER.text)) is None
        assert store.find_by_source(GUILD, "river.txt") is None

    def test_what_a_source_says_of_itself_is_kept(self, store: Store) -> None:
        """Details, the state of the fetch and the chosen title come back with article, list and passages."""
        parsed = replace(RIVER, details=DETAILS)
        source = "https://example.org/river"
        store.add_article(
            GUILD, parsed, source=source, core=b"", tokens=None, segment_version=1, fetch=FETCH, is_titled=True
        )
        [listed] = store.list_articles(GUILD)
        article = store.get_article(GUILD, 1)
        for found in (listed, article):
            assert (found.details, found.fetch, found.is_titled, found.revision) == (DETAILS, FETCH, True, 1)
        assert listed.text_bytes == len(RIVER.text.encode())
        [passage] = store.get_passages(GUILD, [(1, 1)])
        assert passage.article == article.ref == listed.ref
        assert (passage.article.details, passage.article.as_of) == (DETAILS, FETCH.fetched_at)
        assert add(store, parsed=TOWER) == 2
        bare = store.get_article(GUILD, 2)
        assert (bare.details, bare.fetch, bare.is_titled) == (ArticleDetails(), FetchState(), False)

    def test_replacing_forgets_what_the_earlier_source_said(self, store: Store) -> None:
        """Details and fetch are those of the present text; the revision grows with another text only."""
        store.add_article(
            GUILD, replace(RIVER, details=DETAILS), source="", core=b"", tokens=None, segment_version=1, fetch=FETCH
        )
        put(store, 1, parsed=RIVER)
        article = store.get_article(GUILD, 1)
        assert (article.details, article.fetch, article.revision) == (ArticleDetails(), FetchState(), 1)
        put(store, 1, parsed=TOWER)
        assert store.get_article(GUILD, 1).revision == store.list_articles(GUILD)[0].revision == 2

    def test_a_fetch_is_noted_without_a_new_version(self, store: Store) -> None:
        """A page that was looked at again changes nothing that an index holds; an unknown article is NotFound."""
        add(store, source="https://example.org/river")
        before = store.guild_state(GUILD), store.segment_ids(GUILD)
        store.write_fetch(GUILD, 1, FETCH)
        assert store.get_article(GUILD, 1).fetch == FETCH
        assert (store.guild_state(GUILD), store.segment_ids(GUILD)) == before
        with pytest.raises(NotFound):
            store.write_fetch(GUILD, 2, FETCH)
        with pytest.raises(NotFound):
            store.write_fetch(OTHER_GUILD, 1, FETCH)

    def test_find_by_url_knows_both_addresses(self, store: Store) -> None:
        """An article is found by where it came from and by the address that it names; an empty one finds nothing."""
        add(store, parsed=TOWER)
        add(store, parsed=replace(RIVER, details=DETAILS), source="https://example.org/river?page=1")
        for url in ("https://example.org/river?page=1", DETAILS.canonical_url):
            assert store.find_by_url(GUILD, url) == 2
            assert store.find_by_url(OTHER_GUILD, url) is None
        assert store.find_by_url(GUILD, "") is None

    @pytest.mark.parametrize(
        ("limits", "named"),
        [
            (GuildLimits(articles=1), "guild_articles"),
            (GuildLimits(passages=2), "guild_passages"),
            (GuildLimits(text_bytes=len(RIVER.text.encode()) + 1), "guild_megabytes"),
        ],
    )
    def test_a_full_library_refuses_in_the_transaction(self, store: Store, limits: GuildLimits, named: str) -> None:
        """What would be over a limit is refused whole; replacing counts without what is replaced."""
        add(store)
        before = contents(store, GUILD)
        blobs = {"source": "", "core": b"", "tokens": None, "segment_version": 1}
        with pytest.raises(LibraryFull, match=named):
            store.add_article(GUILD, TOWER, **blobs, limits=limits)
        assert contents(store, GUILD) == before
        store.add_article(OTHER_GUILD, TOWER, **blobs, limits=limits)
        store.replace_article(GUILD, 1, TOWER, **blobs, limits=limits)
        longer = make_article(
            "The tower", ["It has nine floors.", "It has a bell.", "It has a clock" + " that strikes" * 20]
        )
        if named != "guild_articles":
            with pytest.raises(LibraryFull, match=named):
                store.replace_article(GUILD, 1, longer, **blobs, limits=limits)
        assert store.get_article(GUILD, 1).text == TOWER.text

    def test_removed_article_leaves_nothing(self, store: Store) -> None:
        """After removal no question finds any part of the article; the others stay."""
        add(store, source="a/river")
        add(store, parsed=TOWER)
        store.remove_article(GUILD, 1)
        assert [article.id for article in store.list_articles(GUILD)] == [2]
        assert (store.segments(GUILD, [1]), store.token_segment(GUILD, 1)) == ([], None)
        assert (store.find_by_hash(GUILD, digest(RIVER.text)), store.find_by_source(GUILD, "a/river")) == (None, None)
        assert list(store.segment_ids(GUILD)) == [2]
        assert store.get_article(GUILD, 2).text == TOWER.text

    @pytest.mark.parametrize("case", ["never added", "removed", "of another guild"])
    def test_unknown_article_is_not_found(self, store: Store, case: str) -> None:
        """Whatever needs an article that is not there raises NotFound and changes nothing."""
        add(store)
        add(store, guild=OTHER_GUILD)
        add(store, guild=OTHER_GUILD, parsed=TOWER)
        article_id = {"never added": 9, "removed": 1, "of another guild": 2}[case]
        if case == "removed":
            store.remove_article(GUILD, 1)
        before = contents(store, GUILD), contents(store, OTHER_GUILD)
        with pytest.raises(NotFound):
            store.get_article(GUILD, article_id)
        with pytest.raises(NotFound):
            put(store, article_id)
        with pytest.raises(NotFound):
            store.replace_segment(GUILD, article_id, core=b"", tokens=None, segment_version=1)
        with pytest.raises(NotFound):
            store.remove_article(GUILD, article_id)
        assert (contents(store, GUILD), contents(store, OTHER_GUILD)) == before

    def test_find_by_hash_gives_the_first(self, store: Store) -> None:
        """Of several articles with one text the lowest id is found, in the guild that asks only."""
        add(store, parsed=TOWER)
        add(store)
        add(store)
        assert store.find_by_hash(GUILD, digest(RIVER.text)) == 2
        assert store.find_by_hash(OTHER_GUILD, digest(RIVER.text)) is None
        assert store.find_by_hash(GUILD, "") is None

    def test_find_by_source_gives_the_newest_and_never_an_empty_one(self, store: Store) -> None:
        """A bare file name may stand on several articles, the newest is found; no source is no name at all."""
        for source in ("", "notes.txt", "notes.txt", ""):
            add(store, source=source)
        assert store.find_by_source(GUILD, "notes.txt") == 3
        assert store.find_by_source(GUILD, "") is None
        assert store.find_by_source(OTHER_GUILD, "notes.txt") is None

    @pytest.mark.parametrize("address", ["https://example.org/a", "/srv/a.md", "C:\\a.md"])
    def test_an_address_stands_on_one_article(self, store: Store, address: str) -> None:
        """A second article from one address or path is refused, also by way of replacing; other guilds may have it."""
        add(store, source=address)
        add(store, guild=OTHER_GUILD, source=address)
        add(store, parsed=TOWER, source="other/a")
        before = contents(store, GUILD)
        with pytest.raises(StoreUnavailable, match="add it again"):
            add(store, parsed=TOWER, source=address)
        with pytest.raises(StoreUnavailable, match="add it again"):
            put(store, 2, source=address)
        assert contents(store, GUILD) == before
        put(store, 1, source=address)
        assert store.find_by_source(GUILD, address) == 1
