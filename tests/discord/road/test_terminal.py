"""The sandbox's prompt."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.client import PullquoteClient
from bot.engine.library import Library
from bot.engine.records.sources import ArticleSource
from bot.sandbox.emulator import Emulator
from bot.sandbox.input_line import CannotRead, read_slash, typed_value
from bot.sandbox.rendering import render_text
from bot.sandbox.terminal import Terminal
from bot.ui import asking_words
from tests.discord.emulator.test_choices import Menus
from tests.discord.harness import Town

ARTICLE = "The lighthouse\n\nThe lamp of the lighthouse was sold to a museum in Lund. It still works.\n"


@pytest.fixture
def written() -> list[str]:
    """What the prompt wrote."""
    return []


@pytest.fixture
def terminal(online: PullquoteClient, emulator: Emulator, town: Town, library: Library, written: list[str]) -> Terminal:
    """A prompt in a guild with one article, alice first."""
    library.add_article(int(town.guild.id), ArticleSource(ARTICLE))
    people = {"alice": town.alice, "adam": town.adam}
    return Terminal(emulator, town.channel, people, written.append, colours=False)


async def test_plain_line_is_a_question(terminal: Terminal, written: list[str]) -> None:
    """A line without a command asks, and the quote is shown with a bar and the answering sentence marked."""
    await terminal.respond("Who bought the lamp of the lighthouse?")
    assert "│ »The lamp of the lighthouse was sold to a museum in Lund.« It still works." in "".join(written)


async def test_mention_and_private_question(terminal: Terminal, written: list[str]) -> None:
    """@bot asks by a message; private: true says that only the asker sees it."""
    await terminal.respond("@bot Who bought the lamp of the lighthouse?")
    assert "museum in Lund" in written[-1]
    await terminal.respond("/ask Who bought the lamp? article: light private: true")
    assert "only you can see this" in written[-1]
    assert "museum in Lund" in written[-1]


async def test_admin_adds_a_file_from_disk(terminal: Terminal, written: list[str], tmp_path: Path) -> None:
    """`as adam` switches the person; an attachment option takes a path, and a wrong path says so."""
    path = tmp_path / "stars.txt"
    path.write_text("Stars\n\nPolaris stays where it is all night long.\n", encoding="utf-8")
    await terminal.respond("/article list")
    assert "no /article here for you" in written[-1]
    await terminal.respond("as adam")
    assert terminal.prompt == "adam> "
    await terminal.respond(f"/article add file: {path}")
    assert "Stars" in written[-1]
    await terminal.respond("/article add file: nowhere.txt")
    assert "Check the path" in written[-1]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("as nobody", "There are: alice, adam"),
        ("/", "Type help"),
        ("/nonsense", "There are: /ask, /help, /privacy, /summary"),
        ("/ask", "is required"),
        ("/ask Who? private: perhaps", "true or false"),
        ("click Next", "no answer yet"),
        ("help", "/summary ARTICLE"),
    ],
)
async def test_what_is_not_understood_says_what_to_type(
    terminal: Terminal, written: list[str], line: str, says: str
) -> None:
    """A line that means nothing gets a line that helps."""
    await terminal.respond(line)
    assert says in written[-1]


async def test_menus_reactions_threads_and_message_commands(
    terminal: Terminal, online: PullquoteClient, emulator: Emulator, town: Town, written: list[str]
) -> None:
    """Each is typed in words: a message, a command on it, a reaction, a thread, a choice by name, and the way back."""
    await terminal.respond("say Who bought the lamp of the lighthouse?")
    await terminal.respond("react 👍")
    assert "[reactions: 👍 1]" in written[-1]
    await terminal.respond("react thumb")
    assert "10014" in written[-1]
    await terminal.respond(f"menu {asking_words.ASK_ABOUT_THIS}")
    assert "museum in Lund" in written[-1]
    assert "only you can see this" in written[-1]
    await online.get_channel(int(town.channel.id)).send(view=Menus())
    terminal._show(town.channel.history[-1])
    assert "[menu Fruit: fig, plum, pear — choose VALUE]" in written[-1]
    for line, says in [
        ("choose fig", "Say in which menu"),
        ("choose Fruit: fig, pear", "fig pear"),
    ]:
        await terminal.respond(line)
        assert says in written[-1]
    terminal._show(town.channel.history[-2])
    await terminal.respond("choose People: @adam")
    assert "Member adam" in written[-1]
    await terminal.respond("thread Aside")
    assert "in the thread Aside" in written[-1]
    await terminal.respond("@bot Who bought the lamp of the lighthouse?")
    assert "museum in Lund" in written[-1]
    await terminal.respond("go #nowhere")
    assert "go #general" in written[-1]
    await terminal.respond("go #general")
    assert "You are in #general." in written[-1]


def test_options_are_split_at_their_names() -> None:
    """Text before the first option name goes to the first option; colons elsewhere stay text."""
    options = [{"name": "question", "type": 3}, {"name": "private", "type": 5}]
    typed, _ = read_slash("/ask At what time: 10:30? private: yes", [{"name": "ask", "options": options}])
    assert typed.options == {"question": "At what time: 10:30?", "private": "yes"}
    assert typed_value(options[1], "yes") is True
    with pytest.raises(CannotRead, match="takes a number"):
        typed_value({"name": "n", "type": 4}, "many")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"> 5 \* 3 **is \*fifteen\*** here", "│ 5 * 3 »is *fifteen*« here"),
        ("-# small print", "small print"),
        (r"[Title \] x](<https://example.org/a>)", "Title ] x (https://example.org/a)"),
        ("## Heading", "Heading"),
    ],
)
def test_rendering_shows_what_discord_would(text: str, plain: str) -> None:
    """Escapes vanish, bold and links are shown, quotes get their bar."""
    assert render_text(text, colours=False) == plain
