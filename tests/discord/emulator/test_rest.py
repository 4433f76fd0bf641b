"""Channels, permissions, limits and registration over REST."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import permissions
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.rate_limits import Allowance
from bot.sandbox.rules.table import RULES
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.wire import Wire
from tests.discord.harness import Town


@pytest.fixture
async def wire(emulator: Emulator, town: Town) -> AsyncIterator[Wire]:
    """A hand-driven client."""
    async with Wire.open(emulator) as wire:
        yield wire


@proves("permission.send", "permission.view")
@pytest.mark.parametrize(
    ("deny", "code"), [(permissions.SEND_MESSAGES, 50013), (permissions.VIEW_CHANNEL, 50001)], ids=["send", "view"]
)
async def test_missing_permission_is_refused(emulator: Emulator, town: Town, wire: Wire, deny: int, code: int) -> None:
    """A bot that may not write gets 50013, one that may not see the channel 50001."""
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=deny)
    with emulator.expect_violation(code, times=1):
        status, body = await wire.send(town.channel.id, {"content": "hi"})
    assert (status, body["code"]) == (403, code)


@proves("permission.files")
async def test_files_and_embeds_need_their_permissions(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Without attach files an upload is refused; without embed links embeds vanish in silence."""
    deny = permissions.ATTACH_FILES | permissions.EMBED_LINKS
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=deny)
    path = f"/channels/{town.channel.id}/messages"
    with emulator.expect_violation(50013, times=1):
        assert (await wire.upload(path, {"content": "c"}, [("a.txt", b"x")]))[0] == 403
    _, message = await wire.send(town.channel.id, {"content": "c", "embeds": [{"title": "t"}]})
    assert message["embeds"] == []


async def test_person_without_permission_cannot_act(emulator: Emulator, town: Town, wire: Wire) -> None:
    """People are bound by channel permissions too."""
    emulator.world.set_overwrite(town.channel, town.alice, deny=permissions.SEND_MESSAGES)
    with pytest.raises(CannotInvoke):
        await emulator.say(town.alice, town.channel, "hi")


async def test_unknown_things_are_refused(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Unknown channels, messages, guilds, users and commands have codes of their own."""
    application = emulator.world.application_id
    for path, code in (
        ("/channels/1", 10003),
        (f"/channels/{town.channel.id}/messages/1", 10008),
        ("/guilds/1", 10004),
        (f"/guilds/{town.guild.id}/members/1", 10007),
        ("/users/1", 10013),
        (f"/applications/{application}/commands/1", 10063),
    ):
        with emulator.expect_violation(code, times=1):
            assert (await wire.call("GET", path))[0] == 404


@proves("message.nonce")
async def test_same_nonce_returns_the_earlier_message(emulator: Emulator, town: Town, wire: Wire) -> None:
    """With enforce_nonce a repeated send does not write twice."""
    body = {"content": "once", "nonce": "n1", "enforce_nonce": True}
    first, second = await wire.send(town.channel.id, body), await wire.send(town.channel.id, body)
    assert first == second
    assert len(town.channel.messages) == 1


async def test_lost_answer_does_not_write_twice_with_a_nonce(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A request that was carried out though its answer was lost can be repeated safely with a nonce."""
    emulator.faults.fail_after_handling(502, method="POST", path="/messages")
    body = {"content": "once", "nonce": "n1", "enforce_nonce": True}
    url = f"{emulator.api_base}/channels/{town.channel.id}/messages"
    headers = {"Authorization": f"Bot {emulator.token}"}
    async with wire.session.post(url, json=body, headers=headers) as lost:
        assert lost.status == 502
    assert (await wire.send(town.channel.id, body))[0] == 200
    assert len(town.channel.messages) == 1


@proves("message.reply")
async def test_reply_to_a_missing_message_is_refused(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A reply needs its message, unless it says that it may do without."""
    reference = {"message_id": "1"}
    with emulator.expect_violation(50035, times=1):
        assert (await wire.send(town.channel.id, {"content": "c", "message_reference": reference}))[0] == 400
    lenient = {**reference, "fail_if_not_exists": False}
    assert (await wire.send(town.channel.id, {"content": "c", "message_reference": lenient}))[0] == 200


@proves("message.edit_own")
async def test_only_own_messages_can_be_edited(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Another's message can be neither edited (50005) nor, without permission, deleted (50013)."""
    said = await emulator.say(town.alice, town.channel, "mine")
    path = f"/channels/{town.channel.id}/messages/{said['id']}"
    with emulator.expect_violation(50005, times=1):
        await wire.call("PATCH", path, {"content": "changed"})
    with emulator.expect_violation(50013, times=1):
        await wire.call("DELETE", path)
    assert town.channel.messages[said["id"]]["content"] == "mine"


async def test_history_is_blank_without_the_intent(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Reading a channel's history does not get around the message content intent."""
    await emulator.say(town.alice, town.channel, "between us")
    await wire.send(town.channel.id, {"content": "the bot's own"})
    _, page = await wire.call("GET", f"/channels/{town.channel.id}/messages?limit=5")
    assert [message["content"] for message in page] == ["the bot's own", ""]


@proves("rate.headers")
async def test_reply_headers_tell_the_bucket(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Every reply carries its bucket; the request after the last allowed one is a 429 with body and Via header."""
    emulator.rate_limits.allowances["messages"] = Allowance(2, 60)
    url = f"{emulator.api_base}/channels/{town.channel.id}/messages"
    headers = {"Authorization": f"Bot {emulator.token}"}
    left = []
    for _ in range(2):
        async with wire.session.post(url, json={"content": "c"}, headers=headers) as reply:
            left.append(reply.headers["X-RateLimit-Remaining"])
            assert reply.headers["Content-Type"] == "application/json"
    async with wire.session.post(url, json={"content": "c"}, headers=headers) as refused:
        body = await refused.json()
        assert refused.status == 429
        assert refused.headers["X-RateLimit-Scope"] == "user"
        assert "Via" in refused.headers
    assert left == ["1", "0"]
    assert 0 < body["retry_after"] <= 60
    emulator.clock.advance(60)
    assert (await wire.send(town.channel.id, {"content": "later"}))[0] == 200


@proves("rate.global")
async def test_fifty_requests_a_second_are_taken(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Whatever the route, the fifty-first request of a second is a global 429; the next second takes more."""
    assert emulator.rate_limits.global_allowance == Allowance(RULES["rate.global"].high, 1.0)
    emulator.rate_limits.global_allowance = Allowance(RULES["rate.global"].high, 60.0)
    emulator.clock.advance(1)
    paths = ["/users/@me", f"/channels/{town.channel.id}"]
    answers = [await wire.call("GET", paths[number % 2]) for number in range(RULES["rate.global"].high + 1)]
    assert [status for status, _ in answers] == [200] * RULES["rate.global"].high + [429]
    assert answers[-1][1]["global"] is True
    emulator.clock.advance(60)
    assert (await wire.call("GET", "/users/@me"))[0] == 200


@proves("rate.shared", "rate.invalid")
async def test_limits_shared_with_others_are_no_invalid_requests(emulator: Emulator, town: Town, wire: Wire) -> None:
    """10,000 invalid requests in ten minutes are a ban; shared ones do not count, and old ones are forgotten."""
    limits = emulator.rate_limits
    assert limits.ban_after == RULES["rate.invalid"].high
    emulator.faults.rate_limit(scope="shared", path="/users", times=2)
    for _ in range(2):
        assert (await wire.call("GET", "/users/@me"))[0] == 429
    assert limits.invalid_requests == 0
    for _ in range(limits.ban_after - 1):
        limits.note(403)
    assert not limits.banned
    limits.note(429)
    assert limits.banned
    emulator.clock.advance(600)
    assert (await wire.call("GET", "/users/@me"))[0] == 200


@proves("rate.interactions")
async def test_global_limit_spares_interactions(emulator: Emulator, town: Town, wire: Wire) -> None:
    """The global limit refuses ordinary requests and lets answers to interactions through."""
    emulator.commands.overwrite(None, [{"name": "ask", "description": "Ask"}])
    emulator.rate_limits.global_allowance = Allowance(1, 60)
    emulator.clock.advance(1)
    assert (await wire.call("GET", "/users/@me"))[0] == 200
    status, body = await wire.call("GET", "/users/@me")
    assert (status, body["global"]) == (429, True)
    handle = await emulator.slash(town.alice, town.channel, "ask")
    assert (await wire.answer(handle, 4, {"content": "still answered"}))[0] == 200


async def test_too_many_invalid_requests_are_a_ban(emulator: Emulator, town: Town, wire: Wire) -> None:
    """After the allowed number of invalid requests the edge refuses everything, without a Via header."""
    emulator.rate_limits.ban_after = 2
    with emulator.expect_violation(0, times=2):
        for _ in range(2):
            assert (await wire.call("GET", "/users/@me", token="wrong"))[0] == 401
    headers = {"Authorization": f"Bot {emulator.token}"}
    async with wire.session.get(f"{emulator.api_base}/users/@me", headers=headers) as refused:
        assert refused.status == 429
        assert "Via" not in refused.headers


async def test_command_ids_survive_a_resync(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A bulk overwrite keeps the id of a command of the same type and name, and drops what is not in it."""
    path = f"/applications/{emulator.world.application_id}/commands"
    _, first = await wire.call("PUT", path, [{"name": "a", "description": "1"}, {"name": "b", "description": "1"}])
    _, second = await wire.call("PUT", path, [{"name": "b", "description": "2"}])
    assert [command["id"] for command in second] == [first[1]["id"]]
    _, changed = await wire.call("PATCH", f"{path}/{second[0]['id']}", {"description": "3"})
    assert changed["description"] == "3"
    assert (await wire.call("DELETE", f"{path}/{second[0]['id']}"))[0] == 204
    assert (await wire.call("GET", path))[1] == []


async def test_guild_commands_stay_in_their_guild(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A guild's command is offered there and nowhere else."""
    base = f"/applications/{emulator.world.application_id}/guilds"
    await wire.call("PUT", f"{base}/{town.guild.id}/commands", [{"name": "local", "description": "d"}])
    assert [command["name"] for command in emulator.commands.available(town.alice, town.channel)] == ["local"]
    assert emulator.commands.available(town.olga, town.other_channel) == []
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.olga, town.other_channel, "local")


async def test_transcript_keeps_no_secrets_and_can_be_written(
    emulator: Emulator, town: Town, wire: Wire, tmp_path: Path
) -> None:
    """The transcript is JSON lines of every exchange, without the bot's token."""
    async with wire.identified() as socket:
        await socket.receive_json()
    await wire.send(town.channel.id, {"content": "hi"})
    target = tmp_path / "transcript.jsonl"
    emulator.transcript.write(target)
    entries = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert {entry["kind"] for entry in entries} >= {"received", "request"}
    assert emulator.token not in target.read_text(encoding="utf-8")


def test_emulator_speaks_only_the_wire() -> None:
    """Importing the emulator does not import discord.py: an error in the library cannot hide in both."""
    code = "import sys, bot.sandbox.emulator; print('discord' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
