"""Pages, files and messages that are not in the library: summarised for one reader, and stored by nobody but admins."""

from __future__ import annotations

from typing import Any

import pytest

from bot.client import PullquoteClient
from bot.engine.scopes.records import make_scope
from bot.engine.summaries.guests import Allowance, GuestRates
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.world import User
from bot.ui import summary_words
from tests.discord.bot.fake_fetcher import FakeFetcher
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import Shelf, press, quotes_in
from tests.discord.summaries.conftest import GONE, LAMPS, PAGE, URL, Start, choose, labels_of, summarise


async def pick(emulator: Emulator, user: User, town: Town, message: dict[str, Any]) -> dict[str, Any]:
    """Choose *Summarise this* in a message's menu."""
    handle = await emulator.context_menu(user, town.channel, summary_words.SUMMARISE_THIS, message)
    return await handle.response()


def stored(shelf: Shelf) -> list[str]:
    """The titles in the library."""
    return [article.title for article in shelf.library.list_articles(shelf.guild)]


async def test_a_page_is_summarised_and_not_stored(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf, web: FakeFetcher
) -> None:
    """Its own sentences with links into the page, private, said to be no part of the library; nothing is written."""
    before = stored(shelf)
    message = await summarise(emulator, town.alice, town, PAGE, length="long")
    assert is_private(message)
    assert quotes_in(message)
    assert all(quote in LAMPS for quote in quotes_in(message))
    assert summary_words.NOT_STORED in texts_of(message["components"])[0]
    assert any(f"(<{PAGE}#:~:text=" in text for text in texts_of(message["components"]))
    assert labels_of(message) == [summary_words.EXPAND_ALL, summary_words.OPEN_PAGE]
    assert stored(shelf) == before
    assert web.asked == [(shelf.guild, PAGE)]


async def test_a_stored_page_is_not_fetched(
    online: PullquoteClient, emulator: Emulator, town: Town, web: FakeFetcher
) -> None:
    """An address that an article came from is that article."""
    message = await summarise(emulator, town.alice, town, URL)
    assert "The harbour of Varnby" in texts_of(message["components"])[0]
    assert summary_words.NOT_STORED not in texts_of(message["components"])[0]
    assert web.asked == []


async def test_a_page_that_cannot_be_had_says_why(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """The fetcher's own sentence, to the member alone."""
    message = await summarise(emulator, town.alice, town, GONE)
    assert is_private(message)
    assert "404" in visible_text(message)


async def test_only_managers_reach_hosts_that_the_operator_opened(
    shelf: Shelf, make: Start, emulator: Emulator, town: Town, web: FakeFetcher
) -> None:
    """A member's guest comes from the public web alone, also when its page is read again after a restart."""
    async with connected(emulator, make()):
        message = await summarise(emulator, town.alice, town, PAGE)
        await summarise(emulator, town.adam, town, PAGE)
    async with connected(emulator, make()):
        await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, 0)
    assert web.public_only == [True, False, True]


async def test_an_admin_adds_what_was_summarised(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf, web: FakeFetcher
) -> None:
    """The button adds the very text, without another look at the page; afterwards the article has the address."""
    message = await summarise(emulator, town.adam, town, PAGE)
    web.pages[PAGE] = "Another text altogether."
    handle = await press(emulator, message, summary_words.ADD_TO_LIBRARY, town.adam)
    assert "Added" in visible_text(await handle.response())
    added = shelf.library.get_article(shelf.guild, "lamps")
    assert added.url == PAGE
    assert "Recorded crime" in added.text
    assert len(web.asked) == 1


async def test_adding_after_a_restart_reads_the_page_again(
    shelf: Shelf, make: Start, emulator: Emulator, town: Town, web: FakeFetcher
) -> None:
    """What is not at hand any more is fetched anew."""
    async with connected(emulator, make()):
        message = await summarise(emulator, town.adam, town, PAGE)
    async with connected(emulator, make()):
        handle = await press(emulator, message, summary_words.ADD_TO_LIBRARY, town.adam)
        assert "Added" in visible_text(await handle.response())
    assert len(web.asked) == 2


async def test_a_guest_unfolds_also_after_a_restart(
    shelf: Shelf, make: Start, emulator: Emulator, town: Town, web: FakeFetcher
) -> None:
    """While it is at hand nothing is fetched; after a restart its page is read once more."""
    async with connected(emulator, make()):
        message = await summarise(emulator, town.alice, town, PAGE)
        before = quotes_in(message)
        await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, 0)
        assert before[0] in quotes_in(message)[0]
        assert len(quotes_in(message)[0]) > len(before[0])
        assert len(web.asked) == 1
    async with connected(emulator, make()):
        await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, 0)
        assert quotes_in(message) == before
        await press(emulator, message, summary_words.EXPAND_ALL, town.alice)
    assert len(web.asked) == 2


async def test_a_file_that_is_not_at_hand_any_more_says_so(
    shelf: Shelf, make: Start, emulator: Emulator, town: Town
) -> None:
    """A file cannot be fetched again: the member is told what to do."""
    async with connected(emulator, make()):
        said = await emulator.say(town.alice, town.channel, "", files=[("lamps.txt", LAMPS.encode())])
        message = await pick(emulator, town.adam, town, said)
    async with connected(emulator, make()):
        handle = await choose(emulator, town.adam, message, summary_words.EXPAND_LINE, 0)
        assert visible_text(await handle.followup()) == summary_words.GUEST_GONE
        handle = await press(emulator, message, summary_words.ADD_TO_LIBRARY, town.adam)
        assert visible_text(await handle.response()) == summary_words.NOT_ADDED


async def test_a_members_file_is_summarised_for_who_chose_it(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """The attachment of somebody else's message, in private, with the way back to the message."""
    said = await emulator.say(town.adam, town.channel, "look", files=[("lamps.txt", LAMPS.encode())])
    message = await pick(emulator, town.alice, town, said)
    assert is_private(message)
    assert quotes_in(message)
    assert labels_of(message)[-1] == summary_words.OPEN_MESSAGE
    assert len(stored(shelf)) == 1


async def test_links_of_a_message_are_summarised(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Each link, in a message of its own; one that fails stops none, and is named."""
    said = await emulator.say(town.adam, town.channel, f"See {PAGE}, and (<{GONE}>).")
    handle = await emulator.context_menu(town.alice, town.channel, summary_words.SUMMARISE_THIS, said)
    first = await handle.response()
    second = await handle.followup()
    assert quotes_in(first)
    assert is_private(second)
    assert GONE.replace(":", r"\:") in visible_text(second)
    assert "404" in visible_text(second)


async def test_a_long_message_is_summarised(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Without link or file it is the text itself, titled by who wrote it."""
    said = await emulator.say(town.adam, town.channel, LAMPS)
    message = await pick(emulator, town.alice, town, said)
    assert is_private(message)
    assert all(quote in LAMPS for quote in quotes_in(message))
    assert "Message by Adam" in texts_of(message["components"])[0]


async def test_a_message_with_nothing_to_summarise_says_so(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """A short message without link and file."""
    message = await pick(emulator, town.alice, town, await emulator.say(town.adam, town.channel, "Hello there."))
    assert visible_text(message) == summary_words.NOTHING_TO_READ


@pytest.mark.parametrize(
    ("guests", "sentence"),
    [("nobody", summary_words.GUESTS_FOR_NOBODY), ("managers", summary_words.GUESTS_FOR_MANAGERS)],
)
async def test_guests_can_be_kept_out(
    shelf: Shelf, make: Start, emulator: Emulator, town: Town, web: FakeFetcher, guests: str, sentence: str
) -> None:
    """An operator may leave them to managers, or to nobody; stored articles are not affected, nothing is fetched."""
    async with connected(emulator, make(guests=guests)):
        assert visible_text(await summarise(emulator, town.alice, town, PAGE)) == sentence
        assert quotes_in(await summarise(emulator, town.alice, town, URL))
        assert web.asked == []
        by_adam = await summarise(emulator, town.adam, town, PAGE)
    assert bool(quotes_in(by_adam)) == (guests == "managers")


async def test_members_have_a_share_an_hour(
    online: PullquoteClient, emulator: Emulator, town: Town, web: FakeFetcher
) -> None:
    """Who had it is told when to come again, before anything is fetched; managers are not counted."""
    online.library.guests._allowance = Allowance(GuestRates(per_guild=10, per_member=1))
    assert quotes_in(await summarise(emulator, town.alice, town, PAGE))
    refused = await summarise(emulator, town.alice, town, PAGE)
    assert is_private(refused)
    assert "within an hour" in visible_text(refused)
    assert len(web.asked) == 1
    for _ in range(2):
        assert quotes_in(await summarise(emulator, town.adam, town, PAGE))


async def test_a_guest_has_contents_and_sections(
    online: PullquoteClient, emulator: Emulator, town: Town, web: FakeFetcher, shelf: Shelf
) -> None:
    """A long page that is not stored can be looked through too."""
    page = "https://example.com/second"
    web.pages[page] = web.pages[URL].replace("Varnby", "Ostwick")
    shelf.texts.append(web.pages[page])
    message = await summarise(emulator, town.alice, town, page)
    contents = await (await press(emulator, message, summary_words.CONTENTS, town.alice)).response()
    found = await (await choose(emulator, town.alice, contents, summary_words.SUMMARISE_SECTION, 3)).response()
    assert all("gulls" in quote or "touch them" in quote for quote in quotes_in(found))
    read = await (await choose(emulator, town.alice, contents, summary_words.READ_SECTION, 3)).response()
    assert len(quotes_in(read)) == 4
    assert len(web.asked) == 1


async def test_a_stored_page_that_is_not_for_the_reader_is_a_guest(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf, web: FakeFetcher
) -> None:
    """Who may not see an article learns nothing of it: its address is a page like any other, and its buttons refuse."""
    message = await summarise(emulator, town.alice, town, "1")
    book = online.library._library.guild_settings
    assert book is not None
    book.bind_article(shelf.guild, 1, make_scope([int(town.guild.id) + 1], []))
    guest = await summarise(emulator, town.alice, town, URL)
    assert summary_words.NOT_STORED in texts_of(guest["components"])[0]
    assert web.asked == [(shelf.guild, URL)]
    handle = await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, 0)
    assert visible_text(await handle.followup()) == summary_words.ARTICLE_CHANGED
    handle = await press(emulator, message, summary_words.CONTENTS, town.alice)
    assert visible_text(await handle.response()) == summary_words.ARTICLE_CHANGED
