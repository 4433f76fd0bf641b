"""The bot with a real library, a long article, and a web of a few pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.client import PullquoteClient
from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import InteractionHandle
from bot.sandbox.rules import kinds
from bot.sandbox.world import User
from bot.wiring import make_async_library, open_library
from config.settings import Settings, load_settings
from tests.discord.bot.fake_fetcher import FakeFetcher
from tests.discord.harness import Link, Town
from tests.discord.room.conftest import Shelf, bots_messages, buttons_of, quotes_in

URL = "https://example.com/harbour"
PAGE = "https://example.com/lamps"
GONE = "https://example.com/gone"
TOPICS = ("Boats", "Ropes", "Lamps", "Gulls", "Nets")


def harbour() -> str:
    """An article of five sections with four passages each."""
    parts = ["The harbour of Varnby\n"]
    for topic in TOPICS:
        parts.append(f"\n{topic}\n")
        for number in range(4):
            thing = topic.lower()
            parts.append(
                f"\nThe {thing} of pier {number} are counted by the harbour master in spring. Nobody else may touch "
                f"them before noon. Every tenth of the {thing} goes to the museum in week {number + 1} of the year.\n"
            )
    return "".join(parts)


LAMPS = """The lamps of Ellerby

The council of Ellerby switched off two thirds of its lamps in March of this year. Electricity had become twice as dear
within two years, and the county could not pay for all of the lamps any more.

Recorded crime at night did not rise in any of the towns of the county since then. The police of Ellerby counted fewer
burglaries in April than in any April before, and more bicycles that were reported as stolen.

A trial of six months on a few streets is to show whether the plan works at all. The museum of Ellerby has bought eleven
of the old lamps, and a school has asked for three of them for its yard.
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store of the test's own and no model."""
    sections = {"store": {"url": f"sqlite:///{tmp_path / 'pullquote.sqlite3'}"}, "encoder": {"model": "hashing"}}
    return load_settings(sections, environ={})


@pytest.fixture
async def shelf(settings: Settings, town: Town) -> AsyncIterator[Shelf]:
    """One long article from a web address; what guests say is known too, for whoever checks quotes."""
    shelf = Shelf(open_library(settings), int(town.guild.id))
    shelf.add(harbour(), "harbour.txt", URL)
    shelf.texts += [LAMPS]
    yield shelf
    shelf.library.close()


@pytest.fixture
def web() -> FakeFetcher:
    """A web with a page that is stored and one that is not."""
    return FakeFetcher({URL: harbour(), PAGE: LAMPS})


Start = Callable[..., PullquoteClient]


@pytest.fixture
def make(settings: Settings, web: FakeFetcher) -> Start:
    """Return a function that makes a bot over the same store, reading the fake web."""

    def make_bot(**options: Any) -> PullquoteClient:
        library = make_async_library(settings, open_library(settings), fetcher=web)
        return PullquoteClient(library=library, **options)

    return make_bot


@pytest.fixture
async def online(
    shelf: Shelf, make: Start, connect: Callable[[discord.Client], Awaitable[Link]], emulator: Emulator
) -> AsyncIterator[PullquoteClient]:
    """The bot online; whatever happens in the test, every quote sent stands in a text that it read."""
    client = make()
    await connect(client)
    yield client
    for message in bots_messages(emulator):
        assert not any(message["_pings"].values())
        assert all(any(quote in text for text in shelf.texts) for quote in quotes_in(message)), quotes_in(message)


async def summarise(emulator: Emulator, user: User, town: Town, article: str, **options: Any) -> dict[str, Any]:
    """Ask for a summary and return its message."""
    handle = await emulator.slash(user, town.channel, "summary", {"article": article, **options})
    return await handle.response()


def options_of(message: dict[str, Any], placeholder: str) -> list[dict[str, Any]]:
    """What a menu offers."""
    for part in kinds.walk(message["components"]):
        if part.get("placeholder") == placeholder:
            return list(part["options"])
    return []


async def choose(
    emulator: Emulator, user: User, message: dict[str, Any], placeholder: str, number: int
) -> InteractionHandle:
    """Choose one of a menu's options, counted from 0, and wait until something comes of it."""
    edits = message["_edits"]
    value = options_of(message, placeholder)[number]["value"]
    handle = await emulator.select(user, message, placeholder, [value])
    await handle.acknowledged()

    def has_come() -> bool:
        answer = handle.message
        told = answer is not None and answer is not message and not handle.is_thinking
        return bool(handle.followups) or told or message["_edits"] > edits

    await emulator.changes.until(has_come, 5.0)
    return handle


def labels_of(message: dict[str, Any]) -> list[str]:
    """What the buttons say."""
    return list(buttons_of(message))
