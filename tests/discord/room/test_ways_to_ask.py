"""Message menu, panel and replies over the wire; none of them needs a privileged intent."""

from __future__ import annotations

from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import SEND_MESSAGES
from bot.sandbox.postbox import visible_text
from bot.sandbox.scene.person import Person
from bot.ui import answer_words, asking_words, words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import REPAIR, Shelf, ask, buttons_of, quotes_in


async def written(emulator: Emulator, town: Town) -> list[dict[str, Any]]:
    """What the bot wrote into the channel before it answered a last, certain question."""
    sentinel = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> gulls steal chips")
    await emulator.wait_message(town.channel, matching=lambda message: _answers(message, sentinel))
    mine = [message for message in town.channel.history if message["author"]["id"] == emulator.bot_user.id]
    return [message for message in mine if not _answers(message, sentinel)]


def _answers(message: dict[str, Any], question: dict[str, Any]) -> bool:
    return bool((message.get("message_reference") or {}).get("message_id") == question["id"])


async def test_a_message_is_asked_about(online: PullquoteClient, admin: Person, alice: Person) -> None:
    """The menu takes another member's message for the question; the answer is private and can be posted."""
    answer = await alice.picks(asking_words.ASK_ABOUT_THIS, await admin.says(f"Hm.\n{REPAIR}"))
    assert answer.is_private
    assert "roofers repaired" in answer.quotes[0]
    assert answer_words.POST in answer.buttons
    assert answer.lines[0] == f"-# Question: Hm. {REPAIR}"


@pytest.mark.parametrize(
    ("text", "sentence"), [("x" * 1001, asking_words.LONG_MENTION), ("", asking_words.NO_TEXT_TO_ASK)]
)
async def test_a_message_that_is_no_question_is_told(
    online: PullquoteClient, admin: Person, alice: Person, text: str, sentence: str
) -> None:
    """A picture alone, or a novel, gets one private sentence."""
    message = await admin.says(text, files=None if text else [("cat.png", b"x")])
    answer = await alice.picks(asking_words.ASK_ABOUT_THIS, message)
    assert answer.is_private
    assert answer.text == sentence


async def test_the_menu_in_another_guild_finds_its_articles_only(
    online: PullquoteClient, town: Town, olga: Person, shelf: Shelf
) -> None:
    """A guild's menu answers from the guild's own articles."""
    shelf.add("Stars\n\nPolaris stays where it is after the fire.\n", "stars.txt", guild=int(town.other_guild.id))
    message = await olga.says("Where does Polaris stay after the fire?")
    assert (await olga.picks(asking_words.ASK_ABOUT_THIS, message)).quotes == [
        "Polaris stays where it is after the fire."
    ]


async def test_the_panel_asks_privately_even_after_a_restart(
    shelf: Shelf, settings: Settings, emulator: Emulator, town: Town
) -> None:
    """The posted button opens a form with one field, and only the member who filled it in sees the answer."""
    async with connected(emulator, make_client(settings, open_library(settings))):
        done = await emulator.slash(town.adam, town.channel, "panel")
        assert visible_text(await done.response()) == asking_words.PANEL_POSTED
        panel = await emulator.wait_message(town.channel)
    assert visible_text(panel) == asking_words.PANEL_TEXT
    assert not is_private(panel)
    async with connected(emulator, make_client(settings, open_library(settings))):
        form = await emulator.click(town.alice, panel, asking_words.ASK_BUTTON)
        await form.shown_modal()
        sent = await emulator.submit_modal(town.alice, form, {"question": REPAIR})
        answer = await sent.response()
    assert is_private(answer)
    assert answer["id"] != panel["id"]
    assert "roofers repaired" in quotes_in(answer)[0]
    assert answer_words.POST in buttons_of(answer)
    assert [message["id"] for message in town.channel.history] == [panel["id"]]


async def test_only_managers_post_a_panel(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Other members do not see the command, and are refused where Discord lets it through."""
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.alice, town.channel, "panel")
    handle = await emulator.slash(town.alice, town.channel, "panel", bypass_permissions=True)
    assert visible_text(await handle.response()) == words.NEEDS_MANAGE_GUILD
    assert town.channel.history == []


async def test_a_panel_where_the_bot_may_not_write(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """The manager is told what is missing."""
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=SEND_MESSAGES)
    handle = await emulator.slash(town.adam, town.channel, "panel")
    told = await handle.response()
    assert is_private(told)
    assert visible_text(told) == words.BOT_CANNOT_POST


@pytest.mark.parametrize("text", ["Who is Ada Quill the mayor", "and what of the bell, it weighs three tons?"])
async def test_a_reply_with_ping_asks_again(online: PullquoteClient, admin: Person, alice: Person, text: str) -> None:
    """A question in reply to the bot's own message is answered, without a mention."""
    answer = await alice.mentions_bot(REPAIR)
    assert (await admin.replies(text, to=answer)).quotes


@pytest.mark.parametrize("text", ["thanks", "Great, that helps!", "no", "whoever wrote the tower text did well"])
async def test_a_courtesy_in_reply_is_left_alone(
    online: PullquoteClient, emulator: Emulator, town: Town, text: str
) -> None:
    """A reply pings by default: what asks nothing is not answered."""
    first = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> {REPAIR}")
    answer = await emulator.wait_message(town.channel, after=first)
    await emulator.say(town.alice, town.channel, text, reply_to=answer)
    assert await written(emulator, town) == [answer]


async def test_replies_that_are_not_to_the_bot_are_left_alone(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """No ping, a person's message, a slash command's answer (whose replies Discord withholds): the bot stays silent."""
    first = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> {REPAIR}")
    answer = await emulator.wait_message(town.channel, after=first)
    slash = await ask(emulator, town)
    await emulator.say(town.alice, town.channel, "Who was Ada Quill?", reply_to=answer, ping=False)
    await emulator.say(town.alice, town.channel, "Who was Ada Quill?", reply_to=first)
    await emulator.say(town.alice, town.channel, "Who was Ada Quill?", reply_to=slash)
    assert {message["id"] for message in await written(emulator, town)} == {answer["id"], slash["id"]}


async def test_a_mention_answer_has_its_buttons(online: PullquoteClient, admin: Person, alice: Person) -> None:
    """A normal message of the bot unfolds in place like an interaction's answer."""
    answer = await alice.mentions_bot(REPAIR)
    before = len(answer.quotes)
    assert await admin.clicks(answer_words.LATER, on=answer) == answer
    assert len(answer.quotes) == before + 1
