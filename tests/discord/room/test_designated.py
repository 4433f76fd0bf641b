"""Channels that a server chose: answered without a mention where the bot may read them, and what happens if not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.engine.guild_settings.records import ChannelPolicy
from bot.sandbox.emulator import Emulator
from bot.sandbox.intents import MESSAGE_CONTENT
from bot.sandbox.postbox import visible_text
from bot.sandbox.world import Channel, User
from bot.ui import answer_words, manners_words
from bot.wiring import make_client, open_library
from config.settings import Settings, load_settings
from tests.discord.harness import Town, connected, pointed_at
from tests.discord.room.conftest import REPAIR, Shelf, bots_messages, quotes_in
from tests.discord.room.places import add_forum, add_thread, edit, post

OFF_TOPIC = "Which xylophone quota was abolished?"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings of a bot whose operator lets it read messages."""
    overrides = {
        "store": {"url": settings.store.url},
        "encoder": {"model": "hashing"},
        "discord": {"message_content": True},
    }
    return load_settings(overrides, environ={})


@pytest.fixture
async def reading(shelf: Shelf, settings: Settings, emulator: Emulator, town: Town) -> AsyncIterator[PullquoteClient]:
    """The bot online, the toggle on."""
    emulator.portal_intents = MESSAGE_CONTENT
    client = make_client(settings, open_library(settings))
    async with connected(emulator, client):
        yield client
    for message in bots_messages(emulator):
        assert not any(message["_pings"].values())
        assert all(any(quote in text for text in shelf.texts) for quote in quotes_in(message))


def choose(shelf: Shelf, channel: Channel, policy: ChannelPolicy) -> None:
    """Set a channel's policy."""
    assert shelf.library.guild_settings is not None
    shelf.library.guild_settings.set_policy(shelf.guild, int(channel.id), policy)


def mine(emulator: Emulator, channel: Channel) -> list[dict[str, Any]]:
    """What the bot wrote into a channel."""
    return [message for message in channel.history if message["author"]["id"] == emulator.bot_user.id]


async def settle(emulator: Emulator, town: Town) -> None:
    """Have something else answered, which comes after everything before it."""
    asked = await emulator.direct(town.adam, "What do gulls steal?")
    await emulator.wait_message(emulator.direct_channel(town.adam), after=asked)


async def test_always_answers_questions_without_a_mention(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Also to say that it is not in the articles; what asks nothing is left alone."""
    choose(shelf, town.channel, ChannelPolicy.ALWAYS)
    answer = await emulator.wait_message(town.channel, after=await emulator.say(town.alice, town.channel, REPAIR))
    assert "roofers repaired" in quotes_in(answer)[0]
    absent = await emulator.wait_message(town.channel, after=await emulator.say(town.alice, town.channel, OFF_TOPIC))
    assert answer_words.NOT_IN_THE_ARTICLES in visible_text(absent)
    await emulator.say(town.alice, town.channel, "I climbed the clock tower of Varnby today.")
    await settle(emulator, town)
    assert mine(emulator, town.channel) == [answer, absent]


async def test_when_confident_is_silent_otherwise(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    """What it cannot answer it leaves to people, and says so in the log alone."""
    choose(shelf, town.channel, ChannelPolicy.CONFIDENT)
    with caplog.at_level(logging.INFO):
        await emulator.say(town.alice, town.channel, OFF_TOPIC)
        await settle(emulator, town)
        await reading._in_flight.wait(5.0)
    assert mine(emulator, town.channel) == []
    assert any("silent in channel" in record.getMessage() for record in caplog.records)
    assert "xylophone" not in caplog.text
    mentioned = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> {OFF_TOPIC}")
    assert answer_words.NOT_IN_THE_ARTICLES in visible_text(await emulator.wait_message(town.channel, after=mentioned))


async def test_other_channels_wait_for_a_mention(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Reading messages is no reason to answer them: a channel that was not chosen stays as it was."""
    other = emulator.add_channel(town.guild, "other")
    emulator.announce(town.guild)
    choose(shelf, other, ChannelPolicy.ALWAYS)
    await emulator.say(town.alice, town.channel, REPAIR)
    await settle(emulator, town)
    assert mine(emulator, town.channel) == []


async def test_what_people_say_to_each_other_is_theirs(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Replies, messages that mention somebody or everyone, bots and courtesies are left alone."""
    choose(shelf, town.channel, ChannelPolicy.ALWAYS)
    herald = emulator.add_member(town.guild, "herald", "mention_everyone")
    robot = User(emulator.world.snowflakes.make(), "robot", bot=True)
    emulator.world.users[robot.id] = robot
    emulator.add_member(town.guild, robot)
    statement = await emulator.say(town.adam, town.channel, "The fire was long ago.")
    await emulator.say(town.alice, town.channel, REPAIR, reply_to=statement)
    await emulator.say(town.alice, town.channel, REPAIR, reply_to=statement, ping=False)
    await emulator.say(town.alice, town.channel, f"{town.adam.mention} {REPAIR}")
    await emulator.say(herald, town.channel, f"@everyone {REPAIR}")
    await emulator.say(robot, town.channel, REPAIR)
    await emulator.say(town.alice, town.channel, "thanks, that was great")
    await settle(emulator, town)
    assert mine(emulator, town.channel) == []


async def test_a_thread_goes_by_its_parent(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A thread has an id of its own (trap 2), also where the bot has never heard of the thread."""
    choose(shelf, town.channel, ChannelPolicy.ALWAYS)
    for is_told in (True, False):
        thread = add_thread(emulator, town.channel, "fire", told=is_told)
        asked = await emulator.say(town.alice, thread, REPAIR)
        assert quotes_in(await emulator.wait_message(thread, after=asked))


async def test_a_forum_post_is_answered_with_its_title(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """The first message is the question, the title its context; what follows in the post is people's."""
    forum = add_forum(emulator, town.guild, "questions")
    emulator.announce(town.guild)
    choose(shelf, forum, ChannelPolicy.ALWAYS)
    first = await post(emulator, town.alice, forum, "The fire of 1901", "Who repaired it, and in how many weeks?")
    thread = emulator.world.channels[first["id"]]
    answer = await emulator.wait_message(thread)
    assert any("roofers repaired" in quote for quote in quotes_in(answer))
    assert answer["message_reference"]["message_id"] == first["id"]
    await emulator.say(town.adam, thread, "What do gulls steal?")
    await settle(emulator, town)
    assert mine(emulator, thread) == [answer]


async def test_an_edit_is_answered_anew_here_too(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A question in a chosen channel is edited like any other."""
    choose(shelf, town.channel, ChannelPolicy.ALWAYS)
    question = await emulator.say(town.alice, town.channel, OFF_TOPIC)
    answer = await emulator.wait_message(town.channel, after=question)
    edit(emulator, question, REPAIR)
    await emulator.changes.until(lambda: answer["_edits"] > 0, 5.0)
    assert "roofers repaired" in quotes_in(answer)[0]


async def test_without_the_toggle_the_rest_works(
    shelf: Shelf, settings: Settings, emulator: Emulator, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the toggle; Discord is never asked for the intent; mentions and commands are answered."""
    choose(shelf, town.channel, ChannelPolicy.ALWAYS)
    emulator.portal_intents = 0
    client = make_client(settings, open_library(settings))
    with caplog.at_level(logging.ERROR):
        async with connected(emulator, client):
            await emulator.say(town.alice, town.channel, REPAIR)
            await assert_mentions_work(emulator, town)
            panel = await (await emulator.slash(town.adam, town.channel, "settings")).response()
            await emulator.select(town.adam, panel, "Choose a channel or a forum to set", [town.channel.id])
            await emulator.changes.until(lambda: panel["_edits"] > 1, 5.0)
            assert "Message Content Intent" in visible_text(panel)
    assert [record.getMessage() for record in caplog.records] == [manners_words.CONTENT_REFUSED]


async def test_a_refusal_at_the_gateway_ends_in_doing_without(
    shelf: Shelf, settings: Settings, emulator: Emulator, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """Close code 4014, the toggle having gone off meanwhile: said once, tried once without, and online."""
    choose(shelf, town.channel, ChannelPolicy.ALWAYS)
    emulator.portal_intents = MESSAGE_CONTENT
    client = make_client(settings, open_library(settings))
    with caplog.at_level(logging.ERROR), pointed_at(emulator), emulator.expect_violation(4014, times=1):
        await client.login(emulator.token)
        emulator.portal_intents = 0
        task = asyncio.create_task(client.connect())
        try:
            async with asyncio.timeout(10):
                await client.wait_until_ready()
            await emulator.say(town.alice, town.channel, REPAIR)
            await assert_mentions_work(emulator, town)
            assert not client.intents.message_content
        finally:
            await client.close()
            await task
    assert [record.getMessage() for record in caplog.records] == [manners_words.CONTENT_REFUSED]


async def assert_mentions_work(emulator: Emulator, town: Town) -> None:
    """Ask by mention and find that answer the only one."""
    asked = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> {REPAIR}")
    answer = await emulator.wait_message(town.channel, after=asked)
    assert quotes_in(answer)
    assert mine(emulator, town.channel) == [answer]
