"""*Source*, *Verify* and the closest passage over the wire."""

from __future__ import annotations

import re

from bot.client import PullquoteClient
from bot.engine.records.passages import digest
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.rules import kinds
from bot.ui import answer_words, proof_words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import TOWERS, URL, Shelf, ask, buttons_of, press, quotes_in


async def test_source_tells_where_a_quote_stands(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Privately: title with link, when it was added, heading path, paragraph, and a strip with the quote's place."""
    message = await ask(emulator, town, article="1")
    count = len(quotes_in(message))
    told = await (await press(emulator, message, answer_words.SOURCE, town.adam)).response()
    assert is_private(told)
    assert emulator.sees(town.adam, told)
    lines = texts_of(told["components"])
    assert lines[0] == f"**[The towers of Varnby](<{URL}>)** (#1)"
    assert lines[1] == proof_words.added_on(shelf.towers().added_at)
    assert lines[2] == "-# The fire"
    assert re.fullmatch(r"[▁█]{20} ¶ 4 of 6", lines[3])
    assert lines[3][11] == "█"
    assert sum("¶" in line for line in lines) == count


async def test_verify_proves_each_quote(online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """Privately: the article, its revision, the passage's span and digest as stored, and "identical: yes"."""
    message = await ask(emulator, town, article="1")
    quotes = quotes_in(message)
    told = await (await press(emulator, message, answer_words.VERIFY, town.alice)).response()
    assert is_private(told)
    text, article = visible_text(told), shelf.towers()
    assert text.count("Identical: yes") == len(quotes)
    assert f"`{article.content_hash[:12]}`" in text
    for quote in quotes:
        start = article.text.index(quote)
        assert f"characters {start:,} to {start + len(quote):,}" in text
        assert digest(quote) in text
    assert proof_words.SHOWN_IDENTICAL in text
    assert proof_words.ARTICLE_CHANGED not in text


async def test_verify_tells_what_changed(online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """A quote whose passage was edited is not identical; one whose article changed elsewhere is, and both are said."""
    message = await ask(emulator, town, article="1")
    shelf.update_towers(TOWERS.replace("eleven weeks", "twelve weeks"))
    text = visible_text(await (await press(emulator, message, answer_words.VERIFY, town.alice)).response())
    assert text.count("Identical: no") == 1
    assert text.count("Identical: yes") == len(quotes_in(message)) - 1
    assert proof_words.ARTICLE_CHANGED in text
    assert proof_words.SHOWN_DIFFERENT in text
    source = visible_text(await (await press(emulator, message, answer_words.SOURCE, town.alice)).response())
    assert answer_words.PASSAGE_CHANGED in source


async def test_verify_after_the_article_went(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Nothing is claimed of an article that is gone."""
    message = await ask(emulator, town, article="1")
    shelf.library.remove_article(shelf.guild, "1")
    text = visible_text(await (await press(emulator, message, answer_words.VERIFY, town.alice)).response())
    assert "yes" not in text
    assert text.count("Identical: no") == len(quotes_in(message))


async def test_unfolded_neighbours_are_verified_too(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """What *Later* added to the message is compared by its characters."""
    message = await ask(emulator, town, article="1")
    while not buttons_of(message)[answer_words.LATER].get("disabled"):
        await press(emulator, message, answer_words.LATER, town.alice)
    assert quotes_in(message)[2].startswith("Visitors climb")
    text = visible_text(await (await press(emulator, message, answer_words.VERIFY, town.alice)).response())
    assert proof_words.SHOWN_IDENTICAL in text
    shelf.update_towers(TOWERS.replace("two hundred steps", "three hundred steps"))
    text = visible_text(await (await press(emulator, message, answer_words.VERIFY, town.alice)).response())
    assert proof_words.SHOWN_DIFFERENT in text


async def test_the_closest_passage_stands_behind_a_button(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """An abstention quotes nothing; who wants to sees the closest passage, privately and labelled as such."""
    message = await ask(emulator, town, "Which submarine invented bananas and visitors?")
    assert texts_of(message["components"]) == [answer_words.NOT_IN_THE_ARTICLES]
    told = await (await press(emulator, message, answer_words.SHOW_CLOSEST, town.adam)).response()
    assert is_private(told)
    assert texts_of(told["components"])[0] == answer_words.CLOSEST
    assert len(quotes_in(told)) == 1
    assert texts_of(message["components"]) == [answer_words.NOT_IN_THE_ARTICLES], "others see nothing of it"


async def test_the_closest_passage_of_one_article(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """A question about one article is offered a passage of that article."""
    message = await ask(emulator, town, "Which submarine invented bananas?", article="2")
    assert texts_of(message["components"]) == [answer_words.NOT_IN_THIS_ARTICLE]
    told = await (await press(emulator, message, answer_words.SHOW_CLOSEST, town.alice)).response()
    assert quotes_in(told) == ["Gulls steal chips from visitors at the harbour wall."]


async def test_the_closest_passage_of_a_removed_article(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A passage that is gone by then is not shown."""
    message = await ask(emulator, town, "Which submarine invented bananas?", article="2")
    shelf.library.remove_article(shelf.guild, "2")
    handle = await press(emulator, message, answer_words.SHOW_CLOSEST, town.alice)
    assert visible_text(await handle.response()) == answer_words.PASSAGE_CHANGED


async def test_source_and_verify_survive_a_restart(
    shelf: Shelf, settings: Settings, emulator: Emulator, town: Town
) -> None:
    """Both answer for a message of an earlier process, from their custom_id alone."""
    async with connected(emulator, make_client(settings, open_library(settings))):
        message = await ask(emulator, town, article="1", private=True)
    async with connected(emulator, make_client(settings, open_library(settings))):
        for label, wanted in ((answer_words.SOURCE, "¶ 4 of 6"), (answer_words.VERIFY, "Identical: yes")):
            assert wanted in visible_text(await (await press(emulator, message, label, town.alice)).response())
    ids = [part["custom_id"] for part in kinds.walk(message["components"]) if part["type"] == kinds.BUTTON]
    assert max(map(len, ids)) <= 100
    assert not any(word in custom_id for custom_id in ids for word in ("tower", "roofer", "fire"))
