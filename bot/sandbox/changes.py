"""A bell that wakes everyone waiting for the emulator's state to become something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """`ring` after any change; `until` waits for a condition without polling."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Wake every waiter, to look again."""
        for event in self._waiting:
            event.set()

    async def until(self, look: Callable[[], T | None], timeout_seconds: float) -> T:
        """Return what `look` finds as soon as it is neither None nor False; raises TimeoutError."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout_seconds):
                while not (found := look()):
                    event.clear()
                    await event.wait()
                return found
        finally:
            self._waiting.discard(event)
