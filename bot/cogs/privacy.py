"""``/privacy``: what is kept of a member, shown, deleted, refused; in direct messages too, always private."""

from __future__ import annotations

import io
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.async_questions import AsyncQuestions
from bot.ui import privacy_words
from bot.ui.access import IN_DIRECT_MESSAGES, managed_guild_of
from bot.ui.delivery import defer, show
from bot.ui.language import translate
from bot.ui.layout import Accent, notice
from bot.ui.privacy import EXPORT_NAME, FILE_NAME, as_file, export_view, member_view


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Privacy(
    commands.GroupCog,
    group_name="privacy",
    group_description=privacy_words.PRIVACY,
    group_extras={IN_DIRECT_MESSAGES: True},
):
    """Lets members see and delete what is kept of them."""

    def __init__(self, questions: AsyncQuestions) -> None:
        super().__init__()
        self._questions = questions

    @app_commands.command(name="show", description=privacy_words.SHOW)
    async def show_mine(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is kept of the member."""
        await defer(interaction, private=True)
        data = await self._questions.show_member(interaction.user.id)

        def name_of(guild: int) -> str:
            found = interaction.client.get_guild(guild)
            return found.name if found is not None else str(guild)

        await show(interaction, [member_view(data, self._questions.days, name_of)])
        if data.questions or data.votes:
            await _send_file(interaction, as_file(data), FILE_NAME)

    @app_commands.command(name="delete", description=privacy_words.DELETE)
    async def delete_mine(self, interaction: discord.Interaction[Any]) -> None:
        """Delete what is kept of the member."""
        await defer(interaction, private=True)
        count = await self._questions.delete_member(interaction.user.id)
        told = privacy_words.deleted(count) if count else privacy_words.NOTHING_TO_DELETE
        await show(interaction, [notice(told, Accent.DONE)])

    @app_commands.command(name="optout", description=privacy_words.OPT_OUT)
    @app_commands.describe(out=privacy_words.OPT_OUT_OUT)
    async def opt_out(self, interaction: discord.Interaction[Any], out: bool = True) -> None:
        """Keep nothing of the member from now on, or take that back."""
        await defer(interaction, private=True)
        count = await self._questions.set_opt_out(interaction.user.id, is_out=out)
        told = translate(privacy_words.OPTED_OUT_NOW if out else privacy_words.OPTED_IN_NOW)
        await show(interaction, [notice(f"{told}\n{privacy_words.deleted(count)}" if count else told, Accent.DONE)])

    @app_commands.command(name="export", description=privacy_words.EXPORT)
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Give a manager all that is kept of the server's questions."""
        guild = managed_guild_of(interaction)
        await defer(interaction, private=True)
        data = await self._questions.export(guild)
        await show(interaction, [export_view(data)])
        await _send_file(interaction, as_file(data), EXPORT_NAME)


async def _send_file(interaction: discord.Interaction[Any], content: bytes, name: str) -> None:
    file = discord.File(io.BytesIO(content), name)
    await interaction.followup.send(translate(privacy_words.FILE_FOLLOWS), file=file, ephemeral=True)
