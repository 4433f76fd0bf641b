"""The life of an article after it was added: updates, duplicates, refreshes, renames, limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.engine.articles.encoding import encode_article
from bot.engine.articles.room import GuildLimits
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.errors import BadQuery, LibraryFull, NotFound
from bot.engine.library import Library
from bot.engine.ports.encoders import EncodedPassage, Encoder, PassageInput, Progress
from bot.engine.records.articles import TERMINAL_GUILD, ArticleDetails, ParsedArticle
from bot.engine.records.freshness import FetchState
from bot.engine.records.sources import AddStatus, ArticleSource
from bot.engine.retrieval.segment import EncodedSegment, decode_core, split_segment
from bot.engine.stores.sqlite import SQLiteStore

GUILD = TERMINAL_GUILD
PARAGRAPHS = [
    "The clock tower of Varnby was built in 1742 by the mason Elsa Thorne. It stands forty metres high.",
    "After the fire of 1901 the guild of roofers repaired the tower in eleven weeks. They were paid in barley.",
    "The bell rings at noon and at sunset. On the first of May it rings for a full hour.",
    "Visitors climb two hundred and twelve steps to the gallery, which is open from April to October.",
]
URL = "https://example.org/tower"
FETCH = FetchState(4_000_000_000, '"v1"', "", 4_000_000_000)


def make_text(paragraphs: Sequence[str]) -> str:
    """An article of these paragraphs."""
    return "\n\n".join(["# The clock tower of Varnby", *paragraphs]) + "\n"


class CountingEncoder(HashingEncoder):
    """Counts the passages that it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Encode and remember."""
        self.texts += [passage.text for passage in passages]
        return super().encode_passages(passages, progress)


class TellingParser:
    """Parses Markdown, and says of every source what it was told to."""

    def __init__(self) -> None:
        self.details = ArticleDetails()
        self.parsed = 0

    def parse(self, guild: int, source: ArticleSource, *, tick: object = None) -> ParsedArticle:
        """Parse a source."""
        from bot.engine.ingest.parse import parse_text

        self.parsed += 1
        assert isinstance(source.data, str)
        return replace(parse_text(source.data, title=source.title, markdown=True), details=self.details)


class Shop:
    """A library with all that it is made of."""

    def __init__(self, path: Path, limits: GuildLimits | None = None, *, with_tokens: bool = True) -> None:
        from bot.engine.limits import LibraryLimits

        self.encoder = CountingEncoder()
        self.parser = TellingParser()
        self.store = SQLiteStore.open(path)
        self.library = Library(
            self.store,
            self.encoder,
            parser=self.parser,
            guild_limits=limits,
            limits=LibraryLimits(keep_token_vectors=with_tokens),
        )

    def add(self, paragraphs: Sequence[str], source: str = URL, **fields: object) -> object:
        """Add an article of these paragraphs."""
        return self.library.add_article(GUILD, ArticleSource(make_text(paragraphs), source=source, **fields))  # type: ignore[arg-type]

    def segment(self, article_id: int) -> EncodedSegment:
        """What the store holds of an article."""
        [found] = self.store.segments(GUILD, [article_id])
        return EncodedSegment(found.core, self.store.token_segment(GUILD, article_id))

    def encoded_anew(self, article_id: int, encoder: Encoder) -> EncodedSegment:
        """The segment of the stored text, encoded whole."""
        article = self.store.get_article(GUILD, article_id)
        return encode_article(encoder, article, with_tokens=True)


@pytest.fixture
def shop(tmp_path: Path) -> object:
    """An empty shop."""
    shop = Shop(tmp_path / "store")
    yield shop
    shop.library.close()


CHANGED = [
    PARAGRAPHS[0],
    PARAGRAPHS[2],
    PARAGRAPHS[1].replace("barley", "silver"),
    "A lift was built in 1999. It is slow.",
]


def test_only_changed_passages_are_encoded(shop: Shop) -> None:
    """An update encodes what changed or is new, takes over the rest, and says what it did."""
    shop.add(PARAGRAPHS)
    shop.encoder.texts.clear()
    report = shop.add(CHANGED)
    assert shop.encoder.texts == CHANGED[2:]
    assert (report.id, report.status, report.encoded) == (1, AddStatus.UPDATED, 2)
    assert str(report.changes) == "+1 −1 ~1"
    assert shop.library.get_article(GUILD, "1").revision == 2
    assert "silver" in shop.library.ask(GUILD, "How were the roofers who repaired the tower paid?").quotes[0].text


@pytest.mark.parametrize("with_tokens", [True, False])
def test_spliced_segment_is_the_one_that_encoding_would_make(tmp_path: Path, with_tokens: bool) -> None:
    """Taken-over vectors make the very bytes of a segment that was encoded whole."""
    shop = Shop(tmp_path / "store", with_tokens=with_tokens)
    shop.add(PARAGRAPHS)
    shop.add(CHANGED)
    fresh = shop.encoded_anew(1, HashingEncoder())
    held = shop.segment(1)
    assert held.core == fresh.core
    assert held.tokens == (fresh.tokens if with_tokens else None)
    shop.library.close()


def test_same_text_under_another_heading_is_not_encoded_again(shop: Shop) -> None:
    """A heading is no part of a passage's vectors, but its words are searched."""
    shop.add(PARAGRAPHS)
    shop.encoder.texts.clear()
    shop.add(["## Zanzibar", *PARAGRAPHS])
    assert shop.encoder.texts == []
    assert "zanzibar" in decode_core(shop.segment(1).core).lexicon.words


def test_damaged_segment_is_encoded_whole(shop: Shop) -> None:
    """What cannot be read is not taken over: the update mends it."""
    shop.add(PARAGRAPHS)
    shop.store.replace_segment(GUILD, 1, core=b"damaged", tokens=None, segment_version=2)
    shop.encoder.texts.clear()
    assert shop.add(CHANGED).encoded == len(CHANGED) == len(shop.encoder.texts)
    assert shop.segment(1).core == shop.encoded_anew(1, HashingEncoder()).core


def test_segment_without_token_vectors_gets_them(tmp_path: Path) -> None:
    """Where token vectors are wanted now and were not before, passages are encoded again."""
    first = Shop(tmp_path / "store", with_tokens=False)
    first.add(PARAGRAPHS)
    first.library.close()
    shop = Shop(tmp_path / "store")
    shop.add(CHANGED)
    assert shop.segment(1).tokens == shop.encoded_anew(1, HashingEncoder()).tokens
    shop.library.close()


def test_a_segment_comes_apart_into_its_passages(shop: Shop) -> None:
    """Each part has as many sentence vectors and token counts as the passage has sentences."""
    shop.add(PARAGRAPHS)
    parts = split_segment(shop.segment(1))
    assert [len(spans) for spans, _ in parts] == [len(vectors.sentences) for _, vectors in parts] == [2, 2, 2, 1]
    core = decode_core(shop.segment(1).core)
    np.testing.assert_array_equal(np.concatenate([v.embedding.rows for _, v in parts]), core.embeddings.rows)
    assert all(
        vectors.tokens is not None and vectors.tokens.counts.sum() == len(vectors.tokens.bits) for _, vectors in parts
    )


def test_same_text_from_another_source_is_a_duplicate(shop: Shop) -> None:
    """The report names the article that holds the text; nothing is stored or encoded."""
    shop.add(PARAGRAPHS)
    shop.encoder.texts.clear()
    report = shop.add(PARAGRAPHS, source="https://other.example/copy")
    assert (report.id, report.status, report.title) == (1, AddStatus.DUPLICATE, "The clock tower of Varnby")
    assert len(shop.library.list_articles(GUILD)) == 1
    assert shop.add(PARAGRAPHS).status is AddStatus.UNCHANGED
    assert shop.add(PARAGRAPHS, source="").status is AddStatus.UNCHANGED
    assert shop.encoder.texts == []


@pytest.mark.parametrize("first", [URL, "https://example.org/tower?utm=1"])
def test_page_that_names_a_stored_address_is_a_duplicate(shop: Shop, first: str) -> None:
    """An article is recognised by its canonical address, whichever of its addresses was added first."""
    shop.parser.details = ArticleDetails(canonical_url=URL)
    shop.add(PARAGRAPHS, source=first)
    report = shop.add(CHANGED, source="https://example.org/tower?utm=2")
    assert (report.id, report.status) == (1, AddStatus.DUPLICATE)
    assert shop.library.get_article(GUILD, "1").revision == 1


@pytest.mark.parametrize("canonical", ["https://example.org/", "https://example.org", "tower", ""])
def test_address_of_a_whole_website_names_no_article(shop: Shop, canonical: str) -> None:
    """Careless pages all name the front page as theirs: they are articles of their own."""
    shop.parser.details = ArticleDetails(canonical_url=canonical)
    shop.add(PARAGRAPHS)
    assert shop.add(CHANGED, source="https://example.org/lift").status is AddStatus.ADDED


def test_update_to_a_text_that_another_article_holds_is_a_duplicate(shop: Shop) -> None:
    """Two articles never get to hold one text; the old one stays as it was."""
    shop.add(PARAGRAPHS)
    shop.add(CHANGED, source="https://example.org/lift")
    report = shop.add(PARAGRAPHS, source="https://example.org/lift")
    assert (report.id, report.status) == (1, AddStatus.DUPLICATE)
    assert "silver" in shop.library.get_article(GUILD, "2").text


def test_rename_keeps_everything_but_the_title(shop: Shop) -> None:
    """Nothing is encoded, the words of the new title are searched, and a later update keeps it."""
    shop.add(PARAGRAPHS, fetch=FETCH)
    shop.encoder.texts.clear()
    before = shop.library.get_article(GUILD, "1")
    assert shop.library.rename_article(GUILD, "1", "  Zebra \n crossing ").title == "Zebra crossing"
    after = shop.library.get_article(GUILD, "1")
    assert replace(after, title=before.title, is_titled=False) == before
    assert shop.encoder.texts == []
    assert "zebra" in decode_core(shop.segment(1).core).lexicon.words
    assert shop.add(CHANGED).title == "Zebra crossing"
    for title in (" ", "x" * 201):
        with pytest.raises(BadQuery, match="nothing was changed"):
            shop.library.rename_article(GUILD, "1", title)
    with pytest.raises(NotFound):
        shop.library.rename_article(GUILD, "7", "Other")


def test_refreshed_article_keeps_its_address(shop: Shop) -> None:
    """A page that moved updates the article that was refreshed, which keeps its address and remembers the fetch."""
    shop.add(PARAGRAPHS, fetch=replace(FETCH, fetched_at=5))
    source = ArticleSource(make_text(CHANGED), source="https://example.org/new", fetch=replace(FETCH, fetched_at=9))
    assert shop.library.update_article(GUILD, "1", source).status is AddStatus.UPDATED
    [article] = shop.library.list_articles(GUILD)
    assert (article.url, article.fetch.fetched_at, article.revision) == (URL, 9, 2)


def test_quotes_say_as_of_when_once_the_page_was_looked_at_again(shop: Shop) -> None:
    """A new article has no such date; one that was confirmed, changed, or could not be had has its last good one."""

    def as_of() -> int | None:
        return shop.library.ask(GUILD, "Who repaired the tower after the fire?").quotes[0].article.as_of

    shop.add(PARAGRAPHS, fetch=replace(FETCH, fetched_at=5))
    assert as_of() is None
    shop.library.note_problem(GUILD, "1", "The page answered 404.", 7)
    assert as_of() == 5
    assert shop.library.get_summary(GUILD, "1").fetch == replace(
        FETCH, fetched_at=5, checked_at=7, problem="The page answered 404."
    )
    shop.library.confirm_article(GUILD, "1", 4_000_000_001)
    assert as_of() == 4_000_000_001
    assert shop.library.get_summary(GUILD, "1").fetch.problem == ""


def test_what_is_due_comes_oldest_first(shop: Shop) -> None:
    """Web articles only, by when their page was last asked for, a failed try included."""
    shop.add(PARAGRAPHS[:1], source="https://example.org/1", fetch=FetchState(50, checked_at=50))
    shop.add(PARAGRAPHS[1:2], source="https://example.org/2", fetch=FetchState(20, checked_at=20))
    shop.add(PARAGRAPHS[2:3], source="/srv/file.md")
    assert [article.id for _, article in shop.library.list_due(60)] == [2, 1]
    shop.library.note_problem(GUILD, "2", "The page answered 404.", 55)
    assert [article.id for _, article in shop.library.list_due(60)] == [1, 2]
    assert [article.id for _, article in shop.library.list_due(55)] == [1]


def test_a_full_library_does_not_even_read(tmp_path: Path) -> None:
    """The number of articles is checked before a source is parsed; what is stored may still be updated."""
    shop = Shop(tmp_path / "store", GuildLimits(articles=1))
    shop.add(PARAGRAPHS)
    with pytest.raises(LibraryFull, match=r"may hold 1 article\. Remove some first.*limits\.guild_articles"):
        shop.add(CHANGED, source="https://example.org/lift")
    assert shop.parser.parsed == 1
    assert shop.add(CHANGED).status is AddStatus.UPDATED
    shop.library.close()


@pytest.mark.parametrize("limits", [GuildLimits(passages=5), GuildLimits(text_bytes=600)])
def test_what_does_not_fit_is_not_encoded(tmp_path: Path, limits: GuildLimits) -> None:
    """Passages and bytes are known once a source is parsed, and are checked before the long work."""
    shop = Shop(tmp_path / "store", limits)
    shop.add(PARAGRAPHS)
    shop.encoder.texts.clear()
    with pytest.raises(LibraryFull, match="Nothing was added"):
        shop.add([paragraph + " Twice." for paragraph in PARAGRAPHS], source="https://example.org/lift")
    assert shop.encoder.texts == []
    assert len(shop.library.list_articles(GUILD)) == 1
    shop.library.close()


def test_lowered_limits_leave_what_is_there(tmp_path: Path) -> None:
    """What is over a limit that was lowered can be read, renamed and shortened."""
    first = Shop(tmp_path / "store")
    first.add(PARAGRAPHS)
    first.library.close()
    shop = Shop(tmp_path / "store", GuildLimits(passages=1))
    shop.library.rename_article(GUILD, "1", "Other")
    assert shop.add(PARAGRAPHS[:3]).status is AddStatus.UPDATED
    shop.library.close()
