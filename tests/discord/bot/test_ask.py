"""``/ask`` over the wire."""

from __future__ import annotations

import logging
import re

import pytest

from bot.async_library import AsyncLibrary
from bot.client import PullquoteClient
from bot.engine.errors import Busy, EncoderUnavailable
from bot.engine.guild_settings.records import OperatorChoices
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.ui import answer_words, words
from tests.discord.bot.conftest import FOX
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.bot.reading import is_private, quoted, said, visible_text
from tests.discord.harness import Link, Town

NASTY = (
    "# Big\n> **bold** __u__ ||spoiler|| `code`\n```py\nbreak out\n```\n- item @everyone @here <@1> <@&2> <#3> "
    "[fox](https://evil.example/a_b) https://evil.example/c_d :smile: <t:1:R> \\* fox\r\n-# small"
)


async def test_a_public_answer_quotes_with_its_source(online: Link, emulator: Emulator, town: Town) -> None:
    """Deferred at once, then one message: the question, the heading path, the quote, the linked source."""
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "Who was the *fox*?"})
    message = await handle.response()
    assert handle.deferred
    assert not is_private(message)
    assert said(message) == [
        r"-# Question: Who was the \*fox\*?",
        "-# Part",
        "> **The fox wrote a lett**er. It was never sent; the post office had closed.",
        (
            "-# [Foxes](<https://example.com/foxes>) · "
            "[read there](<https://example.com/foxes#:~:text=The%20fox%20wrote%20a%20letter.>) · ¶ 1 of 1"
        ),
    ]


async def test_a_private_answer_is_seen_by_its_asker_alone(online: Link, emulator: Emulator, town: Town) -> None:
    """With ``private`` the answer is ephemeral from the first moment, question and all."""
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?", "private": True})
    message = await handle.response()
    assert is_private(message)
    assert emulator.sees(town.alice, message)
    assert not emulator.sees(town.adam, message)
    assert quoted(message) == FOX
    assert said(message)[0] == "-# Question: the fox?"


async def test_a_server_can_be_private_by_default(fake: FakeLibrary, emulator: Emulator, town: Town, connect) -> None:
    """The option decides only where the member does not."""
    client = PullquoteClient(library=AsyncLibrary(fake), operator=OperatorChoices(private=True))  # type: ignore[arg-type]
    await connect(client)
    silent = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?"})
    open_ = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?", "private": False})
    assert is_private(await silent.response())
    assert not is_private(await open_.response())


async def test_one_article_can_be_asked(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """The article option takes a title, an id, or the #number of a list."""
    for article in ("Foxes", "1", "#1"):
        handle = await emulator.slash(
            town.alice, town.channel, "ask", {"question": "Do boats give way to the fox?", "article": article}
        )
        assert quoted(await handle.response()) == FOX
    assert {call[2] for call in fake.called("ask")} == {"Foxes", "1"}  # type: ignore[index]


async def test_what_the_articles_do_not_say_is_said(online: Link, emulator: Emulator, town: Town) -> None:
    """No quote, a plain sentence, a next step."""
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "Bananas?"})
    assert said(await handle.response()) == [answer_words.NOT_IN_THE_ARTICLES]
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "Bananas?", "article": "Foxes"})
    assert said(await handle.response()) == [answer_words.NOT_IN_THIS_ARTICLE]


async def test_guilds_never_see_each_others_articles(online: Link, emulator: Emulator, town: Town) -> None:
    """Neither answers nor completions cross from one guild to another."""
    handle = await emulator.slash(town.olga, town.other_channel, "ask", {"question": "the fox, Polaris?"})
    assert quoted(await handle.response()) == "Polaris stays where it is."
    titles = await emulator.autocomplete(town.olga, town.other_channel, "ask", focused="article")
    assert titles == [{"name": "Star charts", "value": "1"}]
    handle = await emulator.slash(town.olga, town.other_channel, "ask", {"question": "x", "article": "Foxes"})
    assert is_private(await handle.followup())


async def test_completion_narrows_while_typing(online: Link, emulator: Emulator, town: Town) -> None:
    """Titles that fit what is typed, by id."""
    choices = await emulator.autocomplete(town.alice, town.channel, "ask", focused="article", value="harb")
    assert choices == [{"name": "Harbour rules", "value": "2"}]


@pytest.mark.parametrize("error", [Busy("b"), RuntimeError("boom")])
async def test_a_failing_completion_is_empty(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, error: Exception
) -> None:
    """Completion never fails: it offers nothing."""
    fake.errors["complete_articles"] = error
    assert await emulator.autocomplete(town.alice, town.channel, "ask", focused="article") == []


async def test_an_expected_error_is_private_even_in_public(online: Link, emulator: Emulator, town: Town) -> None:
    """The public "thinking" message goes away, and the member alone is told what to do next."""
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "x?", "article": "Nowhere **2**"})
    message = await handle.followup()
    assert is_private(message)
    assert visible_text(message) == r"There is no article “Nowhere \*\*2\*\*” here. Choose one from the list."
    assert town.channel.history == []


async def test_an_expected_error_of_a_private_question_fills_its_message(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """A private answer's place is taken by the sentence."""
    fake.errors["ask"] = Busy("Too many questions are waiting.")
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "x?", "private": True})
    message = await handle.response()
    assert is_private(message)
    assert said(message) == ["Too many questions are waiting."]
    assert handle.followups == []


async def test_an_unexpected_error_shows_a_number_only(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    """The member gets an incident number that the log explains; the question is in neither."""
    fake.errors["ask"] = ZeroDivisionError("the secret inside")
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "my password is hunter2"})
    text = visible_text(await handle.followup())
    number = re.search(r"`([0-9a-f]{8})`", text)
    assert number
    assert "secret" not in text
    assert any(number[1] in record.getMessage() and record.exc_info for record in caplog.records)
    loud = [record for record in caplog.records if record.levelno > logging.DEBUG]
    assert not any("hunter2" in record.getMessage() for record in loud)


async def test_no_articles_says_how_to_add_one(online: Link, emulator: Emulator, town: Town, fake: FakeLibrary) -> None:
    """A new server is told of ``/article add``, not of a command line it does not have."""
    fake.articles.clear()
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "x?"})
    assert said(await handle.followup()) == [words.NO_ARTICLES_YET]


@pytest.mark.parametrize("question", ["", "x" * 1001])
async def test_discord_refuses_empty_and_overlong_questions(
    online: Link, emulator: Emulator, town: Town, question: str
) -> None:
    """The option's bounds are Discord's to enforce, before the bot is asked."""
    with pytest.raises(CannotInvoke):
        await emulator.slash(town.alice, town.channel, "ask", {"question": question})


async def test_an_articles_markup_stays_inside_its_quote(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """Markdown, fences, mentions and addresses of an article are shown as the characters they are, and ping nobody."""
    fake.put(int(town.guild.id), "@everyone **T**", NASTY)
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "item", "article": "3"})
    message = await handle.response()
    assert quoted(message) == NASTY
    quote = next(text for text in said(message) if text.startswith("> "))
    assert all(line.startswith("> ") for line in re.split(r"\r\n|\r|\n", quote))
    assert "```" not in quote
    assert message["_pings"] == {"users": [], "roles": [], "everyone": False}
    assert said(message)[-1] == r"-# \@everyone \*\*T\*\* · ¶ 1 of 1"


@pytest.mark.parametrize("private", [True, False])
async def test_a_long_paragraph_arrives_whole_in_parts(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary, private: bool
) -> None:
    """10,000 characters: every part is as private as the first, numbered, and together they are the paragraph."""
    text = ("The heron waits by the *pier* at low tide. " * 300)[:10_000].strip()
    fake.put(int(town.guild.id), "Herons", text)
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "heron", "private": private})
    first = await handle.response()
    count = int(said(first)[-1].rsplit(" ", 1)[1])
    parts = [first, *[await handle.followup(number) for number in range(count - 1)]]
    assert count >= 3
    assert quoted(*parts) == text
    assert [said(part)[-1].split(" · ")[-1] for part in parts] == [f"part {n} of {count}" for n in range(1, count + 1)]
    assert {is_private(part) for part in parts} == {private}


async def test_a_question_during_start_up_is_answered_in_the_end(
    client: PullquoteClient, fake: FakeLibrary, emulator: Emulator, town: Town, connect
) -> None:
    """While the encoder loads the member is told so, and the same message becomes the answer."""
    fake.gate.clear()
    await connect(client)
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?"})
    message = await handle.response()
    assert said(message) == [words.STARTING_UP]
    fake.gate.set()
    await emulator.changes.until(lambda: quoted(message) == FOX, 5.0)


async def test_an_encoder_that_cannot_load_is_said_not_hung(
    client: PullquoteClient, fake: FakeLibrary, emulator: Emulator, town: Town, connect
) -> None:
    """A failed start leaves a bot that explains itself."""
    fake.errors["warm"] = fake.errors["ask"] = EncoderUnavailable("The encoder's files are missing.")
    await connect(client)
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?"})
    assert said(await handle.followup()) == ["The encoder's files are missing."]


async def test_a_member_who_is_gone_is_no_incident(
    online: Link, emulator: Emulator, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that Discord no longer takes (10062) is a debug line."""
    emulator.ack_seconds = 0.05
    emulator.faults.slow(0.1, path="/callback")
    with emulator.expect_violation(10062), emulator.expect_unanswered(), caplog.at_level(logging.DEBUG, "bot"):
        handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?"})
        await emulator.changes.until(lambda: handle.state.value == "late", 5.0)
        await online.client._in_flight.wait(5.0)  # type: ignore[attr-defined]
    assert not [record for record in caplog.records if record.name.startswith("bot.ui") and record.levelno > 10]


async def test_commands_outside_a_guild_are_refused_in_words(online: Link, emulator: Emulator, town: Town) -> None:
    """Should Discord ever let a command through in a direct message, it gets one sentence."""
    channel = emulator.direct_channel(town.alice)
    handle = await emulator.slash(town.alice, channel, "ask", {"question": "x?"}, bypass_permissions=True)
    assert said(await handle.response()) == [words.SERVERS_ONLY]
    choices = await emulator.autocomplete(town.alice, channel, "ask", focused="article", bypass_permissions=True)
    assert choices == []
