"""The network misbehaves, and the client recovers or is refused as it would be by Discord."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from bot.sandbox import intents
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from bot.sandbox.rate_limits import Allowance
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.harness import Town, connected, pointed_at


@proves("gateway.resume")
async def test_dropped_socket_resumes_and_replays(emulator: Emulator, town: Town, connect) -> None:
    """A message sent while the socket is down reaches the bot after RESUME, and is answered once."""
    client = SampleClient()
    await connect(client)
    emulator.drop_sockets()
    missed = await emulator.say(town.alice, town.channel, f"{emulator.bot_user.mention} missed me?")
    assert "missed me?" in visible_text(await emulator.wait_message(town.channel, after=missed))
    assert (emulator.gateway.resumes, client.identified) == (1, 1)
    assert len(client.heard) == 1


async def test_reconnect_request_resumes(emulator: Emulator, town: Town, connect) -> None:
    """Op 7 makes the client resume its session."""
    client = SampleClient()
    await connect(client)
    emulator.ask_to_reconnect()
    await emulator.changes.until(lambda: emulator.gateway.resumes, 5)
    assert client.identified == 1


async def test_invalid_session_identifies_afresh(emulator: Emulator, town: Town, connect) -> None:
    """Op 9 makes the client identify again, after which it works."""
    client = SampleClient()
    await connect(client)
    ready = asyncio.create_task(client.wait_for("ready", timeout=5))
    emulator.starts.rest()
    emulator.invalidate_sessions()
    await ready
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "still there?"})
    await handle.response()
    assert client.identified == 2


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_429_is_retried(emulator: Emulator, town: Town, connect, scope: str) -> None:
    """A request refused with 429 is sent again after its pause, whatever the scope."""
    client = SampleClient()
    await connect(client)
    emulator.faults.rate_limit(retry_after=0.05, scope=scope, method="POST", path="/messages")
    asked = await emulator.say(town.alice, town.channel, f"{emulator.bot_user.mention} again")
    await emulator.wait_message(town.channel, after=asked)
    sends = emulator.transcript.requests("POST", f"/channels/{town.channel.id}/messages")
    assert [entry["status"] for entry in sends] == [429, 200]


async def test_429_without_via_is_a_ban(emulator: Emulator, town: Town, connect) -> None:
    """A 429 without the Via header is not retried: the client takes it for a ban at the edge."""
    client = SampleClient()
    await connect(client)
    emulator.faults.rate_limit(method="POST", path="/messages", without_via=True)
    channel = client.get_channel(int(town.channel.id))
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send("hello")
    assert refused.value.status == 429


async def test_bucket_paces_the_client(emulator: Emulator, town: Town, connect) -> None:
    """More messages than a bucket takes all arrive, in order, and later than the window."""
    emulator.rate_limits.allowances["messages"] = Allowance(2, 0.3)
    client = SampleClient()
    await connect(client)
    channel = client.get_channel(int(town.channel.id))
    start = asyncio.get_running_loop().time()
    for number in range(5):
        await channel.send(str(number))
    assert [entry["content"] for entry in town.channel.history] == list("01234")
    assert asyncio.get_running_loop().time() - start > 0.3


async def test_server_errors_are_retried_or_raised(emulator: Emulator, town: Town, connect) -> None:
    """502 is retried by the client, 503 on a plain request is raised."""
    client = SampleClient()
    await connect(client)
    channel = client.get_channel(int(town.channel.id))
    emulator.faults.fail(502, method="POST", path="/messages")
    await channel.send("after a 502")
    emulator.faults.fail(503, method="POST", path="/messages")
    with pytest.raises(discord.DiscordServerError):
        await channel.send("lost")
    assert [entry["content"] for entry in town.channel.history] == ["after a 502"]


async def test_duplicate_dispatch_is_delivered_twice(emulator: Emulator, town: Town, connect) -> None:
    """A repeated dispatch reaches the bot twice: guarding against it is the bot's business."""
    client = SampleClient()
    await connect(client)
    emulator.faults.duplicate_next_dispatch = True
    await emulator.say(town.alice, town.channel, "twice")
    last = await emulator.say(town.alice, town.channel, f"{emulator.bot_user.mention} end")
    await emulator.wait_message(town.channel, after=last)
    assert len(client.heard) == 3


async def test_malformed_dispatch_ends_the_client(emulator: Emulator, town: Town, connect) -> None:
    """A dispatch without its fields ends Client.connect: the process must exit for its supervisor."""
    link = await connect(SampleClient())
    link.may_end = True
    emulator.send_malformed_dispatch()
    with pytest.raises(KeyError):
        await asyncio.wait_for(link.task, 5)


@proves("gateway.heartbeat")
async def test_heartbeats_keep_the_socket_and_their_lack_closes_it(emulator: Emulator, town: Town, connect) -> None:
    """A beating client stays connected; one that only listens is closed with 4009, its session resumable."""
    emulator.heartbeat_interval_seconds = 0.4
    client = SampleClient()
    await connect(client)
    with emulator.expect_violation(4009, times=1):
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{emulator.gateway_url}?v=10") as silent:
            assert (await silent.receive_json())["op"] == 10
            message = await asyncio.wait_for(silent.receive(), 2)
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4009)
    assert len(emulator.gateway.connections) == 1
    assert client.identified == 1


async def test_zlib_and_plain_text_sockets_both_work(emulator: Emulator, town: Town) -> None:
    """A client that asks for zlib-stream gets compressed frames that share one context; one that does not gets text."""
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{emulator.gateway_url}?v=10&compress=zlib-stream") as packed:
            assert (await packed.receive()).type is aiohttp.WSMsgType.BINARY
        async with session.ws_connect(f"{emulator.gateway_url}?v=10") as plain:
            assert (await plain.receive()).type is aiohttp.WSMsgType.TEXT


@proves("auth")
async def test_wrong_token_is_refused(emulator: Emulator, town: Town) -> None:
    """Logging in with another token fails with LoginFailure."""
    client = SampleClient()
    with emulator.expect_violation(0, times=1), pointed_at(emulator):
        with pytest.raises(discord.LoginFailure):
            await client.login("another.token")
        await client.close()


async def test_privileged_intent_off_in_the_portal_closes_with_4014(emulator: Emulator, town: Town) -> None:
    """Asking for message content without the switch in the portal ends the client; with it, text arrives."""
    wanted = discord.Intents.default()
    wanted.message_content = True
    with emulator.expect_violation(4014), pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(emulator, SampleClient(intents=wanted)):
            pass
    emulator.portal_intents = intents.MESSAGE_CONTENT
    client = SampleClient(intents=wanted)
    async with connected(emulator, client):
        heard = asyncio.create_task(client.wait_for("message", timeout=5))
        await asyncio.sleep(0)
        await emulator.say(town.alice, town.channel, "now you read me")
        assert (await heard).content == "now you read me"


@proves("intent.members")
async def test_members_intent_decides_who_is_listed(emulator: Emulator, town: Town) -> None:
    """Without the members intent a guild lists only the bot, with it everybody."""
    client = SampleClient()
    async with connected(emulator, client):
        assert [member.id for member in client.get_guild(int(town.guild.id)).members] == [client.user.id]
    emulator.portal_intents = intents.GUILD_MEMBERS
    wanted = discord.Intents.default()
    wanted.members = True
    client = SampleClient(intents=wanted)
    async with connected(emulator, client):
        names = {member.name for member in client.get_guild(int(town.guild.id)).members}
        assert {"alice", "adam", "pullquote"} <= names
