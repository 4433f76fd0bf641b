"""Looking at pages again: by hand through the async library, and by and by in the background."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.async_library import AsyncLibrary
from bot.engine.errors import ExtractFailed, FetchFailed, StoreUnavailable, Unsupported
from bot.engine.records.freshness import FetchState
from bot.engine.records.sources import AddStatus
from bot.engine.scopes.records import EVERYTHING
from bot.refreshing import PAUSE_SECONDS, SCAN_SECONDS, refresh_by_and_by
from tests.discord.bot.fake_fetcher import FakeFetcher
from tests.discord.bot.fake_library import FakeLibrary

GUILD, OTHER = 5, 6
URL = "https://example.com/gulls"


@pytest.fixture
def fake() -> FakeLibrary:
    """Two web articles in one guild, a file in it, and a web article in another."""
    fake = FakeLibrary()
    fake.put(GUILD, "Gulls", "Gulls steal chips.", URL)
    fake.put(GUILD, "Foxes", "The fox wrote a letter.", "https://example.com/foxes")
    fake.put(GUILD, "Notes", "A file.", "notes.txt")
    fake.put(OTHER, "Stars", "Polaris stays.", "https://example.com/stars")
    return fake


@pytest.fixture
def web() -> FakeFetcher:
    """A web with the first page, changed."""
    return FakeFetcher({URL: "Gulls steal fish."})


@pytest.fixture
async def library(fake: FakeLibrary, web: FakeFetcher) -> AsyncIterator[AsyncLibrary]:
    """An async library over them."""
    library = AsyncLibrary(fake, fetcher=web)  # type: ignore[arg-type]
    yield library
    fake.gate.set()
    fake.ingest_gate.set()
    await library.close()


async def test_a_changed_page_updates_its_article(library: AsyncLibrary, fake: FakeLibrary) -> None:
    """The page is fetched for the guild and the article brought up to it."""
    report = await library.refresh_article(GUILD, "Gulls")
    assert (report.id, report.status) == (1, AddStatus.UPDATED)
    assert fake.articles[GUILD][1] == ("Gulls", "Gulls steal fish.", URL)


async def test_a_page_that_is_not_modified_is_not_read(
    library: AsyncLibrary, fake: FakeLibrary, web: FakeFetcher
) -> None:
    """What the server gave with the page goes back to it; its "not modified" is noted with its time."""
    fake.fetches[GUILD, 1] = FetchState(7, '"v1"', "Mon, 02 Nov 2026 10:00:00 GMT", 7)
    web.unchanged.add(URL)
    assert (await library.refresh_article(GUILD, "1")).status is AddStatus.UNCHANGED
    assert web.validators == [('"v1"', "Mon, 02 Nov 2026 10:00:00 GMT")]
    assert fake.called("confirm_article") == [(GUILD, "1", 99)]
    assert fake.called("update_article") == []


@pytest.mark.parametrize("where", ["fetch", "parse"])
async def test_a_failed_refresh_keeps_the_text_and_remembers_why(
    library: AsyncLibrary, fake: FakeLibrary, web: FakeFetcher, where: str
) -> None:
    """Whether the page is gone or cannot be read, the article stays, and the reason is told and noted."""
    if where == "fetch":
        web.pages.clear()
    else:
        fake.errors["update_article"] = ExtractFailed("There is nothing to quote in that.")
    before = dict(fake.articles[GUILD])
    with pytest.raises(FetchFailed, match=r"(404|nothing to quote).* The article stays as it is\."):
        await library.refresh_article(GUILD, "1")
    assert fake.articles[GUILD] == before
    assert fake.fetches[GUILD, 1].problem.startswith(
        "The page answered 404" if where == "fetch" else "There is nothing"
    )


async def test_a_failure_of_ours_is_no_problem_of_the_page(library: AsyncLibrary, fake: FakeLibrary) -> None:
    """A locked store says nothing about the page."""
    fake.errors["update_article"] = StoreUnavailable("The store is locked.")
    with pytest.raises(StoreUnavailable):
        await library.refresh_article(GUILD, "1")
    assert fake.called("note_problem") == []


async def test_a_file_cannot_be_refreshed(library: AsyncLibrary, web: FakeFetcher) -> None:
    """There is no page to look at; the sentence says what to do instead."""
    with pytest.raises(Unsupported, match="Add its file again"):
        await library.refresh_article(GUILD, "Notes")
    assert web.asked == []


async def test_closing_ends_a_refresh(library: AsyncLibrary, fake: FakeLibrary, web: FakeFetcher) -> None:
    """A bot that is stopped waits for no page, and notes no problem that is not the page's."""
    web.gate.clear()
    refreshing = asyncio.create_task(library.refresh_article(GUILD, "1"))
    await web.asking.wait()
    assert library.is_busy
    await library.close()
    with pytest.raises(Exception, match="shutting down"):
        await refreshing
    assert fake.called("note_problem") == []


class Night:
    """Time that passes when the test says so: ``sleeps`` holds how long each pause was to be."""

    def __init__(self) -> None:
        self.sleeps: list[float] = []
        self._asleep = asyncio.Event()
        self._wake = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Sleep until the next turn."""
        self.sleeps.append(seconds)
        self._asleep.set()
        await self._wake.wait()
        self._wake.clear()

    async def turn(self) -> None:
        """Let one pause end, and wait until the next one begins."""
        await self._asleep.wait()
        self._asleep.clear()
        self._wake.set()
        await self._asleep.wait()


@pytest.fixture
async def night(library: AsyncLibrary) -> AsyncIterator[Night]:
    """The background task, serving the first guild only, at one in the morning."""
    night = Night()
    task = asyncio.create_task(
        refresh_by_and_by(
            library,
            hours=2,
            serves=lambda guild: guild == GUILD,
            sleep=night.sleep,
            clock=lambda: 100_000.0,
            jitter=lambda _, most: most,
        )
    )
    yield night
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_one_page_at_a_time(night: Night, fake: FakeLibrary, web: FakeFetcher) -> None:
    """Due articles of the guilds that are served are refreshed one a pause; a failing one stops none."""
    await night.turn()
    assert web.asked == [(GUILD, URL)]
    assert fake.called("list_due") == [100_000 - 2 * 3_600]
    await night.turn()
    assert web.asked == [(GUILD, URL), (GUILD, "https://example.com/foxes")]
    assert "404" in fake.fetches[GUILD, 2].problem
    assert night.sleeps == [SCAN_SECONDS * 1.25, PAUSE_SECONDS * 1.25, SCAN_SECONDS * 1.25]


async def test_it_waits_while_somebody_is_served(
    night: Night, library: AsyncLibrary, fake: FakeLibrary, web: FakeFetcher
) -> None:
    """A question under way is reason enough to do nothing at all this time."""
    fake.gate.clear()
    asking = asyncio.create_task(library.ask(GUILD, "fox?", viewer=EVERYTHING))
    await asyncio.to_thread(fake.asking.wait, 5.0)
    await night.turn()
    assert (web.asked, fake.called("list_due")) == ([], [])
    fake.gate.set()
    await asking
    await night.turn()
    assert web.asked == [(GUILD, URL)]


async def test_a_failure_does_not_end_it(night: Night, fake: FakeLibrary, web: FakeFetcher) -> None:
    """A locked store, or an error of ours, is logged, and the next turn goes on."""
    fake.errors["list_due"] = StoreUnavailable("The store is locked.")
    await night.turn()
    fake.errors["list_due"] = RuntimeError("ours")
    await night.turn()
    fake.errors.clear()
    await night.turn()
    assert web.asked == [(GUILD, URL)]
