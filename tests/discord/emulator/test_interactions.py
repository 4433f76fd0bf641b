"""The life of an interaction, step by step on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest

from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import (
    CHOICES,
    DEFERRED_MESSAGE,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    InteractionFailed,
    InteractionHandle,
)
from bot.sandbox.postbox import visible_text
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.emulator.wire import Wire, codes
from tests.discord.harness import Town

LAYOUT, EPHEMERAL = 1 << 15, 1 << 6
ORIGINAL = "/messages/@original"
TEXT_LAYOUT = {"flags": LAYOUT, "components": [{"type": 10, "content": "laid out"}]}
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
SHOWN_MODAL = {
    "custom_id": "form",
    "title": "Form",
    "components": [{"type": 18, "label": "Name", "component": {"type": 4, "style": 1, "custom_id": "name"}}],
}
COMMANDS = [
    {"name": "ask", "description": "Ask", "options": [{"type": 3, "name": "question", "description": "q"}]},
    {
        "name": "find",
        "description": "Find",
        "options": [{"type": 3, "name": "word", "description": "w", "autocomplete": True}],
    },
]


@pytest.fixture
async def wire(emulator: Emulator, town: Town) -> AsyncIterator[Wire]:
    """A hand-driven client with two registered commands."""
    emulator.commands.overwrite(None, COMMANDS)
    async with Wire.open(emulator) as wire:
        yield wire


async def ask(emulator: Emulator, town: Town) -> InteractionHandle:
    """Let alice invoke /ask."""
    return await emulator.slash(town.alice, town.channel, "ask", {"question": "q"})


async def press(emulator: Emulator, town: Town, wire: Wire) -> InteractionHandle:
    """Let alice press a button of a message that says "before"."""
    body = {"content": "before", "components": [{"type": 1, "components": [BUTTON]}]}
    _, message = await wire.send(town.channel.id, body)
    return await emulator.click(town.alice, town.channel.messages[message["id"]], "Go")


@proves("ack.seconds")
async def test_late_ack_is_refused(emulator: Emulator, town: Town, wire: Wire) -> None:
    """An answer after the deadline gets 404/10062, and the person sees that nobody answered."""
    handle = await ask(emulator, town)
    emulator.clock.advance(3.1)
    with emulator.expect_violation(10062, times=1):
        status, body = await wire.answer(handle, MESSAGE, {"content": "too late"})
    assert (status, body["code"]) == (404, 10062)
    with pytest.raises(InteractionFailed):
        await handle.response()


async def test_ack_at_the_deadline_is_taken(emulator: Emulator, town: Town, wire: Wire) -> None:
    """An answer within the deadline is taken."""
    handle = await ask(emulator, town)
    emulator.clock.advance(2.5)
    status, _ = await wire.answer(handle, MESSAGE, {"content": "just in time"})
    assert status == 200
    assert handle.ack_ms >= 2500


async def test_late_ack_raises_not_found_in_the_library(emulator: Emulator, town: Town, connect) -> None:
    """discord.py raises NotFound with 10062 for a late answer, with a short deadline set."""
    client = SampleClient()
    caught: asyncio.Queue[int] = asyncio.Queue()

    @client.tree.command(description="Answer too late")
    async def slow(interaction: discord.Interaction) -> None:
        emulator.clock.advance(1)
        try:
            await interaction.response.send_message("late")
        except discord.NotFound as error:
            caught.put_nowait(error.code)

    await connect(client)
    emulator.ack_seconds = 0.5
    with emulator.expect_violation(10062):
        handle = await emulator.slash(town.alice, town.channel, "slow")
        with pytest.raises(InteractionFailed):
            await handle.response()
        assert await asyncio.wait_for(caught.get(), 2) == 10062


async def test_unanswered_times_out_for_the_person(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Who waits for an answer that never comes learns so after the deadline."""
    emulator.ack_seconds = 0.05
    with emulator.expect_unanswered():
        handle = await ask(emulator, town)
        with pytest.raises(InteractionFailed, match="did not respond"):
            await handle.response()


@proves("callback.once")
async def test_double_ack_is_refused(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A second first answer gets 400/40060, and the first one stands."""
    handle = await ask(emulator, town)
    await wire.answer(handle, MESSAGE, {"content": "first"})
    with emulator.expect_violation(40060, times=1):
        status, body = await wire.answer(handle, DEFERRED_MESSAGE)
    assert (status, body["code"]) == (400, 40060)
    assert visible_text(await handle.response()) == "first"


@proves("token.seconds")
async def test_token_expires_after_fifteen_minutes(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A followup works until the token's life is over, then gets 401/50027."""
    handle = await ask(emulator, town)
    await wire.answer(handle, MESSAGE, {"content": "first"})
    emulator.clock.advance(890)
    assert (await wire.respond(handle, "POST", "", {"content": "still fine"}))[0] == 200
    emulator.clock.advance(11)
    with emulator.expect_violation(50027, times=1):
        status, body = await wire.respond(handle, "POST", "", {"content": "too late"})
    assert (status, body["code"]) == (401, 50027)


@proves("followup.after")
async def test_followup_before_the_first_answer_is_refused(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A followup does not replace the first answer."""
    handle = await ask(emulator, town)
    with emulator.expect_violation(10015, times=1):
        status, _ = await wire.respond(handle, "POST", "", {"content": "eager"})
    assert status == 404
    await wire.answer(handle, MESSAGE, {"content": "now"})


@proves("ephemeral.first")
async def test_deferral_decides_who_sees_the_answer(emulator: Emulator, town: Town, wire: Wire) -> None:
    """The first followup fills the deferred message, whose privacy its own flag cannot change."""
    handle = await ask(emulator, town)
    await wire.answer(handle, DEFERRED_MESSAGE)
    assert handle.is_thinking
    _, message = await wire.respond(handle, "POST", "", {"content": "open", "flags": EPHEMERAL})
    assert message["id"] == handle.message["id"]
    assert message["flags"] & EPHEMERAL == 0
    private = await ask(emulator, town)
    await wire.answer(private, DEFERRED_MESSAGE, {"flags": EPHEMERAL})
    _, message = await wire.respond(private, "POST", "", {"content": "closed"})
    assert message["flags"] & EPHEMERAL
    assert not emulator.sees(town.adam, private.message)


@proves("defer.flags", "layout.flag_stays")
async def test_layout_belongs_into_the_edit_not_the_deferral(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A deferral takes only the ephemeral flag; the layout flag comes with the edit, and then stays."""
    handle = await ask(emulator, town)
    with emulator.expect_violation(50035):
        assert (await wire.answer(handle, DEFERRED_MESSAGE, {"flags": LAYOUT}))[0] == 400
    await wire.answer(handle, DEFERRED_MESSAGE)
    assert (await wire.respond(handle, "PATCH", ORIGINAL, TEXT_LAYOUT))[0] == 200
    assert visible_text(handle.message) == "laid out"
    with emulator.expect_violation(50035) as found:
        await wire.respond(handle, "PATCH", ORIGINAL, {"flags": 0, "components": [], "content": "plain"})
    assert "flags" in found[0].detail


async def test_layout_edit_must_null_the_old_content(emulator: Emulator, town: Town, wire: Wire) -> None:
    """An edit into a layout that leaves the old content is refused; one that nulls it is taken."""
    handle = await ask(emulator, town)
    await wire.answer(handle, MESSAGE, {"content": "old"})
    with emulator.expect_violation(50035):
        _, body = await wire.respond(handle, "PATCH", ORIGINAL, TEXT_LAYOUT)
    assert "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2" in codes(body["errors"])
    assert (await wire.respond(handle, "PATCH", ORIGINAL, {**TEXT_LAYOUT, "content": None}))[0] == 200


@proves("ephemeral.hidden")
async def test_ephemeral_message_is_unknown_to_channel_routes(emulator: Emulator, town: Town, wire: Wire) -> None:
    """An ephemeral message is 10008 by the channel's routes and reachable by its token."""
    handle = await ask(emulator, town)
    _, body = await wire.answer(handle, MESSAGE, {"content": "psst", "flags": EPHEMERAL})
    message_id = body["interaction"]["response_message_id"]
    assert body["resource"]["message"]["content"] == "psst"
    with emulator.expect_violation(10008, times=1):
        status, _ = await wire.call("GET", f"/channels/{town.channel.id}/messages/{message_id}")
    assert status == 404
    assert (await wire.respond(handle, "GET", ORIGINAL))[1]["id"] == message_id


@proves("modal.original")
async def test_original_of_a_modal_does_not_exist(emulator: Emulator, town: Town, wire: Wire) -> None:
    """After a modal there is no original response to edit."""
    handle = await ask(emulator, town)
    assert (await wire.answer(handle, MODAL, SHOWN_MODAL))[0] == 200
    with emulator.expect_violation(10008, times=1):
        assert (await wire.respond(handle, "PATCH", ORIGINAL, {"content": "x"}))[0] == 404


@proves("callback.types")
@pytest.mark.parametrize("kind", [DEFERRED_UPDATE, UPDATE, CHOICES, 12, None])
async def test_command_takes_no_component_answers(emulator: Emulator, town: Town, wire: Wire, kind: int | None) -> None:
    """A command can be answered with a message, a deferral or a modal, nothing else."""
    handle = await ask(emulator, town)
    with emulator.expect_violation(50035, times=1):
        assert (await wire.answer(handle, kind, {"content": "x"}))[0] == 400
    assert (await wire.answer(handle, MESSAGE, {"content": "x"}))[0] == 200


@pytest.mark.parametrize("kind", [MESSAGE, DEFERRED_MESSAGE, MODAL])
async def test_autocomplete_takes_only_choices(emulator: Emulator, town: Town, wire: Wire, kind: int) -> None:
    """An autocomplete cannot be deferred or answered with a message."""
    channel = town.channel
    data = {
        "id": "1",
        "name": "find",
        "type": 1,
        "options": [{"name": "word", "type": 3, "value": "", "focused": True}],
    }
    handle = emulator.interactions.start(4, town.alice, channel, data)
    with emulator.expect_violation(50035, times=1):
        assert (await wire.answer(handle, kind))[0] == 400
    assert (await wire.answer(handle, CHOICES, {"choices": [{"name": "a", "value": "a"}]}))[0] == 200


async def test_component_answers(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A component can update its message at once or later; the handle waits for the later edit."""
    handle = await press(emulator, town, wire)
    _, body = await wire.answer(handle, UPDATE, {"content": "after"})
    assert body["interaction"]["response_message_id"] == handle.source["id"]
    assert visible_text(await handle.response()) == "after"
    handle = await press(emulator, town, wire)
    await wire.answer(handle, DEFERRED_UPDATE)
    with pytest.raises(InteractionFailed):
        await handle.response(timeout=0.05)
    await wire.respond(handle, "PATCH", ORIGINAL, {"content": "later"})
    assert visible_text(await handle.response()) == "later"


async def test_modal_submit_cannot_open_a_modal(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A modal is no answer to a modal; one opened by a command has no message to update."""
    handle = await ask(emulator, town)
    await wire.answer(handle, MODAL, SHOWN_MODAL)
    submitted = await emulator.submit_modal(town.alice, handle, {"Name": "Ada"})
    for kind, data in ((MODAL, SHOWN_MODAL), (UPDATE, {"content": "x"})):
        with emulator.expect_violation(50035, times=1):
            assert (await wire.answer(submitted, kind, data))[0] == 400
    assert (await wire.answer(submitted, MESSAGE, {"content": "hello Ada"}))[0] == 200


@proves("callback.token")
async def test_unknown_token_is_refused(emulator: Emulator, town: Town, wire: Wire) -> None:
    """A made-up token answers nothing."""
    handle = await ask(emulator, town)
    path = f"/interactions/{handle.id}/{'x' * 60}/callback"
    with emulator.expect_violation(10062, times=1):
        assert (await wire.call("POST", path, {"type": MESSAGE, "data": {"content": "x"}}))[0] == 404
    assert (await wire.answer(handle, MESSAGE, {"content": "x"}))[0] == 200


async def test_deleted_thinking_message_ends_the_wait(emulator: Emulator, town: Town, wire: Wire) -> None:
    """Deleting the deferred message counts as an answer: the person no longer waits."""
    handle = await ask(emulator, town)
    await wire.answer(handle, DEFERRED_MESSAGE)
    assert (await wire.respond(handle, "DELETE", ORIGINAL))[0] == 204
    assert emulator.unanswered() == []


async def test_dispatch_carries_what_clients_need(emulator: Emulator, town: Town, wire: Wire) -> None:
    """An interaction names its member with permissions, its context and the upload limit, and its id is of now."""
    async with wire.identified(intents=0) as socket:
        ready = await socket.receive_json()
        handle = await ask(emulator, town)
        event = await socket.receive_json()
        await wire.answer(handle, MESSAGE, {"content": "x"})
    assert ready["t"] == "READY"
    assert event["t"] == "INTERACTION_CREATE"
    data = event["d"]
    assert data["attachment_size_limit"] == 10 * 1024 * 1024
    assert data["context"] == 0
    assert int(data["member"]["permissions"]) & (1 << 11)
    assert "user" not in data
    assert abs(discord.utils.snowflake_time(int(data["id"])) - discord.utils.utcnow()).total_seconds() < 5
