"""Getting messages out: the first one where Discord shows "thinking", the others after it, all equally private.

An interaction is deferred before the answer is known, and its privacy is fixed there. A refusal is private even where
the answer would have been public: the public "thinking" message is then taken away first, because until it is gone the
next message would take its place and its publicity.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import discord
from discord import InteractionResponseType, ui

from bot.ui.language import speak_to

_IN_FLIGHT = "pullquote.in_flight"
_PRIVATE = "pullquote.private"
_SHOWN = "pullquote.shown"

CALM_SECONDS = 2.0
"""How long work waits for the first answers of others: in a burst every one of them has three seconds."""


async def defer(interaction: discord.Interaction[Any], *, private: bool) -> None:
    """Answer within Discord's three seconds that something will come, then let others have their first answers too."""
    speak_to(everybody=not private)
    interaction.extras[_PRIVATE] = private
    await interaction.response.defer(ephemeral=private, thinking=True)
    in_flight = interaction.extras.get(_IN_FLIGHT)
    if isinstance(in_flight, InFlight):
        in_flight.answered()
        await in_flight.calm(CALM_SECONDS)


async def show(interaction: discord.Interaction[Any], views: Sequence[ui.LayoutView]) -> None:
    """Show the messages in order; the first may be shown again, which replaces it."""
    await interaction.edit_original_response(view=views[0])
    interaction.extras[_SHOWN] = True
    for view in views[1:]:
        await interaction.followup.send(view=view, ephemeral=interaction.extras[_PRIVATE])


async def announce(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    """Show that work is under way; an answer or a refusal replaces it."""
    await interaction.edit_original_response(view=view)


async def tell(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    """Show one message to the member alone, whatever has been sent before."""
    if not interaction.response.is_done():
        await interaction.response.send_message(view=view, ephemeral=True)
        return
    is_pending = interaction.response.type is InteractionResponseType.deferred_channel_message
    is_pending = is_pending and not interaction.extras.get(_SHOWN, False)
    if is_pending and interaction.extras.get(_PRIVATE, False):
        await interaction.edit_original_response(view=view)
        return
    if is_pending:
        with contextlib.suppress(discord.NotFound):
            await interaction.delete_original_response()
    await interaction.followup.send(view=view, ephemeral=True)


class InFlight:
    """The tasks that answer somebody: closing lets them finish, and in a burst first answers go before any work.

    An answer's work takes the processor from the first answers of others (and, in a thread, the interpreter's lock),
    so 2,000 questions at once would have most of them refused by Discord.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiting: set[asyncio.Task[Any]] = set()
        self._is_calm = asyncio.Event()
        self._is_calm.set()

    def remember(self, interaction: discord.Interaction[Any] | None = None) -> None:
        """Remember the running task until it is done; of an interaction, that its first answer is still owed."""
        task = asyncio.current_task()
        if task is None:
            return
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        if interaction is not None:
            interaction.extras[_IN_FLIGHT] = self
            self._waiting.add(task)
            self._is_calm.clear()

    def answered(self) -> None:
        """Note that the running task has given its first answer."""
        task = asyncio.current_task()
        if task is not None:
            self._waiting.discard(task)
        if not self._waiting:
            self._is_calm.set()

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._waiting.discard(task)
        if not self._waiting:
            self._is_calm.set()

    async def calm(self, seconds: float) -> None:
        """Wait until nobody is owed a first answer, but no longer than this."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_calm.wait()

    async def wait(self, seconds: float) -> None:
        """Wait until all are done, but no longer than this."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
