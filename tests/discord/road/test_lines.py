"""Restoring lines of an article and leaving lines out, over the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord
import pytest

from bot.engine.library import Library
from bot.engine.records.sources import ArticleSource
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from bot.sandbox.refusals import Payload
from bot.ui import lines_words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.harness import Link, Town

OFFER = "Sign up for our *newsletter* and get the news of Varnby in your inbox."
TOWER = f"""The clock tower of Varnby

The clock tower of Varnby was built in 1742 by the mason Elsa Thorne. It stands forty metres high.

The bell rings at noon and at sunset. On the first of May it rings for a full hour.

{OFFER}
"""


@pytest.fixture
async def library(settings: Settings, connect: Callable[[discord.Client], Awaitable[Link]], town: Town) -> Library:
    """The library of a bot that is online, with one article."""
    library = open_library(settings)
    library.add_article(int(town.guild.id), ArticleSource(TOWER))
    await connect(make_client(settings, library))
    return library


async def preview(emulator: Emulator, town: Town) -> Payload:
    """The admin's preview of the article."""
    handle = await emulator.slash(town.adam, town.channel, "article preview", {"article": "1"})
    return await handle.response()


def values_of(message: Payload) -> dict[str, str]:
    """What the menu of a message offers: value by label."""
    rows = [component for component in message["components"] if component["type"] == 1]
    [menu] = [item for row in rows for item in row["components"] if item["type"] == 3]
    return {option["label"]: option["value"] for option in menu["options"]}


async def test_a_manager_restores_a_line(library: Library, emulator: Emulator, town: Town) -> None:
    """The preview leads to the lines left out; the chosen one is quoted from then on, and the view says so."""
    shown = await preview(emulator, town)
    pressed = await (await emulator.click(town.adam, shown, lines_words.RESTORE_BUTTON)).response()
    assert "1 line of #1 The clock tower of Varnby is left out" in visible_text(pressed).replace("**", "")
    assert r"\*newsletter\*" in visible_text(pressed)
    [value] = values_of(pressed).values()
    done = await (await emulator.select(town.adam, pressed, lines_words.RESTORE_PLACEHOLDER, [value])).response()
    assert "Restored 1 line" in visible_text(done)
    assert "all of its text can be quoted" in visible_text(done)
    article = library.get_article(int(town.guild.id), "1")
    assert article.left_out == ()
    assert OFFER in [article.text[passage.start : passage.end] for passage in article.passages]


async def test_a_manager_leaves_a_line_out(library: Library, emulator: Emulator, town: Town) -> None:
    """The preview leads to the lines that are quoted; the chosen one is not any more."""
    shown = await preview(emulator, town)
    pressed = await (await emulator.click(town.adam, shown, lines_words.LEAVE_OUT_BUTTON)).response()
    [value] = [value for label, value in values_of(pressed).items() if "bell" in label]
    done = await (await emulator.select(town.adam, pressed, lines_words.LEAVE_OUT_PLACEHOLDER, [value])).response()
    assert "Left out 1 line" in visible_text(done)
    assert len(library.get_article(int(town.guild.id), "1").passages) == 1


async def test_lines_that_changed_meanwhile_are_not_touched(library: Library, emulator: Emulator, town: Town) -> None:
    """A choice made on an old view of the article is refused, and says what to do."""
    guild = int(town.guild.id)
    pressed = await (
        await emulator.click(town.adam, await preview(emulator, town), lines_words.LEAVE_OUT_BUTTON)
    ).response()
    value = list(values_of(pressed).values())[-1]
    library.update_article(guild, "1", ArticleSource(TOWER.replace("noon", "dawn")))
    handle = await emulator.select(town.adam, pressed, lines_words.LEAVE_OUT_PLACEHOLDER, [value])
    assert lines_words.CHANGED in visible_text(await handle.followup())
    assert len(library.get_article(guild, "1").passages) == 2


async def test_only_managers_may(library: Library, emulator: Emulator, town: Town) -> None:
    """Who has lost the permission since the preview was shown is told so, and nothing is done."""
    pressed = await (
        await emulator.click(town.adam, await preview(emulator, town), lines_words.RESTORE_BUTTON)
    ).response()
    [value] = values_of(pressed).values()
    town.guild.members[town.adam.id].role_ids.clear()
    handle = await emulator.select(town.adam, pressed, lines_words.RESTORE_PLACEHOLDER, [value])
    await emulator.settle()
    assert "Manage Server" in visible_text(await handle.response())
    assert len(library.get_article(int(town.guild.id), "1").left_out) == 1
