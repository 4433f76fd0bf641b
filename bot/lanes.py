"""Lanes of threads with bounded admission, and progress that finds its way from them into the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from bot.engine.errors import Busy
from bot.engine.ports import Progress

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
        self._lock = threading.Lock()
        self._is_refusing = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs or waits in it."""
        return self._admitted == 0

    async def run(self, work: Callable[[], T], *, seconds: float | None = None) -> T:
        """Run work in a thread of the lane. Raises Busy where too much waits, it takes too long, or the bot closes."""
        if self.refuses():
            raise Busy(SHUTTING_DOWN)
        with self._lock:
            if self._admitted >= self._room:
                log.warning("The %s lane is full: %d admitted", self._name, self._admitted)
                raise Busy(self._busy)
            self._admitted += 1
        future = self._executor.submit(work)
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
