"""Threads and forum posts over the wire: begun, shut, woken, tagged, and who may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox import intents, permissions
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.entities import FORUM_CHANNEL, PRIVATE_THREAD, PUBLIC_THREAD, REQUIRE_TAG, VOICE_CHANNEL
from bot.sandbox.rules.table import RULES
from bot.sandbox.world import Channel
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.emulator.wire import DEFAULT_INTENTS, Wire, codes, read_events
from tests.discord.harness import Town


@pytest.fixture
async def wire(emulator: Emulator, town: Town) -> AsyncIterator[Wire]:
    """A hand-driven client."""
    async with Wire.open(emulator) as wire:
        yield wire


@pytest.fixture
def forum(emulator: Emulator, town: Town) -> Channel:
    """A forum with two tags."""
    return emulator.world.add_channel(town.guild, "help", FORUM_CHANNEL, tags=("bug", "idea"))


@pytest.fixture
async def thread(emulator: Emulator, town: Town) -> Channel:
    """A public thread that alice began."""
    return await emulator.begin_thread(town.alice, town.channel, "side talk")


async def refused(emulator: Emulator, code: int, wire: Wire, method: str, path: str, body: Any = None) -> None:
    """Expect one refusal."""
    with emulator.expect_violation(code, times=1):
        _, reply = await wire.call(method, path, body)
    assert reply["code"] == code


@proves("thread.once")
async def test_a_thread_hangs_on_a_message(emulator: Emulator, town: Town, wire: Wire) -> None:
    """It takes the message's id, which shows it from then on; a second one is refused with 160004."""
    said = await emulator.say(town.alice, town.channel, "worth a thread")
    path = f"/channels/{town.channel.id}/messages/{said['id']}/threads"
    async with wire.identified() as socket:
        await read_events(socket, "GUILD_CREATE")
        status, made = await wire.call("POST", path, {"name": "aside"})
        created = (await read_events(socket, "THREAD_CREATE"))[-1]["d"]
        updated = (await read_events(socket, "MESSAGE_UPDATE"))[-1]["d"]
    assert status == 201
    assert made["id"] == said["id"] == created["id"] == updated["thread"]["id"]
    assert created["newly_created"]
    assert (made["type"], made["parent_id"], made["owner_id"]) == (PUBLIC_THREAD, town.channel.id, emulator.bot_user.id)
    await refused(emulator, 160004, wire, "POST", path, {"name": "again"})


@proves("thread.type")
async def test_threads_are_begun_where_they_may(
    emulator: Emulator, town: Town, wire: Wire, forum: Channel, thread: Channel
) -> None:
    """In a text channel public and private ones, none in a thread, and no post without its message."""
    path = f"/channels/{town.channel.id}/threads"
    assert (await wire.call("POST", path, {"name": "n"}))[1]["type"] == PRIVATE_THREAD
    assert (await wire.call("POST", path, {"name": "n", "type": PUBLIC_THREAD}))[1]["type"] == PUBLIC_THREAD
    with emulator.expect_violation(50035):
        await wire.call("POST", path, {"name": "n", "type": 10})
    await refused(emulator, 50024, wire, "POST", f"/channels/{thread.id}/threads", {"name": "n"})
    lounge = emulator.world.add_channel(town.guild, "lounge", VOICE_CHANNEL)
    said = await emulator.say(town.alice, lounge, "no thread hangs here")
    await refused(emulator, 50024, wire, "POST", f"/channels/{lounge.id}/messages/{said['id']}/threads", {"name": "n"})
    with emulator.expect_violation(50035):
        _, body = await wire.call("POST", f"/channels/{forum.id}/threads", {"name": "n"})
    assert codes(body["errors"]) == {"BASE_TYPE_REQUIRED"}


@proves("thread.archive")
@pytest.mark.parametrize(
    ("minutes", "status"), [(60, 201), (1440, 201), (4320, 201), (10_080, 201), (61, 400), (0, 400)]
)
async def test_archiving_takes_four_durations(
    emulator: Emulator, town: Town, wire: Wire, minutes: int, status: int
) -> None:
    """Any other number of minutes is refused."""
    body = {"name": "n", "type": PUBLIC_THREAD, "auto_archive_duration": minutes}
    emulator.violations.clear()
    assert (await wire.call("POST", f"/channels/{town.channel.id}/threads", body))[0] == status
    for violation in emulator.violations:
        violation.expected = violation.code == 50035


@proves("thread.permission", "permission.send")
async def test_threads_have_permissions_of_their_own(
    emulator: Emulator, town: Town, wire: Wire, thread: Channel
) -> None:
    """Beginning, writing in and changing one take other bits than the channel; SEND_MESSAGES counts for nothing."""
    world, bot = emulator.world, emulator.bot_user
    world.set_overwrite(town.channel, bot, deny=permissions.SEND_MESSAGES)
    assert (await wire.send(thread.id, {"content": "still allowed here"}))[0] == 200
    denied = permissions.SEND_MESSAGES_IN_THREADS | permissions.CREATE_PUBLIC_THREADS
    world.set_overwrite(town.channel, bot, deny=denied | permissions.CREATE_PRIVATE_THREADS)
    await refused(emulator, 50013, wire, "POST", f"/channels/{thread.id}/messages", {"content": "c"})
    for kind in (PUBLIC_THREAD, PRIVATE_THREAD):
        await refused(
            emulator, 50013, wire, "POST", f"/channels/{town.channel.id}/threads", {"name": "n", "type": kind}
        )
    for change in ({"name": "new"}, {"locked": True}, {"rate_limit_per_user": 5}):
        await refused(emulator, 50013, wire, "PATCH", f"/channels/{thread.id}", change)
    world.set_overwrite(town.channel, bot, allow=permissions.MANAGE_THREADS)
    assert (await wire.call("PATCH", f"/channels/{thread.id}", {"name": "new"}))[1]["name"] == "new"


@proves("thread.private")
async def test_a_private_thread_is_closed_to_others(emulator: Emulator, town: Town, wire: Wire) -> None:
    """The bot neither sees nor hears it until it is added, and then learns of it by THREAD_CREATE."""
    private = await emulator.begin_thread(town.alice, town.channel, "secret", private=True)
    await refused(emulator, 50001, wire, "GET", f"/channels/{private.id}")
    with pytest.raises(CannotInvoke):
        await emulator.say(town.adam, private, "let me in")
    async with wire.identified() as socket:
        await read_events(socket, "GUILD_CREATE")
        await emulator.say(town.alice, private, "alone")
        emulator.threads.add(private, emulator.bot_user)
        await emulator.say(town.alice, private, f"hello {emulator.bot_user.mention}")
        events = await read_events(socket, "MESSAGE_CREATE")
    assert [event["t"] for event in events if event["t"] != "GUILD_CREATE"] == [
        "THREAD_CREATE",
        "THREAD_MEMBERS_UPDATE",
        "MESSAGE_CREATE",
    ]
    assert events[-1]["d"]["content"].startswith("hello")


@proves("thread.archived")
async def test_an_archived_thread_is_shut(emulator: Emulator, town: Town, wire: Wire, thread: Channel) -> None:
    """No edit, no reaction, no member and no command; 50083 for the bot, nothing to click for people."""
    emulator.commands.overwrite(None, [{"name": "ask", "description": "Ask"}])
    _, mine = await wire.send(thread.id, {"content": "mine"})
    emulator.clock.advance(4320 * 60)
    emulator.threads.archive_idle()
    assert thread.thread.archived
    message = f"/channels/{thread.id}/messages/{mine['id']}"
    await refused(emulator, 50083, wire, "PATCH", message, {"content": "changed"})
    await refused(emulator, 50083, wire, "PUT", f"{message}/reactions/%F0%9F%91%8D/@me")
    await refused(emulator, 50083, wire, "PUT", f"/channels/{thread.id}/thread-members/{town.adam.id}")
    with pytest.raises(CannotInvoke, match="archived"):
        await emulator.slash(town.alice, thread, "ask")
    with pytest.raises(CannotInvoke, match="50083"):
        await emulator.react(town.alice, thread.messages[mine["id"]], "👍")
    assert (await wire.call("DELETE", message))[0] == 204


@proves("thread.woken")
async def test_a_message_wakes_a_thread_that_is_not_locked(
    emulator: Emulator, town: Town, wire: Wire, thread: Channel
) -> None:
    """Writing undoes the archiving; a locked thread refuses it with 160005."""
    emulator.threads.change(thread, {"archived": True})
    assert (await wire.send(thread.id, {"content": "awake"}))[0] == 200
    assert not thread.thread.archived
    emulator.threads.change(thread, {"archived": True, "locked": True})
    await refused(emulator, 160005, wire, "POST", f"/channels/{thread.id}/messages", {"content": "knock"})
    with pytest.raises(CannotInvoke, match="160005"):
        await emulator.say(town.alice, thread, "knock")


@proves("forum.message", "forum.tags")
async def test_a_forum_takes_tagged_posts(emulator: Emulator, town: Town, wire: Wire, forum: Channel) -> None:
    """A post comes with its first message, one id for both; unknown, moderated and missing tags are refused."""
    bug, idea = forum.tags
    path = f"/channels/{forum.id}/threads"
    body = {"name": "It broke", "message": {"content": "How do I mend it?"}}
    _, post = await wire.call("POST", path, {**body, "applied_tags": [bug]})
    assert post["id"] == post["message"]["id"]
    assert post["applied_tags"] == [bug]
    assert emulator.world.channels[post["id"]].history[0]["content"] == "How do I mend it?"
    await refused(emulator, 40058, wire, "POST", f"/channels/{forum.id}/messages", {"content": "no post"})
    with emulator.expect_violation(50035):
        await wire.call("POST", path, {**body, "applied_tags": ["77"]})
    forum.tags[idea].moderated = True
    await refused(emulator, 40066, wire, "POST", path, {**body, "applied_tags": [idea]})
    forum.flags |= REQUIRE_TAG
    await refused(emulator, 40067, wire, "POST", path, body)
    post_by_alice, first = await emulator.post(town.alice, forum, "Mine too", "It broke here", tags=("bug",))
    assert first["id"] == post_by_alice.id
    with pytest.raises(CannotInvoke, match="40067"):
        await emulator.post(town.alice, forum, "Untagged", "text")


@proves("thread.members")
async def test_a_thousand_are_in_a_thread(emulator: Emulator, town: Town, wire: Wire, thread: Channel) -> None:
    """The thousandth member is taken, the next one refused with 30033."""
    high = RULES["thread.members"].high
    thread.thread.members.update({str(number): "" for number in range(high - 2)})
    assert (await wire.call("PUT", f"/channels/{thread.id}/thread-members/{town.adam.id}"))[0] == 204
    assert len(thread.thread.members) == high
    await refused(emulator, 30033, wire, "PUT", f"/channels/{thread.id}/thread-members/@me")


@proves("guild.active_threads")
async def test_a_thousand_threads_are_active(emulator: Emulator, town: Town, wire: Wire) -> None:
    """The thousandth is begun, one more is refused with 160006, and archiving one makes room."""
    high = RULES["guild.active_threads"].high
    for number in range(high - 1):
        last = emulator.threads.begin(town.channel, town.alice, {"name": str(number)})
    path, body = f"/channels/{town.channel.id}/threads", {"name": "n", "type": PUBLIC_THREAD}
    assert (await wire.call("POST", path, body))[0] == 201
    await refused(emulator, 160006, wire, "POST", path, body)
    emulator.threads.change(last, {"archived": True})
    assert (await wire.call("POST", path, body))[0] == 201


async def test_members_join_leave_and_are_listed(emulator: Emulator, town: Town, wire: Wire, thread: Channel) -> None:
    """The list needs the members intent; removing another needs MANAGE_THREADS."""
    members = f"/channels/{thread.id}/thread-members"
    assert (await wire.call("PUT", f"{members}/@me"))[0] == 204
    await refused(emulator, 50001, wire, "GET", members)
    emulator.portal_intents = intents.GUILD_MEMBERS
    assert {entry["user_id"] for entry in (await wire.call("GET", members))[1]} == {town.alice.id, emulator.bot_user.id}
    await refused(emulator, 50013, wire, "DELETE", f"{members}/{town.alice.id}")
    assert (await wire.call("DELETE", f"{members}/@me"))[0] == 204
    await refused(emulator, 10007, wire, "GET", f"{members}/{emulator.bot_user.id}")
    active = (await wire.call("GET", f"/guilds/{town.guild.id}/threads/active"))[1]
    assert [entry["id"] for entry in active["threads"]] == [thread.id]
    emulator.threads.change(thread, {"archived": True})
    archived = (await wire.call("GET", f"/channels/{town.channel.id}/threads/archived/public"))[1]
    assert [entry["id"] for entry in archived["threads"]] == [thread.id]


async def test_deleting_a_thread_is_told(emulator: Emulator, town: Town, wire: Wire, thread: Channel) -> None:
    """THREAD_DELETE names only where it was; the channel is unknown afterwards."""
    emulator.world.set_overwrite(town.channel, emulator.bot_user, allow=permissions.MANAGE_THREADS)
    async with wire.identified(DEFAULT_INTENTS) as socket:
        await read_events(socket, "GUILD_CREATE")
        assert (await wire.call("DELETE", f"/channels/{thread.id}"))[0] == 200
        event = (await read_events(socket, "THREAD_DELETE"))[-1]["d"]
    assert event == {
        "id": thread.id,
        "guild_id": town.guild.id,
        "parent_id": town.channel.id,
        "type": PUBLIC_THREAD,
    }
    await refused(emulator, 10003, wire, "GET", f"/channels/{thread.id}")


async def test_the_library_understands_threads(emulator: Emulator, town: Town, connect, forum: Channel) -> None:
    """discord.py lists active threads from GUILD_CREATE, hears new ones, and answers a mention inside one."""
    before = await emulator.begin_thread(town.alice, town.channel, "before")
    client = SampleClient()
    await connect(client)
    guild = client.get_guild(int(town.guild.id))
    assert [thread.name for thread in guild.threads] == ["before"]
    post, _ = await emulator.post(town.alice, forum, "A post", f"{emulator.bot_user.mention} hi", tags=("idea",))
    answer = await emulator.wait_message(post)
    assert "echo" in str(answer["components"])
    thread = guild.get_thread(int(post.id))
    assert [tag.name for tag in thread.applied_tags] == ["idea"]
    made = await guild.get_channel(int(town.channel.id)).create_thread(name="of the bot", type=None)
    assert made.name == "of the bot"
    handle = await emulator.slash(town.alice, before, "ask", {"question": "in here?"})
    assert (await handle.response())["channel_id"] == before.id
