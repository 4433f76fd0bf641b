"""The gateway's handshake, close codes and replay, spoken by hand."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

from bot.sandbox.emulator import Emulator
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.wire import DEFAULT_INTENTS, Wire, closing_code, identify, read_events
from tests.discord.harness import Town

BEAT = {"op": 1, "d": None}


@proves("gateway.opcode", "gateway.decode", "gateway.identified", "gateway.token")
@pytest.mark.parametrize(
    ("payloads", "code"),
    [
        (["not json"], 4002),
        (['{"no": "op"}'], 4002),
        ([json.dumps({"op": 1, "d": "x" * 4096})], 4002),
        ([json.dumps({"op": 77})], 4001),
        ([json.dumps({"op": 3, "d": {}})], 4003),
        ([json.dumps({"op": 8, "d": {}})], 4003),
        ([json.dumps(identify("wrong"))], 4004),
        ([json.dumps({"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 1}})], 4004),
        ([json.dumps(BEAT)] * 121, 4008),
    ],
)
async def test_bad_payload_closes_with_its_code(emulator: Emulator, town: Town, payloads: list[str], code: int) -> None:
    """Each wrong first payload closes the socket with the documented code."""
    async with Wire.open(emulator) as wire, wire.gateway() as socket:
        with emulator.expect_violation(code, times=1):
            for payload in payloads:
                await socket.send_str(payload)
            assert await closing_code(socket) == code


@proves("gateway.intents")
@pytest.mark.parametrize(("intents", "code"), [(1 << 40, 4013), ("all", 4013), (1 << 15, 4014), (1 << 1, 4014)])
async def test_wrong_intents_close_the_socket(emulator: Emulator, town: Town, intents: Any, code: int) -> None:
    """Unknown bits are 4013, privileged ones switched off in the portal 4014."""
    async with Wire.open(emulator) as wire:
        with emulator.expect_violation(code, times=1):
            async with wire.identified(intents) as socket:
                assert await closing_code(socket) == code


@proves("gateway.version")
async def test_wrong_version_closes_with_4012(emulator: Emulator, town: Town) -> None:
    """Only version 10 is spoken."""
    async with Wire.open(emulator) as wire:
        with emulator.expect_violation(4012, times=1):
            async with wire.gateway("?v=9") as socket:
                assert await closing_code(socket) == 4012


@proves("gateway.identified")
async def test_second_identify_closes_with_4005(emulator: Emulator, town: Town) -> None:
    """A socket identifies once."""
    async with Wire.open(emulator) as wire, wire.identified() as socket:
        with emulator.expect_violation(4005, times=1):
            await socket.send_json(identify(emulator.token))
            assert await closing_code(socket) == 4005


async def test_heartbeat_is_acknowledged_before_identify(emulator: Emulator, town: Town) -> None:
    """The first heartbeat comes before IDENTIFY and is answered, not refused."""
    async with Wire.open(emulator) as wire, wire.gateway() as socket:
        hello = await socket.receive_json()
        await socket.send_json(BEAT)
        assert hello["op"] == 10
        assert (await socket.receive_json())["op"] == 11


async def test_ready_names_guilds_that_follow(emulator: Emulator, town: Town) -> None:
    """READY lists unavailable guilds, and each follows with its channels and, of members, only the bot."""
    async with Wire.open(emulator) as wire, wire.identified() as socket:
        ready, *guilds = [await socket.receive_json() for _ in range(3)]
    assert [event["s"] for event in (ready, *guilds)] == [1, 2, 3]
    assert [guild["id"] for guild in ready["d"]["guilds"]] == [guild["d"]["id"] for guild in guilds]
    assert [member["user"]["id"] for member in guilds[0]["d"]["members"]] == [emulator.bot_user.id]
    assert guilds[0]["d"]["member_count"] == 4


@proves("gateway.resume")
async def test_resume_replays_exactly_what_was_missed(emulator: Emulator, town: Town) -> None:
    """RESUME sends each dispatch after the given number, in order, then RESUMED with an object."""
    async with Wire.open(emulator) as wire:
        async with wire.identified() as socket:
            session = (await socket.receive_json())["d"]["session_id"]
            await emulator.say(town.alice, town.channel, "heard")
            last = (await read_events(socket, "MESSAGE_CREATE"))[-1]["s"]
            emulator.drop_sockets()
        for text in ("one", "two"):
            await emulator.say(town.alice, town.channel, text)
        async with wire.gateway() as socket:
            resume = {"op": 6, "d": {"token": emulator.token, "session_id": session, "seq": last}}
            await socket.send_json(resume)
            events = await read_events(socket, "RESUMED")
    assert [event["t"] for event in events] == ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]
    assert [event["s"] for event in events] == [last + 1, last + 2, last + 3]
    assert isinstance(events[-1]["d"], dict)


async def test_resume_of_an_unknown_session_is_invalid(emulator: Emulator, town: Town) -> None:
    """A session the gateway does not know gets op 9, not resumable, on a socket that may identify."""
    async with Wire.open(emulator) as wire, wire.gateway() as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": emulator.token, "session_id": "gone", "seq": 1}})
        assert await socket.receive_json() == {"op": 9, "d": False}
        await socket.send_json(identify(emulator.token))
        assert (await socket.receive_json())["t"] == "READY"


@proves("gateway.sequence")
async def test_resume_from_the_future_closes_with_4007(emulator: Emulator, town: Town) -> None:
    """A sequence number that was never sent closes the socket and ends the session."""
    async with Wire.open(emulator) as wire:
        async with wire.identified() as socket:
            session = (await socket.receive_json())["d"]["session_id"]
            emulator.drop_sockets()
        async with wire.gateway() as socket:
            with emulator.expect_violation(4007, times=1):
                resume = {"op": 6, "d": {"token": emulator.token, "session_id": session, "seq": 999}}
                await socket.send_json(resume)
                assert await closing_code(socket) == 4007


async def test_zlib_stream_shares_one_context(emulator: Emulator, town: Town) -> None:
    """With zlib-stream all frames of a socket decompress through one decompressor."""
    async with Wire.open(emulator) as wire, wire.gateway("?v=10&encoding=json&compress=zlib-stream") as socket:
        inflate = zlib.decompressobj()
        hello = json.loads(inflate.decompress(await socket.receive_bytes()))
        await socket.send_json(identify(emulator.token))
        ready = json.loads(inflate.decompress(await socket.receive_bytes()))
    assert (hello["op"], ready["t"]) == (10, "READY")


@proves("intent.events")
async def test_events_need_their_intent(emulator: Emulator, town: Town) -> None:
    """Without the guild messages intent no guild message arrives; direct ones still do."""
    async with Wire.open(emulator) as wire, wire.identified(DEFAULT_INTENTS & ~(1 << 9)) as socket:
        await socket.receive_json()
        await emulator.say(town.alice, town.channel, "in the guild")
        await emulator.direct(town.alice, "in private")
        event = (await read_events(socket, "MESSAGE_CREATE"))[-1]
    assert event["d"]["content"] == "in private"


async def test_members_can_be_asked_for(emulator: Emulator, town: Town) -> None:
    """Op 8 answers with a chunk of the members whose names start so."""
    async with Wire.open(emulator) as wire, wire.identified() as socket:
        await socket.receive_json()
        await socket.send_json({"op": 8, "d": {"guild_id": town.guild.id, "query": "al", "limit": 5, "nonce": "n"}})
        chunk = (await read_events(socket, "GUILD_MEMBERS_CHUNK"))[-1]["d"]
    assert [member["user"]["username"] for member in chunk["members"]] == ["alice"]
    assert chunk["nonce"] == "n"


@proves("gateway.shard")
@pytest.mark.parametrize("shard", [[1, 1], [0], "both", [-1, 2]])
async def test_impossible_shard_closes_with_4010(emulator: Emulator, town: Town, shard: Any) -> None:
    """A shard outside its count is refused."""
    payload = identify(emulator.token)
    payload["d"]["shard"] = shard
    async with Wire.open(emulator) as wire, wire.gateway() as socket:
        with emulator.expect_violation(4010, times=1):
            await socket.send_json(payload)
            assert await closing_code(socket) == 4010


@proves("gateway.shard")
async def test_shards_hear_their_own_guilds(emulator: Emulator, town: Town) -> None:
    """Each guild's messages go to one shard, direct messages to the first; READY repeats the shard."""
    heard: dict[int, list[str]] = {}
    emulator.starts.max_concurrency = 2
    async with Wire.open(emulator) as wire, wire.gateway() as first, wire.gateway() as second:
        for number, socket in enumerate((first, second)):
            await socket.receive_json()
            payload = identify(emulator.token)
            payload["d"]["shard"] = [number, 2]
            await socket.send_json(payload)
            assert (await socket.receive_json())["d"]["shard"] == [number, 2]
        await emulator.say(town.alice, town.channel, "guild one")
        await emulator.say(town.olga, town.other_channel, "guild two")
        await emulator.direct(town.alice, "direct")
        for number, socket in enumerate((first, second)):
            await socket.send_json(BEAT)
            heard[number] = []
            while (payload := await socket.receive_json())["op"] != 11:
                if payload["t"] == "MESSAGE_CREATE":
                    heard[number].append(payload["d"].get("guild_id", "direct"))
    home = {guild.id: (int(guild.id) >> 22) % 2 for guild in (town.guild, town.other_guild)}
    assert heard == {
        number: [*(key for key in home if home[key] == number), *["direct"] * (1 - number)] for number in (0, 1)
    }
