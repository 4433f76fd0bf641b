"""The bot with a real library and one article full of Discord markup."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.client import PullquoteClient
from bot.engine.library import Library
from bot.engine.records.articles import Article
from bot.engine.records.sources import ArticleSource
from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import InteractionHandle
from bot.sandbox.postbox import texts_of
from bot.sandbox.rules import kinds
from bot.sandbox.world import User
from bot.ui.text import shown
from bot.wiring import make_client, open_library
from config.settings import Settings, load_settings
from tests.discord.harness import Link, Town

URL = "https://example.com/towers"
TOWERS = """The towers of Varnby

The clock tower

The **clock** tower of Varnby was built in 1742 by the mason *Elsa Thorne*. It stands @everyone forty metres high.

Its bell weighs three tons; see <@1>, [here](https://evil.example/a_b) and `code` for the founder's ledger.

A storm broke the northern window in 1803. ||Nobody|| was hurt, and the glazier asked for barley.

The fire

After the fire of 1901 the guild of roofers repaired the tower in eleven weeks. They were paid in barley ~~and beer~~.

The roofers' names stand on a plate by the door. One of them, Ada Quill, later became mayor.

Today

Visitors climb the two hundred steps on Sundays. The keeper sells tickets at the northern gate.
"""
GULLS = "Gulls\n\nGulls steal chips from visitors at the harbour wall.\n"
REPAIR = "Who repaired the tower after the fire?"


@dataclass
class Shelf:
    """A library over the bot's store, as another process would have it, and every text that it ever stored."""

    library: Library
    guild: int
    texts: list[str] = field(default_factory=list)

    def add(self, text: str, name: str = "article.txt", source: str = "", guild: int | None = None) -> int:
        """Add or update an article, and return its id."""
        where = self.guild if guild is None else guild
        report = self.library.add_article(where, ArticleSource(data=text, file_name=name, source=source))
        self.texts.append(self.library.get_article_by_id(where, report.id).text)
        return report.id

    def update_towers(self, text: str) -> None:
        """Replace the article of the towers."""
        self.add(text, "towers.txt", URL)

    def towers(self) -> Article:
        """The article of the towers."""
        return self.library.get_article_by_id(self.guild, 1)

    def passages(self) -> list[str]:
        """The passages of the article of the towers, in order."""
        article = self.towers()
        return [article.text[passage.start : passage.end] for passage in article.passages]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store of the test's own and no model."""
    sections = {"store": {"url": f"sqlite:///{tmp_path / 'pullquote.sqlite3'}"}, "encoder": {"model": "hashing"}}
    return load_settings(sections, environ={})


@pytest.fixture
def start(
    settings: Settings, connect: Callable[[discord.Client], Awaitable[Link]]
) -> Callable[[], Awaitable[PullquoteClient]]:
    """Return a function that starts the bot as ``pullquote run`` makes it, over the same store each time."""

    async def bring_online() -> PullquoteClient:
        client = make_client(settings, open_library(settings))
        await connect(client)
        return client

    return bring_online


@pytest.fixture
async def shelf(settings: Settings, town: Town) -> AsyncIterator[Shelf]:
    """Two articles in the first guild: the towers, from a web address, and the gulls, from a file."""
    shelf = Shelf(open_library(settings), int(town.guild.id))
    shelf.update_towers(TOWERS)
    shelf.add(GULLS, "gulls.txt")
    yield shelf
    shelf.library.close()


@pytest.fixture
async def online(
    shelf: Shelf, start: Callable[[], Awaitable[PullquoteClient]], emulator: Emulator
) -> AsyncIterator[PullquoteClient]:
    """The bot online; whatever happens in the test, nobody is pinged and every quote sent stands in an article."""
    yield await start()
    for message in bots_messages(emulator):
        assert not any(message["_pings"].values())
        assert all(any(quote in text for text in shelf.texts) for quote in quotes_in(message))


async def ask(emulator: Emulator, town: Town, question: str = REPAIR, **options: Any) -> dict[str, Any]:
    """Ask as alice, and return the answer."""
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": question, **options})
    return await handle.response()


async def press(emulator: Emulator, message: dict[str, Any], label: str, user: User) -> InteractionHandle:
    """Press the first button with a label, and wait until the message is edited, gone, or something else is said."""
    edits = message["_edits"]
    handle = await emulator.click(user, message, buttons_of(message)[label]["custom_id"])
    await handle.acknowledged()

    def has_come() -> bool:
        answer = handle.message
        told = answer is not None and answer is not message and not handle.is_thinking
        return bool(handle.followups) or told or message["_edits"] > edits or "_deleted" in message

    await emulator.changes.until(has_come, 5.0)
    return handle


def quotes_in(message: dict[str, Any]) -> list[str]:
    """The quotes of a message as a reader sees them, top to bottom."""
    return [shown(text) for text in texts_of(message["components"]) if text.startswith("> ")]


def bots_messages(emulator: Emulator) -> list[dict[str, Any]]:
    """Every message the bot sent, ephemeral ones included."""
    public = [message for channel in emulator.world.channels.values() for message in channel.history]
    private = [
        message
        for handle in emulator.interactions.handles
        for message in [*handle.followups, *([handle.message] if handle.message else [])]
    ]
    found = {message["id"]: message for message in [*public, *private]}
    return [message for message in found.values() if message["author"]["id"] == emulator.bot_user.id]


def buttons_of(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The first button of each label."""
    found: dict[str, dict[str, Any]] = {}
    for part in kinds.walk(message["components"]):
        if part["type"] == kinds.BUTTON:
            found.setdefault(part["label"], part)
    return found
