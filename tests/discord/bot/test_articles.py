"""``/article add|list|remove`` over the wire."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.errors import ExtractFailed
from bot.engine.records.sources import ArticleSource
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.ui import adding_words, words
from bot.ui.article_list import PAGE_SIZE
from tests.discord.bot.fake_fetcher import FakeFetcher
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.bot.reading import is_private, said, visible_text
from tests.discord.harness import Link, Town


async def added(emulator: Emulator, town: Town, options: dict[str, Any]) -> dict[str, Any]:
    """What the admin is told after ``/article add``; it is always private."""
    handle = await emulator.slash(town.adam, town.channel, "article add", options)
    message = await handle.response()
    assert is_private(message)
    return message


def sources(fake: FakeLibrary) -> list[ArticleSource]:
    """What the library was given to add."""
    return [source for _, source in fake.called("add_article")]  # type: ignore[misc]


async def test_pasted_text_is_added(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """The report names the article, its number and its counts."""
    message = await added(emulator, town, {"text": "Gulls steal chips.", "title": "Gulls"})
    assert said(message) == [
        "**Added:** Gulls (#3): 1 passage to quote, 2 lines left out (captions, credits, page chrome)."
    ]
    assert sources(fake) == [ArticleSource(data="Gulls steal chips.", title="Gulls")]
    assert fake.called("add_article")[0][0] == int(town.guild.id)  # type: ignore[index]


async def test_a_file_is_read_and_added(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """The attachment's bytes reach the library unchanged, with its name as file name and source."""
    data = "# Gulls\n\nGulls steal chips – always.\n".encode()
    await added(emulator, town, {"file": ("gulls.md", data)})
    assert sources(fake) == [ArticleSource(data=data, file_name="gulls.md", source="gulls.md")]


async def test_the_same_text_again_is_no_addition(online: Link, emulator: Emulator, town: Town) -> None:
    """A no-op never claims to have added something (trap 7)."""
    await added(emulator, town, {"text": "Gulls steal chips."})
    text = visible_text(await added(emulator, town, {"text": "Gulls steal chips."}))
    assert text.startswith("**Nothing changed:**")


async def test_a_web_address_is_fetched_and_added(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, web: FakeFetcher
) -> None:
    """The page is fetched for this guild, and its bytes reach the library with its address as source."""
    message = await added(emulator, town, {"url": "https://example.com/gulls", "title": "Gulls"})
    assert visible_text(message).startswith("**Added:** Gulls (#3)")
    assert web.asked == [(int(town.guild.id), "https://example.com/gulls")]
    page = ArticleSource("\ufeffGulls steal chips.".encode(), "gulls.txt", "Gulls", "https://example.com/gulls")
    assert sources(fake) == [page]


async def test_a_page_that_cannot_be_had_is_told(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """What the fetch refuses is told as it says it, and nothing is added."""
    message = await added(emulator, town, {"url": "https://example.com/nowhere"})
    assert "there is no such page. Check the address." in visible_text(message)
    assert sources(fake) == []


async def test_reading_is_shown_before_there_is_a_total(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a file is still read nobody knows how many passages it has: the message says only that it is read."""
    monkeypatch.setattr("bot.ui.adding.PROGRESS_SECONDS", 0.0)
    fake.reads = 3
    fake.ingest_gate.clear()
    handle = await emulator.slash(town.adam, town.channel, "article add", {"text": "Gulls steal chips."})
    message = await handle.response()
    assert said(message) == [adding_words.READING]
    fake.ingest_gate.set()
    await emulator.changes.until(lambda: "Added" in visible_text(message), 5.0)


async def test_two_sources_are_one_too_many(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Exactly one of text, file and url."""
    message = await added(emulator, town, {"text": "a", "file": ("b.txt", b"b")})
    assert "not several" in visible_text(message)
    assert sources(fake) == []


async def test_blank_text_is_refused(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """White space is no article."""
    assert "empty" in visible_text(await added(emulator, town, {"text": "   "}))
    assert sources(fake) == []


async def test_a_giant_file_is_not_even_fetched(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size that Discord states is checked before anything is downloaded."""
    monkeypatch.setattr(adding_words, "FILE_LIMIT_BYTES", 10)
    handle = await emulator.slash(town.adam, town.channel, "article add", {"file": ("big.txt", b"x" * 11)})
    emulator.world.files.clear()
    assert "larger than 10 MB" in visible_text(await handle.response())
    assert sources(fake) == []


async def test_a_file_that_is_gone_is_told(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Attachment addresses expire: the member is asked to attach it again."""
    handle = await emulator.slash(town.adam, town.channel, "article add", {"file": ("gone.txt", b"x")})
    emulator.world.files.clear()
    assert "Attach it again" in visible_text(await handle.response())
    assert sources(fake) == []


async def test_an_unreadable_source_is_the_engines_sentence(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """What the ingest refuses is told as it says it."""
    fake.errors["add_article"] = ExtractFailed("This file holds no readable text. Attach a text file.")
    message = await added(emulator, town, {"file": ("a.txt", b"\x00\x01")})
    assert said(message) == ["This file holds no readable text. Attach a text file."]


async def test_progress_is_shown_in_the_one_message(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long work edits its message; the report takes its place, and nothing else is sent."""
    monkeypatch.setattr("bot.ui.adding.PROGRESS_SECONDS", 0.0)
    fake.ingest_gate.clear()
    handle = await emulator.slash(town.adam, town.channel, "article add", {"text": "Gulls steal chips."})
    message = await handle.response()
    assert said(message) == ["Reading … 1 of 3 passages"]
    fake.ingest_gate.set()
    await emulator.changes.until(lambda: "Added" in visible_text(message), 5.0)
    assert handle.followups == []


async def test_progress_is_told_in_the_members_language(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures come from another thread, the language from the command."""
    monkeypatch.setattr("bot.ui.adding.PROGRESS_SECONDS", 0.0)
    town.adam.locale = "de"
    fake.ingest_gate.clear()
    handle = await emulator.slash(town.adam, town.channel, "article add", {"text": "Gulls steal chips."})
    message = await handle.response()
    assert said(message) == ["Lese … 1 von 3 Absätzen"]
    fake.ingest_gate.set()
    await emulator.changes.until(lambda: "Hinzugefügt" in visible_text(message), 5.0)


async def test_without_a_source_a_form_opens(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """The form keeps line breaks, which a slash option loses."""
    handle = await emulator.slash(town.adam, town.channel, "article add")
    sent = await emulator.submit_modal(town.adam, handle, {"text": "# Gulls\n\nThey steal.", "title": " Birds "})
    message = await sent.response()
    assert is_private(message)
    assert "Birds (#3)" in visible_text(message)
    assert sources(fake) == [ArticleSource(data="# Gulls\n\nThey steal.", title="Birds")]


async def test_the_forms_title_may_stay_empty(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Then the engine finds a title."""
    handle = await emulator.slash(town.adam, town.channel, "article add")
    await (await emulator.submit_modal(town.adam, handle, {"text": "Gulls\nThey steal."})).response()
    assert sources(fake)[0].title is None


async def test_a_title_given_to_the_command_stands_in_the_form(online: Link, emulator: Emulator, town: Town) -> None:
    """What was typed already is not typed again."""
    handle = await emulator.slash(town.adam, town.channel, "article add", {"title": "Birds"})
    labels = (await handle.shown_modal())["components"]
    assert [label["component"].get("value") for label in labels] == [None, "Birds", None]


async def test_errors_of_the_form_are_private_sentences(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """A modal has an error path of its own in discord.py: it ends in the same place."""
    fake.errors["add_article"] = ExtractFailed("No quotable text.")
    handle = await emulator.slash(town.adam, town.channel, "article add")
    message = await (await emulator.submit_modal(town.adam, handle, {"text": "x"})).response()
    assert is_private(message)
    assert said(message) == ["No quotable text."]


async def test_discord_hides_the_commands_from_members(online: Link, emulator: Emulator, town: Town) -> None:
    """Manage Server is the default permission of the whole group."""
    for name in ("article add", "article list", "article remove"):
        with pytest.raises(CannotInvoke):
            await emulator.slash(town.alice, town.channel, name)


@pytest.mark.parametrize(
    ("name", "options"),
    [("article add", {"text": "x"}), ("article add", {}), ("article list", {}), ("article remove", {"article": "1"})],
)
async def test_the_permission_is_checked_again_in_code(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, name: str, options: dict[str, Any]
) -> None:
    """Even where a server lets anybody use the command, only Manage Server may."""
    handle = await emulator.slash(town.alice, town.channel, name, options, bypass_permissions=True)
    message = await handle.response()
    assert is_private(message)
    assert said(message) == [words.NEEDS_MANAGE_GUILD]
    assert [method for method, _ in fake.calls if method != "warm"] == []


async def test_completion_of_removal_needs_the_permission_too(online: Link, emulator: Emulator, town: Town) -> None:
    """Titles to remove are offered to those who may remove."""
    offered = await emulator.autocomplete(town.adam, town.channel, "article remove", focused="article", value="fox")
    assert [choice["name"] for choice in offered] == ["Foxes"]
    offered = await emulator.autocomplete(
        town.alice, town.channel, "article remove", focused="article", bypass_permissions=True
    )
    assert offered == []


async def test_the_list_is_of_this_guild(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Each guild lists its own articles; an empty one says how to begin."""
    handle = await emulator.slash(town.adam, town.channel, "article list")
    assert said(await handle.response()) == ["**2 articles**", "#1 Foxes · 1 passage\n#2 Harbour rules · 1 passage"]
    fake.articles.clear()
    handle = await emulator.slash(town.olga, town.other_channel, "article list")
    message = await handle.response()
    assert is_private(message)
    assert said(message) == [words.NO_ARTICLES_YET]


async def test_a_long_list_has_pages(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """Buttons turn the pages of the same private message, and every article is on one of them."""
    for number in range(2 * PAGE_SIZE):
        fake.put(int(town.guild.id), f"Extra {number}", "x")
    handle = await emulator.slash(town.adam, town.channel, "article list")
    message = await handle.response()
    seen = said(message)[1].splitlines()
    for _ in range(2):
        message = await (await emulator.click(town.adam, message, words.NEXT)).response()
        seen += said(message)[1].splitlines()
    assert len(seen) == len(set(seen)) == 2 * PAGE_SIZE + 2
    assert said(message)[0].endswith("page 3 of 3")
    message = await (await emulator.click(town.adam, message, words.PREVIOUS)).response()
    assert said(message)[0].endswith("page 2 of 3")
    assert is_private(message)


async def test_a_failing_page_turn_is_told(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """A button's error is a private sentence, not silence; the list stays."""
    for number in range(PAGE_SIZE):
        fake.put(int(town.guild.id), f"Extra {number}", "x")
    handle = await emulator.slash(town.adam, town.channel, "article list")
    message = await handle.response()
    fake.errors["list_articles"] = ExtractFailed("The store is locked.")
    pressed = await emulator.click(town.adam, message, words.NEXT)
    told = await pressed.followup()
    assert is_private(told)
    assert said(told) == ["The store is locked."]
    assert said(message)[0].endswith("page 1 of 2")


async def test_removing_what_is_not_there_is_told(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """An unknown article is a sentence with the next step, and nothing is lost."""
    handle = await emulator.slash(town.adam, town.channel, "article remove", {"article": "Nowhere"})
    message = await handle.response()
    assert "Choose one from the list" in visible_text(message)
    assert len(fake.articles[int(town.guild.id)]) == 2
