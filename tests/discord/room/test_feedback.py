"""Votes, further passages and follow-ups over the wire, from the press to the store."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.client import PullquoteClient
from bot.engine.questions.records import AskedQuestion, Vote
from bot.engine.records.answers import AnswerState
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.rules import kinds
from bot.ui import answer_words, question_words
from bot.ui.buttons import Press, Verb
from bot.wiring import make_client, open_library
from config.settings import Settings, load_settings
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town, connected
from tests.discord.room.conftest import REPAIR, Shelf, ask, buttons_of, press, quotes_in


async def kept(client: PullquoteClient, town: Town) -> tuple[tuple[AskedQuestion, ...], tuple[Vote, ...]]:
    """What is kept of the town's guild, once all is written down."""
    data = await client.questions.export(int(town.guild.id))
    return data.questions, data.votes


async def test_a_question_is_kept_after_its_answer(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Every way to ask is written down with its state and places; nobody's number is."""
    answer = await ask(emulator, town)
    said = await emulator.say(town.adam, town.channel, f"<@{emulator.bot_user.id}> Which submarine invented bananas?")
    await emulator.wait_message(town.channel, after=said)
    first, second = sorted((await kept(online, town))[0], key=lambda found: found.text, reverse=True)
    assert (first.text, first.state, first.channel) == (REPAIR, AnswerState.ANSWERS, int(town.channel.id))
    assert first.quoted[0] == (1, 4)
    assert (second.state, second.quoted, second.nearest is None) == (AnswerState.NOT_IN_ARTICLES, (), False)
    assert first.member != second.member
    assert town.alice.id not in repr(first)
    assert Press.read(buttons_of(answer)[question_words.HELPFUL]["custom_id"]) == Press(Verb.HELPFUL, number=first.id)


async def test_votes_are_private_and_can_be_changed(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Helpful is thanked privately; Not helpful asks why; the last vote of a member counts, one a member."""
    answer = await ask(emulator, town)
    thanks = await (await press(emulator, answer, question_words.HELPFUL, town.adam)).response()
    assert is_private(thanks)
    assert visible_text(thanks) == question_words.VOTED_HELPFUL
    form = await emulator.click(town.adam, answer, question_words.NOT_HELPFUL)
    await form.shown_modal()
    sent = await emulator.submit_modal(town.adam, form, {"reason": "It is about towers."})
    told = await sent.response()
    assert is_private(told)
    assert visible_text(told) == question_words.VOTED_NOT_HELPFUL
    await press(emulator, answer, question_words.HELPFUL, town.alice)
    votes = (await kept(online, town))[1]
    assert sorted((vote.is_helpful, vote.reason) for vote in votes) == [(False, "It is about towers."), (True, "")]
    assert len(quotes_in(answer)) == 3
    assert answer["_edits"] == 1, "nobody sees who voted"


async def test_a_form_that_is_closed_still_counts(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """The press is the vote; the reason may be left out."""
    answer = await ask(emulator, town)
    form = await emulator.click(town.adam, answer, question_words.NOT_HELPFUL)
    await form.shown_modal()
    async with asyncio.timeout(5.0):
        while not (votes := (await kept(online, town))[1]):
            pass
    assert [(vote.is_helpful, vote.reason) for vote in votes] == [(False, "")]
    sent = await emulator.submit_modal(town.adam, form, {"reason": ""})
    assert visible_text(await sent.response()) == question_words.VOTED_WITHOUT_REASON


async def test_a_vote_on_what_is_not_kept_says_so(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Whoever opted out is answered, but neither their question nor a vote on it is stored."""
    await (await emulator.slash(town.alice, town.channel, "privacy optout")).response()
    answer = await ask(emulator, town)
    told = await (await press(emulator, answer, question_words.HELPFUL, town.adam)).response()
    assert visible_text(told) == question_words.NOT_KEPT
    assert await kept(online, town) == ((), ())


async def test_more_passages_go_on_where_the_answer_ended_even_after_a_restart(
    shelf: Shelf, settings: Settings, emulator: Emulator, town: Town
) -> None:
    """Each press shows the next ones to the presser alone, none twice, until there are no more."""
    async with connected(emulator, make_client(settings, open_library(settings))):
        message = await ask(emulator, town)
    seen = quotes_in(message)
    async with connected(emulator, make_client(settings, open_library(settings))):
        for _ in range(2):
            handle = await press(emulator, message, question_words.MORE, town.adam)
            message = await handle.response()
            assert is_private(message)
            new = quotes_in(message)
            if not new:
                break
            assert texts_of(message["components"])[:2] == [answer_words.asked(REPAIR), question_words.MORE_PASSAGES]
            assert not set(new) & set(seen)
            seen += new
        handle = await press(emulator, message, question_words.MORE, town.adam)
        assert visible_text(await handle.response()) == question_words.NO_MORE_PASSAGES
    assert sorted(seen) == sorted([*shelf.passages(), "Gulls steal chips from visitors at the harbour wall."])


async def test_more_passages_of_one_article_stay_in_it(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """A question put to one article has no further passages in others."""
    message = await ask(emulator, town, article="1")
    more = await (await press(emulator, message, question_words.MORE, town.alice)).response()
    assert len(quotes_in(more)) == 3
    assert not any("Gulls" in quote for quote in quotes_in(more))


async def test_the_follow_up_button_asks_with_what_went_before(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """What leans on the question above is answered, by itself it is not; the chain is kept."""
    alone = await ask(emulator, town, "Why?")
    message = await ask(emulator, town)
    form = await emulator.click(town.adam, message, question_words.FOLLOW_UP)
    await form.shown_modal()
    sent = await emulator.submit_modal(town.adam, form, {"question": "Why?"})
    answer = await sent.response()
    assert not is_private(answer), "the answer above it is public"
    assert "eleven weeks" in quotes_in(answer)[0]
    assert quotes_in(alone) == []
    questions = (await kept(online, town))[0]
    [first] = [found for found in questions if found.text == REPAIR]
    assert sorted(found.follows for found in questions) == [0, 0, first.id]


async def test_a_private_answer_is_followed_up_privately(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """What only one member sees stays with that member."""
    message = await ask(emulator, town, private=True)
    form = await emulator.click(town.alice, message, question_words.FOLLOW_UP)
    await form.shown_modal()
    sent = await emulator.submit_modal(town.alice, form, {"question": "What were they paid in?"})
    answer = await sent.response()
    assert is_private(answer)
    assert answer_words.POST in buttons_of(answer)
    assert town.channel.history == []


async def test_a_reply_to_an_answer_leans_on_its_question(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """The reply chain is the context, also a second step on."""
    first = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> {REPAIR}")
    answer = await emulator.wait_message(town.channel, after=first)
    for text in ("What were they paid in?", "Why?"):
        reply = await emulator.say(town.adam, town.channel, text, reply_to=answer)
        answer = await emulator.wait_message(town.channel, after=reply)
        assert "eleven weeks" in quotes_in(answer)[0], text


async def test_posting_keeps_the_votes_together(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """The posted answer's buttons are about the same question as the private one's."""
    message = await ask(emulator, town, private=True)
    await press(emulator, message, answer_words.POST, town.alice)
    posted = await emulator.wait_message(town.channel)
    private, public = (buttons_of(shown)[question_words.HELPFUL]["custom_id"] for shown in (message, posted))
    assert private == public
    rows = [part for part in kinds.walk(posted["components"]) if part["type"] == kinds.ROW]
    assert all(len(row["components"]) <= 5 for row in rows)
    assert len(list(kinds.walk(posted["components"]))) <= 40


async def test_without_a_log_everything_but_votes_works(
    shelf: Shelf, settings: Settings, emulator: Emulator, town: Town
) -> None:
    """With privacy.question_days = 0 nothing is stored; further passages and follow-ups read the message itself."""
    off = load_settings(
        {**settings.model_dump(include={"store", "encoder"}), "privacy": {"question_days": 0}}, environ={}
    )
    client = make_client(off, open_library(off))
    async with connected(emulator, client):
        message = await ask(emulator, town)
        assert question_words.HELPFUL not in buttons_of(message)
        more = await (await press(emulator, message, question_words.MORE, town.adam)).response()
        assert len(quotes_in(more)) == 3
        form = await emulator.click(town.adam, message, question_words.FOLLOW_UP)
        await form.shown_modal()
        sent = await emulator.submit_modal(town.adam, form, {"question": "Why?"})
        assert "eleven weeks" in quotes_in(await sent.response())[0]
        said = await emulator.say(town.alice, town.channel, f"<@{emulator.bot_user.id}> {REPAIR}")
        answer = await emulator.wait_message(town.channel, after=said)
        more = await (await press(emulator, answer, question_words.MORE, town.adam)).response()
        assert quotes_in(more), "the question is read from the message that was answered"
        assert await kept(client, town) == ((), ())


async def test_direct_messages_lean_on_the_one_before(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """In a direct message the question before is the context, and the buttons find its server."""
    first: dict[str, Any] = await emulator.direct(town.alice, REPAIR)
    place = emulator.direct_channel(town.alice)
    await emulator.wait_message(place, after=first)
    second = await emulator.direct(town.alice, "Why?")
    answer = await emulator.wait_message(place, after=second)
    assert "eleven weeks" in quotes_in(answer)[0]
    told = await (await press(emulator, answer, question_words.HELPFUL, town.alice)).response()
    assert visible_text(told) == question_words.VOTED_HELPFUL
    assert len((await kept(online, town))[1]) == 1
