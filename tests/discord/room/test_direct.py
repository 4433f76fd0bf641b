"""Direct messages over the wire."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import InteractionHandle
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.world import User
from bot.ui import answer_words, asking_words, proof_words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import REPAIR, Shelf, buttons_of, press, quotes_in

STARS = "Stars\n\nPolaris stays where it is. The roofers of the sky never repaired the tower after the fire.\n"


async def answer_to(emulator: Emulator, user: User, text: str) -> dict[str, Any]:
    """Send the bot a direct message, and return what it answers."""
    message = await emulator.direct(user, text)
    return await emulator.wait_message(emulator.direct_channel(user), after=message)


def add_stars(shelf: Shelf, town: Town) -> None:
    """Give the second guild an article."""
    shelf.add(STARS, "stars.txt", guild=int(town.other_guild.id))


async def choose(emulator: Emulator, message: dict[str, Any], user: User, guild_id: str) -> InteractionHandle:
    """Choose a server in the menu, and wait until the answer stands in its place."""
    handle = await emulator.select(user, message, asking_words.CHOOSE_SERVER, [guild_id])
    await handle.acknowledged()
    await emulator.changes.until(lambda: quotes_in(message) or handle.followups, 5.0)
    return handle


async def test_a_direct_message_is_answered_from_the_one_shared_server(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """The member shares one server that has articles: its name is said, its articles quoted, nobody else's."""
    add_stars(shelf, town)
    answer = await answer_to(emulator, town.alice, REPAIR)
    assert texts_of(answer["components"])[0] == asking_words.server_line("Harbour")
    assert "roofers repaired" in quotes_in(answer)[0]
    assert not any("Polaris" in quote for quote in quotes_in(answer))
    assert answer_words.POST not in buttons_of(answer)


async def test_a_server_without_articles_does_not_count(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Sharing two servers, of which one has articles, needs no choice."""
    emulator.add_member(town.other_guild, town.alice)
    assert quotes_in(await answer_to(emulator, town.alice, REPAIR))


async def test_several_servers_are_asked_about(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Sharing two servers with articles, the member chooses; the answer takes the menu's place."""
    add_stars(shelf, town)
    emulator.add_member(town.other_guild, town.alice)
    menu = await answer_to(emulator, town.alice, REPAIR)
    assert visible_text(menu) == asking_words.WHICH_SERVER
    await choose(emulator, menu, town.alice, town.other_guild.id)
    assert texts_of(menu["components"])[0] == asking_words.server_line("Observatory")
    assert "Polaris" in quotes_in(menu)[0]


async def test_the_choice_survives_a_restart(shelf: Shelf, settings: Settings, emulator: Emulator, town: Town) -> None:
    """The question is read again from the message that the menu replies to; the bot kept it nowhere."""
    add_stars(shelf, town)
    emulator.add_member(town.other_guild, town.alice)
    async with connected(emulator, make_client(settings, open_library(settings))):
        menu = await answer_to(emulator, town.alice, REPAIR)
    async with connected(emulator, make_client(settings, open_library(settings))):
        await choose(emulator, menu, town.alice, town.guild.id)
    assert "roofers repaired" in quotes_in(menu)[0]


async def test_a_server_one_has_left_is_not_quoted(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Membership is asked for again at each choice and each press: old messages open nothing."""
    add_stars(shelf, town)
    emulator.add_member(town.other_guild, town.alice)
    menu = await answer_to(emulator, town.alice, REPAIR)
    await choose(emulator, menu, town.alice, town.guild.id)
    again = await answer_to(emulator, town.alice, REPAIR)
    del town.guild.members[town.alice.id]
    handle = await choose(emulator, again, town.alice, town.guild.id)
    assert visible_text(await handle.followup()) == asking_words.NOT_A_MEMBER
    for label in (answer_words.SOURCE, answer_words.VERIFY):
        assert (
            visible_text(await (await press(emulator, menu, label, town.alice)).response()) == asking_words.NOT_A_MEMBER
        )
    before = quotes_in(menu)
    handle = await press(emulator, menu, answer_words.LATER, town.alice)
    assert visible_text(await handle.followup()) == asking_words.NOT_A_MEMBER
    assert quotes_in(menu) == before


async def test_who_shares_no_server_gets_nothing(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """A stranger, and a member of a server without articles, are told so, whatever they ask."""
    for user in (town.olga, emulator.world.add_user("stranger")):
        assert visible_text(await answer_to(emulator, user, REPAIR)) == asking_words.NO_SHARED_SERVER


async def test_buttons_work_in_direct_messages(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Each button carries its server, because a direct message has none."""
    answer = await answer_to(emulator, town.alice, REPAIR)
    before = len(quotes_in(answer))
    await press(emulator, answer, answer_words.EARLIER, town.alice)
    assert len(quotes_in(answer)) == before + 1
    told = await (await press(emulator, answer, answer_words.VERIFY, town.alice)).response()
    assert is_private(told)
    assert proof_words.SHOWN_IDENTICAL in visible_text(told)
    nothing = await answer_to(emulator, town.alice, "Which submarine invented bananas?")
    assert answer_words.NOT_IN_THE_ARTICLES in visible_text(nothing)
    assert quotes_in(await (await press(emulator, nothing, answer_words.SHOW_CLOSEST, town.alice)).response())


@pytest.mark.parametrize(
    ("text", "sentence"), [("x" * 1001, asking_words.LONG_MENTION), ("?!", "There is no question")]
)
async def test_what_cannot_be_asked_is_told(
    online: PullquoteClient, emulator: Emulator, town: Town, text: str, sentence: str
) -> None:
    """One sentence that names the next step."""
    assert visible_text(await answer_to(emulator, town.alice, text)).startswith(sentence)


async def test_a_deleted_question_is_said(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Where the question is gone when the server is chosen, the member is asked to send it again."""
    add_stars(shelf, town)
    emulator.add_member(town.other_guild, town.alice)
    question = await emulator.direct(town.alice, REPAIR)
    menu = await emulator.wait_message(emulator.direct_channel(town.alice), after=question)
    emulator.postbox.remove(question)
    menu["referenced_message"] = None
    with emulator.expect_violation(10008):
        handle = await choose(emulator, menu, town.alice, town.guild.id)
    assert visible_text(await handle.followup()) == asking_words.QUESTION_GONE


async def test_questions_stay_out_of_the_log(
    online: PullquoteClient, emulator: Emulator, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the question nor the quote of a direct message is logged above DEBUG."""
    with caplog.at_level(logging.INFO):
        await answer_to(emulator, town.alice, "the tower's fire, in secret?")
    assert not any("secret" in record.getMessage() for record in caplog.records if record.levelno >= logging.INFO)
