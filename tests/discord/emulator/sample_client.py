"""A small discord.py bot that uses everything the emulator speaks."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

FRUIT = ["apple", "apricot", "cherry", "damson"]


class QuoteLayout(discord.ui.LayoutView):
    """A Components V2 answer: a container with a text and a button beside it."""

    def __init__(self, text: str) -> None:
        super().__init__(timeout=60)
        container: discord.ui.Container[Any] = discord.ui.Container(discord.ui.TextDisplay(text))
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(MoreButton())
        self.add_item(container)
        self.add_item(row)


class MoreButton(discord.ui.Button[Any]):
    """A button that answers privately."""

    def __init__(self) -> None:
        super().__init__(label="More", custom_id="more")

    async def callback(self, interaction: discord.Interaction) -> None:
        """Answer privately."""
        await interaction.response.send_message("here is more", ephemeral=True)


class Buttons(discord.ui.View):
    """Buttons that update their message, open a modal, or defer."""

    @discord.ui.button(label="Next", custom_id="next")
    async def next_page(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        """Edit the message at once."""
        await interaction.response.edit_message(content="page 2")

    @discord.ui.button(label="Comment", custom_id="comment")
    async def comment(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        """Open a modal."""
        await interaction.response.send_modal(CommentModal())

    @discord.ui.button(label="Slow", custom_id="slow")
    async def slow(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        """Defer, then edit."""
        await interaction.response.defer()
        await interaction.edit_original_response(content="slowly done")

    @discord.ui.select(
        custom_id="fruit", placeholder="Pick", options=[discord.SelectOption(label=name) for name in FRUIT]
    )
    async def pick(self, interaction: discord.Interaction, menu: discord.ui.Select[Any]) -> None:
        """Name the choice."""
        await interaction.response.send_message(f"picked {menu.values[0]}")


class CommentModal(discord.ui.Modal, title="Comment"):
    """A modal with one labelled text field."""

    words: discord.ui.Label[Any] = discord.ui.Label(
        text="Words", component=discord.ui.TextInput(custom_id="words", max_length=20)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Repeat the text."""
        assert isinstance(self.words.component, discord.ui.TextInput)
        await interaction.response.send_message(f"you said {self.words.component.value}")


class SampleClient(discord.Client):
    """Registers its commands at start-up and answers mentions with a layout."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("intents", discord.Intents.default())
        super().__init__(allowed_mentions=discord.AllowedMentions.none(), **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.resumed = 0
        self.identified = 0
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        """Register the commands."""
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify again without the library's pause of five seconds."""

    async def on_connect(self) -> None:
        """Count identifications."""
        self.identified += 1

    async def on_resumed(self) -> None:
        """Count resumptions."""
        self.resumed += 1

    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention."""
        if message.author == self.user:
            return
        self.heard.append(message)
        if self.user in message.mentions:
            await message.reply(view=QuoteLayout(f"echo: {message.clean_content}"))


def add_commands(tree: app_commands.CommandTree[Any]) -> None:
    """Register the sample's commands."""

    @tree.command(description="Ask a question")
    async def ask(
        interaction: discord.Interaction, question: app_commands.Range[str, 1, 300], private: bool = False
    ) -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        await interaction.edit_original_response(view=QuoteLayout(f"answer to {question}"))

    @tree.command(description="Name a fruit")
    async def fruit(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(f"you like {name}", view=Buttons())

    @fruit.autocomplete("name")
    async def fruit_names(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=name) for name in FRUIT if name.startswith(current)]

    @tree.command(description="Read a file")
    async def read(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.defer()
        content = await file.read()
        await interaction.followup.send(f"{file.filename}: {content.decode()}")

    @tree.command(description="Say it twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one", ephemeral=True)
        await interaction.followup.send("two", ephemeral=True)

    @tree.context_menu(name="Quote this")
    async def quote_this(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"quoting {message.content}")

    group = app_commands.Group(
        name="article",
        description="Articles",
        default_permissions=discord.Permissions(manage_guild=True),
        guild_only=True,
    )

    @group.command(description="Add an article")
    async def add(interaction: discord.Interaction, text: str) -> None:
        assert isinstance(interaction.user, discord.Member)
        may = interaction.permissions.manage_guild
        await interaction.response.send_message(f"added {text}" if may else "not allowed", ephemeral=True)

    tree.add_command(group)
