"""*Earlier* and *Later* over the wire."""

from __future__ import annotations

from bot.client import PullquoteClient
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.rules import kinds
from bot.ui import answer_words, summary_words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import TOWERS, Shelf, ask, buttons_of, press, quotes_in


async def test_later_and_earlier_unfold_the_neighbours_in_place(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Each press puts the next passage beside the quote in the same message, word for word, with its number."""
    texts = shelf.passages()
    message = await ask(emulator, town, article="1")
    at = texts.index(quotes_in(message)[0])
    first = len(quotes_in(message))
    handle = await press(emulator, message, answer_words.LATER, town.alice)
    assert (await handle.response())["id"] == message["id"]
    assert quotes_in(message)[:2] == texts[at : at + 2]
    await press(emulator, message, answer_words.EARLIER, town.alice)
    assert quotes_in(message)[:3] == texts[at - 1 : at + 2]
    assert len(quotes_in(message)) == first + 2
    assert summary_words.paragraph(at) in texts_of(message["components"])
    assert summary_words.paragraph(at + 2) in texts_of(message["components"])
    assert not town.channel.history[1:], "nothing new was written"


async def test_the_neighbour_of_another_section_brings_its_heading(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A passage above the section's heading is shown under its own heading path, above the quote's."""
    message = await ask(emulator, town, article="1")
    assert "roofers repaired" in quotes_in(message)[0]
    await press(emulator, message, answer_words.EARLIER, town.alice)
    texts = texts_of(message["components"])
    quote = next(index for index, text in enumerate(texts) if "storm" in text)
    assert "The clock tower" in texts[quote - 1]
    assert "The fire" in texts[quote + 2]


async def test_buttons_are_greyed_where_the_article_ends(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """The first passage has nothing earlier, the last nothing later; unfolding up to the end greys the button."""
    message = await ask(emulator, town, "When was the clock tower built by Elsa Thorne?", article="1")
    assert "1742" in quotes_in(message)[0]
    assert buttons_of(message)[answer_words.EARLIER]["disabled"]
    message = await ask(emulator, town, article="1")
    for _ in range(2):
        assert not buttons_of(message)[answer_words.LATER].get("disabled")
        await press(emulator, message, answer_words.LATER, town.alice)
    assert buttons_of(message)[answer_words.LATER]["disabled"]


async def test_a_message_keeps_its_limits_and_the_rest_comes_privately(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A neighbour that does not fit the message's 4,000 characters comes as a private message of its own."""
    long = "".join(f"Sentence number {number} speaks of herons and of the quay. " for number in range(60)).strip()
    text = f"Herons\n\nThe heron opens the season in spring.\n\n{long}\n\n{long.replace('quay', 'pier')}\n"
    shelf.add(text, "herons.txt")
    message = await ask(emulator, town, "When does the heron open the season?", article="3")
    assert quotes_in(message)[0] == "The heron opens the season in spring."
    edits = message["_edits"]
    handle = await press(emulator, message, answer_words.LATER, town.alice)
    assert message["_edits"] == edits
    extra = await handle.followup()
    assert is_private(extra)
    assert long.startswith(quotes_in(extra)[0])
    assert texts_of(extra["components"])[0] == answer_words.NO_ROOM


async def test_a_changed_passage_says_so(online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """Where the quoted passage is no longer what it was, nothing is unfolded, and the presser alone is told."""
    message = await ask(emulator, town, article="1")
    before = quotes_in(message)
    shelf.update_towers(TOWERS.replace("eleven weeks", "twelve weeks"))
    handle = await press(emulator, message, answer_words.LATER, town.alice)
    told = await handle.followup()
    assert is_private(told)
    assert visible_text(told) == answer_words.PASSAGE_CHANGED
    assert quotes_in(message) == before


async def test_a_passage_that_only_moved_still_unfolds(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A paragraph added above moves the quote; it is found by its digest, and its true neighbour follows."""
    message = await ask(emulator, town, article="1")
    shelf.update_towers(TOWERS.replace("A storm", "A quiet year passed.\n\nA storm"))
    await press(emulator, message, answer_words.LATER, town.alice)
    assert "Ada Quill" in quotes_in(message)[1]


async def test_a_removed_article_says_so(online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """An article that is gone is not confused with one whose title holds its number."""
    message = await ask(emulator, town, article="1")
    shelf.library.remove_article(shelf.guild, "1")
    handle = await press(emulator, message, answer_words.EARLIER, town.alice)
    assert visible_text(await handle.followup()) == answer_words.PASSAGE_CHANGED


async def test_buttons_survive_a_restart(shelf: Shelf, settings: Settings, emulator: Emulator, town: Town) -> None:
    """A message of an earlier process still unfolds, and keeps its other buttons."""
    async with connected(emulator, make_client(settings, open_library(settings))):
        message = await ask(emulator, town, article="1")
    async with connected(emulator, make_client(settings, open_library(settings))) as link:
        labels = set(buttons_of(message))
        await press(emulator, message, answer_words.LATER, town.alice)
        assert "Ada Quill" in quotes_in(message)[1]
        assert set(buttons_of(message)) == labels
        assert not link.client._connection._view_store._views, "nothing is kept in memory for a message"
    ids = [part["custom_id"] for part in kinds.walk(message["components"]) if part["type"] == kinds.BUTTON]
    assert all(len(custom_id) <= 100 for custom_id in ids)
