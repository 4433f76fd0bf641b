"""Who reads which language, over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.client import PullquoteClient
from bot.engine.records.sources import ArticleSource
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from bot.sandbox.rules import kinds
from bot.wiring import open_library
from config.settings import Settings
from tests.discord.harness import Town
from tests.discord.onboarding.conftest import Running

ARTICLE = "The towers\n\nAfter the fire of 1901 the guild of roofers repaired the tower in eleven weeks.\n"
QUESTION = "Who repaired the tower after the fire of 1901?"


@pytest.fixture
async def online(
    settings: Settings, emulator: Emulator, town: Town, running: Running
) -> AsyncIterator[PullquoteClient]:
    """The bot with an article; alice speaks German, adam English, the server English."""
    library = open_library(settings)
    library.add_article(int(town.guild.id), ArticleSource(ARTICLE, file_name="towers.txt"))
    library.close()
    town.alice.locale = "de"
    async with running() as client:
        yield client


def labels(message: dict[str, object]) -> set[str]:
    """The labels of a message's buttons."""
    return {part["label"] for part in kinds.walk(message["components"]) if part["type"] == kinds.BUTTON}


async def ask(emulator: Emulator, town: Town, **options: object) -> dict[str, object]:
    """Alice's question and its answer."""
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": QUESTION, **options})
    return await handle.response()


async def test_a_private_answer_is_in_the_members_language(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Its own words are; the quote and the title are the article's."""
    answer = await ask(emulator, town, private=True)
    assert "-# Frage: " in visible_text(answer)
    assert "¶ 1 von 1" in visible_text(answer)
    assert {"Quelle", "Prüfen", "Im Kanal posten"} <= labels(answer)
    assert "roofers repaired the tower" in visible_text(answer)
    assert "The towers" in visible_text(answer)


async def test_a_public_answer_is_in_the_servers_language(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Whoever asked; and what its buttons tell one member alone is in that member's language."""
    answer = await ask(emulator, town)
    assert "-# Question: " in visible_text(answer)
    assert {"Source", "Verify"} <= labels(answer)
    pressed = await emulator.click(town.alice, answer, "Verify")
    assert "Identisch: ja" in visible_text(await pressed.response())
    pressed = await emulator.click(town.adam, answer, "Verify")
    assert "Identical: yes" in visible_text(await pressed.response())


async def test_a_german_server_is_answered_in_german(
    settings: Settings, emulator: Emulator, town: Town, running: Running
) -> None:
    """Mentions, public answers, the panel and the greeting; its English members' private ones are English."""
    town.guild.preferred_locale = "de"
    town.guild.system_channel_id = town.channel.id
    async with running():
        emulator.announce(town.guild, is_new=True)
        assert "Danke, dass ihr mich hinzugefügt habt" in visible_text(await emulator.wait_message(town.channel))
        question = await emulator.say(town.adam, town.channel, f"<@{emulator.bot_user.id}> who repaired it?")
        answer = await emulator.wait_message(town.channel, after=question)
        assert "Hier gibt es noch keine Artikel" in visible_text(answer)
        handle = await emulator.slash(town.adam, town.channel, "panel")
        assert "The button stands" in visible_text(await handle.response())
        panel = await emulator.wait_message(town.channel, after=answer)
        assert labels(panel) == {"Fragen"}
        form = await (await emulator.click(town.adam, panel, "Fragen")).shown_modal()
        assert form["title"] == "Ask the articles"


async def test_what_was_posted_speaks_to_all(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """The buttons of the posted message are in the server's language, those of the private one stay in the member's."""
    answer = await ask(emulator, town, private=True)
    await (await emulator.click(town.alice, answer, "Im Kanal posten")).response()
    posted = await emulator.wait_message(town.channel)
    assert "Asked by" in visible_text(posted)
    assert f"-# Question: {QUESTION}" in visible_text(posted)
    assert "Remove" in labels(posted)
    assert "Im Kanal posten" in labels(answer)


async def test_refusals_are_private_and_in_the_members_language(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Also where the answer would have been public, and where the engine is what refuses."""
    handle = await emulator.slash(town.alice, town.channel, "summary", {"article": "nothing of this name"})
    await handle.acknowledged()
    assert "Es gibt keinen Artikel mit dieser Nummer oder diesem Titel" in visible_text(await handle.followup())
    handle = await emulator.slash(town.alice, town.channel, "article list", bypass_permissions=True)
    assert "Server verwalten" in visible_text(await handle.response())


async def test_forms_are_in_the_members_language(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Title and labels."""
    town.adam.locale = "de"
    form = await (await emulator.slash(town.adam, town.channel, "article add")).shown_modal()
    assert form["title"] == "Artikel hinzufügen"
    assert [part["label"] for part in form["components"]] == ["Text", "Titel", "Dateien"]


async def test_commands_are_registered_in_every_language(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Names, descriptions, options and menus; English stays the name that the program knows."""
    commands = {command["name"]: command for command in emulator.commands.listing(None)}
    assert commands["ask"]["name_localizations"] == {"de": "fragen"}
    assert commands["ask"]["description_localizations"]["de"].startswith("Frag die Artikel")
    assert commands["ask"]["options"][0]["name_localizations"] == {"de": "frage"}
    assert commands["Add as article"]["name_localizations"] == {"de": "Als Artikel hinzufügen"}
    lengths = next(option for option in commands["summary"]["options"] if option["name"] == "length")
    assert "lang" in [choice["name_localizations"]["de"] for choice in lengths["choices"]]


async def test_changed_translations_are_sent_again(
    settings: Settings, emulator: Emulator, town: Town, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory of what was sent is of the translations too."""
    async with running():
        pass
    async with running():
        pass
    assert emulator.commands.syncs == 1
    from bot.ui.catalogs import read_catalogs

    monkeypatch.setitem(read_catalogs()["de"].names, "ask", "fragt")  # type: ignore[arg-type]
    async with running():
        pass
    assert emulator.commands.syncs == 2


async def test_help_is_in_the_members_language(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Descriptions and advice, while commands keep the names by which Discord finds them."""
    text = visible_text(await (await emulator.slash(town.alice, town.channel, "help")).response())
    assert "Was du hier tun kannst" in text
    assert "</ask:" in text
    assert "Frag die Artikel" in text
    assert "Danach fragen" in text
