"""Summaries through the library: no encoding, sections, guests that leave nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.async_library import AsyncLibrary
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.errors import Busy, TooLarge
from bot.engine.library import Library
from bot.engine.limits import LibraryLimits
from bot.engine.ports.encoders import EncodedPassage, EncodedQuery, PassageInput, Progress
from bot.engine.records.sources import ArticleSource
from bot.engine.records.summaries import SummaryLength
from bot.engine.scopes.records import EVERYTHING
from bot.engine.stores.sqlite import SQLiteStore
from bot.engine.summaries.contents import Section, read_contents
from bot.guests import Guests
from tests.discord.bot.fake_fetcher import FakeFetcher

GUILD = 7
TEXT = "# Town\n\n" + "\n\n".join(
    f"## Part {part}\n\n"
    + "\n\n".join(
        f"The council of part {part} met {n} times in {1900 + n}. It said nothing of the bath." for n in range(4)
    )
    for part in range(4)
)
PAGE = "https://example.com/town"


class CountingEncoder(HashingEncoder):
    """Counts what it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.passages = 0
        self.queries = 0

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Encode passages."""
        self.passages += len(passages)
        return super().encode_passages(passages, progress)

    def encode_query(self, text: str) -> EncodedQuery:
        """Encode a question."""
        self.queries += 1
        return super().encode_query(text)


@pytest.fixture
def encoder() -> CountingEncoder:
    """An encoder that has encoded nothing yet."""
    return CountingEncoder()


@pytest.fixture
def library(tmp_path: Path, encoder: CountingEncoder) -> Library:
    """A library with one article of four sections, its encoder's counts at zero; guests may have twenty passages."""
    store = SQLiteStore.open(tmp_path / "store.sqlite3")
    library = Library(store, encoder, limits=LibraryLimits(guest_passages=20))
    library.add_article(GUILD, ArticleSource(TEXT, file_name="town.md"))
    encoder.passages = encoder.queries = 0
    return library


@pytest.mark.parametrize("length", list(SummaryLength))
def test_a_summary_encodes_nothing(library: Library, encoder: CountingEncoder, length: SummaryLength) -> None:
    """The stored embeddings are all that a summary needs; a topic is one question more."""
    assert library.summarise(GUILD, "1", length).sentences
    assert (encoder.passages, encoder.queries) == (0, 0)
    library.summarise(GUILD, "1", length, about="bath")
    assert (encoder.passages, encoder.queries) == (0, 1)


def test_a_summary_is_made_anew_where_the_article_changed(library: Library) -> None:
    """What was made before is not shown of an article that says something else, nor under an old title."""
    before = library.summarise(GUILD, "1", SummaryLength.SHORT)
    assert library.summarise(GUILD, "1", SummaryLength.SHORT) == before
    library.rename_article(GUILD, "1", "Village")
    assert library.summarise(GUILD, "1", SummaryLength.SHORT).article.title == "Village"
    library.update_article(GUILD, "1", ArticleSource(TEXT.replace("council", "senate"), file_name="town.md"))
    assert "senate" in library.summarise(GUILD, "1", SummaryLength.SHORT).sentences[0].text


def test_a_section_is_summarised_by_its_own_sentences(library: Library) -> None:
    """Nothing of another section, and the positions are those of the article."""
    article = library.get_article(GUILD, "1")
    section = read_contents(article)[2]
    found = library.summarise(GUILD, "1", SummaryLength.SHORT, section=section)
    assert {sentence.headings for sentence in found.sentences} == {("Part 2",)}
    for sentence in found.sentences:
        assert article.text[sentence.start : sentence.end] == sentence.text
        assert section.first <= sentence.position <= section.last


def test_a_guest_is_summarised_as_if_it_were_stored(library: Library, encoder: CountingEncoder) -> None:
    """The same sentences as of the stored article; only a section's own passages are encoded for it."""
    guest = library.summaries.read_guest(GUILD, ArticleSource(TEXT, file_name="town.md"))
    assert guest.id == 0
    made = library.summaries.summarise_guest(guest, SummaryLength.LONG)
    assert made.sentences == library.summarise(GUILD, "1", SummaryLength.LONG).sentences
    assert encoder.passages == len(guest.passages)
    part = library.summaries.summarise_guest(guest, SummaryLength.SHORT, section=Section(("Part 1",), 5, 8))
    assert encoder.passages == len(guest.passages) + 4
    assert {sentence.position for sentence in part.sentences} <= {5, 6, 7, 8}
    about = library.summaries.summarise_guest(guest, SummaryLength.SHORT, about="the bath")
    assert about.about == "the bath"
    assert len(library.list_articles(GUILD)) == 1


def test_a_long_guest_is_refused_before_it_is_encoded(library: Library, encoder: CountingEncoder) -> None:
    """It could keep the machine busy for minutes; the sentence names the way out."""
    guest = library.summaries.read_guest(GUILD, ArticleSource("\n\n".join(f"Passage {n} is short." for n in range(21))))
    with pytest.raises(TooLarge, match="21 passages"):
        library.summaries.summarise_guest(guest, SummaryLength.SHORT)
    assert encoder.passages == 0


async def test_guests_have_a_lane_of_their_own(library: Library) -> None:
    """They take neither the questions' nor the ingest's threads, and too many of them are refused at once."""
    threads: list[str] = []
    original = library.summaries.read_guest

    def noting(*args: object, **options: object) -> object:
        import threading

        threads.append(threading.current_thread().name)
        return original(*args, **options)  # type: ignore[arg-type]

    library.summaries.read_guest = noting  # type: ignore[method-assign, assignment]
    through = AsyncLibrary(library, fetcher=FakeFetcher({PAGE: TEXT}))
    try:
        guest = await through.guests.read_source(GUILD, ArticleSource(TEXT))
        assert threads[0].startswith("pullquote-guests")
        assert through.guests.find(GUILD, guest.token) is guest
    finally:
        await through.close()
    with pytest.raises(Busy):
        await through.guests.read_source(GUILD, ArticleSource(TEXT))


async def test_a_page_that_leads_to_a_stored_one_is_that_article(library: Library) -> None:
    """A short link or a redirect does not make a guest of what the library has."""
    library.add_article(GUILD, ArticleSource("Moved here.", file_name="a.txt", source=PAGE))

    class Redirecting(FakeFetcher):
        async def fetch(self, guild: int, url: str, **known: object) -> object:  # type: ignore[override]
            return await super().fetch(guild, PAGE)

    through = AsyncLibrary(library, fetcher=Redirecting({PAGE: "Moved here."}))  # type: ignore[arg-type]
    try:
        assert (
            await through.guests.read_url(GUILD, "https://short.example.com/1", viewer=EVERYTHING, public_only=True)
            == 2
        )
        assert isinstance(through.guests, Guests)
    finally:
        await through.close()
