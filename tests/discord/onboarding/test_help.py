"""``/help`` says what this member can do in this channel."""

from __future__ import annotations

from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import READ_MESSAGE_HISTORY, SEND_MESSAGES
from bot.sandbox.postbox import visible_text
from bot.sandbox.rules.messages import EPHEMERAL
from bot.sandbox.world import User
from bot.ui import adding_words, asking_words, help_words, words
from tests.discord.harness import Town
from tests.discord.onboarding.conftest import Running


async def help_for(emulator: Emulator, town: Town, user: User) -> str:
    """What /help tells somebody in the town's channel; always to them alone."""
    handle = await emulator.slash(user, town.channel, "help")
    messages = [await handle.response(), *handle.followups]
    assert all(message["flags"] & EPHEMERAL for message in messages)
    return "\n".join(map(visible_text, messages))


async def test_a_member_sees_what_members_can_do(emulator: Emulator, town: Town, running: Running) -> None:
    """Asking and summaries, nothing that takes a permission, and every name can be clicked."""
    async with running():
        text = await help_for(emulator, town, town.alice)
    assert "</ask:" in text
    assert "</summary:" in text
    assert asking_words.ASK in text
    assert asking_words.ASK_ABOUT_THIS in text
    assert help_words.HELP_MENTION in text
    assert "article add:" not in text
    assert "panel" not in text
    assert adding_words.ADD_AS_ARTICLE not in text
    assert words.NO_ARTICLES_YET in text


async def test_a_manager_sees_more(emulator: Emulator, town: Town, running: Running) -> None:
    """Every command for those who manage the server, its subcommands one by one."""
    async with running():
        text = await help_for(emulator, town, town.adam)
    for name in ("article add", "article remove", "panel", "ask"):
        assert f"</{name}:" in text
    assert adding_words.ADD_AS_ARTICLE in text
    assert help_words.HELP_MISSING not in text


async def test_what_a_channel_forbids_is_not_offered(emulator: Emulator, town: Town, running: Running) -> None:
    """Where the bot may not reply, mentions are not advised; those who can mend it are told what is missing."""
    denied = SEND_MESSAGES | READ_MESSAGE_HISTORY
    emulator.world.set_overwrite(town.channel, emulator.bot_user, deny=denied)
    async with running():
        member = await help_for(emulator, town, town.alice)
        manager = await help_for(emulator, town, town.adam)
    assert help_words.HELP_MENTION not in member
    assert help_words.HELP_MISSING not in member
    assert "**Send Messages** is missing" in manager
    assert "**Read Message History** is missing" in manager


async def test_a_member_who_may_not_write_here_is_not_sent_to_mention(
    emulator: Emulator, town: Town, running: Running
) -> None:
    """The commands remain: Discord takes them in channels where one may not write."""
    emulator.world.set_overwrite(town.channel, town.alice, deny=SEND_MESSAGES)
    async with running():
        text = await help_for(emulator, town, town.alice)
    assert help_words.HELP_MENTION not in text
    assert "</ask:" in text


async def test_names_are_plain_where_discord_does_not_tell_the_numbers(
    emulator: Emulator, town: Town, running: Running
) -> None:
    """The commands were sent by an earlier process, and reading them fails: help still comes."""
    async with running():
        pass
    async with running():
        emulator.faults.fail(404, method="GET", path="/commands", times=1)
        text = await help_for(emulator, town, town.alice)
        assert "`/ask`" in text
        assert "</ask:" in await help_for(emulator, town, town.alice)
