"""Manners over the wire: waiting, edits, twice the same, thanks, removing, and rights that are missing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.engine.guild_settings.book import SettingsBook
from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import SEND_MESSAGES
from bot.sandbox.postbox import texts_of, visible_text
from bot.ui import answer_words, asking_words, manners_words, question_words, words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import REPAIR, Shelf, ask, bots_messages, buttons_of, press, quotes_in
from tests.discord.room.places import edit

GULLS_QUESTION = "What do gulls steal?"
V2, SUPPRESS_EMBEDS = 1 << 15, 1 << 2


def book(shelf: Shelf) -> SettingsBook:
    """The settings as another process has them."""
    assert shelf.library.guild_settings is not None
    return shelf.library.guild_settings


def mine(emulator: Emulator, town: Town) -> list[dict[str, Any]]:
    """What the bot wrote into the channel."""
    return [message for message in town.channel.history if message["author"]["id"] == emulator.bot_user.id]


async def mention(emulator: Emulator, town: Town, text: str = REPAIR) -> dict[str, Any]:
    """Ask by mention as alice."""
    return await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> {text}")


async def settle(emulator: Emulator, town: Town) -> None:
    """Have adam ask something in a direct message, whose answer comes after everything before it."""
    asked = await emulator.direct(town.adam, GULLS_QUESTION)
    await emulator.wait_message(emulator.direct_channel(town.adam), after=asked)


async def test_a_member_who_asks_too_soon_is_told_once(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """The second mention is told to wait, the third meets silence; another member is answered."""
    book(shelf).set_cooldowns(shelf.guild, member=900)
    answer = await emulator.wait_message(town.channel, after=await mention(emulator, town))
    told = await emulator.wait_message(town.channel, after=await mention(emulator, town))
    await mention(emulator, town)
    last = await emulator.say(town.adam, town.channel, f"<@{emulator.bot_user.id}> {GULLS_QUESTION}")
    other = await emulator.wait_message(town.channel, after=last)
    assert quotes_in(answer)
    assert visible_text(told).startswith("You asked a moment ago")
    assert quotes_in(other)
    assert mine(emulator, town) == [answer, told, other]


async def test_a_command_too_soon_is_told_in_private(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A command has to be answered each time, so it is, and nothing of it stands in the channel."""
    book(shelf).set_cooldowns(shelf.guild, channel=900)
    shown = await ask(emulator, town)
    for user in (town.alice, town.adam):
        handle = await emulator.slash(user, town.channel, "ask", {"question": REPAIR})
        told = await handle.followup()
        assert is_private(told)
        assert visible_text(told).startswith("This channel asked a moment ago")
    assert [message["id"] for message in town.channel.history] == [shown["id"]]


async def test_a_direct_message_too_soon_is_told_once(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A member's wait holds in direct messages too; a channel's does not."""
    book(shelf).set_cooldowns(shelf.guild, member=900, channel=900)
    channel = emulator.direct_channel(town.alice)
    await emulator.wait_message(channel, after=await emulator.direct(town.alice, REPAIR))
    told = await emulator.wait_message(channel, after=await emulator.direct(town.alice, REPAIR))
    await emulator.direct(town.alice, REPAIR)
    await settle(emulator, town)
    assert visible_text(told).startswith("You asked a moment ago")
    assert [m for m in channel.history if m["author"]["id"] == emulator.bot_user.id][-1] == told


async def test_an_edited_question_is_answered_anew(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Within a minute the answer is edited in place, from quotes to none and back."""
    question = await mention(emulator, town)
    answer = await emulator.wait_message(town.channel, after=question)
    for text, quote in ((GULLS_QUESTION, "Gulls steal chips"), ("Xylophone quota?", ""), (REPAIR, "roofers repaired")):
        edits = answer["_edits"]
        edit(emulator, question, f"<@{emulator.bot_user.id}> {text}")
        await emulator.changes.until(lambda before=edits: answer["_edits"] > before, 5.0)  # type: ignore[misc]
        assert quotes_in(answer)[:1] == [] if not quote else quote in quotes_in(answer)[0]
    assert mine(emulator, town) == [answer]


async def test_an_edited_question_is_kept_once(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """The log holds what the question is by now, under the number that its buttons name, with its own votes alone."""
    question = await mention(emulator, town)
    answer = await emulator.wait_message(town.channel, after=question)
    before = (await online.questions.export(shelf.guild)).questions
    await press(emulator, answer, question_words.HELPFUL, town.alice)
    edit(emulator, question, f"<@{emulator.bot_user.id}> {GULLS_QUESTION}")
    await emulator.changes.until(lambda: answer["_edits"] > 0, 5.0)
    kept = await online.questions.export(shelf.guild)
    assert [(found.text, found.id) for found in kept.questions] == [(GULLS_QUESTION, before[0].id)]
    assert kept.votes == ()
    await press(emulator, answer, question_words.HELPFUL, town.alice)
    assert [vote.question for vote in (await online.questions.export(shelf.guild)).votes] == [before[0].id]


async def test_a_question_that_was_edited_away_is_not_kept(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """What a member takes back within the minute, the log does not hold either."""
    question = await mention(emulator, town)
    answer = await emulator.wait_message(town.channel, after=question)
    edit(emulator, question, f"<@{emulator.bot_user.id}> {'What else? ' * 100}")
    await emulator.changes.until(lambda: answer["_edits"] > 0, 5.0)
    assert visible_text(answer) == asking_words.LONG_MENTION
    assert (await online.questions.export(shelf.guild)).questions == ()


async def test_an_edit_that_asks_nothing_else_changes_nothing(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """The same words, a mention taken out, thanks put in: the answer stays as it is."""
    question = await mention(emulator, town)
    answer = await emulator.wait_message(town.channel, after=question)
    for text in (f"<@{emulator.bot_user.id}>   {REPAIR}", GULLS_QUESTION, f"<@{emulator.bot_user.id}> thanks"):
        edit(emulator, question, text)
    await settle(emulator, town)
    assert answer["_edits"] == 0
    assert mine(emulator, town) == [answer]


async def test_an_old_question_is_not_answered_anew(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """After a minute an edit is history."""
    question = emulator.postbox.compose(
        town.channel, town.alice, {"content": f"<@{emulator.bot_user.id}> {REPAIR}"}, []
    )
    question["id"] = str(int(question["id"]) - (61_000 << 22))
    emulator.postbox.publish(town.channel, question)
    answer = await emulator.wait_message(town.channel)
    edit(emulator, question, f"<@{emulator.bot_user.id}> {GULLS_QUESTION}")
    await settle(emulator, town)
    assert answer["_edits"] == 0


async def test_an_answer_that_was_removed_stays_removed(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Whoever removes the answer and then edits the question gets no second one."""
    question = await mention(emulator, town)
    answer = await emulator.wait_message(town.channel, after=question)
    await press(emulator, answer, words.REMOVE, town.alice)
    with emulator.expect_violation(10008):
        edit(emulator, question, f"<@{emulator.bot_user.id}> {GULLS_QUESTION}")
        await settle(emulator, town)
    assert mine(emulator, town) == []


async def test_an_event_that_comes_twice_is_answered_once(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Discord repeats events after a lost connection: one answer, in a channel and in a direct message."""
    emulator.faults.duplicate_next_dispatch = True
    answer = await emulator.wait_message(town.channel, after=await mention(emulator, town))
    emulator.faults.duplicate_next_dispatch = True
    direct = emulator.direct_channel(town.alice)
    await emulator.wait_message(direct, after=await emulator.direct(town.alice, REPAIR))
    await settle(emulator, town)
    assert mine(emulator, town) == [answer]
    assert len([m for m in direct.history if m["author"]["id"] == emulator.bot_user.id]) == 1


async def test_two_processes_give_one_answer(shelf: Shelf, settings: Settings, emulator: Emulator, town: Town) -> None:
    """While one process takes over from another both hear a question: Discord makes one message of both answers."""
    async with (
        connected(emulator, make_client(settings, open_library(settings))),
        connected(emulator, make_client(settings, open_library(settings))),
    ):
        await emulator.wait_message(town.channel, after=await mention(emulator, town))
        await settle(emulator, town)
        assert len(mine(emulator, town)) == 1


@pytest.mark.parametrize("text", ["thanks", "Thank you, that helps! 👍", "good bot", "ok"])
async def test_a_courtesy_with_a_mention_is_left_alone(
    online: PullquoteClient, emulator: Emulator, town: Town, text: str
) -> None:
    """Neither in a channel nor in a direct message is "thanks" a question."""
    await mention(emulator, town, text)
    await emulator.direct(town.alice, text)
    await settle(emulator, town)
    assert mine(emulator, town) == []
    assert len(emulator.direct_channel(town.alice).history) == 1


@pytest.mark.parametrize("question", [REPAIR, "Xylophone quota?"])
@pytest.mark.parametrize("way", ["ask", "mention"])
async def test_an_answer_is_removed_by_its_asker_or_a_moderator(
    online: PullquoteClient, emulator: Emulator, town: Town, way: str, question: str
) -> None:
    """Quotes and "not in the articles" alike; others are told who may."""
    moderator = emulator.add_member(town.guild, "mod", "manage_messages")
    for user in (town.alice, moderator):
        if way == "ask":
            answer = await ask(emulator, town, question)
        else:
            answer = await emulator.wait_message(town.channel, after=await mention(emulator, town, question))
        told = await (await press(emulator, answer, words.REMOVE, town.adam)).response()
        assert visible_text(told) == answer_words.NOT_YOURS_TO_REMOVE
        assert "_deleted" not in answer
        await press(emulator, answer, words.REMOVE, user)
        assert "_deleted" in answer


async def test_a_private_answer_has_nothing_to_remove(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Discord lets a member dismiss it."""
    assert words.REMOVE not in buttons_of(await ask(emulator, town, private=True))


async def test_a_missing_right_is_told_to_the_admin_once(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Nothing is said in a channel; the next command of an admin brings it up, to the admin alone and only once."""
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=SEND_MESSAGES)
    lobby = emulator.add_channel(town.guild, "lobby")
    emulator.announce(town.guild)
    with emulator.expect_violation(50013):
        await mention(emulator, town)
        await mention(emulator, town)
        await settle(emulator, town)
    member = await emulator.slash(town.alice, lobby, "ask", {"question": REPAIR})
    await member.response()
    admin = await emulator.slash(town.adam, lobby, "article list")
    await admin.response()
    told = await admin.followup()
    assert is_private(told)
    assert visible_text(told) == manners_words.could_not_answer(f"<#{town.channel.id}>")
    again = await emulator.slash(town.adam, lobby, "article list")
    await again.response()
    await settle(emulator, town)
    assert again.followups == []
    assert member.followups == []
    assert mine(emulator, town) == []


async def test_nothing_that_is_sent_grows_a_preview(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Layouts show no previews, and every address stands in angle brackets all the same."""
    await ask(emulator, town)
    answer = await emulator.wait_message(town.channel, after=await mention(emulator, town))
    await press(emulator, answer, answer_words.SOURCE, town.alice)
    sent = bots_messages(emulator)
    assert len(sent) >= 3
    for message in sent:
        assert message["flags"] & (V2 | SUPPRESS_EMBEDS)
        assert message["embeds"] == []
        for text in texts_of(message["components"]):
            assert "](http" not in text
