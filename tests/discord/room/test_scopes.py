"""Articles for certain roles and channels: nobody else meets a word of them, by whatever way they ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.client import PullquoteClient
from bot.engine.scopes.records import make_scope
from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import InteractionHandle
from bot.sandbox.postbox import visible_text
from bot.sandbox.world import Channel, Role, User
from bot.ui import answer_words, settings_words, words
from bot.wiring import make_client, open_library
from config.settings import Settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import REPAIR, Shelf, bots_messages, buttons_of, press, quotes_in
from tests.discord.room.places import add_thread, close_to, give, seen_by, take

SECRET = """Zephyrine ledger

The zephyrine reactor was hidden beneath the lighthouse in 1911 by the order of Quillfeather.

Quillfeather paid nine hundred crowns for the zephyrine reactor. Nobody in the village was told.

The third key of the reactor lies with the harbour pilot.
"""
WORDS = ("quillfeather", "nine hundred", "harbour pilot")
"""Of the article, and of no question that a public answer may repeat."""
QUESTION = "Who ordered the zephyrine reactor to be hidden beneath the lighthouse?"


Start = Callable[[], Awaitable[PullquoteClient]]


@dataclass
class Room:
    """A guild with an article (3) for staff: stella is, alice is not; #staff is for staff alone."""

    town: Town
    staff: Role
    stella: User
    office: Channel


@pytest.fixture
async def room(emulator: Emulator, town: Town, shelf: Shelf, start: Start) -> AsyncIterator[Room]:
    """The room, the bot online; in the end, alice must not have met a word that is not hers."""
    staff = emulator.world.add_role(town.guild, "staff")
    stella = emulator.add_member(town.guild, "stella")
    give(town.guild, stella, staff)
    office = emulator.add_channel(town.guild, "staff")
    close_to(emulator, office, staff)
    assert shelf.add(SECRET, "ledger.txt") == 3
    bind(shelf, staff)
    client = await start()
    assert client._warming is not None
    await client._warming
    yield Room(town, staff, stella, office)
    seen = seen_by(emulator, town.alice) + seen_by(emulator, town.olga)
    assert [word for word in WORDS if word in seen] == []
    for message in bots_messages(emulator):
        assert not any(message["_pings"].values())
        assert all(any(quote in text for text in shelf.texts) for quote in quotes_in(message))


def bind(shelf: Shelf, *roles: Role, channels: tuple[Channel, ...] = ()) -> None:
    """Bind the article, as another process would."""
    assert shelf.library.guild_settings is not None
    scope = make_scope([int(role.id) for role in roles], [int(channel.id) for channel in channels])
    shelf.library.guild_settings.bind_article(shelf.guild, 3, scope)


async def ask_as(emulator: Emulator, user: User, channel: Channel, question: str = QUESTION, **options: object) -> dict:
    """Ask by command and return the answer."""
    handle = await emulator.slash(user, channel, "ask", {"question": question, **options})
    return await handle.response()


async def test_only_whoever_holds_the_role_is_answered_in_private(emulator: Emulator, room: Room) -> None:
    """The same question, privately: quotes for staff, "not in the articles" for others."""
    own = await ask_as(emulator, room.stella, room.town.channel, private=True)
    other = await ask_as(emulator, room.town.alice, room.town.channel, private=True)
    assert any("Quillfeather" in quote for quote in quotes_in(own))
    assert quotes_in(other) == []


async def test_a_public_answer_is_for_everyone_in_the_channel(emulator: Emulator, room: Room) -> None:
    """Staff asks in public: nothing of it in a channel that others read, all of it where staff is alone."""
    assert quotes_in(await ask_as(emulator, room.stella, room.town.channel, private=False)) == []
    shown = await ask_as(emulator, room.stella, room.office, private=False)
    assert not is_private(shown)
    assert any("Quillfeather" in quote for quote in quotes_in(shown))


async def test_a_channel_that_one_more_role_may_read_is_not_staff_alone(
    emulator: Emulator, town: Town, shelf: Shelf, start: Start
) -> None:
    """One other role with a look into the channel, or one person with an overwrite, ends it."""
    staff, guests = (emulator.world.add_role(town.guild, name) for name in ("staff", "guests"))
    stella = emulator.add_member(town.guild, "stella")
    give(town.guild, stella, staff)
    with_guests, with_alice = emulator.add_channel(town.guild, "mixed"), emulator.add_channel(town.guild, "alice-too")
    close_to(emulator, with_guests, staff, guests)
    close_to(emulator, with_alice, staff)
    emulator.world.set_overwrite(with_alice, town.alice, allow=1 << 10)
    shelf.add(SECRET, "ledger.txt")
    bind(shelf, staff)
    await start()
    for channel in (with_guests, with_alice):
        assert quotes_in(await ask_as(emulator, stella, channel, private=False)) == []
    bind(shelf, staff, guests)
    assert quotes_in(await ask_as(emulator, stella, with_guests, private=False))


async def test_a_thread_is_its_parent(emulator: Emulator, room: Room, shelf: Shelf) -> None:
    """In a thread of the staff's channel staff is alone; an article for a channel is quoted in its threads."""
    inside = add_thread(emulator, room.office, "reactor")
    assert quotes_in(await ask_as(emulator, room.stella, inside, private=False))
    outside = add_thread(emulator, room.town.channel, "reactor")
    assert quotes_in(await ask_as(emulator, room.stella, outside, private=False)) == []
    bind(shelf, channels=(room.office,))
    assert quotes_in(await ask_as(emulator, room.stella, inside, private=False))
    assert quotes_in(await ask_as(emulator, room.stella, outside, private=True)) == []


async def test_mentions_are_answered_for_everyone(emulator: Emulator, room: Room) -> None:
    """A mention's answer cannot be private, so it holds what everyone in the channel may see."""
    for channel, has_quotes in ((room.town.channel, False), (room.office, True)):
        asked = await emulator.say(room.stella, channel, f"<@{emulator.bot_user.id}> {QUESTION}")
        assert bool(quotes_in(await emulator.wait_message(channel, after=asked))) is has_quotes


async def test_the_nearest_passage_is_one_that_may_be_seen(emulator: Emulator, room: Room) -> None:
    """What is offered as closest comes from the viewer's articles too."""
    answer = await ask_as(emulator, room.town.alice, room.town.channel, private=True)
    if answer_words.SHOW_CLOSEST in buttons_of(answer):
        shown = await (await press(emulator, answer, answer_words.SHOW_CLOSEST, room.town.alice)).response()
        assert quotes_in(shown)


@pytest.mark.parametrize("command", ["ask", "summary"])
async def test_completion_names_only_what_may_be_seen(emulator: Emulator, room: Room, command: str) -> None:
    """Titles come for those who will see the answer: the member alone, or everyone in the channel."""

    async def offered(user: User, channel: Channel, *, private: bool) -> list[str]:
        options = {"private": private, **({"question": "x"} if command == "ask" else {})}
        choices = await emulator.autocomplete(user, channel, command, focused="article", options=options)
        return [choice["name"] for choice in choices]

    channel = room.town.channel
    assert "Zephyrine ledger" not in await offered(room.town.alice, channel, private=True)
    assert "Zephyrine ledger" in await offered(room.stella, channel, private=True)
    assert "Zephyrine ledger" not in await offered(room.stella, channel, private=False)
    assert "Zephyrine ledger" in await offered(room.stella, room.office, private=False)
    assert len(await offered(room.town.alice, channel, private=True)) == 2


@pytest.mark.parametrize("named", ["3", "Zephyrine ledger", "zephyr"])
@pytest.mark.parametrize("command", ["ask", "summary"])
async def test_an_article_for_others_is_no_article(emulator: Emulator, room: Room, command: str, named: str) -> None:
    """Naming it by id, title or a part gives the very sentence that an unknown name gives."""
    told = []
    for article in (named, "99"):
        options = {"article": article, **({"question": QUESTION} if command == "ask" else {})}
        handle = await emulator.slash(room.town.alice, room.town.channel, command, options)
        told.append(visible_text(await hear(emulator, handle)))
    assert told[0] == told[1]
    assert "no article" in told[0].lower()


@pytest.mark.parametrize("command", ["ask", "summary"])
async def test_a_public_question_about_it_says_how_to_ask(emulator: Emulator, room: Room, command: str) -> None:
    """Who may see it, but not with everyone, is told so in private; nothing of it stands in the channel."""
    options = {"article": "3", "private": False, **({"question": QUESTION} if command == "ask" else {})}
    handle = await emulator.slash(room.stella, room.town.channel, command, options)
    told = await hear(emulator, handle)
    assert is_private(told)
    assert visible_text(told) == settings_words.NOT_FOR_EVERYONE
    assert room.town.channel.history == []
    handle = await emulator.slash(room.stella, room.town.channel, command, {**options, "private": True})
    answer = await handle.response()
    assert is_private(answer)
    assert "Quillfeather" in visible_text(answer)


@pytest.mark.parametrize(
    "label", [answer_words.EARLIER, answer_words.LATER, answer_words.SOURCE, answer_words.VERIFY, answer_words.POST]
)
async def test_an_old_button_goes_by_the_roles_of_now(emulator: Emulator, room: Room, label: str) -> None:
    """Who lost the role gets nothing from an answer of before, whichever button it is."""
    answer = await ask_as(
        emulator, room.stella, room.office, "Who paid nine hundred crowns for the reactor?", article="3", private=True
    )
    take(room.town.guild, room.stella, room.staff)
    edits = answer["_edits"]
    handle = await press(emulator, answer, label, room.stella)
    said = [message for message in [*handle.followups, handle.message] if message and message is not answer]
    assert answer["_edits"] == edits
    assert said
    assert "zephyrine" not in " ".join(map(visible_text, said)).casefold()
    assert all(quotes_in(message) == [] for message in said)
    assert room.office.history == []


async def test_a_public_message_unfolds_what_everyone_may_see(emulator: Emulator, room: Room, shelf: Shelf) -> None:
    """Bound after it was quoted to all, an article unfolds no further in that message, not even for staff."""
    bind(shelf)
    answer = await ask_as(emulator, room.stella, room.office, "Who paid nine hundred crowns?", article="3")
    bind(shelf, emulator.world.add_role(room.town.guild, "board"))
    handle = await press(emulator, answer, answer_words.LATER, room.stella)
    assert visible_text(await handle.followup()) == answer_words.PASSAGE_CHANGED


async def test_it_is_not_posted_to_others(emulator: Emulator, room: Room) -> None:
    """*Post to channel* refuses where others read along, and works where staff is alone."""
    private = await ask_as(emulator, room.stella, room.town.channel, article="3", private=True)
    handle = await press(emulator, private, answer_words.POST, room.stella)
    told = await handle.followup()
    assert is_private(told)
    assert visible_text(told) == settings_words.NOT_TO_BE_POSTED
    assert room.town.channel.history == []
    private = await ask_as(emulator, room.stella, room.office, article="3", private=True)
    await press(emulator, private, answer_words.POST, room.stella)
    assert len(room.office.history) == 1


async def test_direct_messages_go_by_the_roles_in_the_guild(emulator: Emulator, room: Room) -> None:
    """A member is answered with what they may see in the server, by their roles of now."""

    async def answer(user: User) -> dict:
        asked = await emulator.direct(user, QUESTION)
        return await emulator.wait_message(emulator.direct_channel(user), after=asked)

    own = await answer(room.stella)
    assert any("Quillfeather" in quote for quote in quotes_in(own))
    assert quotes_in(await answer(room.town.alice)) == []
    take(room.town.guild, room.stella, room.staff)
    handle = await press(emulator, own, answer_words.SOURCE, room.stella)
    assert "Zephyrine" not in visible_text(await handle.response())
    assert quotes_in(await answer(room.stella)) == []


async def test_a_direct_message_sees_the_channels_that_its_writer_sees(
    emulator: Emulator, room: Room, shelf: Shelf
) -> None:
    """What is for a channel is told to whoever may look into it."""
    bind(shelf, channels=(room.office,))
    for user, has_quotes in ((room.stella, True), (room.town.alice, False)):
        asked = await emulator.direct(user, QUESTION)
        answer = await emulator.wait_message(emulator.direct_channel(user), after=asked)
        assert bool(quotes_in(answer)) is has_quotes


async def test_spelling_gives_nothing_away(emulator: Emulator, room: Room) -> None:
    """A misspelt word is not corrected to one that only hidden articles hold; for staff it is."""
    for user, is_mended in ((room.town.alice, False), (room.stella, True)):
        answer = await ask_as(
            emulator, user, room.town.channel, "Who ordered the zephyrne reactor to be hidden?", private=True
        )
        assert ("instead of zephyrne" in visible_text(answer)) is is_mended


async def test_a_guild_of_hidden_articles_looks_empty(emulator: Emulator, room: Room, shelf: Shelf) -> None:
    """Whoever may see none is told what an empty server tells."""
    shelf.library.remove_article(shelf.guild, "1")
    shelf.library.remove_article(shelf.guild, "2")
    handle = await emulator.slash(room.town.alice, room.town.channel, "ask", {"question": QUESTION})
    assert visible_text(await hear(emulator, handle)) == words.NO_ARTICLES_YET


async def test_whoever_manages_articles_sees_them_all(emulator: Emulator, room: Room) -> None:
    """An admin without the role is answered in private, as /article would show it anyway."""
    assert quotes_in(await ask_as(emulator, room.town.adam, room.town.channel, private=True))


async def test_binding_in_discord(emulator: Emulator, room: Room, shelf: Shelf, settings: Settings) -> None:
    """The panel tells whom an article is for, and each choice holds at once; it works after a restart too."""
    adam, channel = room.town.adam, room.town.channel
    panel = await (await emulator.slash(adam, channel, "article scope", {"article": "3"})).response()
    assert is_private(panel)
    assert f"<@&{room.staff.id}>" in visible_text(panel)
    await choose(emulator, adam, panel, settings_words.SCOPE_ROLES, [])
    assert settings_words.SCOPE_EVERYBODY in visible_text(panel)
    assert shelf.library.guild_settings is not None
    assert shelf.library.guild_settings.read_scopes(shelf.guild) == {}
    await choose(emulator, adam, panel, settings_words.SCOPE_CHANNELS, [room.office.id])
    await choose(emulator, adam, panel, settings_words.SCOPE_ROLES, [room.staff.id])
    bound = shelf.library.guild_settings.read_scopes(shelf.guild)
    assert bound == {3: make_scope([int(room.staff.id)], [int(room.office.id)])}
    await press(emulator, panel, settings_words.SCOPE_OPEN, adam)
    assert shelf.library.guild_settings.read_scopes(shelf.guild) == {}
    await choose(emulator, adam, panel, settings_words.SCOPE_ROLES, [room.town.guild.id])
    assert settings_words.SCOPE_EVERYBODY in visible_text(panel), "@everyone is everybody"
    bind(shelf, room.staff)


async def test_the_panel_survives_a_restart(emulator: Emulator, town: Town, shelf: Shelf, settings: Settings) -> None:
    """Its menus carry what they need."""
    role = emulator.world.add_role(town.guild, "staff")
    shelf.add(SECRET, "ledger.txt")
    async with connected(emulator, make_client(settings, open_library(settings))):
        panel = await (await emulator.slash(town.adam, town.channel, "article scope", {"article": "3"})).response()
    async with connected(emulator, make_client(settings, open_library(settings))):
        await choose(emulator, town.adam, panel, settings_words.SCOPE_ROLES, [role.id])
    assert f"<@&{role.id}>" in visible_text(panel)


async def test_a_role_that_is_gone_is_told(emulator: Emulator, room: Room, shelf: Shelf) -> None:
    """The panel can still be drawn, and says that nobody can use the role."""
    bind(shelf, Role("424242", "gone", 0))
    handle = await emulator.slash(room.town.adam, room.town.channel, "article scope", {"article": "3"})
    assert settings_words.SCOPE_GONE in visible_text(await handle.response())
    assert quotes_in(await ask_as(emulator, room.stella, room.office, private=True)) == []


async def test_binding_takes_the_right_at_each_press(emulator: Emulator, room: Room) -> None:
    """Neither the command nor a panel of before works for whoever may not manage articles."""
    handle = await emulator.slash(
        room.town.alice, room.town.channel, "article scope", {"article": "3"}, bypass_permissions=True
    )
    assert visible_text(await handle.response()) == words.NEEDS_MANAGE_GUILD
    panel = await (
        await emulator.slash(room.town.adam, room.town.channel, "article scope", {"article": "3"})
    ).response()
    room.town.guild.members[room.town.adam.id].role_ids.clear()
    handle = await emulator.select(room.town.adam, panel, settings_words.SCOPE_ROLES, [])
    assert visible_text(await handle.response()) == words.NEEDS_MANAGE_GUILD


async def test_an_article_is_bound_from_its_first_moment(emulator: Emulator, room: Room, shelf: Shelf) -> None:
    """Added for a role, it is never anybody else's, and adding it again for the role binds what was open."""
    text = "Amber vault\n\nThe amber vault opens at midnight with the brass wheel.\n"
    options = {"text": text, "role": room.staff, "channel": room.office}
    handle = await emulator.slash(room.town.adam, room.town.channel, "article add", options)
    await handle.response()
    await emulator.changes.until(lambda: 4 in scopes(shelf), 5.0)
    assert scopes(shelf)[4] == make_scope([int(room.staff.id)], [int(room.office.id)])
    answer = await ask_as(emulator, room.town.alice, room.town.channel, "When does the amber vault open?", private=True)
    assert quotes_in(answer) == []
    shelf.texts.append(shelf.library.get_article_by_id(shelf.guild, 4).text)
    assert quotes_in(await ask_as(emulator, room.stella, room.office, "When does the amber vault open?"))


async def test_others_are_not_narrowed(emulator: Emulator, room: Room) -> None:
    """Articles that are bound to nothing are answered from as ever, in public and in private."""
    for private in (True, False):
        answer = await ask_as(emulator, room.town.alice, room.town.channel, REPAIR, private=private)
        assert "roofers repaired" in quotes_in(answer)[0]


async def hear(emulator: Emulator, handle: InteractionHandle) -> dict:
    """What a member is told in private, after a public "thinking" was taken away or not."""

    def look() -> list[dict]:
        said = [*handle.followups, *([handle.message] if handle.message and not handle.is_thinking else [])]
        return [message for message in said if is_private(message)]

    await emulator.changes.until(lambda: bool(look()), 5.0)
    return look()[0]


async def choose(emulator: Emulator, user: User, message: dict, menu: str, values: list[str]) -> None:
    """Choose in a menu of a panel and wait until the panel shows it."""
    edits = message["_edits"]
    await emulator.select(user, message, menu, values)
    await emulator.changes.until(lambda: message["_edits"] > edits, 5.0)


def scopes(shelf: Shelf) -> dict:
    """The scopes as another process reads them."""
    assert shelf.library.guild_settings is not None
    return dict(shelf.library.guild_settings.read_scopes(shelf.guild))
