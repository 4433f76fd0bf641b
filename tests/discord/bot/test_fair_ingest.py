"""Articles of several guilds at once: one at a time for each, and nobody waits for another guild's slow file."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable

import pytest

from bot.engine.errors import Busy
from bot.lanes import FairLane

SECONDS = 20.0
SLOW, QUICK, OTHER = 1, 2, 3


class Work:
    """Work that waits at gates and notes its order, how much of it ran at once, and of one guild at once."""

    def __init__(self) -> None:
        self.order: list[tuple[int, str]] = []
        self.gate = threading.Event()
        self.running: list[int] = []
        self.most = 0
        self.most_of_one = 0
        self.lock = threading.Lock()

    def make(self, guild: int, name: str, *, waits: bool = False) -> Callable[[], str]:
        """Make the work of one article."""

        def work() -> str:
            with self.lock:
                self.order.append((guild, name))
                self.running.append(guild)
                self.most = max(self.most, len(self.running))
                self.most_of_one = max(self.most_of_one, self.running.count(guild))
            if waits:
                assert self.gate.wait(SECONDS)
            with self.lock:
                self.running.remove(guild)
            return name

        return work


@pytest.fixture
async def lane() -> AsyncIterator[FairLane]:
    """A lane of two workers where eight may wait."""
    lane = FairLane("ingest", workers=2, waiting=8, busy="Come back later; nothing was added.")
    yield lane
    lane.refuse()
    await lane.finish()


async def started(lane: FairLane, guild: int, work: Callable[[], str]) -> asyncio.Task[str]:
    """Hand work to the lane."""
    task = asyncio.ensure_future(lane.run_for(guild, work))
    await asyncio.sleep(0)
    return task


async def test_a_slow_guild_holds_up_no_other(lane: FairLane) -> None:
    """While one guild's file is read, however many more it has waiting, other guilds' articles are added."""
    work = Work()
    slow = [await started(lane, SLOW, work.make(SLOW, f"slow {n}", waits=True)) for n in range(4)]
    async with asyncio.timeout(SECONDS):
        for number in range(3):
            assert await lane.run_for(QUICK, work.make(QUICK, f"quick {number}")) == f"quick {number}"
    assert not any(task.done() for task in slow)
    assert [guild for guild, _ in work.order] == [SLOW, QUICK, QUICK, QUICK]
    work.gate.set()
    assert await asyncio.gather(*slow) == [f"slow {n}" for n in range(4)]
    assert (work.most, work.most_of_one) == (2, 1)


async def test_waiting_guilds_take_turns(lane: FairLane) -> None:
    """With both workers taken, who comes first waits in line, and no guild gets two turns while another waits."""
    work = Work()
    blockers = [await started(lane, guild, work.make(guild, "block", waits=True)) for guild in (SLOW, QUICK)]
    tasks = [await started(lane, SLOW, work.make(SLOW, f"{n}")) for n in range(3)]
    tasks += [await started(lane, OTHER, work.make(OTHER, f"{n}")) for n in range(2)]
    work.gate.set()
    await asyncio.gather(*blockers, *tasks)
    turns = [guild for guild, name in work.order if name != "block"]
    assert turns.index(OTHER) <= 1
    assert work.most_of_one == 1
    assert [name for guild, name in work.order if guild == SLOW] == ["block", "0", "1", "2"]


async def test_one_guild_cannot_fill_the_room(lane: FairLane) -> None:
    """It may have half of the places; then it is told to come back, and the others still get in."""
    work = Work()
    tasks = [await started(lane, SLOW, work.make(SLOW, f"{n}", waits=True)) for n in range(5)]
    with pytest.raises(Busy, match="nothing was added"):
        await lane.run_for(SLOW, work.make(SLOW, "too many"))
    assert await lane.run_for(QUICK, work.make(QUICK, "quick")) == "quick"
    work.gate.set()
    await asyncio.gather(*tasks)
    assert await lane.run_for(SLOW, work.make(SLOW, "again")) == "again"
    assert lane.is_idle


async def test_the_room_is_bounded_for_all(lane: FairLane) -> None:
    """Two run and eight wait, whoever they are; one more is told to come back."""
    work = Work()
    tasks = [await started(lane, guild, work.make(guild, "a", waits=True)) for guild in range(10, 20)]
    with pytest.raises(Busy):
        await lane.run_for(99, work.make(99, "one more"))
    work.gate.set()
    await asyncio.gather(*tasks)


async def test_a_caller_who_gives_up_frees_the_place(lane: FairLane) -> None:
    """What was waiting is never begun, and its place in the line and in the guild's share is free again."""
    work = Work()
    tasks = [await started(lane, SLOW, work.make(SLOW, f"{n}", waits=True)) for n in range(5)]
    tasks[3].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[3]
    late = await started(lane, SLOW, work.make(SLOW, "late"))
    work.gate.set()
    assert await late == "late"
    assert (SLOW, "3") not in work.order


async def test_closing_tells_everybody(lane: FairLane) -> None:
    """What runs is finished, what waits hears that the bot is shutting down, and nothing hangs."""
    work = Work()
    running = [await started(lane, guild, work.make(guild, "a", waits=True)) for guild in (SLOW, QUICK)]
    waiting = [await started(lane, guild, work.make(guild, "b")) for guild in (SLOW, QUICK, OTHER)]
    lane.refuse()
    for task in waiting:
        with pytest.raises(Busy, match="shutting down"):
            await task
    with pytest.raises(Busy, match="shutting down"):
        await lane.run_for(OTHER, work.make(OTHER, "c"))
    work.gate.set()
    assert await asyncio.gather(*running) == ["a", "a"]
    assert not [name for _, name in work.order if name == "b"]


async def test_errors_reach_their_caller(lane: FairLane) -> None:
    """What fails fails for who asked for it, and its worker goes on."""

    def fail() -> str:
        raise ValueError("no such page")

    for _ in range(4):
        with pytest.raises(ValueError, match="no such page"):
            await lane.run_for(SLOW, fail)
    assert await lane.run_for(SLOW, lambda: "fine") == "fine"


async def test_many_guilds_at_once_all_get_done(lane: FairLane) -> None:
    """A hundred articles of ten guilds, handed in as places get free, are all done, each guild's in order."""
    work = Work()

    async def add(guild: int) -> None:
        for number in range(10):
            while True:
                try:
                    await lane.run_for(guild, work.make(guild, f"{number}"))
                    break
                except Busy:
                    await asyncio.sleep(0)

    started_at = time.monotonic()
    await asyncio.gather(*(add(guild) for guild in range(10)))
    assert time.monotonic() - started_at < SECONDS
    for guild in range(10):
        assert [name for own, name in work.order if own == guild] == [f"{n}" for n in range(10)]
    assert work.most_of_one == 1
