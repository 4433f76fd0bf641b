"""The client: commands, start, refusals by Discord, broken events, and closing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.async_library import AsyncLibrary
from bot.client import PullquoteClient, default_intents, point_at
from bot.engine.errors import StoreUnavailable
from bot.refusals import DiscordRefused
from bot.sandbox.emulator import Emulator
from bot.ui import adding_words, asking_words, connection_words, words
from bot.ui.article_list import PAGE_SIZE
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.bot.reading import quoted, said
from tests.discord.harness import Link, LoopWatch, Town, connected, pointed_at

Connect = Callable[[discord.Client], Awaitable[Link]]
SUB_COMMAND, STRING, MESSAGE_MENU = 1, 3, 3


def walk(commands: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every command and subcommand as (full name, payload)."""
    for command in commands:
        parts = [option for option in command.get("options", []) if option["type"] == SUB_COMMAND]
        yield command["name"], command
        for part in parts:
            yield f"{command['name']} {part['name']}", part


def registered(emulator: Emulator) -> list[dict[str, Any]]:
    """The commands as Discord holds them."""
    return emulator.commands.listing(None)


async def test_every_command_is_what_discord_and_members_need(online: Link, emulator: Emulator) -> None:
    """Unique names, descriptions, guild only, guild install only, and every option described and bounded."""
    commands = registered(emulator)
    names = [name for name, _ in walk(commands)]
    assert sorted(names) == [
        "Add as article", "Ask about this", "Summarise this", "article", "article add", "article info", "article list",
        "article preview", "article refresh", "article remove", "article rename", "article scope", "ask", "explain",
        "gaps", "help", "panel", "privacy", "privacy delete", "privacy export", "privacy optout", "privacy show",
        "settings", "stats", "summary",
    ]  # fmt: skip
    for command in commands:
        # What is kept of a member they may ask for anywhere; everything else works in guilds.
        expected_contexts = [0, 1] if command["name"] == "privacy" else [0]
        assert command["contexts"] == expected_contexts, command["name"]
        assert command["integration_types"] == [0], f"{command['name']}: guild install only"
        managing = ("article", "explain", "gaps", "panel", "settings", "stats", adding_words.ADD_AS_ARTICLE)
        is_managing = command["name"] in managing
        expected = str(discord.Permissions(manage_guild=True).value) if is_managing else None
        assert command["default_member_permissions"] == expected
    for name, command in walk(commands):
        assert (10 < len(command["description"]) <= 100) or (
            command["type"] == MESSAGE_MENU and not command["description"]
        )
        for option in command.get("options", []):
            assert 10 < len(option["description"]) <= 100, f"{name} {option['name']}"
            if option["type"] == STRING and not option.get("choices"):
                assert 1 <= option["min_length"] <= option["max_length"] <= 6000, f"{name} {option['name']}"


async def test_the_question_is_bounded_and_articles_complete(online: Link, emulator: Emulator) -> None:
    """A question has at most 1,000 characters; every article option suggests titles."""
    options = {
        (name, option["name"]): option
        for name, command in walk(registered(emulator))
        for option in command.get("options", [])
    }
    assert options["ask", "question"]["max_length"] == asking_words.QUESTION_LIMIT
    assert options["article add", "text"]["max_length"] == 6000
    for name in (
        "ask",
        "summary",
        *(f"article {verb}" for verb in ("info", "preview", "refresh", "remove", "rename", "scope")),
    ):
        assert options[name, "article"]["autocomplete"]
    assert [choice["value"] for choice in options["summary", "length"]["choices"]] == ["key", "short", "medium", "long"]


def test_no_privileged_intent_is_asked_for() -> None:
    """Neither message content nor members nor presences."""
    intents = default_intents()
    assert not any((intents.message_content, intents.members, intents.presences))
    assert intents.guilds
    assert intents.guild_messages


async def test_commands_are_sent_only_when_they_changed(
    fake: FakeLibrary, emulator: Emulator, town: Town, tmp_path: Path
) -> None:
    """A second start with the same commands sends nothing; a damaged memory sends them again."""
    memory = tmp_path / "state" / "commands"

    async def start() -> int:
        client = PullquoteClient(library=AsyncLibrary(FakeLibrary()), command_memory=memory)  # type: ignore[arg-type]
        before = puts(emulator)
        with pointed_at(emulator):
            async with client:
                await client.login(emulator.token)
        return puts(emulator) - before

    assert await start() == 1
    assert await start() == 0
    memory.write_bytes(b"\xff\xfe broken")
    assert await start() == 1
    assert await start() == 0


def puts(emulator: Emulator) -> int:
    """How often the commands were overwritten."""
    return len(emulator.transcript.requests("PUT", "/commands"))


async def test_a_wrong_token_is_one_sentence(client: PullquoteClient, fake: FakeLibrary, emulator: Emulator) -> None:
    """The command line gets something to print, and everything is closed."""
    with pointed_at(emulator), emulator.expect_violation(0), pytest.raises(DiscordRefused) as refused:
        await client.start("not.the.token")
    assert str(refused.value) == connection_words.DISCORD_REFUSES_LOGIN
    assert "not.the.token" not in str(refused.value)
    assert client.is_closed()
    assert fake.closed == 1


async def test_a_privileged_intent_is_named_not_looped(fake: FakeLibrary, emulator: Emulator, town: Town) -> None:
    """Close code 4014 ends the client with the toggle to look at."""
    intents = default_intents()
    intents.message_content = True
    emulator.portal_intents = 0
    client = PullquoteClient(library=AsyncLibrary(fake), intents=intents)  # type: ignore[arg-type]
    with pointed_at(emulator), emulator.expect_violation(4014), pytest.raises(DiscordRefused, match="privileged"):
        await client.start(emulator.token)
    assert fake.closed == 1


async def test_an_unreachable_discord_is_one_sentence(client: PullquoteClient, emulator: Emulator) -> None:
    """Nobody listening is not a traceback."""
    with pointed_at(emulator):
        await emulator.stop()
        with pytest.raises(DiscordRefused, match="cannot be reached"):
            await client.start(emulator.token)


async def test_a_malformed_event_does_not_end_the_bot(
    online: Link, emulator: Emulator, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and the next question is answered over the same connection."""
    emulator.send_malformed_dispatch("MESSAGE_CREATE")
    emulator.send_malformed_dispatch("INTERACTION_CREATE")
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?"})
    assert quoted(await handle.response())
    assert not online.task.done()
    broken = [record.getMessage() for record in caplog.records if "malformed" in record.getMessage()]
    assert [text.split()[4] for text in broken] == ["MESSAGE_CREATE;", "INTERACTION_CREATE;"]


async def test_a_dropped_connection_is_resumed(online: Link, emulator: Emulator, town: Town) -> None:
    """What was asked while the line was down is answered when it is back."""
    emulator.drop_sockets()
    question = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> the fox?")
    assert quoted(await emulator.wait_message(town.channel, after=question, timeout=10.0))


async def test_an_unavailable_guild_changes_nothing(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """An outage, and even a removal from a server, touches no article (trap 6)."""
    before = {guild: dict(held) for guild, held in fake.articles.items()}
    for data in ({"id": town.guild.id, "unavailable": True}, {"id": town.other_guild.id}):
        for session in emulator.gateway.sessions.values():
            session.push("GUILD_DELETE", data)
    emulator.announce(town.guild)
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?"})
    assert quoted(await handle.response())
    assert fake.articles == before
    assert {method for method, _ in fake.calls} <= {"warm", "ask", "get_article_by_id"}


async def test_a_page_button_survives_a_restart(fake: FakeLibrary, emulator: Emulator, town: Town) -> None:
    """A button of a list that an earlier process sent still turns the page."""
    for number in range(PAGE_SIZE):
        fake.put(int(town.guild.id), f"Extra {number}", "x")
    again = FakeLibrary(articles=fake.articles)
    async with connected(emulator, PullquoteClient(library=AsyncLibrary(fake))):  # type: ignore[arg-type]
        handle = await emulator.slash(town.adam, town.channel, "article list")
        message = await handle.response()
    async with connected(emulator, PullquoteClient(library=AsyncLibrary(again))):  # type: ignore[arg-type]
        pressed = await emulator.click(town.adam, message, words.NEXT)
        assert said(await pressed.response())[0].endswith("page 2 of 2")


async def test_a_client_that_never_logged_in_closes(client: PullquoteClient, fake: FakeLibrary) -> None:
    """Closing before the start is quiet, and closes the library."""
    await client.close()
    await client.close()
    assert client.is_closed()
    assert fake.closed == 1


async def test_closing_lets_answers_arrive(
    client: PullquoteClient, fake: FakeLibrary, emulator: Emulator, town: Town, connect: Connect
) -> None:
    """The running question is answered, the waiting one is told, then Discord is left and the library closed."""
    await connect(client)
    assert client._warming is not None
    await client._warming
    fake.gate.clear()
    running = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?", "private": True})
    assert await asyncio.to_thread(fake.asking.wait, 5.0)
    waiting = await emulator.slash(town.alice, town.channel, "ask", {"question": "boats?", "private": True})
    await waiting.acknowledged()
    async with asyncio.timeout(5.0):
        while client.library._questions._admitted < 2:  # noqa: ASYNC110 -- a counter has no event to wait for
            await asyncio.sleep(0.005)
    closing = asyncio.create_task(client.close())
    assert said(await waiting.response()) == ["The bot is shutting down. Try again in a minute."]
    assert not client.is_closed()
    fake.gate.set()
    assert quoted(await running.response())
    await closing
    await client.close()
    assert client.is_closed()
    assert fake.closed == 1


async def test_a_failing_command_ends_in_the_tree_not_in_the_loop(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, watch: LoopWatch
) -> None:
    """Nothing is left to asyncio's "exception was never retrieved"."""
    fake.errors["list_articles"] = RuntimeError("boom")
    handle = await emulator.slash(town.adam, town.channel, "article list")
    assert "number" in said(await handle.response())[0]
    assert await watch.problems() == []


def test_only_this_machine_can_stand_in_for_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong base would hand the token to a stranger: anything but loopback is refused, and nothing is changed."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    before = discord.http.Route.BASE
    for url in ("https://example.com/api", "http://127.0.0.1.example.com/api", "http://10.0.0.1/api", "nonsense"):
        with pytest.raises(ValueError, match="not an address of this machine"):
            point_at(api_base=url)
    with pytest.raises(ValueError, match="not an address of this machine"):
        point_at(api_base="http://127.0.0.1:1/api", gateway_url="wss://gateway.example.com")
    assert before == discord.http.Route.BASE
    point_at(api_base="http://127.0.0.1:1/api/v10")
    assert discord.http.Route.BASE == "http://127.0.0.1:1/api/v10"


async def test_question_text_is_logged_at_debug_only(
    online: Link, emulator: Emulator, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither questions nor quotes reach the log at INFO."""
    with caplog.at_level(logging.INFO):
        handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox, in secret?"})
        await handle.response()
    text = "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.INFO)
    assert "in secret" not in text
    assert "wrote a letter" not in text


async def test_help_does_without_the_store(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """What one can do is told also while nothing can be read."""
    fake.articles.clear()
    fake.errors["guilds"] = StoreUnavailable("The store is closed.")
    handle = await emulator.slash(town.alice, town.channel, "help")
    text = "\n".join(said(await handle.response()))
    assert "</ask:" in text
    assert words.NO_ARTICLES_YET not in text
