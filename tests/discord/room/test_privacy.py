"""``/privacy``, and what happens to what is kept when the bot leaves a server, over the wire."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.engine.records.sources import ArticleSource
from bot.engine.scopes.records import EVERYTHING
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from bot.sandbox.world import Channel
from bot.ui import privacy_words
from bot.wiring import make_client, open_library, open_questions
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import REPAIR, Shelf, ask


def read_file(emulator: Emulator, message: dict[str, Any]) -> Any:
    """What a message's only file holds."""
    [attachment] = message["attachments"]
    return json.loads(emulator.world.files[attachment["id"]][1])


def place(emulator: Emulator, town: Town, where: str) -> Channel:
    """The town's channel, or alice's direct messages."""
    return town.channel if where == "server" else emulator.direct_channel(town.alice)


@pytest.mark.parametrize("where", ["server", "direct message"])
async def test_a_member_sees_all_that_is_kept(
    online: PullquoteClient, emulator: Emulator, town: Town, where: str
) -> None:
    """The list names server, question and state; the file holds all of it; nobody else's is in it."""
    await ask(emulator, town)
    await emulator.say(town.adam, town.channel, f"<@{emulator.bot_user.id}> What does the bell weigh?")
    handle = await emulator.slash(town.alice, place(emulator, town, where), "privacy show")
    told = await handle.response()
    assert is_private(told)
    assert f"{privacy_words.kept(1, 0)} {privacy_words.kept_for(30)}" in visible_text(told)
    assert REPAIR in visible_text(told)
    assert "Harbour" in visible_text(told)
    found = read_file(emulator, await handle.followup())
    assert [question["question"] for question in found["questions"]] == [REPAIR]
    assert town.alice.id not in json.dumps(found)
    assert found["opted_out"] is False


async def test_a_member_deletes_all_that_is_kept(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """One command deletes it; a second has nothing to delete."""
    await ask(emulator, town)
    for sentence in (privacy_words.deleted(1), privacy_words.NOTHING_TO_DELETE):
        handle = await emulator.slash(town.alice, emulator.direct_channel(town.alice), "privacy delete")
        assert visible_text(await handle.response()) == sentence
    shown = await (await emulator.slash(town.alice, town.channel, "privacy show")).response()
    assert privacy_words.NOTHING_KEPT in visible_text(shown)


async def test_opting_out_and_in_again(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Questions are answered all the same, and none of them is kept until the member says so."""
    await ask(emulator, town)
    out = await (await emulator.slash(town.alice, town.channel, "privacy optout")).response()
    assert visible_text(out) == f"{privacy_words.OPTED_OUT_NOW}\n{privacy_words.deleted(1)}"
    await ask(emulator, town)
    shown = await (await emulator.slash(town.alice, town.channel, "privacy show")).response()
    assert privacy_words.NOTHING_KEPT in visible_text(shown)
    assert privacy_words.OPTED_OUT in visible_text(shown)
    back = await (await emulator.slash(town.alice, town.channel, "privacy optout", {"out": False})).response()
    assert visible_text(back) == privacy_words.OPTED_IN_NOW
    await ask(emulator, town)
    assert len((await online.questions.show_member(int(town.alice.id))).questions) == 1


async def test_a_manager_exports_the_servers_questions(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Everything of the server, under hashes and without numbers of members."""
    await ask(emulator, town)
    handle = await emulator.slash(town.adam, town.channel, "privacy export")
    told = await handle.response()
    assert is_private(told)
    assert visible_text(told) == privacy_words.exported(1, 0)
    found = read_file(emulator, await handle.followup())
    assert found["questions"][0]["question"] == REPAIR
    assert found["questions"][0]["quoted"][0] == {"article": 1, "passage": 4}
    assert town.alice.id not in json.dumps(found)


def departures(settings: Settings) -> dict[int, int]:
    """Which guilds are noted as left."""
    log, _ = open_questions(settings)
    try:
        return log._store.departures()
    finally:
        log.close()


async def noted(settings: Settings, guilds: set[int]) -> None:
    """Wait until exactly these guilds are noted as left."""
    async with asyncio.timeout(5.0):
        while set(await asyncio.to_thread(departures, settings)) != guilds:
            pass


async def test_an_outage_is_not_leaving(
    online: PullquoteClient, emulator: Emulator, town: Town, settings: Settings
) -> None:
    """A guild that cannot be reached is not noted; one that took the bot out is; coming back takes the note away."""
    guild = town.guild.id
    emulator.gateway.dispatch("GUILD_DELETE", {"id": guild, "unavailable": True})
    emulator.announce(town.guild)
    emulator.gateway.dispatch("GUILD_DELETE", {"id": guild})
    await noted(settings, {int(guild)})
    emulator.announce(town.guild)
    await noted(settings, set())
    assert len(await online.library.list_articles(int(guild), viewer=EVERYTHING)) == 2


async def test_what_was_left_while_the_bot_was_away_is_noted_at_the_start(
    shelf: Shelf, settings: Settings, emulator: Emulator, town: Town
) -> None:
    """Stored guilds that Discord does not name at the start are noted; those it names, reachable or not, are not."""
    shelf.library.add_article(999 << 22, ArticleSource(data="Old\n\nNobody is here any more.\n"))
    async with connected(emulator, make_client(settings, open_library(settings))):
        await noted(settings, {999 << 22})
    assert [article.title for article in shelf.library.list_articles(shelf.guild)]
