"""What a member is told when something goes wrong: one sentence that names the next step, or a number."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import discord
from discord import app_commands

from bot.engine.errors import EngineError, NoArticles
from bot.ui import words
from bot.ui.delivery import tell
from bot.ui.language import speak_privately, translate, translate_failure
from bot.ui.layout import Accent, notice
from bot.ui.text import escape

log = logging.getLogger(__name__)

EXPECTED_CODES = frozenset({10008, 10015, 10062, 40060})
"""Unknown message (the member dismissed it), token expired, answered too late, already answered."""


class Refused(Exception):
    """What cannot be done for a member; its message, Discord markup, is what the member is told."""


def sentence_for(error: BaseException, doing: str) -> str | None:
    """Return what a member is told of an error, as Discord markup, or None where nobody is there to be told.

    What nobody expected is logged whole under a short number, and the member sees only the number.
    """
    if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError):
        error = error.__cause__ or error
    if _is_nobody_there(error):
        log.debug("%s: nobody is there to be answered any more (%s)", doing, error)
        return None
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, NoArticles):
        return translate(words.NO_ARTICLES_YET)
    if isinstance(error, EngineError):
        log.info("%s: refused with %s", doing, type(error).__name__)
        return escape(translate_failure(error.user_message))
    if isinstance(error, app_commands.MissingPermissions):
        return translate(words.NEEDS_MANAGE_GUILD)
    if isinstance(error, app_commands.NoPrivateMessage):
        return translate(words.SERVERS_ONLY)
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        log.warning("%s: the command is not the one Discord knows (%s)", doing, type(error).__name__)
        return translate(words.COMMAND_CHANGED)
    if isinstance(error, app_commands.CheckFailure):
        return translate(words.MAY_NOT_USE)
    number = secrets.token_hex(4)
    log.error("Incident %s: %s failed", number, doing, exc_info=error)
    return words.incident(number)


def _is_nobody_there(error: BaseException) -> bool:
    return isinstance(error, discord.HTTPException) and error.code in EXPECTED_CODES


async def report(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tell the member privately what went wrong. Never raises: there is nobody above to catch it."""
    doing = _name(interaction)
    speak_privately()
    sentence = sentence_for(error, doing)
    if sentence is None:
        return
    try:
        await tell(interaction, notice(sentence, Accent.REFUSED))
    except (discord.DiscordException, OSError) as failure:
        level = logging.DEBUG if _is_nobody_there(failure) else logging.WARNING
        log.log(level, "%s: the refusal could not be delivered (%s)", doing, failure)


def _name(interaction: discord.Interaction[Any]) -> str:
    command = interaction.command
    return f"/{command.qualified_name}" if command is not None else f"a {interaction.type.name} interaction"
