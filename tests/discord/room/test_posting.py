"""*Post to channel* and *Remove* over the wire."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import SEND_MESSAGES
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.world import User
from bot.ui import answer_words, words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import REPAIR, TOWERS, Shelf, ask, buttons_of, press, quotes_in


async def post(emulator: Emulator, town: Town, private: dict[str, Any]) -> dict[str, Any]:
    """Press *Post to channel*, and return what appears there."""
    await press(emulator, private, answer_words.POST, town.alice)
    return await emulator.wait_message(town.channel)


def bold_in(*messages: dict[str, Any]) -> int:
    """How many bold runs the quotes of the messages have."""
    return sum(text.count("**") for message in messages for text in texts_of(message["components"]) if text[:1] == ">")


async def test_a_private_answer_is_posted_word_for_word(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """The same quotes with the same bold sentences, the question and its asker, for all; the button is then spent."""
    private = await ask(emulator, town, private=True)
    posted = await post(emulator, town, private)
    assert not is_private(posted)
    quoted = [text for text in texts_of(private["components"]) if text.startswith("> ")]
    assert [text for text in texts_of(posted["components"]) if text.startswith("> ")] == quoted
    assert "**" in quoted[0]
    assert texts_of(posted["components"])[:2] == [f"-# Question: {REPAIR}", f"-# Asked by {town.alice.mention}"]
    assert posted["_pings"] == {"users": [], "roles": [], "everyone": False}
    assert buttons_of(private)[answer_words.POST]["disabled"]
    assert is_private(private)


async def test_a_public_answer_has_nothing_to_post(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Only a private answer offers to be posted."""
    assert answer_words.POST not in buttons_of(await ask(emulator, town))


@pytest.mark.parametrize("who", ["member", "bot"])
async def test_nothing_is_posted_where_one_may_not_write(
    online: PullquoteClient, emulator: Emulator, town: Town, who: str
) -> None:
    """Without Send Messages, the member's or the bot's, the answer stays private and the reason is told."""
    private = await ask(emulator, town, private=True)
    user = town.alice if who == "member" else emulator.bot_user
    emulator.world.set_overwrite(town.channel, user, deny=SEND_MESSAGES)
    told = await (await press(emulator, private, answer_words.POST, town.alice)).response()
    assert is_private(told)
    assert visible_text(told) == (answer_words.MEMBER_CANNOT_POST if who == "member" else words.BOT_CANNOT_POST)
    assert town.channel.history == []
    assert not buttons_of(private)[answer_words.POST].get("disabled")


async def test_two_quick_presses_post_once(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Both presses carry the same nonce, so Discord makes one message of them."""
    private = await ask(emulator, town, private=True)
    button = buttons_of(private)[answer_words.POST]["custom_id"]
    handles = [await emulator.click(town.alice, private, button) for _ in range(2)]
    for handle in handles:
        await handle.acknowledged()
    await emulator.changes.until(lambda: private["_edits"] >= 2 + 1, 5.0)
    assert len(town.channel.history) == 1


async def test_what_changed_meanwhile_is_not_posted(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A quote that the article no longer holds is not repeated in public."""
    private = await ask(emulator, town, private=True)
    shelf.update_towers(TOWERS.replace("eleven weeks", "twelve weeks"))
    handle = await press(emulator, private, answer_words.POST, town.alice)
    assert visible_text(await handle.followup()) == answer_words.PASSAGE_CHANGED
    assert town.channel.history == []


@pytest.mark.parametrize("moderator", [False, True])
async def test_the_asker_and_moderators_remove_a_posted_answer(
    online: PullquoteClient, emulator: Emulator, town: Town, moderator: bool
) -> None:
    """*Remove* deletes the message for the member who asked and for members with Manage Messages."""
    posted = await post(emulator, town, await ask(emulator, town, private=True))
    user: User = emulator.add_member(town.guild, "mod", "manage_messages") if moderator else town.alice
    await press(emulator, posted, words.REMOVE, user)
    assert "_deleted" in posted
    assert town.channel.history == []


async def test_others_cannot_remove_it(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Another member is told who can, and the message stays."""
    posted = await post(emulator, town, await ask(emulator, town, private=True))
    told = await (await press(emulator, posted, words.REMOVE, town.adam)).response()
    assert is_private(told)
    assert visible_text(told) == answer_words.NOT_YOURS_TO_REMOVE
    assert town.channel.history == [posted]


async def test_a_posted_answer_has_the_other_buttons(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """It can be unfolded and verified like any other answer."""
    posted = await post(emulator, town, await ask(emulator, town, article="1", private=True))
    assert {answer_words.SOURCE, answer_words.VERIFY, words.REMOVE, answer_words.LATER} <= set(buttons_of(posted))
    before = len(quotes_in(posted))
    await press(emulator, posted, answer_words.LATER, town.adam)
    assert len(quotes_in(posted)) == before + 1


async def test_a_long_answer_is_posted_in_all_its_parts(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Quotes of several messages arrive whole, bold and with the question; each of the messages can be removed."""
    text = "".join(f"Heron number {number} waits by the pier at low tide. " for number in range(200)).strip()
    shelf.add(f"Herons\n\n{text}\n", "herons.txt")
    handle = await emulator.slash(
        town.alice,
        town.channel,
        "ask",
        {"question": "Where do herons wait at low tide?", "article": "3", "private": True},
    )
    shown = [await handle.response()]
    while answer_words.POST not in buttons_of(shown[-1]):
        shown.append(await handle.followup(len(shown) - 1))
    await press(emulator, shown[-1], answer_words.POST, town.alice)
    posted = town.channel.history
    assert texts_of(posted[0]["components"])[0].startswith("-# Question: Where do herons")
    assert bold_in(*posted) == bold_in(*shown)
    assert "".join(quote for message in posted for quote in quotes_in(message)) == "".join(
        quote for message in shown for quote in quotes_in(message)
    )
    assert len(posted) > 1
    for message in posted:
        await press(emulator, message, words.REMOVE, town.alice)
    assert town.channel.history == []


async def test_a_right_lost_at_the_last_moment_is_told(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Should Discord refuse the message after all, the member is told why, and can press again."""
    private = await ask(emulator, town, private=True)
    with emulator.expect_violation(50013):
        handle = await emulator.click(town.alice, private, answer_words.POST)
        emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=SEND_MESSAGES)
        assert visible_text(await handle.followup()) == words.BOT_CANNOT_POST
    assert not buttons_of(private)[answer_words.POST].get("disabled")


async def test_posting_survives_a_restart_and_logs_no_question(
    shelf: Shelf, settings: Settings, emulator: Emulator, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """A private answer of an earlier process can be posted and removed; the log holds no word of it."""
    with caplog.at_level(logging.INFO):
        async with connected(emulator, make_client(settings, open_library(settings))):
            private = await ask(emulator, town, "Who repaired the tower after the fire, in secret?", private=True)
        async with connected(emulator, make_client(settings, open_library(settings))):
            posted = await post(emulator, town, private)
        async with connected(emulator, make_client(settings, open_library(settings))):
            await press(emulator, posted, words.REMOVE, town.alice)
    assert town.channel.history == []
    logged = "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.INFO)
    assert "secret" not in logged
    assert "roofers" not in logged
