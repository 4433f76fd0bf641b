"""Looking after articles over the wire: info, preview, rename, refresh, remove, the message menu, files by tens."""

from __future__ import annotations

from typing import Any

import pytest

from bot.async_library import AsyncLibrary
from bot.client import PullquoteClient
from bot.engine.errors import ExtractFailed
from bot.engine.records.articles import ArticleDetails
from bot.engine.records.freshness import FetchState
from bot.engine.records.sources import ArticleSource
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.ui import adding_words, words
from tests.discord.bot.fake_fetcher import FakeFetcher
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.bot.reading import is_private, said, visible_text
from tests.discord.harness import Link, Town


async def told(emulator: Emulator, town: Town, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """What the admin is told after a command; it is always private."""
    handle = await emulator.slash(town.adam, town.channel, f"article {name}", options)
    message = await handle.response()
    assert is_private(message)
    return message


def sources(fake: FakeLibrary) -> list[ArticleSource]:
    """What the library was given to add."""
    return [source for _, source in fake.called("add_article")]  # type: ignore[misc]


async def test_info_tells_what_is_known(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Where the article is from, its size, when its page was last seen, and why it could not be seen since."""
    fake.details = ArticleDetails("Ada Brandt", "The Ferry", "2025-02-14", "en")
    fake.fetches[int(town.guild.id), 1] = FetchState(1_700_000_000, problem="The page answered *404*.")
    text = visible_text(await told(emulator, town, "info", {"article": "1"}))
    for part in (
        "**#1** [Foxes](<https://example.com/foxes>)",
        "Ada Brandt, The Ferry, 2025-02-14",
        "1 passage to quote",
    ):
        assert part in text
    assert "<t:1700000000:R>" in text
    assert r"Last refresh failed: The page answered \*404\*." in text


async def test_preview_shows_the_beginning_and_what_is_left_out(online: Link, emulator: Emulator, town: Town) -> None:
    """The real drawing is a unit test's; here the article is found and shown privately."""
    assert "Foxes" in visible_text(await told(emulator, town, "preview", {"article": "Foxes"}))


async def test_rename(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """The new title is stored and told."""
    message = await told(emulator, town, "rename", {"article": "#1", "title": "Foxes *at work*"})
    assert said(message) == [r"**Renamed:** #1 is called Foxes \*at work\* now."]
    assert fake.articles[int(town.guild.id)][1][0] == "Foxes *at work*"


async def test_refresh_reports_what_changed(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, web: FakeFetcher
) -> None:
    """A changed page updates the article, and the counts of passages are told."""
    web.pages["https://example.com/foxes"] = "The fox wrote two letters."
    message = await told(emulator, town, "refresh", {"article": "1"})
    assert said(message) == ["**Updated:** Foxes (#1): ~1 passages; 1 passage to quote."]
    web.pages.clear()
    message = await told(emulator, town, "refresh", {"article": "1"})
    assert "answered 404" in visible_text(message)
    assert "The article stays as it is." in visible_text(message)
    assert fake.articles[int(town.guild.id)][1][1] == "The fox wrote two letters."


async def test_removal_is_confirmed_once(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Nothing is removed until the button is pressed; then the same message says what was, and no button is left."""
    message = await told(emulator, town, "remove", {"article": "1"})
    assert said(message)[0] == "**Remove Foxes (#1)** and its 1 passage? This cannot be undone."
    assert list(fake.articles[int(town.guild.id)]) == [1, 2]
    await (await emulator.click(town.adam, message, words.REMOVE)).response()
    assert said(message) == ["**Removed:** Foxes (#1) and its 1 passage."]
    assert list(fake.articles[int(town.guild.id)]) == [2]
    assert list(fake.articles[int(town.other_guild.id)]) == [1]
    with pytest.raises(CannotInvoke):
        await emulator.click(town.adam, message, words.REMOVE)


async def test_removal_can_be_thought_better_of(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """Keep says that the article stays, and it does."""
    message = await told(emulator, town, "remove", {"article": "1"})
    await (await emulator.click(town.adam, message, words.KEEP)).response()
    assert said(message) == ["**Kept:** Foxes (#1) stays."]
    assert fake.called("remove_article") == []


async def test_removal_of_what_is_gone_is_told(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Two admins may press: the second is told privately."""
    message = await told(emulator, town, "remove", {"article": "1"})
    del fake.articles[int(town.guild.id)][1]
    pressed = await emulator.click(town.adam, message, words.REMOVE)
    followup = await pressed.followup()
    assert is_private(followup)
    assert "There is no article" in visible_text(followup)


@pytest.mark.parametrize("name", ["info", "preview", "rename", "refresh", "remove"])
async def test_everything_is_for_managers(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, name: str
) -> None:
    """Even where a server lets anybody use the command; completion offers them nothing."""
    options = {"article": "1"} | ({"title": "x"} if name == "rename" else {})
    handle = await emulator.slash(town.alice, town.channel, f"article {name}", options, bypass_permissions=True)
    assert said(await handle.response()) == [words.NEEDS_MANAGE_GUILD]
    offered = await emulator.autocomplete(
        town.alice, town.channel, f"article {name}", focused="article", bypass_permissions=True
    )
    assert offered == []
    offered = await emulator.autocomplete(town.adam, town.channel, f"article {name}", focused="article", value="fox")
    assert [choice["name"] for choice in offered] == ["Foxes"]
    assert {method for method, _ in fake.calls} <= {"warm", "complete_articles"}


async def test_form_takes_text_and_files(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Each source gets its line in one report; one that fails stops none."""
    fake.refused[b"bad"] = ExtractFailed("This holds no text.")
    handle = await emulator.slash(town.adam, town.channel, "article add")
    files = [("gulls.md", b"Gulls steal chips."), ("bad.md", b"bad"), ("boats.md", b"Boats give way.")]
    submitted = await emulator.submit_modal(town.adam, handle, {"text": "Owls sleep.", "title": "Owls", "files": files})
    message = await submitted.response()
    await emulator.changes.until(lambda: "Boats" in visible_text(message), 5.0)
    assert is_private(message)
    assert [source.title for source in sources(fake)] == ["Owls", None, None, None]
    lines = visible_text(message).splitlines()
    assert lines[0].startswith("**Added:** Owls (#3)")
    assert lines[1].startswith("**Added:** Gulls steal chips. (#4)")
    assert lines[2] == "**Not added:** bad.md: This holds no text."
    assert lines[3].startswith("**Added:** Boats give way. (#5)")


async def test_form_with_one_file_uses_the_title(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """Text is not needed where a file is given."""
    handle = await emulator.slash(town.adam, town.channel, "article add")
    submitted = await emulator.submit_modal(
        town.adam, handle, {"title": "Gulls", "files": [("gulls.md", b"Gulls steal chips.")]}
    )
    assert visible_text(await submitted.response()).startswith("**Added:** Gulls (#3)")
    [source] = sources(fake)
    assert (source.file_name, source.title, source.data) == ("gulls.md", "Gulls", b"Gulls steal chips.")


async def test_an_empty_form_is_told(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Neither text nor file: the sentence says what to do."""
    handle = await emulator.slash(town.adam, town.channel, "article add")
    message = await (await emulator.submit_modal(town.adam, handle, {})).response()
    assert said(message) == [adding_words.EMPTY_FORM]
    assert sources(fake) == []


async def test_a_message_becomes_an_article(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Its text and its files are added, and the report is private."""
    message = await emulator.say(town.alice, town.channel, "Gulls steal chips.", files=[("a.md", b"Boats give way.")])
    handle = await emulator.context_menu(town.adam, town.channel, adding_words.ADD_AS_ARTICLE, message)
    report = await handle.response()
    await emulator.changes.until(lambda: visible_text(report).count("**Added:**") == 2, 5.0)
    assert is_private(report)
    assert [source.data for source in sources(fake)] == ["Gulls steal chips.", b"Boats give way."]


async def test_a_message_that_is_an_address_becomes_its_page(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, web: FakeFetcher
) -> None:
    """A link alone is what it leads to."""
    message = await emulator.say(town.alice, town.channel, " https://example.com/gulls ")
    handle = await emulator.context_menu(town.adam, town.channel, adding_words.ADD_AS_ARTICLE, message)
    assert "Gulls steal chips. (#3)" in visible_text(await handle.response())
    assert web.asked == [(int(town.guild.id), "https://example.com/gulls")]


async def test_one_failing_source_is_told_as_it_is(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """A single source's refusal is the engine's own sentence; of several, each has its line."""
    fake.errors["add_article"] = ExtractFailed("No quotable text.")
    message = await emulator.say(town.alice, town.channel, "x")
    handle = await emulator.context_menu(town.adam, town.channel, adding_words.ADD_AS_ARTICLE, message)
    assert said(await handle.response()) == ["No quotable text."]
    message = await emulator.say(town.alice, town.channel, "x", files=[("a_b.md", b"y")])
    handle = await emulator.context_menu(town.adam, town.channel, adding_words.ADD_AS_ARTICLE, message)
    assert said(await handle.response()) == [
        "**Not added:** Text: No quotable text.\n" + r"**Not added:** a\_b.md: No quotable text."
    ]


async def test_the_menu_is_for_managers(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Discord hides it from others, and the code refuses them."""
    message = await emulator.say(town.alice, town.channel, "Gulls steal chips.")
    with pytest.raises(CannotInvoke):
        await emulator.context_menu(town.alice, town.channel, adding_words.ADD_AS_ARTICLE, message)
    handle = await emulator.context_menu(
        town.alice, town.channel, adding_words.ADD_AS_ARTICLE, message, bypass_permissions=True
    )
    assert said(await handle.response()) == [words.NEEDS_MANAGE_GUILD]
    assert sources(fake) == []


async def test_pages_are_looked_at_again_only_where_it_is_set(fake: FakeLibrary) -> None:
    """Off by default: no task waits in the background."""
    client = PullquoteClient(library=AsyncLibrary(fake))  # type: ignore[arg-type]
    assert client._refresh_hours == 0
    await client.close()
