"""The panel of settings over the wire: each control does what it says, at once, and for whoever may."""

from __future__ import annotations

from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.guild_settings.records import ChannelPolicy, ChannelSettings, Privacy
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from bot.sandbox.rules import kinds
from bot.ui import answer_words, settings_words, words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import Shelf, ask, buttons_of, press, quotes_in
from tests.discord.room.places import add_thread, give


async def open_panel(emulator: Emulator, town: Town) -> dict[str, Any]:
    """Open the panel as adam, who may."""
    return await (await emulator.slash(town.adam, town.channel, "settings")).response()


async def choose(emulator: Emulator, town: Town, panel: dict[str, Any], menu: str, *values: str) -> None:
    """Choose in a menu as adam, and wait until the panel shows it."""
    edits = panel["_edits"]
    await emulator.select(town.adam, panel, menu, list(values))
    await emulator.changes.until(lambda: panel["_edits"] > edits, 5.0)


def book(shelf: Shelf) -> SettingsBook:
    """The settings as another process reads them."""
    assert shelf.library.guild_settings is not None
    return shelf.library.guild_settings


def chosen(panel: dict[str, Any], menu: str) -> list[str]:
    """The labels that a menu shows as chosen."""
    for part in kinds.walk(panel["components"]):
        if part.get("placeholder") == menu:
            return [option["label"] for option in part["options"] if option.get("default")]
    raise AssertionError(f"no menu {menu!r}")


async def test_the_panel_is_private_and_says_what_holds(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """At first everything is as the operator chose, the threshold as a rate of wrong answers."""
    panel = await open_panel(emulator, town)
    assert is_private(panel)
    assert settings_words.wrong_title("1 in 100") in visible_text(panel)
    for menu in (settings_words.PRIVACY_MENU, settings_words.WRONG_MENU, settings_words.QUOTES_MENU):
        assert chosen(panel, menu)[0].startswith("As whoever runs me chose")


async def test_every_control_can_be_named_and_reached_by_keyboard(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """Menus with a placeholder and buttons with words: nothing that is told by a symbol, a colour or a mouse alone."""
    panel = await open_panel(emulator, town)
    pages = [list(kinds.walk(panel["components"]))]
    await choose(emulator, town, panel, settings_words.CHANNELS_MENU, town.channel.id)
    pages.append(list(kinds.walk(panel["components"])))
    for page in pages:
        controls = [part for part in page if "custom_id" in part]
        assert len(controls) >= 3
        for part in controls:
            assert part.get("placeholder") or part.get("label")
            assert "emoji" not in part


async def test_every_choice_is_kept_and_shown(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """What is chosen is marked in the panel and read by other processes."""
    role = emulator.world.add_role(town.guild, "editors")
    guild, panel = shelf.guild, await open_panel(emulator, town)
    await choose(emulator, town, panel, settings_words.PRIVACY_MENU, "private")
    assert chosen(panel, settings_words.PRIVACY_MENU) == [settings_words.PRIVACY_PRIVATE]
    await choose(emulator, town, panel, settings_words.WRONG_MENU, "0.2")
    assert settings_words.wrong_title("1 in 500") in visible_text(panel)
    await choose(emulator, town, panel, settings_words.QUOTES_MENU, "2")
    await choose(emulator, town, panel, settings_words.MEMBER_MENU, "30")
    await choose(emulator, town, panel, settings_words.CHANNEL_COOLDOWN_MENU, "60")
    await choose(emulator, town, panel, settings_words.MANAGER_MENU, role.id)
    settings = book(shelf).read(guild)
    assert (settings.privacy, settings.wrong_in_100, settings.quotes) == (Privacy.PRIVATE, 0.2, 2)
    assert (settings.member_seconds, settings.channel_seconds, settings.manager_role) == (30, 60, int(role.id))
    await choose(emulator, town, panel, settings_words.PRIVACY_MENU, "default")
    await choose(emulator, town, panel, settings_words.MANAGER_MENU)
    settings = book(shelf).read(guild)
    assert (settings.privacy, settings.manager_role) == (None, None)


async def test_channels_have_settings_of_their_own(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A channel's page sets privacy and policy, tells which toggle is missing, and leads back."""
    panel = await open_panel(emulator, town)
    await choose(emulator, town, panel, settings_words.CHANNELS_MENU, town.channel.id)
    assert f"<#{town.channel.id}>" in visible_text(panel)
    assert "Message Content Intent" in visible_text(panel)
    await choose(emulator, town, panel, settings_words.PRIVACY_MENU, "private")
    await choose(emulator, town, panel, settings_words.POLICY_MENU, "confident")
    own = book(shelf).read(shelf.guild).channels[int(town.channel.id)]
    assert own == ChannelSettings(Privacy.PRIVATE, ChannelPolicy.CONFIDENT)
    await press(emulator, panel, settings_words.BACK, town.adam)
    line = f"<#{town.channel.id}> · {settings_words.PRIVACY_PRIVATE} · {settings_words.POLICY_CONFIDENT}"
    assert line in visible_text(panel)


async def test_the_panel_survives_a_restart(shelf: Shelf, settings: Settings, emulator: Emulator, town: Town) -> None:
    """A panel of an earlier process still sets."""
    async with connected(emulator, make_client(settings, open_library(settings))):
        panel = await open_panel(emulator, town)
    async with connected(emulator, make_client(settings, open_library(settings))):
        await choose(emulator, town, panel, settings_words.QUOTES_MENU, "1")
        await choose(emulator, town, panel, settings_words.CHANNELS_MENU, town.channel.id)
    async with connected(emulator, make_client(settings, open_library(settings))):
        await press(emulator, panel, settings_words.BACK, town.adam)
    assert chosen(panel, settings_words.QUOTES_MENU) == [settings_words.quotes_option(1)]
    assert book(shelf).read(shelf.guild).quotes == 1


async def test_the_right_is_asked_for_at_each_press(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Members do not see the command and are refused; so is an admin of before, and the article managers' role."""
    role = emulator.world.add_role(town.guild, "editors")
    give(town.guild, town.alice, role)
    book(shelf).set_manager_role(shelf.guild, int(role.id))
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.alice, town.channel, "settings")
    handle = await emulator.slash(town.alice, town.channel, "settings", bypass_permissions=True)
    assert visible_text(await handle.response()) == words.NEEDS_MANAGE_GUILD
    panel = await open_panel(emulator, town)
    town.guild.members[town.adam.id].role_ids.clear()
    handle = await emulator.select(town.adam, panel, settings_words.QUOTES_MENU, ["1"])
    assert visible_text(await handle.response()) == words.NEEDS_MANAGE_GUILD
    assert book(shelf).read(shelf.guild).quotes is None


async def test_the_manager_role_may_use_article_commands(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Where Discord lets them through, holders list, complete and add; others still may not."""
    role = emulator.world.add_role(town.guild, "editors")
    emulator.announce(town.guild)
    list_as: dict[str, Any] = {"name": "article list", "bypass_permissions": True}
    refused = await (await emulator.slash(town.alice, town.channel, **list_as)).response()
    assert visible_text(refused) == words.NEEDS_MANAGE_GUILD
    book(shelf).set_manager_role(shelf.guild, int(role.id))
    give(town.guild, town.alice, role)
    listed = await (await emulator.slash(town.alice, town.channel, **list_as)).response()
    assert "The towers of Varnby" in visible_text(listed)
    choices = await emulator.autocomplete(
        town.alice, town.channel, "article info", focused="article", bypass_permissions=True
    )
    assert len(choices) == 2
    book(shelf).set_manager_role(shelf.guild, None)
    handle = await emulator.slash(town.alice, town.channel, **list_as)
    assert visible_text(await handle.response()) == words.NEEDS_MANAGE_GUILD


async def test_quotes_are_as_many_as_the_guild_wants(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """One is one."""
    assert len(quotes_in(await ask(emulator, town))) > 1
    book(shelf).set_quotes(shelf.guild, 1)
    assert len(quotes_in(await ask(emulator, town))) == 1


async def test_the_threshold_is_the_guilds(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """With no wrong answer allowed a weak question finds nothing, with half of them it finds something."""
    question = "Which barley did the mayor of the northern harbour sell?"
    book(shelf).set_wrong_in_100(shelf.guild, 0)
    strict = await ask(emulator, town, question)
    book(shelf).set_wrong_in_100(shelf.guild, 50)
    generous = await ask(emulator, town, question)
    assert quotes_in(strict) == []
    assert quotes_in(generous)


async def test_languages_narrow_the_search(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Articles of other languages are not searched; those of unknown language always are, and named ones too."""
    text = (
        "Der Hafen\n\nDer Hafen von Varnby wurde im Jahr 1803 nach dem großen Sturm von den Fischern neu gebaut.\n\n"
        "Die Fischer bekamen dafür ein Fass Bier und einen neuen Steg, der bis heute am Wasser steht.\n"
    )
    number = shelf.add(text, "hafen.txt")
    assert shelf.library.get_summary(shelf.guild, str(number)).details.language == "de"
    panel = await open_panel(emulator, town)
    question = "Wann wurde der Hafen von den Fischern neu gebaut?"
    assert any("Fischern" in quote for quote in quotes_in(await ask(emulator, town, question)))
    await choose(emulator, town, panel, settings_words.LANGUAGES_MENU, "en")
    assert all("Fischern" not in quote for quote in quotes_in(await ask(emulator, town, question)))
    assert any("Fischern" in quote for quote in quotes_in(await ask(emulator, town, question, article=str(number))))
    await choose(emulator, town, panel, settings_words.LANGUAGES_MENU)
    assert any("Fischern" in quote for quote in quotes_in(await ask(emulator, town, question)))


@pytest.mark.parametrize("private", [None, True, False])
async def test_answers_are_as_private_as_the_place_says(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf, private: bool | None
) -> None:
    """The option goes first, then the channel (a thread's is its parent's), then the guild, then the operator."""
    options = {} if private is None else {"private": private}
    quiet = emulator.add_channel(town.guild, "quiet")
    emulator.announce(town.guild)
    thread = add_thread(emulator, quiet, "within")
    book(shelf).set_privacy(shelf.guild, Privacy.PRIVATE, channel=int(quiet.id))

    async def is_hidden(channel: Any) -> bool:
        handle = await emulator.slash(town.alice, channel, "ask", {"question": "Who was Ada Quill?", **options})
        return is_private(await handle.response())

    assert [await is_hidden(place) for place in (town.channel, quiet, thread)] == (
        [False, True, True] if private is None else [private] * 3
    )
    book(shelf).set_privacy(shelf.guild, Privacy.PRIVATE)
    book(shelf).set_privacy(shelf.guild, Privacy.PUBLIC, channel=int(quiet.id))
    assert [await is_hidden(place) for place in (town.channel, quiet, thread)] == (
        [True, False, False] if private is None else [private] * 3
    )


async def test_summaries_are_as_private(online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """A summary follows the same rules, and has the option too."""

    async def is_hidden(**options: Any) -> bool:
        handle = await emulator.slash(town.alice, town.channel, "summary", {"article": "1", **options})
        return is_private(await handle.response())

    assert [await is_hidden(), await is_hidden(private=True)] == [False, True]
    book(shelf).set_privacy(shelf.guild, Privacy.PRIVATE)
    assert [await is_hidden(), await is_hidden(private=False)] == [True, False]


async def test_a_private_answer_stays_private_in_all_its_parts(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Later parts, what buttons say, and refusals are for the asker alone; nothing reaches the channel."""
    text = "".join(f"Heron number {number} waits by the pier at low tide. " for number in range(200)).strip()
    shelf.add(f"Herons\n\n{text}\n\nThe herons leave in May.\n", "herons.txt")
    book(shelf).set_privacy(shelf.guild, Privacy.PRIVATE)
    handle = await emulator.slash(
        town.alice, town.channel, "ask", {"question": "Where do herons wait at low tide?", "article": "3"}
    )
    shown = [await handle.response()]
    while answer_words.POST not in buttons_of(shown[-1]):
        shown.append(await handle.followup(len(shown) - 1))
    said = list(shown)
    for label in (answer_words.LATER, answer_words.SOURCE, answer_words.VERIFY):
        pressed = await press(emulator, shown[-1], label, town.alice)
        said += [message for message in [pressed.message, *pressed.followups] if message is not None]
    refused = await emulator.slash(town.alice, town.channel, "ask", {"question": "Why?", "article": "77"})
    said.append(await refused.response())
    assert len(shown) > 1
    assert all(is_private(message) for message in said)
    assert town.channel.history == []


async def test_where_settings_cannot_be_read_answers_are_private(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """In doubt nobody else is shown anything."""
    await online.library.settings.read(1)
    online.library.settings._book = _Broken()  # type: ignore[assignment]
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "Who was Ada Quill?"})
    assert is_private(await handle.response())
    assert town.channel.history == []


class _Broken:
    """A book that cannot be read."""

    def read(self, guild: int) -> None:
        """Fail as a store does that is locked."""
        from bot.engine.errors import StoreUnavailable

        raise StoreUnavailable("The store is locked. Try again in a moment.")


async def test_a_deleted_manager_role_does_not_break_the_panel(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Discord refuses a menu with a role that is gone, so the panel shows none."""
    book(shelf).set_manager_role(shelf.guild, 424242)
    panel = await open_panel(emulator, town)
    assert all(not part.get("default_values") for part in kinds.walk(panel["components"]))
