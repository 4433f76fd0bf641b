"""Lanes of threads with bounded admission, and progress that finds its way from them into the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.engine.errors import Busy
from bot.engine.ports.encoders import Progress

log = logging.getLogger(__name__)
T = TypeVar("T")

INGEST_NICENESS = 10
TOOK_TOO_LONG = "That took too long and was given up. Try again in a few minutes."
SHUTTING_DOWN = "The bot is shutting down. Try again in a minute."


class Lane:
    """Threads with bounded admission. Everything but the work itself happens in the event loop."""

    def __init__(
        self, name: str, *, workers: int, waiting: int, busy: str, initializer: Callable[[], None] | None = None
    ) -> None:
        self._name = name
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=f"pullquote-{name}", initializer=initializer)
        self._room = workers + waiting
        self._busy = busy
        # Counted until the work is over, not until its caller gives up: a cancelled question still holds its worker.
        self._admitted = 0
        # Reentrant: cancelling what waits calls back into the lane.
        self._lock = threading.RLock()
        self._is_refusing = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs or waits in it."""
        return self._admitted == 0

    async def run(self, work: Callable[[], T], *, seconds: float | None = None) -> T:
        """Run work in a thread of the lane. Raises Busy where too much waits, it takes too long, or the bot closes."""
        self._admit()
        return await self._result(self._executor.submit(work), seconds)

    def _admit(self) -> None:
        if self.refuses():
            raise Busy(SHUTTING_DOWN)
        with self._lock:
            if self._admitted >= self._room:
                log.warning("The %s lane is full: %d admitted", self._name, self._admitted)
                raise Busy(self._busy)
            self._admitted += 1

    async def _result(self, future: Future[T], seconds: float | None) -> T:
        future.add_done_callback(self._leave)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            if not future.done() or future.cancelled():
                raise Busy(TOOK_TOO_LONG) from None
            raise
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self.refuses() and future.cancelled() and task is not None and not task.cancelling():
                raise Busy(SHUTTING_DOWN) from None
            raise

    def _leave(self, _future: Future[T]) -> None:
        with self._lock:
            self._admitted -= 1

    def refuses(self) -> bool:
        """Whether it takes nothing any more."""
        return self._is_refusing

    def refuse(self) -> None:
        """Take nothing any more, and drop what waits."""
        self._is_refusing = True
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def finish(self) -> None:
        """Wait for what runs."""
        await run_in_thread(self._executor.shutdown)


class FairLane(Lane):
    """A lane whose work belongs to guilds: one at a time for each, and the guilds that wait take turns.

    So one guild's slow files hold up nobody but that guild, as long as there are two workers, and it can fill no more
    than half of the waiting room.
    """

    def __init__(
        self, name: str, *, workers: int, waiting: int, busy: str, initializer: Callable[[], None] | None = None
    ) -> None:
        super().__init__(name, workers=workers, waiting=waiting, busy=busy, initializer=initializer)
        self._share = 1 + max(1, waiting // 2)
        self._free = workers
        self._held: Counter[int] = Counter()
        self._running: set[int] = set()
        # Guilds in the order of their turns; a guild stands here once, however much of it waits.
        self._waiting: OrderedDict[int, deque[_Ticket]] = OrderedDict()

    async def run_for(self, guild: int, work: Callable[[], T]) -> T:
        """Run a guild's work when its turn has come. Raises Busy where too much waits, or the bot closes."""
        if self._held[guild] >= self._share:
            log.warning("Guild %d has its share of the %s lane: %d", guild, self._name, self._held[guild])
            raise Busy(self._busy)
        self._admit()
        future: Future[T] = Future()
        future.add_done_callback(lambda _: self._let_go(guild))
        with self._lock:
            self._held[guild] += 1
            self._waiting.setdefault(guild, deque()).append(_Ticket(future, work))
        self._start_next()
        return await self._result(future, None)

    def _let_go(self, guild: int) -> None:
        with self._lock:
            self._held[guild] -= 1
            if not self._held[guild]:
                del self._held[guild]

    def _start_next(self) -> None:
        """Give free workers to the guilds whose turn it is."""
        with self._lock:
            for guild in list(self._waiting):
                if not self._free:
                    return
                if guild in self._running:
                    continue
                ticket = self._waiting[guild].popleft()
                self._waiting.move_to_end(guild)
                if not self._waiting[guild]:
                    del self._waiting[guild]
                self._free -= 1
                self._running.add(guild)
                # Closing cancels what the executor has not begun; whoever waits for it must hear of that.
                self._executor.submit(self._serve, guild, ticket).add_done_callback(ticket.follow)

    def _serve(self, guild: int, ticket: _Ticket) -> None:
        try:
            ticket.run()
        finally:
            with self._lock:
                self._free += 1
                self._running.discard(guild)
            self._start_next()

    def refuse(self) -> None:
        """Take nothing any more, and drop what waits."""
        with self._lock:
            dropped = [ticket for queue in self._waiting.values() for ticket in queue]
            self._waiting.clear()
        super().refuse()
        for ticket in dropped:
            ticket.future.cancel()


@dataclass(frozen=True, slots=True)
class _Ticket:
    """Work that waits for its guild's turn, and where its result goes."""

    future: Future[Any]
    work: Callable[[], Any]

    def follow(self, served: Future[None]) -> None:
        """Cancel the ticket where the thread that was to serve it never came to it."""
        if served.cancelled():
            self.future.cancel()

    def run(self) -> None:
        """Do the work, unless its caller has given up."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.work()
        except BaseException as error:  # noqa: BLE001 -- whoever waits for it gets it, as from any executor
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class ProgressRelay:
    """Carries progress from the ingest thread into the event loop, and stops the ingest when the lane closes."""

    def __init__(self, progress: Progress | None, loop: asyncio.AbstractEventLoop, lane: Lane) -> None:
        self._progress = progress
        self._loop = loop
        self._lane = lane
        self._latest: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def __call__(self, done: int, total: int) -> None:
        """Take a figure from the ingest thread. Raises Busy where the lane closes."""
        if self._lane.refuses():
            raise Busy(SHUTTING_DOWN)
        if self._progress is None:
            return
        with self._lock:
            is_scheduled = self._latest is not None
            self._latest = (done, total)
        if not is_scheduled:
            # The loop may be gone when an ingest outlives it.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        with self._lock:
            latest, self._latest = self._latest, None
        if latest is not None and self._progress is not None:
            self._progress(*latest)


def be_nice() -> None:
    """Let questions have the processor first. Only Linux has a niceness per thread."""
    if sys.platform != "linux":
        return
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), INGEST_NICENESS)
    except OSError as error:
        log.debug("The ingest thread keeps its priority: %s", error)


async def run_in_thread(work: Callable[[], None]) -> None:
    """Run work in a thread of its own: the loop's default executor may be full or closed by now."""
    executor = ThreadPoolExecutor(1, thread_name_prefix="pullquote-close")
    try:
        await asyncio.get_running_loop().run_in_executor(executor, work)
    finally:
        executor.shutdown(wait=False)
