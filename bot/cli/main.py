"""The ``pullquote`` command: its help, its commands, and how expected errors become one line and an exit code."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Any

import click

from bot.engine.errors import EngineError

COMMANDS = {
    "add": "bot.cli.adding:add",
    "ask": "bot.cli.questions:ask",
    "backup": "bot.cli.storage:backup",
    "doctor": "bot.cli.doctor:doctor",
    "evaluate": "bot.cli.evaluate:evaluate",
    "health": "bot.cli.service:health",
    "leave-out": "bot.cli.lines:leave_out",
    "list": "bot.cli.articles:list_",
    "migrate": "bot.cli.storage:migrate",
    "refresh": "bot.cli.adding:refresh",
    "remove": "bot.cli.articles:remove",
    "rename": "bot.cli.articles:rename",
    "restore": "bot.cli.lines:restore",
    "run": "bot.cli.service:run",
    "sandbox": "bot.cli.service:sandbox",
    "show": "bot.cli.articles:show",
    "summary": "bot.cli.summaries:summary",
}
"""Command → where it lives. A command's module is imported when it is called, so that ``--help`` answers at once."""


class WrongSettings(click.ClickException):
    """The settings are wrong: as a wrong use of the command, exit code 2."""

    exit_code = 2


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for, and turns expected errors into one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name every command."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command, or return None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; expected errors exit with 1, wrong settings with 2."""
        from config.settings import SettingsError

        try:
            return super().invoke(ctx)
        except EngineError as error:
            raise click.ClickException(error.user_message) from error
        except SettingsError as error:
            raise WrongSettings(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("pullquote"), prog_name="pullquote")
def cli() -> None:
    """Ask your articles. Pullquote answers by quoting them, word for word, or says that they do not answer.

    \b
    A first minute:
      pullquote add article.txt                add an article (PDF, DOCX, EPUB, HTML, Markdown, text; - for pasted text)
      pullquote ask "Who signed the treaty?"   get the paragraphs that answer, with the answering sentence marked
      pullquote summary 1                      read article 1 in its own sentences
      pullquote sandbox                        try the Discord bot on this machine, without an account
      pullquote doctor                         check the installation, and get the link that invites the bot
      pullquote run                            connect the bot to Discord (needs a token)

    Articles live in one file in your user-data folder; --data-dir or PULLQUOTE_STORE__URL choose another.
    Exit codes: 0 done (also when the articles do not answer), 1 refused or failed, 2 wrong usage or settings.
    """
