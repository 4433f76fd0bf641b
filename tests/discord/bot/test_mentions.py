"""A mention of the bot over the wire, and everything that only looks like one."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import SEND_MESSAGES
from bot.sandbox.world import User
from bot.ui import asking_words
from tests.discord.bot.conftest import FOX
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.bot.reading import quoted, said, visible_text
from tests.discord.harness import Link, Town


def written(emulator: Emulator, town: Town) -> list[dict[str, Any]]:
    """What the bot wrote into the first guild's channel."""
    return [message for message in town.channel.history if message["author"]["id"] == emulator.bot_user.id]


async def expect_silence_before(emulator: Emulator, town: Town) -> None:
    """Ask something that is answered, and find that answer the only one: what came before was left alone."""
    sentinel = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> boats?")
    await emulator.wait_message(town.channel, after=sentinel)
    assert [quoted(message) for message in written(emulator, town)] == ["Boats give way to ferries."]


@pytest.mark.parametrize("text", ["<@{}> the fox?", "the fox, <@!{}> ?", "hey <@{}>,\nwho wrote? <@{}> the fox"])
async def test_a_mention_is_answered_as_a_reply(online: Link, emulator: Emulator, town: Town, text: str) -> None:
    """Wherever the mention stands, the quote comes as a reply that pings nobody."""
    question = await emulator.say(town.alice, town.channel, text.format(*[emulator.bot_user.id] * 2))
    answer = await emulator.wait_message(town.channel, after=question)
    assert quoted(answer) == FOX
    assert answer["message_reference"]["message_id"] == question["id"]
    assert answer["_pings"] == {"users": [], "roles": [], "everyone": False}


async def test_the_question_is_the_text_without_the_mention(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """The library is asked for the words alone."""
    question = await emulator.say(town.alice, town.channel, f" <@{emulator.bot_user.id}>  the\nfox? ")
    await emulator.wait_message(town.channel, after=question)
    assert fake.called("ask") == [(int(town.guild.id), "the fox?", None)]


async def test_thanks_in_a_reply_is_no_question(online: Link, emulator: Emulator, town: Town) -> None:
    """A reply pings the bot without naming it: it stays silent (trap 1)."""
    question = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> boats?")
    answer = await emulator.wait_message(town.channel, after=question)
    thanks = await emulator.say(town.alice, town.channel, "thanks", reply_to=answer)
    assert any(user["id"] == emulator.bot_user.id for user in thanks["mentions"]), "the reply did ping the bot"
    sentinel = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> the fox?")
    answer = await emulator.wait_message(town.channel, after=thanks)
    assert answer["message_reference"]["message_id"] == sentinel["id"]


async def test_everyone_is_no_question(online: Link, emulator: Emulator, town: Town) -> None:
    """``@everyone`` mentions the bot as well as everybody else: it stays silent (trap 3)."""
    herald = emulator.add_member(town.guild, "herald", "mention_everyone")
    message = await emulator.say(herald, town.channel, "@everyone the fox?")
    assert message["mention_everyone"]
    await expect_silence_before(emulator, town)


async def test_a_mention_that_is_only_text_is_no_question(online: Link, emulator: Emulator, town: Town) -> None:
    """Another's mention, or one that Discord does not count (a code block), is left alone."""
    await emulator.say(town.alice, town.channel, f"<@{town.adam.id}> the fox?")
    code = emulator.postbox.compose(town.channel, town.alice, {"content": f"`<@{emulator.bot_user.id}> fox`"}, [])
    code["mentions"] = []
    emulator.postbox.publish(town.channel, code)
    await expect_silence_before(emulator, town)


async def test_bots_and_webhooks_are_not_answered(online: Link, emulator: Emulator, town: Town) -> None:
    """Two bots could talk for ever."""
    robot = User(emulator.world.snowflakes.make(), "robot", bot=True)
    emulator.world.users[robot.id] = robot
    emulator.add_member(town.guild, robot)
    await emulator.say(robot, town.channel, f"<@{emulator.bot_user.id}> the fox?")
    hook = emulator.postbox.compose(
        town.channel, town.alice, {"content": f"<@{emulator.bot_user.id}> the fox?"}, [], extra={"webhook_id": "7"}
    )
    emulator.postbox.publish(town.channel, hook)
    await expect_silence_before(emulator, town)


async def test_a_reply_to_a_deleted_message_is_answered(online: Link, emulator: Emulator, town: Town) -> None:
    """A deleted message has no author; mentioning the bot under one still works (trap 4)."""
    gone = await emulator.say(town.adam, town.channel, "soon gone")
    emulator.postbox.remove(gone)
    content = {"content": f"<@{emulator.bot_user.id}> the fox?"}
    question = emulator.postbox.compose(town.channel, town.alice, content, [], replied_to=gone)
    question["referenced_message"] = None
    emulator.postbox.publish(town.channel, question)
    assert quoted(await emulator.wait_message(town.channel, after=question)) == FOX


async def test_a_deleted_question_is_still_answered(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """Deleting the question while the bot reads does not lose the answer."""
    fake.gate.clear()
    question = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> the fox?")
    emulator.postbox.remove(question)
    fake.gate.set()
    answer = await emulator.wait_message(town.channel, after=question)
    assert quoted(answer) == FOX
    assert "message_reference" not in answer


@pytest.mark.parametrize(
    ("text", "sentence"), [("<@{}>", asking_words.EMPTY_MENTION), ("<@{}> " + "x" * 1001, asking_words.LONG_MENTION)]
)
async def test_an_empty_or_overlong_question_is_told(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, text: str, sentence: str
) -> None:
    """A bare mention and a novel each get one sentence; the library is not asked."""
    question = await emulator.say(town.alice, town.channel, text.format(emulator.bot_user.id))
    assert said(await emulator.wait_message(town.channel, after=question)) == [sentence]
    assert fake.called("ask") == []


async def test_errors_are_told_in_the_reply(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    """A mention has no private answer: an unexpected error is a number there too."""
    fake.errors["ask"] = ZeroDivisionError("the secret inside")
    question = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> the fox?")
    text = visible_text(await emulator.wait_message(town.channel, after=question))
    assert "number" in text
    assert "secret" not in text
    assert any(record.exc_info for record in caplog.records)


async def test_a_channel_where_the_bot_may_not_write_is_left(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the permission to write there is nothing to do but note it."""
    town.channel.overwrites.append({"id": emulator.bot_user.id, "type": 1, "allow": "0", "deny": str(SEND_MESSAGES)})
    with emulator.expect_violation(50013), caplog.at_level(logging.INFO, "bot"):
        await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> the fox?")
        assert await asyncio.to_thread(fake.asking.wait, 5.0)
        await online.client._in_flight.wait(5.0)  # type: ignore[attr-defined]
    assert any("Not allowed to answer" in record.getMessage() for record in caplog.records)
    assert not any(record.levelno >= logging.ERROR for record in caplog.records)


async def test_a_long_answer_comes_in_parts_in_the_channel(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """Only the first part is the reply; all parts together are the passage."""
    text = ("The heron waits by the pier at low tide. " * 150).strip()
    fake.put(int(town.guild.id), "Herons", text)
    question = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> heron?")
    await emulator.changes.until(lambda: len(written(emulator, town)) == 2, 5.0)
    parts = written(emulator, town)
    assert quoted(*parts) == text
    assert [("message_reference" in part) for part in parts] == [True, False]
    assert parts[0]["message_reference"]["message_id"] == question["id"]
