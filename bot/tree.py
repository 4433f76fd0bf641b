"""The command tree: guild only where nothing else is said, one place for errors, sent only when it changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.access import IN_DIRECT_MESSAGES
from bot.ui.command_links import CommandLinks
from bot.ui.delivery import InFlight
from bot.ui.failures import report

log = logging.getLogger(__name__)


AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu


class PullquoteTree(app_commands.CommandTree[commands.AutoShardedBot]):
    """Guild-only commands with one place for errors."""

    in_flight: InFlight | None = None
    """Where the task of every interaction is remembered."""

    def __init__(self, client: commands.AutoShardedBot, **options: Any) -> None:
        super().__init__(client, **options)
        self.links = CommandLinks(self._fetch_numbers)

    async def _fetch_numbers(self) -> dict[str, int]:
        return {command.name: command.id for command in await self.fetch_commands()}

    async def interaction_check(self, interaction: discord.Interaction[commands.AutoShardedBot], /) -> bool:
        """Refuse what Discord should not have let through: commands outside a guild."""
        if self.in_flight is not None:
            self.in_flight.remember(interaction)
        if interaction.guild_id is not None or _works_anywhere(interaction.command):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await report(interaction, app_commands.NoPrivateMessage())
        return False

    async def on_error(
        self, interaction: discord.Interaction[commands.AutoShardedBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Report the error to the member."""
        await report(interaction, error)

    async def describe_commands(self) -> list[dict[str, Any]]:
        """Return the commands as Discord is sent them, with their translations."""
        translator = self.translator
        return [
            await command.get_translated_payload(self, translator) if translator else command.to_dict(self)
            for command in self.get_commands()
        ]

    async def sync_if_changed(self, memory: Path | None) -> bool:
        """Send the commands to Discord unless these very commands were sent before; return whether they were sent.

        ``memory`` is the file that remembers a hash of what was sent; without it they are always sent.
        """
        payload = await self.describe_commands()
        known = json.dumps([self.client.application_id, payload], sort_keys=True, default=str)
        fingerprint = hashlib.sha256(known.encode()).hexdigest()
        if memory is not None and await asyncio.to_thread(_read, memory) == fingerprint:
            log.debug("The commands are unchanged: not sent again")
            return False
        self.links.know({command.name: command.id for command in await self.sync()})
        log.info("Sent %d commands to Discord", len(payload))
        if memory is not None:
            await asyncio.to_thread(_write, memory, fingerprint)
        return True


def _works_anywhere(command: AnyCommand | None) -> bool:
    if command is None or isinstance(command, app_commands.ContextMenu):
        return False
    return bool((command.root_parent or command).extras.get(IN_DIRECT_MESSAGES))


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None


def _write(path: Path, fingerprint: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fingerprint + "\n", encoding="utf-8")
    except OSError as error:
        log.warning("The commands will be sent again at the next start: %s", error)
