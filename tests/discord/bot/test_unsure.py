"""An answer that may not answer, posted to the channel."""

from __future__ import annotations

from bot.engine.records.answers import AnswerState
from bot.sandbox.emulator import Emulator
from bot.sandbox.rules import kinds
from bot.ui import answer_words
from bot.ui.layout import Accent
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.bot.reading import quoted, said
from tests.discord.harness import Link, Town


async def test_a_posted_answer_is_no_surer_than_the_private_one(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """The notice above the quotes and their colour go along to the channel."""
    fake.state = AnswerState.UNSURE
    handle = await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?", "private": True})
    private = await handle.response()
    await emulator.click(town.alice, private, answer_words.POST)
    posted = await emulator.wait_message(town.channel)
    opening = ["-# Question: the fox?", answer_words.UNSURE_ONE, answer_words.asked_by(town.alice.mention)]
    assert said(posted)[:3] == opening
    assert quoted(posted) == quoted(private)
    colours = {part["accent_color"] for part in kinds.walk(posted["components"]) if part["type"] == kinds.CONTAINER}
    assert colours == {Accent.UNSURE}
