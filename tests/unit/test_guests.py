"""Guests: how many, how often, for how long."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.engine.errors import Busy
from bot.engine.records.articles import Article
from bot.engine.records.passages import digest
from bot.engine.records.sources import ArticleSource
from bot.engine.summaries.guests import (
    HOUR_SECONDS,
    KEPT_BYTES,
    KEPT_GUESTS,
    KEPT_SECONDS,
    Allowance,
    GuestBook,
    GuestRates,
)


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: float = 1_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def article(text: str = "text") -> Article:
    """An article that is not stored."""
    return Article(0, "A", "", 0, digest(text), text, (), ())


def test_a_guest_is_found_by_its_token_in_its_guild_only() -> None:
    """No other guild sees it."""
    book = GuestBook()
    guest = book.put(1, article(), ArticleSource("text"))
    assert book.find(1, guest.token) is guest
    assert book.find(2, guest.token) is None
    assert book.find(1, "000000000000") is None


def test_a_guest_goes_after_a_while() -> None:
    """It is kept for half an hour, and not longer."""
    clock = Clock()
    book = GuestBook(clock)
    guest = book.put(1, article(), ArticleSource("text"))
    clock.now += KEPT_SECONDS - 1
    assert book.find(1, guest.token) is guest
    clock.now += 1
    assert book.find(1, guest.token) is None


def test_the_least_lately_used_guest_goes_first() -> None:
    """There is room for so many, whatever their size."""
    book = GuestBook()
    guests = [book.put(1, article(), ArticleSource("text")) for _ in range(KEPT_GUESTS)]
    assert book.find(1, guests[0].token) is not None
    book.put(1, article(), ArticleSource("text"))
    assert book.find(1, guests[0].token) is not None
    assert book.find(1, guests[1].token) is None


def test_memory_is_bounded() -> None:
    """Large ones push each other out; the latest always stays."""
    book = GuestBook()
    large = ArticleSource(b"x" * (KEPT_BYTES // 2 + 1))
    first, second = book.put(1, article(), large), book.put(1, article(), large)
    assert book.find(1, first.token) is None
    assert book.find(1, second.token) is not None


def test_a_guest_keeps_its_token_when_it_is_read_again() -> None:
    """So that the buttons under an old message find it."""
    book = GuestBook()
    assert book.put(1, article(), ArticleSource("text"), "abcdefabcdef").token == "abcdefabcdef"


def test_shares_of_members_and_guilds_are_counted_apart() -> None:
    """A member's share first, then the guild's; another guild is not touched; after an hour all begins anew."""
    clock = Clock()
    allowance = Allowance(GuestRates(per_guild=3, per_member=2), clock)
    allowance.count(1, 10)
    allowance.count(1, 10)
    with pytest.raises(Busy, match="You had 2"):
        allowance.count(1, 10)
    allowance.count(1, 11)
    with pytest.raises(Busy, match="3 pages and files were summarised here"):
        allowance.count(1, 12)
    allowance.count(2, 10)
    clock.now += HOUR_SECONDS
    allowance.count(1, 10)


def test_what_is_refused_is_not_counted() -> None:
    """Trying again and again does not put the end off."""
    clock = Clock()
    allowance = Allowance(GuestRates(per_guild=9, per_member=1), clock)
    allowance.count(1, 10)
    clock.now += HOUR_SECONDS - 60
    with pytest.raises(Busy, match="in 1 minute;"):
        allowance.count(1, 10)
    clock.now += 60
    allowance.count(1, 10)
