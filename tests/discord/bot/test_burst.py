"""Many questions at once: first answers go before any work."""

from __future__ import annotations

from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import State
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.harness import Link, Town


async def test_work_waits_for_the_first_answers_of_others(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """While one member has no first answer yet, nobody's question takes the processor; then both are answered."""
    emulator.faults.slow(0.3, path="/callback")
    handles = [await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?"}) for _ in range(2)]
    await emulator.changes.until(lambda: any(handle.state is State.ACKNOWLEDGED for handle in handles), 5)
    assert fake.called("ask") == []
    for handle in handles:
        await handle.response()
    assert len(fake.called("ask")) == 2


async def test_a_burst_is_answered_or_refused_in_words(
    online: Link, emulator: Emulator, town: Town, fake: FakeLibrary
) -> None:
    """Of 150 questions at once each is acknowledged, and each gets its quote or a sentence that says to ask again."""
    emulator.ack_seconds = 30.0
    handles = [await emulator.slash(town.alice, town.channel, "ask", {"question": "the fox?"}) for _ in range(150)]
    for handle in handles:
        if "_deleted" in await handle.response(timeout=30):
            assert "again in a minute" in str((await handle.followup(timeout=30))["components"])
    assert all(handle.state is State.ACKNOWLEDGED for handle in handles)
