"""Deleting in time: questions by their age, and everything of guilds that the bot has left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

from bot.async_questions import AsyncQuestions
from bot.engine.errors import EngineError

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 3_600.0
"""How often it is looked: nothing stays longer than an hour over its time while the bot runs."""

Presence = Callable[[], tuple[Collection[int], Callable[[int], bool]] | None]
"""The guilds that the bot is in and whether a guild is one that this process is told of; None while nobody knows."""


async def delete_in_time(
    questions: AsyncQuestions,
    presence: Presence,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Delete what is over its time, now and every hour, until cancelled."""
    while True:
        try:
            await questions.purge()
            known = presence()
            if known is not None:
                await questions.delete_overdue(*known)
        except EngineError as error:
            log.warning("Deleting waits: %s", type(error).__name__)
        except Exception:
            # It must not end for the bot's lifetime over one failure of ours.
            log.exception("Deleting what is over its time failed")
        await sleep(INTERVAL_SECONDS)
