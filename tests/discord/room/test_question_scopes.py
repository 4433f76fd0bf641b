"""What is done about a question shows nobody what they may not see, and tells nobody what others asked in private."""

from __future__ import annotations

from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import visible_text
from bot.ui import board_words, question_words
from tests.discord.bot.reading import is_private
from tests.discord.room.conftest import REPAIR, press, quotes_in
from tests.discord.room.places import add_thread
from tests.discord.room.test_scopes import QUESTION, Room, ask_as, room

__all__ = ["room"]


async def test_more_passages_are_the_pressers_own(emulator: Emulator, room: Room) -> None:
    """Under a public answer staff is shown staff's articles, and others are not, whoever asked."""
    answer = await ask_as(emulator, room.stella, room.town.channel, REPAIR, private=False)
    shown: dict[str, list[str]] = {}
    for user in (room.stella, room.town.alice):
        message = answer
        shown[user.name] = []
        while quotes := quotes_in(message):
            shown[user.name] += quotes
            message = await (await press(emulator, message, question_words.MORE, user)).response()
            assert is_private(message)
    assert any("Quillfeather" in quote for quote in shown["stella"])
    assert not any("Quillfeather" in quote for quote in shown["alice"])


async def test_a_public_follow_up_quotes_what_everyone_may_see(emulator: Emulator, room: Room) -> None:
    """Staff follows up in public where others read: nothing of staff's article, however the question leans on it."""
    answer = await ask_as(emulator, room.stella, room.town.channel, REPAIR, private=False)
    form = await emulator.click(room.stella, answer, question_words.FOLLOW_UP)
    await form.shown_modal()
    sent = await emulator.submit_modal(room.stella, form, {"question": "And the zephyrine reactor?"})
    told = await sent.response()
    assert not is_private(told)
    assert not any("Quillfeather" in quote for quote in quotes_in(told))


async def test_private_questions_are_no_context_for_others(emulator: Emulator, room: Room) -> None:
    """In a thread a question leans on what was asked there last in public, never on what somebody asked alone."""
    thread = add_thread(emulator, room.office, "reactor")
    await ask_as(emulator, room.stella, thread, QUESTION, private=True)
    asked = await emulator.say(room.stella, thread, f"<@{emulator.bot_user.id}> Why?")
    assert quotes_in(await emulator.wait_message(thread, after=asked)) == []
    await ask_as(emulator, room.stella, thread, QUESTION, private=False)
    asked = await emulator.say(room.stella, thread, f"<@{emulator.bot_user.id}> Why?")
    assert quotes_in(await emulator.wait_message(thread, after=asked))


async def test_gaps_tell_managers_alone(emulator: Emulator, room: Room) -> None:
    """Whoever may not manage the articles is refused at the buttons too, by the rights of now."""
    await ask_as(emulator, room.town.alice, room.town.channel, "Which submarine invented bananas?", private=True)
    board = await (await emulator.slash(room.town.adam, room.town.channel, "gaps")).response()
    assert "bananas" in visible_text(board)
    room.town.guild.members[room.town.adam.id].role_ids.clear()
    told = await (await press(emulator, board, board_words.SHOW_NEAREST, room.town.adam)).response()
    assert quotes_in(told) == []
