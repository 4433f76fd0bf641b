"""What people do, in the words of the fixtures: asking, adding, clicking, threads, several guilds and shards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import discord
import pytest

from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.scene.message import plain
from bot.sandbox.scene.person import Person
from bot.sandbox.scene.scene import Scene
from bot.ui import asking_words
from bot.wiring import make_client, open_library
from config.settings import Settings, load_settings
from tests.discord.emulator.test_choices import FRUIT, Menus
from tests.discord.harness import Link

TOWER = """The clock tower

The clock tower of Varnby was built in 1742 by the mason *Elsa Thorne*.

After the fire of 1901 the guild of roofers repaired the tower in eleven weeks. They were paid in barley.

The roofers' names stand on a plate by the door. One of them, Ada Quill, later became mayor.
"""
REPAIR = "Who repaired the tower after the fire?"
Connect = Callable[[discord.Client], Awaitable[Link]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store of the test's own and no model."""
    sections = {"store": {"url": f"sqlite:///{tmp_path / 'pullquote.sqlite3'}"}, "encoder": {"model": "hashing"}}
    return load_settings(sections, environ={})


@pytest.fixture
async def bot(settings: Settings, connect: Connect) -> discord.Client:
    """The bot as `pullquote run` makes it."""
    client = make_client(settings, open_library(settings))
    await connect(client)
    return client


async def test_an_admin_adds_and_a_member_reads_on(bot: discord.Client, admin: Person, alice: Person) -> None:
    """The whole road in the fixtures' words: added, asked, quoted, unfolded; every quote stands in the file."""
    assert "Added" in (await admin.adds_article(file=("tower.txt", TOWER.encode()))).text
    answer = await alice.asks(REPAIR)
    assert "roofers repaired the tower" in answer.quotes[0]
    assert answer.highlights
    assert answer.pings == []
    before = len(answer.quotes)
    assert await alice.clicks("Later") == answer
    assert len(answer.quotes) == before + 1
    assert all(quote in TOWER for quote in answer.quotes)


async def test_a_mention_a_reply_and_a_private_answer(bot: discord.Client, admin: Person, alice: Person) -> None:
    """A mention is answered in the open, a reply asks again, and what is private only its asker sees."""
    await admin.adds_article(text=TOWER)
    answer = await alice.mentions_bot(REPAIR)
    assert not answer.is_private
    again = await admin.replies("Who later became mayor?", to=answer)
    assert "Ada Quill" in "".join(again.quotes)
    hidden = await alice.asks(REPAIR, private=True)
    assert hidden.is_private
    assert hidden in alice.sees
    assert not hidden.is_seen_by(admin)


async def test_a_message_is_asked_about_and_suggestions_come(bot: discord.Client, admin: Person, alice: Person) -> None:
    """The context menu takes another's message; typing suggests titles; a form is filled in by its labels."""
    form = await admin.uses("article add")
    assert "Text" in form.fields
    assert "Added" in (await form.fill(Text=TOWER)).text
    said = await admin.says(REPAIR)
    assert (await alice.picks(asking_words.ASK_ABOUT_THIS, said)).is_private
    assert await alice.types("clo", into="article", of="ask", question="x") == ["The clock tower"]


async def test_a_thread_is_a_place_like_others(bot: discord.Client, admin: Person, alice: Person) -> None:
    """Inside a thread one asks and mentions as in its channel; once it is archived no command is left."""
    await admin.adds_article(text=TOWER)
    inside = await alice.begins_thread("About the tower")
    assert (await inside.asks(REPAIR)).payload["channel_id"] == inside.place.id
    assert (await inside.mentions_bot(REPAIR)).quotes
    alice.emulator.threads.change(inside.place, {"archived": True})
    with pytest.raises(CannotInvoke, match="archived"):
        await inside.asks(REPAIR)


async def test_a_forum_and_roles_in_two_guilds(scene: Scene, settings: Settings, connect: Connect) -> None:
    """Guilds made by name: a curator's role admits to /article, a post is answered, and no word crosses over."""
    harbour = scene.guild(
        "Quay", channels=["general", "lounge"], forums={"help": ("tower",)}, roles={"curators": "manage_guild"}
    )
    abbey = scene.guild("Abbey", roles={"curators": "manage_guild"})
    cora, mo = scene.person("cora", harbour, roles=["curators"]), scene.person("mo", harbour)
    await connect(make_client(settings, open_library(settings)))
    await cora.adds_article(text=TOWER)
    with pytest.raises(CannotInvoke):
        await mo.adds_article(text=TOWER)
    assert (await mo.at(harbour["lounge"]).asks(REPAIR)).quotes
    inside = await mo.at(harbour["help"]).posts("The tower", "A question follows", tags=("tower",))
    assert (await inside.mentions_bot(REPAIR)).quotes
    there = scene.joins(mo, abbey)
    assert "roofers" not in "".join((await there.asks(REPAIR)).quotes)


async def test_several_shards(scene: Scene, settings: Settings, connect: Connect, emulator: Emulator) -> None:
    """One guild on each of two shards: both are answered, each from its own articles."""
    guilds = [scene.guild(f"Guild {number}", shard=(number, 2)) for number in (0, 1)]
    persons = [scene.person(f"p{number}", guild, permissions="manage_guild") for number, guild in enumerate(guilds)]
    client = make_client(settings, open_library(settings))
    client.shard_count = 2
    emulator.starts.max_concurrency = 2
    client.before_identify_hook = _at_once  # type: ignore[method-assign]
    await connect(client)
    assert [client.get_guild(guild.id).shard_id for guild in guilds] == [0, 1]
    await persons[0].adds_article(text=TOWER)
    assert (await persons[0].asks(REPAIR)).quotes
    assert not (await persons[1].asks(REPAIR)).quotes


async def _at_once(shard_id: int | None, *, initial: bool = False) -> None:
    """Identify without discord.py's pause of five seconds."""


async def test_menus_and_reactions(bot: discord.Client, admin: Person, alice: Person) -> None:
    """Values, persons and channels are chosen; reactions are counted; who has seen nothing must name a message."""
    with pytest.raises(LookupError):
        await alice.reacts("👍")
    await bot.get_channel(int(alice.place.id)).send(view=Menus())
    message = alice.sees[-1]
    assert len(message.menus) == 5
    assert (await message.choose("fig", menu="Fruit")).text == "fig"
    assert (await message.choose(admin, menu="People")).text == "Member adam"
    assert (await alice.chooses(alice.place, menu="Channels", on=message)).text == "general"
    assert FRUIT[0] == "fig"
    await alice.reacts("👍", to=message)
    await admin.reacts("👍", to=message)
    assert message.reactions == {"👍": 2}


@pytest.mark.parametrize(
    ("quoted", "seen"),
    [("> **a** b", "a b"), (r"> 5 \* 3" + "\n> next", "5 * 3\nnext"), ("not quoted", "not quoted")],
)
def test_a_quote_is_read_as_people_read_it(quoted: str, seen: str) -> None:
    """Bars, bold marks and escapes are not part of a quote."""
    assert plain(quoted) == seen
