"""Unfolding a summary's lines, and its table of contents."""

from __future__ import annotations

from bot.client import PullquoteClient
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import texts_of, visible_text
from bot.ui import summary_words
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import Shelf, press, quotes_in
from tests.discord.summaries.conftest import TOPICS, URL, Start, choose, harbour, labels_of, options_of, summarise


async def test_every_line_links_to_its_sentence(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Under each line of a web article stands its ¶ as a link that lands on the sentence."""
    message = await summarise(emulator, town.alice, town, "1", length="long")
    below = [text for text in texts_of(message["components"]) if "¶" in text]
    assert len(below) == len(quotes_in(message)) >= len(TOPICS)
    assert all(text.startswith("-# [¶ ") and f"(<{URL}#:~:text=" in text for text in below)


async def test_a_line_unfolds_in_place_and_folds_again(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """The menu puts the whole passage in the sentence's place, bold where the sentence is, and takes it back."""
    message = await summarise(emulator, town.alice, town, "1", length="long")
    before = quotes_in(message)
    last = len(before) - 1
    await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, last)
    after = quotes_in(message)
    assert after[last] in _passages(shelf)
    assert before[last] in after[last]
    assert after[:last] == before[:last]
    assert any(f"**{before[last]}**" in text for text in texts_of(message["components"]))
    assert options_of(message, summary_words.EXPAND_LINE)[last]["label"].startswith("Fold ¶")
    await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, last)
    assert quotes_in(message) == before


def _passages(shelf: Shelf) -> list[str]:
    article = shelf.library.get_article_by_id(shelf.guild, 1)
    return [article.text[passage.start : passage.end] for passage in article.passages]


async def test_expand_unfolds_all_and_fold_folds_all(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """One press shows every passage that fits, another the sentences again."""
    message = await summarise(emulator, town.alice, town, "1", length="long")
    before = quotes_in(message)
    await press(emulator, message, summary_words.EXPAND_ALL, town.alice)
    assert set(quotes_in(message)) <= set(_passages(shelf))
    assert all(any(sentence in passage for passage in quotes_in(message)) for sentence in before)
    assert summary_words.FOLD_ALL in labels_of(message)
    await press(emulator, message, summary_words.FOLD_ALL, town.alice)
    assert quotes_in(message) == before


async def test_lines_unfold_after_a_restart(shelf: Shelf, make: Start, emulator: Emulator, town: Town) -> None:
    """A message of an earlier process still unfolds, and keeps its title and buttons."""
    async with connected(emulator, make()):
        message = await summarise(emulator, town.alice, town, "1", length="long")
    before, title = quotes_in(message), texts_of(message["components"])[0]
    async with connected(emulator, make()) as link:
        await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, 0)
        assert len(quotes_in(message)[0]) > len(before[0])
        assert texts_of(message["components"])[0] == title
        assert labels_of(message) == [summary_words.FOLD_ALL, summary_words.CONTENTS]
        assert not link.client._connection._view_store._views


async def test_a_changed_line_is_not_shown_from_memory(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Where the article lost a passage its line goes, and says so; where it lost all, nothing is changed."""
    message = await summarise(emulator, town.alice, town, "1", length="long")
    before = quotes_in(message)
    shelf.add(harbour().replace(before[2], "Something else stands here now."), "harbour.txt", URL)
    await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, 0)
    assert before[2] not in quotes_in(message)
    assert summary_words.LINE_CHANGED in texts_of(message["components"])
    shelf.library.remove_article(shelf.guild, "1")
    handle = await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, 0)
    told = await handle.followup()
    assert is_private(told)
    assert visible_text(told) == summary_words.ARTICLE_CHANGED


async def test_a_passage_without_room_comes_privately(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A passage that no message of the summary has room for comes to whoever chose it alone."""
    parts = [
        f"## Bay {bay}\n\n" + "".join(f"In bay {bay} heron {n} waits for the tide at the quay. " for n in range(30))
        for bay in range(8)
    ]
    shelf.add("# Herons\n\n" + "\n\n".join(parts), "herons.md", "https://example.com/" + "herons/" * 55)
    message = await summarise(emulator, town.alice, town, "2", length="long")
    before = quotes_in(message)
    assert sum(map(len, texts_of(message["components"]))) > 2400, "the links fill the message"
    handle = await choose(emulator, town.alice, message, summary_words.EXPAND_LINE, 0)
    extra = await handle.followup()
    assert is_private(extra)
    assert texts_of(extra["components"])[0] == summary_words.PASSAGE_NOT_IN_PLACE
    assert before[0] in quotes_in(extra)[0]
    assert len(quotes_in(extra)[0]) > 1400
    assert quotes_in(message) == before


async def test_a_long_article_offers_its_contents(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """The button lists headings with the numbers of their passages, for whoever pressed it alone."""
    message = await summarise(emulator, town.alice, town, "1")
    handle = await press(emulator, message, summary_words.CONTENTS, town.alice)
    contents = await handle.response()
    assert is_private(contents)
    listed = texts_of(contents["components"])[1].splitlines()
    assert listed == [f"- {topic} · ¶ {4 * n + 1}–{4 * n + 4}" for n, topic in enumerate(TOPICS)]
    for menu in (summary_words.SUMMARISE_SECTION, summary_words.READ_SECTION):
        assert [option["label"] for option in options_of(contents, menu)] == [
            f"¶ {4 * n + 1} · {topic}" for n, topic in enumerate(TOPICS)
        ]


async def test_a_short_article_offers_no_contents(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Where a reader sees all at once there is nothing to list."""
    shelf.add("Gulls\n\n" + "Gulls steal chips from visitors at the harbour wall. " * 9, "gulls.txt")
    message = await summarise(emulator, town.alice, town, "2")
    assert summary_words.CONTENTS not in labels_of(message)


async def test_a_section_is_summarised(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Only sentences of the chosen section, under its name, for the reader alone."""
    message = await summarise(emulator, town.alice, town, "1")
    contents = await (await press(emulator, message, summary_words.CONTENTS, town.alice)).response()
    handle = await choose(emulator, town.alice, contents, summary_words.SUMMARISE_SECTION, 2)
    found = await handle.response()
    assert is_private(found)
    assert quotes_in(found)
    assert all("lamps" in quote or "touch them" in quote for quote in quotes_in(found))
    assert "Lamps" in texts_of(found["components"])[0]


async def test_a_section_is_read_whole(online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """Its passages come word for word and in order, each with its number."""
    message = await summarise(emulator, town.alice, town, "1")
    contents = await (await press(emulator, message, summary_words.CONTENTS, town.alice)).response()
    found = await (await choose(emulator, town.alice, contents, summary_words.READ_SECTION, 1)).response()
    article = shelf.library.get_article_by_id(shelf.guild, 1)
    wanted = [article.text[passage.start : passage.end] for passage in article.passages[4:8]]
    assert quotes_in(found) == wanted
    assert [text for text in texts_of(found["components"]) if "¶" in text] == [
        summary_words.paragraph(n) for n in range(5, 9)
    ]
    assert labels_of(found) == []


async def test_a_long_section_has_pages(online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf) -> None:
    """What does not fit is a page further, and every word of the section is on one of them, also after a restart."""
    body = "\n\n".join(f"Entry {number} of the log speaks of wind and of rope. " * 14 for number in range(12))
    rest = "## Autumn\n\nNothing was written.\n\n## Winter\n\nNo entry was made at all.\n"
    shelf.add(f"# Log\n\n## Summer\n\n{body}\n\n{rest}", "log.md")
    message = await summarise(emulator, town.alice, town, "2")
    contents = await (await press(emulator, message, summary_words.CONTENTS, town.alice)).response()
    page = await (await choose(emulator, town.alice, contents, summary_words.READ_SECTION, 0)).response()
    read = quotes_in(page)
    while summary_words.NEXT in labels_of(page):
        await press(emulator, page, summary_words.NEXT, town.alice)
        read += quotes_in(page)
    article = shelf.library.get_article_by_id(shelf.guild, 2)
    assert read == [
        article.text[found.start : found.end] for found in article.passages if found.headings == ("Summer",)
    ]
    await press(emulator, page, summary_words.PREVIOUS, town.alice)
    assert summary_words.NEXT in labels_of(page)


async def test_contents_of_a_changed_article_are_refused(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """A section is never mistaken for another one."""
    message = await summarise(emulator, town.alice, town, "1")
    contents = await (await press(emulator, message, summary_words.CONTENTS, town.alice)).response()
    shelf.add(harbour().replace("Ropes", "Cables"), "harbour.txt", URL)
    handle = await choose(emulator, town.alice, contents, summary_words.READ_SECTION, 1)
    assert visible_text(await handle.response()) == summary_words.ARTICLE_CHANGED
