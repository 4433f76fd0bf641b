"""How sessions begin, how often, and how they end and go on."""

from __future__ import annotations

import json
import zlib
from importlib import import_module
from importlib.util import find_spec

import aiohttp
import discord
import pytest

from bot.sandbox import intents
from bot.sandbox.compression import packer
from bot.sandbox.emulator import Emulator
from bot.sandbox.rules.table import RULES
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.emulator.wire import DEFAULT_INTENTS, Wire, closing_code, identify, read_events
from tests.discord.harness import Town

BEAT = {"op": 1, "d": None}


async def begin(wire: Wire, shard: list[int] | None = None) -> str:
    """Identify on a socket of its own and return what comes: READY, or op 9."""
    async with wire.gateway() as socket:
        await socket.receive_json()
        payload = identify(wire.emulator.token)
        if shard is not None:
            payload["d"]["shard"] = shard
        await socket.send_json(payload)
        reply = await socket.receive_json()
        return reply.get("t") or f"op {reply['op']}"


@proves("identify.pause_seconds")
async def test_one_identify_in_five_seconds_for_each_key(emulator: Emulator, town: Town) -> None:
    """A second one too soon is op 9; at five seconds it is taken; keys are shard ids modulo max_concurrency."""
    pause = RULES["identify.pause_seconds"].low
    async with Wire.open(emulator) as wire:
        assert await begin(wire) == "READY"
        with emulator.expect_violation(9, times=1):
            emulator.clock.advance(pause - 1)
            assert await begin(wire) == "op 9"
        emulator.clock.advance(1)
        assert await begin(wire) == "READY"
        emulator.starts.rest()
        emulator.starts.max_concurrency = 2
        assert [await begin(wire, [number, 4]) for number in (0, 1)] == ["READY", "READY"]
        with emulator.expect_violation(9, times=1):
            assert await begin(wire, [2, 4]) == "op 9"


@proves("identify.per_day")
async def test_a_thousand_identifications_a_day(emulator: Emulator, town: Town) -> None:
    """The thousandth is taken; the next ends every session and resets the token; `/gateway/bot` counts along."""
    high = RULES["identify.per_day"].high
    token = emulator.token
    async with Wire.open(emulator) as wire:
        emulator.starts.times.extend([emulator.clock.now()] * (high - 1))
        _, body = await wire.call("GET", "/gateway/bot")
        assert body["session_start_limit"]["remaining"] == 1
        assert await begin(wire) == "READY"
        emulator.starts.rest()
        async with wire.gateway() as socket:
            with emulator.expect_violation(4004, times=1):
                await socket.receive_json()
                await socket.send_json(identify(token))
                assert await closing_code(socket) == 4004
        assert emulator.token != token
        assert emulator.gateway.sessions == {}
        emulator.clock.advance(86_400)
        _, body = await wire.call("GET", "/gateway/bot")
        assert body["session_start_limit"]["remaining"] == high


@proves("shard.guilds")
async def test_too_many_guilds_need_shards(emulator: Emulator, town: Town) -> None:
    """Over 2,500 guilds in one session are 4011; two shards carry them, as `/gateway/bot` recommends."""
    high = RULES["shard.guilds"].high
    for number in range(high - 2):
        emulator.add_guild(f"Guild {number}")
    async with Wire.open(emulator) as wire:
        assert (await wire.call("GET", "/gateway/bot"))[1]["shards"] == 1
        assert await begin(wire) == "READY"
        emulator.starts.rest()
        emulator.add_guild("One more")
        assert (await wire.call("GET", "/gateway/bot"))[1]["shards"] == 2
        async with wire.identified() as socket:
            with emulator.expect_violation(4011, times=1):
                assert await closing_code(socket) == 4011
        assert await begin(wire, [0, 2]) == "READY"


@proves("gateway.resume")
async def test_a_goodbye_and_a_long_absence_end_a_session(emulator: Emulator, town: Town) -> None:
    """After a close with 1000, or minutes without a socket, RESUME is op 9; just in time it is RESUMED."""
    async with Wire.open(emulator) as wire:

        async def resumed(session: str) -> str:
            async with wire.gateway() as socket:
                await socket.receive_json()
                await socket.send_json({"op": 6, "d": {"token": emulator.token, "session_id": session, "seq": 1}})
                reply = await socket.receive_json()
                while reply.get("t") == "GUILD_CREATE":
                    reply = await socket.receive_json()
                emulator.drop_sockets()
                return reply.get("t") or f"op {reply['op']} {reply['d']}"

        async with wire.identified() as socket:
            gone = (await socket.receive_json())["d"]["session_id"]
            await socket.close(code=1000)
            await emulator.changes.until(lambda: not emulator.gateway.connections, 5)
        assert await resumed(gone) == "op 9 False"
        emulator.starts.rest()
        async with wire.identified() as socket:
            session = (await socket.receive_json())["d"]["session_id"]
            emulator.drop_sockets()
        emulator.clock.advance(emulator.resume_seconds - 1)
        assert await resumed(session) == "RESUMED"
        emulator.clock.advance(emulator.resume_seconds + 1)
        assert await resumed(session) == "op 9 False"


@proves("gateway.zombie", "gateway.heartbeat")
async def test_a_client_notices_a_zombie(emulator: Emulator, town: Town, connect) -> None:
    """When nothing acknowledges its heartbeats any more, the client cuts the socket and resumes on a new one."""
    emulator.heartbeat_interval_seconds = 0.1
    client = SampleClient(heartbeat_timeout=0.3)
    await connect(client)
    emulator.stop_acknowledging()
    await emulator.changes.until(lambda: emulator.gateway.resumes, 5)
    assert client.identified == 1


async def test_a_heartbeat_can_be_asked_for(emulator: Emulator, town: Town, connect) -> None:
    """Op 1 of the server makes the client beat at once."""
    client = SampleClient()
    await connect(client)
    (connection,) = emulator.gateway.connections
    connection.heartbeat_at = 0.0
    emulator.ask_for_heartbeat()
    assert await emulator.changes.until(lambda: connection.heartbeat_at, 5)


async def test_an_unknown_error_of_discord_is_resumed(emulator: Emulator, town: Town, connect) -> None:
    """Close code 4000 costs no identification."""
    client = SampleClient()
    await connect(client)
    await emulator.close_sockets(4000)
    await emulator.changes.until(lambda: emulator.gateway.resumes, 5)
    assert client.identified == 1


@proves("gateway.payload")
async def test_payloads_of_4096_bytes_are_taken(emulator: Emulator, town: Town) -> None:
    """At the bound a heartbeat is acknowledged, one byte more closes the socket with 4002."""
    high = RULES["gateway.payload"].high
    frame = json.dumps({"op": 1, "d": ""})
    async with Wire.open(emulator) as wire, wire.gateway() as socket:
        await socket.receive_json()
        await socket.send_str(frame[:-2] + "x" * (high - len(frame)) + frame[-2:])
        assert (await socket.receive_json())["op"] == 11
        with emulator.expect_violation(4002, times=1):
            await socket.send_str(frame[:-2] + "x" * (high - len(frame) + 1) + frame[-2:])
            assert await closing_code(socket) == 4002


@proves("gateway.events")
async def test_120_events_in_a_minute_are_taken(emulator: Emulator, town: Town) -> None:
    """The 120th is answered, the next closes the socket with 4008."""
    async with Wire.open(emulator) as wire, wire.gateway() as socket:
        await socket.receive_json()
        for _ in range(RULES["gateway.events"].high):
            await socket.send_json(BEAT)
            assert (await socket.receive_json())["op"] == 11
        with emulator.expect_violation(4008, times=1):
            await socket.send_json(BEAT)
            assert await closing_code(socket) == 4008


@proves("gateway.compression")
async def test_compression_is_spoken_or_refused_in_words(emulator: Emulator, town: Town) -> None:
    """Payload compression packs large frames alone; an unknown transport is refused before the socket opens."""
    async with Wire.open(emulator) as wire:
        async with wire.gateway() as socket:
            await socket.receive_json()
            payload = identify(emulator.token)
            payload["d"]["compress"] = True
            await socket.send_json(payload)
            ready, guild = await socket.receive(), await socket.receive()
        assert json.loads(ready.data)["t"] == "READY"
        assert json.loads(zlib.decompress(guild.data))["t"] == "GUILD_CREATE"
        with emulator.expect_violation(0, times=1) as found, pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with wire.gateway("?v=10&compress=lzma-stream"):
                pass
    assert refused.value.status == 400
    assert "zlib-stream or zstd-stream" in found[0].detail


def test_zstd_shares_one_context_where_it_is_installed() -> None:
    """Frames of one socket unpack through one decompressor; without the module the refusal says what to do."""
    if find_spec("zstandard") is None:
        with pytest.raises(LookupError, match="zlib-stream"):
            packer("zstd-stream")
        return
    zstandard = import_module("zstandard")
    pack = packer("zstd-stream")
    unpacking = zstandard.ZstdDecompressor().decompressobj()
    assert pack is not None
    assert [unpacking.decompress(pack(text)) for text in (b"one", b"two")] == [b"one", b"two"]


async def test_encodings_other_than_json_are_refused(emulator: Emulator, town: Town) -> None:
    """ETF is not spoken here."""
    async with Wire.open(emulator) as wire:
        with emulator.expect_violation(4002, times=1):
            async with wire.gateway("?v=10&encoding=etf") as socket:
                assert await closing_code(socket) == 4002


@proves("members.requested", "members.nonce", "members.intent")
async def test_members_are_requested_within_bounds(emulator: Emulator, town: Town) -> None:
    """A hundred by id or prefix; all of them with the intent only, once in 30 s; a long nonce is ignored."""
    high = RULES["members.requested"].high
    for number in range(high + 1):
        emulator.add_member(town.guild, f"member{number:03}")
    request = {"guild_id": town.guild.id, "query": "member", "limit": high, "nonce": "n" * RULES["members.nonce"].high}
    async with Wire.open(emulator) as wire:
        async with wire.identified() as socket:
            await socket.send_json({"op": 8, "d": request})
            chunk = (await read_events(socket, "GUILD_MEMBERS_CHUNK"))[-1]["d"]
            assert (len(chunk["members"]), chunk["nonce"]) == (high, request["nonce"])
            with emulator.expect_violation(8, times=1):
                more = {**request, "limit": high + 1, "nonce": request["nonce"] + "n"}
                await socket.send_json({"op": 8, "d": more})
                chunk = (await read_events(socket, "GUILD_MEMBERS_CHUNK"))[-1]["d"]
            assert "nonce" not in chunk
            with emulator.expect_violation(8, times=1) as found:
                await socket.send_json({"op": 8, "d": {"guild_id": town.guild.id, "query": "", "limit": 0}})
                await socket.send_json(BEAT)
                await socket.receive_json()
            assert found[0].rules == ["members.intent"]
        emulator.starts.rest()
        emulator.portal_intents = intents.GUILD_MEMBERS
        async with wire.identified(DEFAULT_INTENTS | intents.GUILD_MEMBERS) as socket:
            for _ in range(2):
                await socket.send_json({"op": 8, "d": {"guild_id": town.guild.id, "query": "", "limit": 0}})
            events = await read_events(socket, "RATE_LIMITED")
    assert len(events[-2]["d"]["members"]) == len(town.guild.members)
    assert 29 < events[-1]["d"]["retry_after"] <= 30


async def test_two_shards_hear_their_own_guilds(emulator: Emulator, town: Town, connect) -> None:
    """discord.py's own sharding: each guild on its shard, and a command is answered on both."""

    class Sharded(discord.AutoShardedClient):
        async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
            emulator.starts.rest()

    guilds = [emulator.world.add_guild(f"Shard {number}", shard=(number, 2)) for number in (0, 1)]
    client = Sharded(intents=discord.Intents.default(), shard_count=2)
    await connect(client)
    await emulator.changes.until(lambda: len(emulator.gateway.sessions) == 2, 5)
    assert [client.get_guild(int(guild.id)).shard_id for guild in guilds] == [0, 1]
