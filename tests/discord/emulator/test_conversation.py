"""A real discord.py client holds a conversation through the emulator."""

from __future__ import annotations

import pytest

from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from tests.discord.emulator.proofs import proves
from tests.discord.emulator.sample_client import SampleClient
from tests.discord.harness import Town


async def test_client_logs_in_and_becomes_ready(emulator: Emulator, town: Town, connect) -> None:
    """A client logs in, identifies, and knows both guilds and its own account."""
    client = SampleClient()
    await connect(client)
    assert client.is_ready()
    assert {guild.name for guild in client.guilds} == {"Harbour", "Observatory"}
    assert str(client.user.id) == emulator.bot_user.id


async def test_ask_defers_and_edits(emulator: Emulator, town: Town, connect) -> None:
    """A deferred slash command shows thinking first and its edit in the end."""
    await connect(SampleClient())
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "why?"})
    message = await handle.response()
    assert handle.deferred
    assert handle.ephemeral is False
    assert handle.ack_ms < 3000
    assert "answer to why?" in visible_text(message)
    assert message["id"] in town.channel.messages


async def test_private_ask_is_seen_only_by_its_asker(emulator: Emulator, town: Town, connect) -> None:
    """An ephemeral answer is on its asker's screen, on nobody else's, and not in the channel's history."""
    client = SampleClient()
    await connect(client)
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "psst", "private": True})
    message = await handle.response()
    assert handle.ephemeral
    assert emulator.screen(town.alice, town.channel) == [message]
    assert emulator.screen(town.adam, town.channel) == []
    assert message["id"] not in town.channel.messages
    assert list(client.cached_messages) == []


async def test_followup_keeps_its_own_ephemeral_flag(emulator: Emulator, town: Town, connect) -> None:
    """A followup to an answered interaction is a message of its own, ephemeral because it says so."""
    await connect(SampleClient())
    handle = await emulator.slash(town.alice, town.channel, "twice")
    second = await handle.followup()
    assert visible_text(second) == "two"
    assert not emulator.sees(town.adam, second)
    assert [visible_text(entry) for entry in emulator.screen(town.alice, town.channel)] == ["one", "two"]


async def test_autocomplete_offers_what_fits(emulator: Emulator, town: Town, connect) -> None:
    """Typing into an option returns the bot's choices; a value outside them is still allowed."""
    await connect(SampleClient())
    choices = await emulator.autocomplete(town.alice, town.channel, "fruit", focused="name", value="ap")
    assert [choice["value"] for choice in choices] == ["apple", "apricot"]
    handle = await emulator.slash(town.alice, town.channel, "fruit", {"name": "quince"})
    assert "quince" in visible_text(await handle.response())


async def test_buttons_update_defer_and_open_a_modal(emulator: Emulator, town: Town, connect) -> None:
    """Buttons edit their message at once or later, a select answers, and a modal's text arrives."""
    await connect(SampleClient())
    message = await (await emulator.slash(town.alice, town.channel, "fruit", {"name": "plum"})).response()
    await (await emulator.click(town.alice, message, "Next")).response()
    assert visible_text(message) == "page 2"
    await (await emulator.click(town.alice, message, "slow")).response()
    assert visible_text(message) == "slowly done"
    picked = await emulator.select(town.alice, message, "fruit", ["cherry"])
    assert visible_text(await picked.response()) == "picked cherry"
    comment = await emulator.click(town.alice, message, "Comment")
    submitted = await emulator.submit_modal(town.alice, comment, {"Words": "good"})
    assert visible_text(await submitted.response()) == "you said good"


async def test_modal_field_bounds_hold_for_people(emulator: Emulator, town: Town, connect) -> None:
    """A person cannot submit more text than a modal's field takes, nor leave a required one empty."""
    await connect(SampleClient())
    message = await (await emulator.slash(town.alice, town.channel, "fruit", {"name": "plum"})).response()
    comment = await emulator.click(town.alice, message, "Comment")
    for words in ("x" * 21, ""):
        with pytest.raises(CannotInvoke):
            await emulator.submit_modal(town.alice, comment, {"Words": words})


async def test_attachment_option_is_read_through_the_cdn(emulator: Emulator, town: Town, connect) -> None:
    """The bot downloads an attached file's bytes, and its followup fills the deferred message."""
    await connect(SampleClient())
    handle = await emulator.slash(town.alice, town.channel, "read", {"file": ("café & menu #1.txt", b"ahoy")})
    message = await handle.response()
    assert visible_text(message) == "café & menu #1.txt: ahoy"
    assert handle.followups == []


async def test_mention_is_answered_with_a_layout_and_pings_nobody(emulator: Emulator, town: Town, connect) -> None:
    """A mention reaches the bot with its text though no privileged intent is on; the reply pings no one."""
    await connect(SampleClient())
    asked = await emulator.say(
        town.alice, town.channel, f"{emulator.bot_user.mention} hi @everyone {town.adam.mention}"
    )
    reply = await emulator.wait_message(town.channel, after=asked)
    assert "echo:" in visible_text(reply)
    assert reply["message_reference"]["message_id"] == asked["id"]
    assert reply["_pings"] == {"users": [], "roles": [], "everyone": False}
    pressed = await emulator.click(town.adam, reply, "More")
    assert visible_text(await pressed.response()) == "here is more"


@proves("intent.content")
async def test_unmentioned_message_arrives_without_its_text(emulator: Emulator, town: Town, connect) -> None:
    """Without the message content intent a message that does not mention the bot is blank, a direct one is not."""
    client = SampleClient()
    await connect(client)
    await emulator.say(town.alice, town.channel, "just talking", files=[("a.txt", b"1")])
    await emulator.direct(town.alice, f"{emulator.bot_user.mention} in private")
    await emulator.wait_message(emulator.direct_channel(town.alice))
    assert [(message.content, len(message.attachments)) for message in client.heard] == [
        ("", 0),
        (f"{emulator.bot_user.mention} in private", 0),
    ]


async def test_reply_with_ping_counts_as_a_mention(emulator: Emulator, town: Town, connect) -> None:
    """A reply to the bot's own message shows its text with the ping on, and not with it off."""
    client = SampleClient()
    await connect(client)
    asked = await emulator.say(town.alice, town.channel, f"{emulator.bot_user.mention} hi")
    answer = await emulator.wait_message(town.channel, after=asked)
    await emulator.say(town.alice, town.channel, "quiet reply", reply_to=answer, ping=False)
    loud = await emulator.say(town.alice, town.channel, "loud reply", reply_to=answer)
    await emulator.wait_message(town.channel, after=loud)
    assert [message.content for message in client.heard[1:]] == ["", "loud reply"]


async def test_reply_to_an_interaction_answer_stays_closed(emulator: Emulator, town: Town, connect) -> None:
    """A reply to the answer of a command pings the bot and still hides its text, unless it names the bot."""
    client = SampleClient()
    await connect(client)
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "first"})
    answer = await handle.response()
    await emulator.say(town.alice, town.channel, "and then?", reply_to=answer)
    named = await emulator.say(town.alice, town.channel, f"{emulator.bot_user.mention} and now?", reply_to=answer)
    await emulator.wait_message(town.channel, after=named)
    assert [message.content for message in client.heard] == ["", named["content"]]


@proves("intent.content")
async def test_context_menu_shows_its_target_to_the_bot(emulator: Emulator, town: Town, connect) -> None:
    """The target of a message command is readable without the message content intent."""
    await connect(SampleClient())
    target = await emulator.say(town.alice, town.channel, "a fine sentence")
    handle = await emulator.context_menu(town.adam, town.channel, "Quote this", target)
    assert visible_text(await handle.response()) == "quoting a fine sentence"


async def test_command_in_a_direct_message(emulator: Emulator, town: Town, connect) -> None:
    """A global command works in a direct message; a guild-only one is not offered there."""
    await connect(SampleClient())
    direct = emulator.direct_channel(town.alice)
    handle = await emulator.slash(town.alice, direct, "ask", {"question": "alone?"})
    assert "alone?" in visible_text(await handle.response())
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.alice, direct, "article add", {"text": "x"})


@proves("command.visible")
async def test_command_permissions_hide_and_can_be_bypassed(emulator: Emulator, town: Town, connect) -> None:
    """A member without the permission cannot see the command; bypassing shows whether the bot checks again itself."""
    await connect(SampleClient())
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.alice, town.channel, "article add", {"text": "x"})
    allowed = await emulator.slash(town.adam, town.channel, "article add", {"text": "x"})
    assert visible_text(await allowed.response()) == "added x"
    forced = await emulator.slash(town.alice, town.channel, "article add", {"text": "x"}, bypass_permissions=True)
    assert visible_text(await forced.response()) == "not allowed"


@proves("option.values")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ask", {}),
        ("ask", {"question": ""}),
        ("ask", {"question": "q" * 301}),
        ("ask", {"question": "q", "colour": "red"}),
        ("ask", {"question": "q", "private": "yes"}),
        ("article", {"text": "x"}),
        ("article forget", {"text": "x"}),
        ("nothing", {}),
    ],
)
async def test_option_values_are_checked_like_the_server_does(
    emulator: Emulator, town: Town, connect, name: str, options: dict[str, object]
) -> None:
    """A value outside an option's bounds, an unknown option or a missing subcommand never reaches the bot."""
    await connect(SampleClient())
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.adam, town.channel, name, options)
    assert emulator.interactions.handles == []


async def test_stranger_cannot_act_in_another_guild(emulator: Emulator, town: Town, connect) -> None:
    """A member of one guild can neither write nor use commands in another."""
    await connect(SampleClient())
    with pytest.raises(CannotInvoke):
        await emulator.say(town.alice, town.other_channel, "hello?")
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.alice, town.other_channel, "ask", {"question": "hello?"})
