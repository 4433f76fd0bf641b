"""Refreshed pages that answer 200 and are not the article any more: the old text stays, and the report says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.async_library import AsyncLibrary
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.errors import FetchFailed
from bot.engine.library import Library
from bot.engine.records.freshness import FetchState
from bot.engine.records.sources import AddStatus, ArticleSource
from bot.engine.stores.sqlite import SQLiteStore
from tests.discord.bot.fake_fetcher import FakeFetcher

GUILD = 7
URL = "https://example.org/lighthouse"
SENTENCE = "In the year {0} the keeper wrote that the lamp had burned for {0} nights and that the sea was calm."
LONG = "# The lighthouse\n\n" + "\n\n".join(SENTENCE.format(year) for year in range(1871, 1891))
SHORT = "# The lighthouse\n\nThe lamp was sold to a museum. It still works."
GONE = "# Page not found\n\nThe page that you are looking for was moved or never was here. Try the search."
LOGIN = "# Welcome back\n\nPlease sign in to read this article. You have no account? Make one, it is free."
WAIT = "# Just a moment\n\nThe connection to this site is being looked at and will be ready soon, so stay."
TEASER = "# The lighthouse\n\n" + SENTENCE.format(1871) + "\n\nThe rest of it is for those who pay for it."


def source(text: str, at: int = 5) -> ArticleSource:
    """A page with a text, as it was fetched."""
    return ArticleSource(text, file_name="a.md", source=URL, fetch=FetchState(at, checked_at=at))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library with the long article."""
    library = Library(SQLiteStore.open(tmp_path / "pullquote.sqlite3"), HashingEncoder())
    library.add_article(GUILD, source(LONG))
    yield library
    library.close()


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (GONE, "says that it is gone"),
        (LOGIN, "asks to sign in"),
        (WAIT, "asks to sign in, to pay or to wait"),
        (TEASER, "is nearly empty"),
        ("Home", "is nearly empty|nothing|too short"),
    ],
)
def test_a_notice_does_not_replace_an_article(library: Library, page: str, reason: str) -> None:
    """The text stays, and the message says what the page is like, in numbers, and how to take it all the same."""
    before = library.get_article(GUILD, "1")
    if page != "Home":
        with pytest.raises(FetchFailed, match=reason) as caught:
            library.update_article(GUILD, "1", source(page))
        assert "pullquote refresh 1 --force" in str(caught.value)
        with pytest.raises(FetchFailed, match=reason):
            library.add_article(GUILD, source(page))
    else:
        from bot.engine.errors import ExtractFailed

        with pytest.raises(ExtractFailed, match=reason):
            library.update_article(GUILD, "1", source(page))
    assert library.get_article(GUILD, "1") == before


def test_force_takes_the_page_as_it_is(library: Library) -> None:
    """Whoever has looked at the page may have it."""
    report = library.update_article(GUILD, "1", source(GONE), is_forced=True)
    assert report.status is AddStatus.UPDATED
    assert "looking for was moved" in library.get_article(GUILD, "1").text


@pytest.mark.parametrize("share", [0.3, 0.6, 1.5])
def test_edits_are_taken_over(library: Library, share: float) -> None:
    """A page that lost two thirds of its words, or gained some, is edited and not gone."""
    count = int(20 * share)
    page = "# The lighthouse\n\n" + "\n\n".join(SENTENCE.format(year) for year in range(1871, 1871 + count))
    assert library.update_article(GUILD, "1", source(page)).status is AddStatus.UPDATED


def test_short_articles_may_become_anything(tmp_path: Path) -> None:
    """Of a note of a few words a change to a few others is nothing to doubt."""
    library = Library(SQLiteStore.open(tmp_path / "other.sqlite3"), HashingEncoder())
    library.add_article(GUILD, source(SHORT))
    assert library.update_article(GUILD, "1", source("# The lighthouse\n\nIt is gone.")).status is AddStatus.UPDATED
    library.close()


def test_an_article_about_signing_in_is_no_wall(library: Library) -> None:
    """An article that speaks of such things itself is only doubted when it is nearly empty."""
    about = LONG.replace("# The lighthouse", "# How to log in: error 404 not found")
    library.update_article(GUILD, "1", source(about))
    half = "\n\n".join(about.split("\n\n")[:11])
    assert library.update_article(GUILD, "1", source(half)).status is AddStatus.UPDATED


def test_a_file_is_what_it_is(library: Library) -> None:
    """A person who adds a file of the same name again means it."""
    library.add_article(
        GUILD, ArticleSource(LONG.replace("keeper", "warden"), source="/notes/tower.md", file_name="t.md")
    )
    report = library.add_article(GUILD, ArticleSource(GONE, source="/notes/tower.md", file_name="t.md"))
    assert report.status is AddStatus.UPDATED


async def test_the_reason_is_remembered(library: Library) -> None:
    """A refresh that was refused is noted with the article, which goes on saying so; a forced one clears it."""
    web = FakeFetcher({URL: GONE.replace("# ", "")})
    shared = AsyncLibrary(library, fetcher=web)
    with pytest.raises(FetchFailed, match=r"says that it is gone.*stays as it is"):
        await shared.refresh_article(GUILD, "1")
    assert "says that it is gone" in library.get_summary(GUILD, "1").fetch.problem
    report = await shared.refresh_article(GUILD, "1", is_forced=True)
    assert report.status is AddStatus.UPDATED
    assert library.get_summary(GUILD, "1").fetch.problem == ""
    await shared.close()
