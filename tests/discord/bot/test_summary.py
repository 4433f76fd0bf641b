"""``/summary`` over the wire."""

from __future__ import annotations

import pytest

from bot.engine.records.summaries import SummaryLength
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from tests.discord.bot.conftest import FOX
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.bot.reading import is_private, quoted, said, visible_text
from tests.discord.harness import Link, Town


async def test_a_summary_is_the_articles_own_sentences(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """Title, heading path, sentence, paragraph; medium where no length is given."""
    handle = await emulator.slash(town.alice, town.channel, "summary", {"article": "Foxes"})
    message = await handle.response()
    assert not is_private(message)
    assert quoted(message) == FOX
    assert said(message)[0] == "**[Foxes](<https://example.com/foxes>)**, in its own sentences"
    assert fake.called("summarise") == [(int(town.guild.id), "Foxes", SummaryLength.MEDIUM)]


@pytest.mark.parametrize("length", list(SummaryLength))
async def test_each_length_can_be_chosen(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, length: SummaryLength
) -> None:
    """Discord offers the three lengths by name, and the library gets the one chosen."""
    options = {"article": "#1", "length": length.value}
    await (await emulator.slash(town.alice, town.channel, "summary", options)).response()
    assert fake.called("summarise") == [(int(town.guild.id), "1", length)]


async def test_a_summary_about_a_topic(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """The topic reaches the library and stands, escaped, in the heading."""
    options = {"article": "Foxes", "about": FOX.split()[1]}
    message = await (await emulator.slash(town.alice, town.channel, "summary", options)).response()
    assert fake.called("summarise") == [(int(town.guild.id), "Foxes", SummaryLength.MEDIUM, FOX.split()[1])]
    assert said(message)[0].endswith(f"in its own sentences, about **{FOX.split()[1]}**")


async def test_an_article_without_the_topic_says_so(online: Link, emulator: Emulator, town: Town) -> None:
    """No sentence is shown, and what was asked for is named without its markup working."""
    options = {"article": "Foxes", "about": "*zeppelins*"}
    message = await (await emulator.slash(town.alice, town.channel, "summary", options)).response()
    assert quoted(message) == ""
    assert r"has no sentence about “\*zeppelins\*”" in visible_text(message)


async def test_other_lengths_are_refused_by_discord(online: Link, emulator: Emulator, town: Town) -> None:
    """The choice is closed."""
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.alice, town.channel, "summary", {"article": "1", "length": "endless"})


async def test_an_unknown_article_is_told_privately(online: Link, emulator: Emulator, town: Town) -> None:
    """The channel sees nothing of it."""
    handle = await emulator.slash(town.alice, town.channel, "summary", {"article": "Nowhere"})
    message = await handle.followup()
    assert is_private(message)
    assert "Choose one from the list" in visible_text(message)


async def test_completion_offers_the_guilds_articles(online: Link, emulator: Emulator, town: Town) -> None:
    """As for ``/ask``."""
    choices = await emulator.autocomplete(town.alice, town.channel, "summary", focused="article", value="fox")
    assert choices == [{"name": "Foxes", "value": "1"}]
