"""Two servers never see each other: every command, completion, button and menu of the one is tried from the other.

What is tried is read from what the bot registered and sent, so a new command or button is tried without a line here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.engine.retrieval.tokens import find_words, is_stop_word
from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import COMPONENT, InteractionHandle
from bot.sandbox.postbox import visible_text
from bot.sandbox.rules import kinds
from bot.sandbox.world import Channel
from bot.ui import answer_words, asking_words, board_words, question_words
from tests.discord.harness import Town
from tests.discord.room.conftest import Shelf, bots_messages
from tests.discord.room.places import seen_by

SECRET = """Zephyrine ledger

The zephyrine reactor was hidden beneath the lighthouse in 1911 by the order of Quillfeather.

Quillfeather paid nine hundred crowns for the reactor. Nobody in the village was told.

The third key of the reactor lies with the harbour pilot.
"""
WORDS = ("zephyr", "quillfeather", "nine hundred", "harbour pilot", "varnby", "roofers", "gulls")
STARS = "Stars\n\nPolaris stays where it is.\n"
VALUES = ("3", "2", "reactor lighthouse 1911")
"""For every text option: ids that the other server has, and words of its articles (titles: part by part below)."""
TITLES = ("Zephyrine ledger", "The towers of Varnby", "#3")
FIELDS = {question_words.NOT_HELPFUL: "reason", question_words.FOLLOW_UP: "question"}
SLASH, MESSAGE_MENU = 1, 3
STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10


@pytest.fixture
def harbour(online: PullquoteClient, shelf: Shelf, town: Town) -> list[Any]:
    """What the first server holds; the second has one article of its own."""
    assert shelf.add(SECRET, "ledger.txt") == 3
    shelf.add(STARS, "stars.txt", guild=int(town.other_guild.id))
    return state(shelf)


def state(shelf: Shelf) -> list[Any]:
    """Everything that the store says of the first server."""
    library = shelf.library
    assert library.guild_settings is not None
    articles = library.list_articles(shelf.guild)
    texts = [library.get_article_by_id(shelf.guild, article.id) for article in articles]
    return [articles, texts, library.guild_settings.read(shelf.guild), library.guild_settings.read_scopes(shelf.guild)]


def leaves(command: dict[str, Any], name: str = "") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each slash command that can be used, by its whole name, with its options."""
    name = f"{name} {command['name']}".strip()
    inner = [option for option in command.get("options", []) if option["type"] in (1, 2)]
    if not inner:
        yield name, command.get("options", [])
    for option in inner:
        yield from leaves(option, name)


def fill(option: dict[str, Any], text: str) -> Any:
    """Return a value that Discord lets through, or None for an option that is left out."""
    if option.get("choices"):
        return option["choices"][0]["value"]
    if option["type"] == STRING:
        return text[: option.get("max_length", 100)]
    return {INTEGER: option.get("min_value", 1), BOOLEAN: True, NUMBER: 1.0}.get(option["type"])


async def finish(emulator: Emulator, handle: InteractionHandle) -> None:
    """Wait until the bot has said all that it says."""
    await handle.acknowledged()
    await emulator.settle()


@pytest.mark.parametrize("text", [*VALUES, *TITLES])
async def test_every_command(harbour: list[Any], emulator: Emulator, town: Town, shelf: Shelf, text: str) -> None:
    """Whatever olga, who manages the second server, gives to any command, nothing of the first comes back."""
    commands = [command for command in emulator.commands.listing(None) if command["type"] == SLASH]
    tried = []
    for command in commands:
        for name, options in leaves(command):
            values = {option["name"]: value for option in options if (value := fill(option, text)) is not None}
            for given in (
                values,
                {option["name"]: values[option["name"]] for option in options if option.get("required")},
            ):
                handle = await emulator.slash(town.olga, town.other_channel, name, given, bypass_permissions=True)
                await finish(emulator, handle)
            tried.append(name)
            for option in options:
                for typed in ("", text[:3]) if option.get("autocomplete") else ():
                    await emulator.autocomplete(
                        town.olga,
                        town.other_channel,
                        name,
                        focused=option["name"],
                        value=typed,
                        bypass_permissions=True,
                    )
    assert {"ask", "summary", "article scope", "settings"} <= set(tried)
    check(emulator, town, shelf, harbour, echoed=text)


async def test_every_message_menu(harbour: list[Any], emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """Menus on a message, mentions and direct messages answer from the second server alone."""
    message = await emulator.say(town.olga, town.other_channel, "What lies beneath the lighthouse since 1911?")
    for command in emulator.commands.listing(None):
        if command["type"] == MESSAGE_MENU:
            await finish(emulator, await emulator.context_menu(town.olga, town.other_channel, command["name"], message))
    await emulator.changes.until(lambda: len(shelf.library.list_articles(int(town.other_guild.id))) == 2, 5.0)
    shelf.texts.append(message["content"])
    asked = await emulator.say(town.olga, town.other_channel, f"<@{emulator.bot_user.id}> the reactor of 1911?")
    await emulator.wait_message(town.other_channel, after=asked)
    asked = await emulator.direct(town.olga, "the reactor of 1911?")
    await emulator.wait_message(emulator.direct_channel(town.olga), after=asked)
    check(emulator, town, shelf, harbour)


async def test_every_button(harbour: list[Any], emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """Every control that the first server was ever shown, pressed in the second and in a direct message."""
    controls = await show_everything(emulator, town)
    assert len(controls) > 20
    for place in (town.other_channel, emulator.direct_channel(town.olga)):
        for custom_id, part in controls.items():
            message = forge(emulator, place, part)
            if part["type"] == kinds.BUTTON:
                handle = await emulator.click(town.olga, message, custom_id)
            else:
                offered = [option["value"] for option in part.get("options") or []]
                values = offered[-1:] or [town.guild.id][: part.get("max_values", 1)]
                # Sent as somebody's own program would: a real client offers nothing of another server.
                chosen = {"custom_id": custom_id, "component_type": part["type"], "id": part["id"], "values": values}
                handle = emulator.interactions.start(COMPONENT, town.olga, place, chosen, source=message)
            await finish(emulator, handle)
    check(emulator, town, shelf, harbour)


async def test_a_direct_button_of_a_server_one_is_not_in(
    harbour: list[Any], emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """The server's number in a custom_id opens nothing: Discord is asked who is in it."""
    asked = await emulator.direct(town.alice, "Who paid for the reactor of 1911?")
    answer = await emulator.wait_message(emulator.direct_channel(town.alice), after=asked)
    buttons = [part for part in kinds.walk(answer["components"]) if part["type"] == kinds.BUTTON]
    assert {part["label"] for part in buttons} >= {answer_words.SOURCE, answer_words.VERIFY, answer_words.LATER}
    for part in buttons:
        if part.get("disabled"):
            continue
        message = forge(emulator, emulator.direct_channel(town.olga), part)
        handle = await emulator.click(town.olga, message, part["custom_id"])
        await finish(emulator, handle)
        if handle.modal is not None:
            # A form holds nothing of the server; what is written into it leads nowhere.
            handle = await emulator.submit_modal(town.olga, handle, {FIELDS[part["label"]]: "Who paid?"})
            await finish(emulator, handle)

        def said(handle: InteractionHandle = handle, message: dict[str, Any] = message) -> list[dict[str, Any]]:
            told = [*handle.followups, *([handle.message] if handle.message not in (None, message) else [])]
            return [found for found in told if found is not None and "_deleted" not in found]

        def is_told(handle: InteractionHandle = handle, said: Callable[[], list[dict[str, Any]]] = said) -> bool:
            return bool(said()) and not handle.is_thinking

        await emulator.changes.until(is_told, 5.0)
        assert [visible_text(found) for found in said()] == [asking_words.NOT_A_MEMBER]
    check(emulator, town, shelf, harbour)


async def show_everything(emulator: Emulator, town: Town) -> dict[str, dict[str, Any]]:
    """Have the first server shown one of each: answers, lists, panels; return all controls."""
    for name, options in (
        ("ask", {"question": "Who paid nine hundred crowns for the reactor?"}),
        ("ask", {"question": "Who paid nine hundred crowns for the reactor?", "private": True}),
        ("ask", {"question": "Xylophone quota?"}),
        ("article list", {}),
        ("article remove", {"article": "3"}),
        ("article scope", {"article": "3"}),
        ("settings", {}),
    ):
        await finish(emulator, await emulator.slash(town.adam, town.channel, name, options))
    shown = collect(emulator)
    panel = next(message for message in bots_messages(emulator) if "pq:set:channel" in json.dumps(message, default=str))
    edits = panel["_edits"]
    await emulator.select(town.adam, panel, "pq:set:channel", [town.channel.id])
    await emulator.changes.until(lambda: panel["_edits"] > edits, 5.0)
    await finish(emulator, await emulator.slash(town.adam, town.channel, "panel"))
    return shown | collect(emulator)


def collect(emulator: Emulator) -> dict[str, dict[str, Any]]:
    """Every control in the bot's messages by its custom_id."""
    return {
        part["custom_id"]: part
        for message in bots_messages(emulator)
        for part in kinds.walk(message["components"])
        if "custom_id" in part and not part.get("disabled")
    }


def forge(emulator: Emulator, place: Channel, part: dict[str, Any]) -> dict[str, Any]:
    """A message of the bot with one control, as if it had been sent there."""
    row = {"type": kinds.ROW, "components": [part]}
    message = emulator.postbox.compose(place, emulator.bot_user, {"components": [row], "flags": 1 << 15}, [])
    place.messages[message["id"]] = message
    return message


def check(emulator: Emulator, town: Town, shelf: Shelf, before: list[Any], *, echoed: str = "") -> None:
    """Nothing of the first server was shown to olga, and nothing in it has changed."""
    seen = seen_by(emulator, town.olga)
    if echoed:
        # /explain lists the words of a question that no passage holds.
        absent = [echoed[word.start : word.end] for word in find_words(echoed) if not is_stop_word(word.text)]
        for own in (board_words.absent_words(", ".join(absent)), echoed):
            seen = seen.replace(own.casefold(), "")
    assert [word for word in WORDS if word in seen] == []
    assert state(shelf) == before
