"""Answers in threads of their own: where a server wants them, called by nobody's words, and never lost."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.engine.guild_settings.records import ChannelPolicy
from bot.sandbox.emulator import Emulator
from bot.sandbox.entities import VOICE_CHANNEL
from bot.sandbox.intents import MESSAGE_CONTENT
from bot.sandbox.permissions import CREATE_PUBLIC_THREADS, SEND_MESSAGES_IN_THREADS
from bot.sandbox.postbox import visible_text
from bot.sandbox.rules.table import RULES
from bot.sandbox.world import Channel
from bot.ui import asking_words, settings_words, threads_words
from bot.wiring import make_client, open_library
from config.settings import Settings, load_settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import REPAIR, Shelf, bots_messages, press, quotes_in
from tests.discord.room.places import add_forum, add_thread, edit, post
from tests.discord.room.test_designated import choose as choose_policy
from tests.discord.room.test_designated import mine, settle
from tests.discord.room.test_settings import choose, open_panel

SECRET = "Who repaired the tower after the fire? My password is hunter2."
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
    """The bot online, the toggle on, answers in the town's channel to come in threads."""
    emulator.portal_intents = MESSAGE_CONTENT
    in_threads(shelf, town.channel)
    client = make_client(settings, open_library(settings))
    async with connected(emulator, client):
        yield client
    for message in bots_messages(emulator):
        assert not any(message["_pings"].values())
        assert all(any(quote in text for text in shelf.texts) for quote in quotes_in(message))


def in_threads(shelf: Shelf, channel: Channel) -> None:
    """Have answers in a channel come in threads."""
    assert shelf.library.guild_settings is not None
    shelf.library.guild_settings.set_in_thread(shelf.guild, int(channel.id), in_thread=True)


async def mention(emulator: Emulator, town: Town, question: str = REPAIR, channel: Channel | None = None) -> Any:
    """Ask by mention."""
    return await emulator.say(town.alice, channel or town.channel, f"<@{emulator.bot_user.id}> {question}")


async def thread_on(emulator: Emulator, asked: dict[str, Any]) -> Channel:
    """Wait for the thread on a message."""
    await emulator.changes.until(lambda: asked["id"] in emulator.world.channels, 5.0)
    return emulator.world.channels[asked["id"]]


async def test_an_answer_comes_in_a_thread_named_by_who_asked(
    reading: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """The thread hangs on the question and holds the answer; the channel holds nothing; its name tells no secret."""
    asked = await mention(emulator, town, SECRET)
    thread = await thread_on(emulator, asked)
    answer = await emulator.wait_message(thread)
    assert "roofers repaired" in quotes_in(answer)[0]
    assert thread.name == threads_words.thread_name("Alice")
    assert thread.parent is town.channel
    assert mine(emulator, town.channel) == []
    assert mine(emulator, thread) == [answer]


async def test_a_member_of_another_language_gets_a_neutral_name_too(
    reading: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """The name is in the server's language, because everybody reads it."""
    town.guild.preferred_locale = "de"
    emulator.announce(town.guild)
    assert (await thread_on(emulator, await mention(emulator, town))).name == "Frage von Alice"


async def test_follow_ups_in_the_thread_need_no_mention_where_the_policy_allows(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """In the thread a bare follow-up is answered there, as one that leans on the first question."""
    choose_policy(shelf, town.channel, ChannelPolicy.ALWAYS)
    asked = await emulator.say(town.alice, town.channel, REPAIR)
    thread = await thread_on(emulator, asked)
    first = await emulator.wait_message(thread)
    follow_up = await emulator.say(town.alice, thread, "And how were they paid?")
    second = await emulator.wait_message(thread, after=follow_up)
    assert second["message_reference"]["message_id"] == follow_up["id"]
    assert mine(emulator, thread) == [first, second]
    kept = (await reading.questions.export(shelf.guild)).questions
    numbers = {question.text: question.id for question in kept}
    follows = {question.text: question.follows for question in kept}
    assert follows == {REPAIR: 0, "And how were they paid?": numbers[REPAIR]}
    assert {question.channel for question in kept} == {int(thread.id)}


async def test_in_the_thread_a_mention_is_needed_where_the_policy_says_so(
    reading: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """The thread goes by its channel: there only mentions are answered, so people can talk in it."""
    thread = await thread_on(emulator, await mention(emulator, town))
    first = await emulator.wait_message(thread)
    await emulator.say(town.adam, thread, "How were they paid?")
    await settle(emulator, town)
    assert mine(emulator, thread) == [first]
    asked = await mention(emulator, town, "And how were they paid?", thread)
    assert (await emulator.wait_message(thread, after=asked))["message_reference"]["message_id"] == asked["id"]


async def test_silence_begins_no_thread(reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """Where the bot keeps silent, no empty thread tells that it was about to speak."""
    choose_policy(shelf, town.channel, ChannelPolicy.CONFIDENT)
    asked = await emulator.say(town.alice, town.channel, OFF_TOPIC)
    await settle(emulator, town)
    await reading._in_flight.wait(5.0)
    assert asked["id"] not in emulator.world.channels
    edit(emulator, asked, REPAIR)
    answer = await emulator.wait_message(await thread_on(emulator, asked))
    assert quotes_in(answer)


async def test_an_edited_question_edits_the_answer_in_its_thread(
    reading: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """No second thread, no second answer."""
    asked = await mention(emulator, town, OFF_TOPIC)
    thread = await thread_on(emulator, asked)
    answer = await emulator.wait_message(thread)
    edit(emulator, asked, f"<@{emulator.bot_user.id}> {REPAIR}")
    await emulator.changes.until(lambda: answer["_edits"] > 0, 5.0)
    assert "roofers repaired" in quotes_in(answer)[0]
    assert mine(emulator, thread) == [answer]
    assert mine(emulator, town.channel) == []


async def test_threads_and_posts_are_answered_in_place(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Discord has no thread in a thread, and a forum's post is one."""
    forum = add_forum(emulator, town.guild, "questions")
    emulator.announce(town.guild)
    in_threads(shelf, forum)
    choose_policy(shelf, forum, ChannelPolicy.ALWAYS)
    aside = add_thread(emulator, town.channel, "aside")
    asked = await mention(emulator, town, REPAIR, aside)
    assert quotes_in(await emulator.wait_message(aside, after=asked))
    first = await post(emulator, town.alice, forum, "The fire of 1901", "Who repaired it, and in how many weeks?")
    assert quotes_in(await emulator.wait_message(emulator.world.channels[first["id"]]))


async def answered_in_channel(emulator: Emulator, town: Town, asked: dict[str, Any], channel: Channel) -> None:
    """Expect the answer in the channel, as a reply, and no thread."""
    answer = await emulator.wait_message(channel, after=asked)
    assert "roofers repaired" in quotes_in(answer)[0]
    assert answer["message_reference"]["message_id"] == asked["id"]
    assert mine(emulator, channel) == [answer]


async def told(emulator: Emulator, town: Town) -> list[dict[str, Any]]:
    """What the admin is told beside the answers of two commands."""
    heard = []
    for _ in range(2):
        handle = await emulator.slash(town.adam, town.channel, "article list")
        await handle.response()
        await settle(emulator, town)
        heard += handle.followups
    return heard


@pytest.mark.parametrize("lacking", [CREATE_PUBLIC_THREADS, SEND_MESSAGES_IN_THREADS])
async def test_without_the_right_the_channel_gets_the_answer(
    reading: PullquoteClient, emulator: Emulator, town: Town, lacking: int
) -> None:
    """No request is wasted on it, no empty thread is left behind, and the admin is told once, alone."""
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=lacking)
    emulator.announce(town.guild)
    asked = await mention(emulator, town)
    await answered_in_channel(emulator, town, asked, town.channel)
    assert asked["id"] not in emulator.world.channels
    heard = await told(emulator, town)
    assert [visible_text(message) for message in heard] == [threads_words.could_not_begin(f"<#{town.channel.id}>")]
    assert is_private(heard[0])


@pytest.mark.parametrize("code", [50013, 160006])
async def test_a_refusal_by_discord_costs_no_answer(
    reading: PullquoteClient, emulator: Emulator, town: Town, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A right taken away just now, too many active threads: the channel gets the answer, the admin is told once."""
    if code == 50013:
        emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=CREATE_PUBLIC_THREADS)
    else:
        for number in range(RULES["guild.active_threads"].high):
            add_thread(emulator, town.channel, str(number), told=False)
    with caplog.at_level(logging.WARNING), emulator.expect_violation(code, times=1):
        asked = await mention(emulator, town)
        await answered_in_channel(emulator, town, asked, town.channel)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    heard = await told(emulator, town)
    assert [visible_text(message) for message in heard] == [threads_words.could_not_begin(f"<#{town.channel.id}>")]


async def test_a_thread_that_takes_no_message_costs_no_answer(
    reading: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Begun, but closed to the bot at that moment: the channel gets the answer, and with it all further parts."""
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=SEND_MESSAGES_IN_THREADS)
    with emulator.expect_violation(50013, times=1):
        asked = await mention(emulator, town)
        await answered_in_channel(emulator, town, asked, town.channel)
    assert len(await told(emulator, town)) == 1


async def test_a_question_deleted_meanwhile_is_nobodys_fault(
    reading: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """There is nothing to hang a thread on: the answer stands by itself in the channel, and no admin is troubled."""
    with emulator.expect_violation(10008, times=1):
        asked = await mention(emulator, town)
        emulator.postbox.remove(asked)
        answer = await emulator.wait_message(town.channel)
    assert quotes_in(answer)
    assert await told(emulator, town) == []


async def test_a_channel_without_threads_gets_the_answer_itself(
    reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Voice channels have a chat, but no threads; a category's choice holds there too, so the admin is told once."""
    voice = emulator.add_channel(town.guild, "lounge")
    voice.type = VOICE_CHANNEL
    emulator.announce(town.guild)
    in_threads(shelf, voice)
    asked = await mention(emulator, town, REPAIR, voice)
    await answered_in_channel(emulator, town, asked, voice)
    assert len(await told(emulator, town)) == 1


async def test_two_processes_begin_one_thread(shelf: Shelf, settings: Settings, emulator: Emulator, town: Town) -> None:
    """Whoever comes second finds the thread there (160004), and Discord makes one message of both answers."""
    emulator.portal_intents = MESSAGE_CONTENT
    in_threads(shelf, town.channel)
    with emulator.expect_violation(160004, times=1):
        async with (
            connected(emulator, make_client(settings, open_library(settings))),
            connected(emulator, make_client(settings, open_library(settings))),
        ):
            thread = await thread_on(emulator, await mention(emulator, town))
            await emulator.wait_message(thread)
            await settle(emulator, town)
            assert len(mine(emulator, thread)) == 1
    assert mine(emulator, town.channel) == []


async def test_the_panel_sets_it(reading: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """A channel's page has the choice, sums it up, and names a right that is missing for it."""
    lobby = emulator.add_channel(town.guild, "lobby")
    emulator.announce(town.guild)
    panel = await open_panel(emulator, town)
    await choose(emulator, town, panel, settings_words.CHANNELS_MENU, lobby.id)
    assert threads_words.THREAD_TITLE in visible_text(panel)
    await choose(emulator, town, panel, threads_words.THREAD_MENU, "yes")
    assert shelf.library.guild_settings is not None
    assert shelf.library.guild_settings.read(shelf.guild).channels[int(lobby.id)].in_thread
    assert threads_words.cannot_begin(f"<#{lobby.id}>") not in visible_text(panel)
    emulator.world.set_overwrite(lobby, emulator.bot_user, deny=CREATE_PUBLIC_THREADS)
    emulator.announce(town.guild)
    await choose(emulator, town, panel, settings_words.POLICY_MENU, "always")
    assert threads_words.cannot_begin(f"<#{lobby.id}>") in visible_text(panel)
    await press(emulator, panel, settings_words.BACK, town.adam)
    assert f"<#{lobby.id}> · {settings_words.POLICY_ALWAYS} · {threads_words.IN_THREAD}" in visible_text(panel)


async def test_the_panel_offers_no_thread_where_there_is_none(
    reading: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Of a forum it says that posts are threads, of a voice channel that it has none."""
    forum, voice = add_forum(emulator, town.guild, "questions"), emulator.add_channel(town.guild, "lounge")
    voice.type = VOICE_CHANNEL
    emulator.announce(town.guild)
    panel = await open_panel(emulator, town)
    for channel, line in ((forum, threads_words.FORUM_POSTS), (voice, threads_words.NO_THREADS)):
        await choose(emulator, town, panel, settings_words.CHANNELS_MENU, channel.id)
        assert line in visible_text(panel)
        assert threads_words.THREAD_TITLE not in visible_text(panel)
        await press(emulator, panel, settings_words.BACK, town.adam)


async def test_refusals_and_notices_need_no_thread(reading: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """What is no answer stands in the channel, where it is soon forgotten."""
    asked = await mention(emulator, town, "")
    assert visible_text(await emulator.wait_message(town.channel, after=asked)) == asking_words.EMPTY_MENTION
    assert asked["id"] not in emulator.world.channels
