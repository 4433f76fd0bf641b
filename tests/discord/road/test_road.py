"""From an article to a reply and nothing in between but the production code."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import discord
import pytest

from bot.client import PullquoteClient
from bot.engine.library import Library
from bot.engine.records.sources import ArticleSource
from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import InteractionHandle
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.refusals import Payload
from bot.ui.text import shown
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.harness import Link, Town
from tests.integration.fetch.site import Site, answer, redirect, running_site

TOWER = """The clock tower of Varnby

The clock tower of Varnby was built in 1742 by the mason *Elsa Thorne*. It stands @everyone forty metres high.

Who repaired the tower?

After the fire of 1901 the ```guild``` of roofers repaired the tower in eleven weeks. They were paid in <@1> barley.
"""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A website on this machine."""
    async with running_site() as site:
        yield site


@pytest.fixture
def web_settings(settings: Settings, site: Site) -> Settings:
    """Settings that allow the site of the test, and nothing else of this machine."""
    fetch = settings.fetch.model_copy(update={"allowed_hosts": [f"127.0.0.1:{site.port}"]})
    return settings.model_copy(update={"fetch": fetch})


def quoted_in(message: Payload) -> list[str]:
    """The texts of a message that are quotes, without what the bot added for Discord."""
    return [shown(text) for text in texts_of(message["components"]) if text.startswith("> ")]


async def said(emulator: Emulator, handle: InteractionHandle) -> str:
    """All that a person is left with after an interaction."""
    if "_deleted" in await handle.response():
        await handle.followup()
    await emulator.settle()
    left = [message for message in [handle.message, *handle.followups] if message and "_deleted" not in message]
    return "\n".join(visible_text(message) for message in left)


async def test_admin_adds_a_file_and_a_member_gets_its_words(
    online: PullquoteClient, emulator: Emulator, town: Town, library: Library
) -> None:
    """An uploaded article answers a member's question; each quote, unescaped, stands in the uploaded file."""
    added = await emulator.slash(town.adam, town.channel, "article add", {"file": ("tower.txt", TOWER.encode("utf-8"))})
    assert "2 passages" in await said(emulator, added)
    asked = await emulator.slash(
        town.alice, town.channel, "ask", {"question": "Who repaired the tower after the fire?"}
    )
    message = await asked.response()
    quotes = quoted_in(message)
    assert quotes
    assert "guild" in quotes[0]
    assert all(quote in TOWER for quote in quotes)
    assert not any(message["_pings"].values())
    assert library.list_articles(int(town.guild.id))[0].title == "The clock tower of Varnby"


async def test_other_guild_sees_nothing_of_it(
    online: PullquoteClient, emulator: Emulator, town: Town, library: Library
) -> None:
    """Questions, summaries, lists, removals and autocomplete of another guild never touch or show the article."""
    library.add_article(int(town.guild.id), ArticleSource(TOWER))
    library.add_article(int(town.other_guild.id), ArticleSource("Stars\n\nPolaris stays where it is all night long.\n"))
    who, where = town.olga, town.other_channel
    shown_texts = []
    for name, options in [
        ("ask", {"question": "Who repaired the clock tower of Varnby?"}),
        ("ask", {"question": "Who repaired it?", "article": "The clock tower of Varnby"}),
        ("summary", {"article": "The clock tower of Varnby"}),
        ("article list", {}),
        *((f"article {verb}", {"article": "The clock tower of Varnby"}) for verb in ("info", "preview", "refresh")),
        ("article remove", {"article": "The clock tower of Varnby"}),
        ("article rename", {"article": "1", "title": "Mine"}),
    ]:
        handle = await emulator.slash(who, where, name, options)
        shown_texts.append(await said(emulator, handle))
    mention = await emulator.say(who, where, f"<@{emulator.bot_user.id}> Who repaired the clock tower of Varnby?")
    shown_texts.append(visible_text(await emulator.wait_message(where, after=mention)))
    for command in ("ask", "summary", *(f"article {verb}" for verb in ("info", "preview", "refresh", "remove"))):
        options = {"question": "Who?"} if command == "ask" else {}
        choices = await emulator.autocomplete(who, where, command, focused="article", value="", options=options)
        assert [choice["name"] for choice in choices if "clock" in choice["name"]] == []
    # The question itself is repeated above a public answer: what counts is that no word of the article follows.
    for text in shown_texts:
        assert "roofers" not in text
        assert "Elsa" not in text
    assert [item.title for item in library.list_articles(int(town.guild.id))] == ["The clock tower of Varnby"]


async def test_bad_questions_and_articles_get_one_clear_sentence(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """No articles yet, nothing in the question, a picture named txt, an unknown article: each is told what to do."""
    asked = await emulator.slash(town.alice, town.channel, "ask", {"question": "Who repaired the tower?"})
    assert "/article add" in await said(emulator, asked)
    picture = ("photo.txt", b"\x89PNG\r\n\x1a\n\x00\x00")
    added = await emulator.slash(town.adam, town.channel, "article add", {"file": picture})
    assert "cannot be read" in await said(emulator, added)
    await (await emulator.slash(town.adam, town.channel, "article add", {"text": TOWER})).response()
    asked = await emulator.slash(town.alice, town.channel, "ask", {"question": "???"})
    assert "Ask in a few words" in await said(emulator, asked)
    asked = await emulator.slash(town.alice, town.channel, "ask", {"question": "Who?", "article": "Nowhere"})
    assert "no article with that" in await said(emulator, asked)


async def test_admin_adds_a_web_page_and_a_quote_links_to_it(
    web_settings: Settings,
    site: Site,
    connect: Callable[[discord.Client], Awaitable[Link]],
    emulator: Emulator,
    town: Town,
) -> None:
    """A page is fetched over a real connection and quoted word for word; what the server refuses is told as it is."""
    site.answers["/tower.txt"] = answer(TOWER.encode("utf-16"), kind="text/plain; charset=utf-16")
    site.answers["/old"] = redirect("/tower.txt")
    site.answers["/private"] = redirect("http://10.0.0.1/")
    library = open_library(web_settings)
    await connect(make_client(web_settings, library))
    added = await emulator.slash(town.adam, town.channel, "article add", {"url": site.url("/old")})
    assert "**Added:**" in await said(emulator, added)
    again = await emulator.slash(town.adam, town.channel, "article add", {"url": site.url("/tower.txt")})
    assert "Nothing changed" in await said(emulator, again)
    assert [item.url for item in library.list_articles(int(town.guild.id))] == [site.url("/tower.txt")]
    asked = await emulator.slash(
        town.alice, town.channel, "ask", {"question": "Who repaired the tower after the fire?"}
    )
    message = await asked.response()
    assert quoted_in(message)
    assert all(quote in TOWER for quote in quoted_in(message))
    for path, says in [("/nowhere", "answered 404"), ("/private", "leads on")]:
        refused = await emulator.slash(town.adam, town.channel, "article add", {"url": site.url(path)})
        assert says in await said(emulator, refused)
    metadata = await emulator.slash(town.adam, town.channel, "article add", {"url": "http://169.254.169.254/latest/"})
    assert "private or reserved network" in await said(emulator, metadata)
    assert len(library.list_articles(int(town.guild.id))) == 1


async def test_long_article_with_mark_up_arrives_whole(
    online: PullquoteClient, emulator: Emulator, town: Town, library: Library
) -> None:
    """A 10,000-character paragraph full of mark-up is quoted in parts within Discord's limits, nothing lost."""
    sentence = "The *river* <@1> of ||Holm|| rises in ```spring``` and [falls](https://example.org) in autumn > again. "
    library.add_article(int(town.guild.id), ArticleSource("The river\n\n" + sentence * 100))
    asked = await emulator.slash(town.alice, town.channel, "ask", {"question": "When does the river of Holm rise?"})
    await asked.response()
    await emulator.settle()
    stored = library.get_article(int(town.guild.id), "1").text
    messages = [message for message in [asked.message, *asked.followups] if message]
    quotes = [quote for message in messages for quote in quoted_in(message)]
    assert quotes
    assert all(quote in stored for quote in quotes)


async def test_an_article_lives_and_is_removed(
    web_settings: Settings,
    site: Site,
    connect: Callable[[discord.Client], Awaitable[Link]],
    emulator: Emulator,
    town: Town,
) -> None:
    """Added, refreshed with what changed, quoted as of when, kept when its page is gone, renamed, removed."""
    site.answers["/tower.txt"] = answer(TOWER.encode(), kind="text/plain", ETag='"1"')
    library = open_library(web_settings)
    await connect(make_client(web_settings, library))

    async def told(name: str, **options: str) -> str:
        return await said(emulator, await emulator.slash(town.adam, town.channel, f"article {name}", options))

    assert "**Added:**" in await told("add", url=site.url("/tower.txt"))
    site.answers["/tower.txt"] = answer(TOWER.replace("eleven", "twelve").encode(), kind="text/plain", ETag='"2"')
    assert "~1 passages" in await told("refresh", article="1")
    assert site.requests[-1][1]["if-none-match"] == '"1"'
    asked = await emulator.slash(
        town.alice, town.channel, "ask", {"question": "Who repaired the tower after the fire?"}
    )
    assert "as of <t:" in visible_text(await asked.response())
    del site.answers["/tower.txt"]
    assert "answered 404" in await told("refresh", article="1")
    assert "Last refresh failed" in await told("info", article="1")
    assert "Tower" in await told("rename", article="1", title="Tower")
    assert "twelve weeks" in await told("preview", article="1")
    removing = await emulator.slash(town.adam, town.channel, "article remove", {"article": "1"})
    await (await emulator.click(town.adam, await removing.response(), "Remove")).response()
    assert library.list_articles(int(town.guild.id)) == []
