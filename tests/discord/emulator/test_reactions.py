"""Reactions, polls, pins and slow mode over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest

from bot.sandbox import intents, permissions
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.reactions import is_emoji
from bot.sandbox.refusals import Refusal
from bot.sandbox.rules.table import RULES
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.emulator.wire import DEFAULT_INTENTS, Wire, read_events
from tests.discord.harness import Town

THUMB = "%F0%9F%91%8D"
POLL = {"question": {"text": "Tea?"}, "answers": [{"poll_media": {"text": "yes"}}, {"poll_media": {"text": "no"}}]}


@pytest.fixture
async def wire(emulator: Emulator, town: Town) -> AsyncIterator[Wire]:
    """A hand-driven client."""
    async with Wire.open(emulator) as wire:
        yield wire


async def refused(emulator: Emulator, code: int, wire: Wire, method: str, path: str, body: Any = None) -> None:
    """Expect one refusal."""
    with emulator.expect_violation(code, times=1):
        _, reply = await wire.call(method, path, body)
    assert reply["code"] == code


@proves("reaction.emoji")
async def test_only_emoji_are_reactions(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A character or the guild's own by name and id; words, unknown ids and nothing are 10014."""
    said = await emulator.say(town.alice, town.channel, "hi")
    path = f"/channels/{town.channel.id}/messages/{said['id']}/reactions"
    town.guild.emojis["77"] = "fox"
    for emoji in (THUMB, "fox:77", "%E2%9D%A4%EF%B8%8F"):
        assert (await wire.call("PUT", f"{path}/{emoji}/@me"))[0] == 204
    for emoji in ("thumbsup", "fox:78", ":fox:"):
        await refused(emulator, 10014, wire, "PUT", f"{path}/{emoji}/@me")
    _, message = await wire.call("GET", f"/channels/{town.channel.id}/messages/{said['id']}")
    assert [(entry["emoji"]["name"], entry["count"], entry["me"]) for entry in message["reactions"]] == [
        ("👍", 1, True),
        ("fox", 1, True),
        ("❤️", 1, True),
    ]
    assert [(text, is_emoji(text)) for text in ("1️⃣", "🇩🇪", "👨‍👩‍👧", "a", "", "👍a", "1")] == [
        ("1️⃣", True),
        ("🇩🇪", True),
        ("👨‍👩‍👧", True),
        ("a", False),
        ("", False),
        ("👍a", False),
        ("1", False),
    ]


@proves("reactions.kinds")
async def test_twenty_kinds_of_reactions(emulator: Emulator, town: Town, wire: Wire) -> None:
    """The twentieth kind is taken, the next refused with 30010; one of the twenty may still be added."""
    said = await emulator.say(town.alice, town.channel, "hi")
    for number in range(RULES["reactions.kinds"].high - 1):
        await emulator.react(town.alice, said, chr(0x1F600 + number))
    path = f"/channels/{town.channel.id}/messages/{said['id']}/reactions"
    assert (await wire.call("PUT", f"{path}/{THUMB}/@me"))[0] == 204
    await refused(emulator, 30010, wire, "PUT", f"{path}/%F0%9F%A6%8A/@me")
    await emulator.react(town.adam, said, "👍")
    with pytest.raises(CannotInvoke, match="30010"):
        await emulator.react(town.adam, said, "🦊")


@proves("reaction.permission", "reactions.page")
async def test_reactions_need_their_permissions(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Only a new kind takes ADD_REACTIONS, reading history is always needed, and others' take MANAGE_MESSAGES."""
    world, bot = emulator.world, emulator.bot_user
    said = await emulator.say(town.alice, town.channel, "hi")
    await emulator.react(town.alice, said, "👍")
    path = f"/channels/{town.channel.id}/messages/{said['id']}/reactions"
    world.set_overwrite(town.channel, bot, deny=permissions.ADD_REACTIONS)
    assert (await wire.call("PUT", f"{path}/{THUMB}/@me"))[0] == 204
    await refused(emulator, 50013, wire, "PUT", f"{path}/%F0%9F%A6%8A/@me")
    await refused(emulator, 50013, wire, "DELETE", f"{path}/{THUMB}/{town.alice.id}")
    await refused(emulator, 50013, wire, "DELETE", path)
    world.set_overwrite(town.channel, bot, deny=permissions.READ_MESSAGE_HISTORY)
    await refused(emulator, 50013, wire, "PUT", f"{path}/{THUMB}/@me")
    world.set_overwrite(town.channel, bot, allow=permissions.MANAGE_MESSAGES)
    _, users = await wire.call("GET", f"{path}/{THUMB}?limit=100")
    assert {user["id"] for user in users} == {bot.id, town.alice.id}
    for limit in (0, 101):
        await refused(emulator, 50035, wire, "GET", f"{path}/{THUMB}?limit={limit}")
    assert (await wire.call("DELETE", f"{path}/{THUMB}/{town.alice.id}"))[0] == 204
    assert (await wire.call("DELETE", path))[0] == 204
    assert "reactions" not in said


@proves("intent.events")
async def test_reactions_and_votes_come_with_their_intents(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Guild reactions, direct reactions and votes are four intents; without them nothing of it arrives."""
    said = await emulator.say(town.alice, town.channel, "hi")
    direct = await emulator.direct(town.alice, "psst")
    _, asked = await wire.send(town.channel.id, {"poll": POLL})
    poll = town.channel.messages[asked["id"]]

    async def heard(wanted: int) -> list[str]:
        emulator.starts.rest()
        async with wire.identified(DEFAULT_INTENTS | wanted) as socket:
            await read_events(socket, "GUILD_CREATE")
            await emulator.react(town.alice, said, "👍")
            await emulator.unreact(town.alice, said, "👍")
            await emulator.react(town.alice, direct, "👍")
            await emulator.unreact(town.alice, direct, "👍")
            await emulator.vote(town.alice, poll, "yes")
            await emulator.vote(town.alice, poll, "yes", withdraw=True)
            await emulator.say(town.alice, town.channel, "end")
            events = await read_events(socket, "MESSAGE_CREATE")
        return [event["t"] for event in events if "REACTION" in event["t"] or "POLL" in event["t"]]

    added = ["MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"]
    assert await heard(0) == []
    assert await heard(intents.GUILD_REACTIONS) == added
    assert await heard(intents.DIRECT_REACTIONS) == added
    assert await heard(intents.GUILD_POLLS) == ["MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE"]
    assert await heard(intents.DIRECT_POLLS) == []


async def test_the_library_hears_a_reaction(emulator: Emulator, town: Town, connect) -> None:
    """discord.py understands the event, who reacted and how."""
    client = SampleClient()
    await connect(client)
    said = await emulator.say(town.alice, town.channel, "hi")
    waiting = client.wait_for("raw_reaction_add", timeout=5)
    task = discord.utils.asyncio.ensure_future(waiting)
    await discord.utils.asyncio.sleep(0)
    await emulator.react(town.alice, said, "🦊")
    event = await task
    assert (str(event.emoji), event.user_id, event.member.name) == ("🦊", int(town.alice.id), "alice")
    message = await client.get_channel(int(town.channel.id)).fetch_message(int(said["id"]))
    await message.add_reaction("👍")
    assert [user.name async for user in message.reactions[0].users()] == ["alice"]


@proves("poll.edit", "poll.end", "permission.polls")
async def test_a_poll_is_ended_and_never_edited(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Editing its message is 520003, ending a message without one 520006, another's 50013, sending one has its bit."""
    _, sent = await wire.send(town.channel.id, {"poll": POLL})
    base = f"/channels/{town.channel.id}"
    await emulator.vote(town.alice, town.channel.messages[sent["id"]], "no")
    await refused(emulator, 520003, wire, "PATCH", f"{base}/messages/{sent['id']}", {"content": "c"})
    _, ended = await wire.call("POST", f"{base}/polls/{sent['id']}/expire")
    assert ended["poll"]["results"] == {
        "is_finalized": True,
        "answer_counts": [{"id": 2, "count": 1, "me_voted": False}],
    }
    _, voters = await wire.call("GET", f"{base}/polls/{sent['id']}/answers/2")
    assert [user["id"] for user in voters["users"]] == [town.alice.id]
    _, plain = await wire.send(town.channel.id, {"content": "no poll"})
    await refused(emulator, 520006, wire, "POST", f"{base}/polls/{plain['id']}/expire")
    other = emulator.postbox.compose(town.channel, town.alice, {"poll": POLL}, [])
    emulator.postbox.publish(town.channel, other)
    await refused(emulator, 50013, wire, "POST", f"{base}/polls/{other['id']}/expire")
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=permissions.SEND_POLLS)
    await refused(emulator, 50013, wire, "POST", f"{base}/messages", {"poll": POLL})


@proves("poll.vote")
async def test_people_vote_until_the_end(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A second choice replaces the first unless several are allowed; after the end and for apps there is no vote."""
    _, sent = await wire.send(town.channel.id, {"poll": {**POLL, "duration": 1}})
    poll = town.channel.messages[sent["id"]]
    await emulator.vote(town.alice, poll, "yes")
    await emulator.vote(town.alice, poll, "no")
    assert poll["_votes"] == {1: [], 2: [town.alice.id]}
    with pytest.raises(Refusal):
        emulator.polls.vote(poll, emulator.bot_user, 1)
    emulator.clock.advance(3599)
    await emulator.vote(town.adam, poll, 1)
    emulator.clock.advance(1)
    with pytest.raises(CannotInvoke, match="520001"):
        await emulator.vote(town.adam, poll, 2)


@proves("channel.pins", "permission.pins")
async def test_fifty_times_five_pins(emulator: Emulator, town: Town, wire: Wire) -> None:
    """The 250th is pinned, the next refused with 30003; MANAGE_MESSAGES alone pins nothing."""
    world, bot = emulator.world, emulator.bot_user
    messages = [await emulator.say(town.alice, town.channel, str(number)) for number in range(251)]
    world.set_overwrite(town.channel, bot, allow=permissions.MANAGE_MESSAGES)
    path = f"/channels/{town.channel.id}/messages/pins"
    await refused(emulator, 50013, wire, "PUT", f"{path}/{messages[0]['id']}")
    world.set_overwrite(town.channel, bot, allow=permissions.PIN_MESSAGES)
    for message in messages[:249]:
        message["pinned"] = True
    assert (await wire.call("PUT", f"{path}/{messages[249]['id']}"))[0] == 204
    await refused(emulator, 30003, wire, "PUT", f"{path}/{messages[250]['id']}")
    assert (await wire.call("DELETE", f"{path}/{messages[0]['id']}"))[0] == 204
    assert len((await wire.call("GET", f"/channels/{town.channel.id}/pins"))[1]) == 249


@proves("slow_mode")
async def test_slow_mode_binds_people_and_no_bots(emulator: Emulator, town: Town, wire: Wire) -> None:
    """One message in the channel's pause, for whoever may not bypass it; the bot writes as it likes."""
    town.channel.slow_seconds = 10
    await emulator.say(town.alice, town.channel, "one")
    emulator.clock.advance(9)
    with pytest.raises(CannotInvoke, match="20016"):
        await emulator.say(town.alice, town.channel, "two")
    emulator.clock.advance(1)
    await emulator.say(town.alice, town.channel, "three")
    emulator.world.set_overwrite(town.channel, town.adam, allow=permissions.BYPASS_SLOWMODE)
    for text in ("four", "five"):
        await emulator.say(town.adam, town.channel, text)
        assert (await wire.send(town.channel.id, {"content": text}))[0] == 200


@proves("history.page", "message.reply_blind", "direct.closed")
async def test_small_refusals_of_messages(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A page of 1 to 100 messages; no reply without the history; no message to who takes none."""
    base = f"/channels/{town.channel.id}/messages"
    said = await emulator.say(town.alice, town.channel, "hi")
    for limit in (1, 100):
        assert (await wire.call("GET", f"{base}?limit={limit}"))[0] == 200
    for limit in (0, 101):
        await refused(emulator, 50035, wire, "GET", f"{base}?limit={limit}")
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=permissions.READ_MESSAGE_HISTORY)
    body = {"content": "c", "message_reference": {"message_id": said["id"]}}
    await refused(emulator, 160002, wire, "POST", base, body)
    town.alice.takes_direct = False
    direct = emulator.direct_channel(town.alice)
    await refused(emulator, 50007, wire, "POST", f"/channels/{direct.id}/messages", {"content": "c"})


async def test_people_change_and_delete_their_messages(emulator: Emulator, town: Town, wire: Wire) -> None:
    """MESSAGE_UPDATE and MESSAGE_DELETE arrive; another's message is out of reach without MANAGE_MESSAGES."""
    async with wire.identified() as socket:
        await read_events(socket, "GUILD_CREATE")
        said = await emulator.say(town.alice, town.channel, f"{emulator.bot_user.mention} hi")
        await emulator.edit(town.alice, said, f"{emulator.bot_user.mention} changed")
        with pytest.raises(CannotInvoke):
            await emulator.edit(town.adam, said, "not mine")
        with pytest.raises(CannotInvoke):
            await emulator.delete(town.adam, said)
        await emulator.delete(town.alice, said)
        events = await read_events(socket, "MESSAGE_DELETE")
    assert [event["t"] for event in events][-3:] == ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"]
    assert events[-2]["d"]["content"].endswith("changed")
    assert town.channel.history == []
