"""The log of questions for coroutines: its own lane of one thread, so that no answer ever waits for it.

What is noted is written in the order it came, and a vote or a wish that comes after it waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import TypeVar

from bot.engine.asking.found import Found
from bot.engine.errors import EngineError
from bot.engine.questions.follow_up import Context
from bot.engine.questions.leaving import Departures
from bot.engine.questions.log import Asking, QuestionLog, new_number
from bot.engine.questions.records import AskedQuestion, Figures, GapState, GuildData, MemberData
from bot.lanes import Lane, run_in_thread

log = logging.getLogger(__name__)
T = TypeVar("T")

BUSY_LOG = "Too much is being written down right now. Try again in a minute."
NOTHING_KEPT = 0
"""The number of a question that is not kept."""
_WAITING = 256


class AsyncQuestions:
    """A log of questions that coroutines can use. Without one nothing is kept, and every look finds nothing."""

    def __init__(self, questions: QuestionLog | None = None, departures: Departures | None = None) -> None:
        self._log = questions
        self._departures = departures
        self._lane = Lane("log", workers=1, waiting=_WAITING, busy=BUSY_LOG)
        self._writing: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None

    @property
    def days(self) -> int:
        """How many days questions are kept; 0: not at all."""
        return self._log.days if self._log else 0

    def note(self, asking: Asking, found: Found, *, number: int = NOTHING_KEPT) -> int:
        """Have a question written down, and return its number at once; 0 where questions are not kept.

        ``number``: of the question that this one takes the place of, because it was edited.
        """
        log_ = self._log
        if log_ is None or not log_.keeps or self._lane.refuses():
            return NOTHING_KEPT
        number = number or new_number()
        self._have_written(lambda: log_.note(number, asking, found))
        return number

    def withdraw(self, guild: int, number: int) -> None:
        """Have a question forgotten that was edited into none; nothing happens for 0."""
        log_ = self._log
        if number and log_ is not None and not self._lane.refuses():
            self._have_written(lambda: log_.withdraw(guild, number))

    def _have_written(self, work: Callable[[], object]) -> None:
        task = asyncio.create_task(self._write(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, work: Callable[[], object]) -> None:
        """Write something nobody waits for: what goes wrong is logged, and no answer is the worse for it."""
        try:
            await self._lane.run(work)
        except EngineError as error:
            log.warning("A question was not written down (%s)", type(error).__name__)
        except Exception:
            log.exception("A question was not written down")

    async def _use(self, work: Callable[[QuestionLog], T], otherwise: T) -> T:
        log_ = self._log
        if log_ is None:
            return otherwise
        # What was noted before comes first, even if its task has not begun yet.
        if self._writing:
            await asyncio.wait(set(self._writing))
        return await self._lane.run(lambda: work(log_))

    async def get(self, guild: int, number: int) -> AskedQuestion | None:
        """One question, or None where it is not (or no longer) kept."""
        return await self._use(lambda log_: log_.get(guild, number), None) if number else None

    async def context(self, guild: int, number: int) -> Context | None:
        """What a question that follows up this one refers to; None where it is not kept."""
        return await self._use(lambda log_: log_.context(guild, number), None) if number else None

    async def last(self, guild: int, channel: int, *, seconds: int, user: int | None = None) -> AskedQuestion | None:
        """The newest question of a channel in so many seconds, by one member, or publicly by anyone; or None."""
        return await self._use(lambda log_: log_.last(guild, channel, seconds=seconds, user=user), None)

    async def vote(self, guild: int, number: int, user: int, *, is_helpful: bool, reason: str = "") -> bool:
        """Keep a member's vote in place of an earlier one; False where nothing can be kept."""
        return await self._use(
            lambda log_: log_.vote(guild, number, user, is_helpful=is_helpful, reason=reason), otherwise=False
        )

    async def figures(self, guild: int, days: int) -> Figures:
        """Count what was asked in the last days, as far as it is kept."""
        return await self._use(lambda log_: log_.figures(guild, days), Figures())

    async def list_unanswered(self, guild: int) -> list[AskedQuestion]:
        """The newest questions that the articles do not answer, newest first; dismissed ones too."""
        return await self._use(lambda log_: log_.list_unanswered(guild), [])

    async def mark_gap(self, guild: int, numbers: list[int], state: GapState) -> None:
        """Note what became of unanswered questions."""
        await self._use(lambda log_: log_.mark_gap(guild, numbers, state), None)

    async def export(self, guild: int) -> GuildData:
        """All that is kept of a guild's questions."""
        return await self._use(lambda log_: log_.export(guild), GuildData(guild, (), ()))

    async def show_member(self, user: int) -> MemberData:
        """All that is kept of a member, in every guild."""
        return await self._use(lambda log_: log_.show_member(user), MemberData())

    async def delete_member(self, user: int) -> int:
        """Delete all that is kept of a member but an opt-out; return how many questions and votes that was."""
        return await self._use(lambda log_: log_.delete_member(user), 0)

    async def set_opt_out(self, user: int, *, is_out: bool) -> int:
        """Keep nothing of a member from now on and delete what there is, or keep it again; return how much went."""
        return await self._use(lambda log_: log_.set_opt_out(user, is_out=is_out), 0)

    async def purge(self) -> int:
        """Delete what is older than it may be; return how many questions that was."""
        return await self._use(lambda log_: log_.purge(), 0)

    async def leave(self, guild: int) -> None:
        """Note that the bot was taken out of a guild."""
        if self._departures is not None:
            departures = self._departures
            await self._lane.run(lambda: departures.leave(guild))

    async def join(self, guild: int) -> None:
        """Note that the bot is in a guild (again)."""
        if self._departures is not None:
            departures = self._departures
            await self._lane.run(lambda: departures.join(guild))

    async def reconcile(self, present: Collection[int], is_ours: Callable[[int], bool]) -> None:
        """Compare the store with the guilds that the bot is in."""
        if self._departures is not None:
            departures = self._departures
            await self._lane.run(lambda: departures.reconcile(present, is_ours))

    async def delete_overdue(self, present: Collection[int], is_ours: Callable[[int], bool]) -> list[int]:
        """Delete everything of the guilds that were left long enough ago and are not back; return which."""
        if self._departures is None:
            return []
        departures = self._departures
        return await self._lane.run(lambda: departures.delete_overdue(present, is_ours))

    async def close(self) -> None:
        """Write down what waits, then close the store. May be called any number of times."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        if self._writing:
            await asyncio.wait(self._writing)
        self._lane.refuse()
        await self._lane.finish()
        if self._log is not None:
            await run_in_thread(self._log.close)
