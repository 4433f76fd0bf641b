"""What the commands share: the options that choose a library, opening it, and printing results."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.engine.records.articles import TERMINAL_GUILD

if TYPE_CHECKING:
    from bot.async_library import AsyncLibrary
    from bot.engine.library import Library
    from bot.engine.ports.encoders import Progress
    from config.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that holds the store (pullquote.sqlite3). Default: your user-data folder.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
guild_option = click.option(
    "--guild",
    type=click.IntRange(min=0),
    default=TERMINAL_GUILD,
    metavar="N",
    help="Use the library of this Discord server id instead of the terminal's own.",
)


def library_options(command: Command) -> Command:
    """Add --data-dir, --guild and --json."""
    return data_dir_option(guild_option(json_option(command)))


def store_overrides(data_dir: Path | None) -> dict[str, dict[str, Any]]:
    """Turn --data-dir into a settings override."""
    return {"store": {"url": f"sqlite:///{(data_dir / 'pullquote.sqlite3').absolute()}"}} if data_dir else {}


@contextmanager
def opened_library(data_dir: Path | None) -> Iterator[Library]:
    """Open the library that the settings and --data-dir name, and close it afterwards."""
    from bot.log import setup_logging
    from bot.wiring import open_library
    from config.settings import load_settings

    settings = load_settings(store_overrides(data_dir))
    # A terminal command is quiet: what it has to say it prints. DEBUG is for whoever asked for it.
    setup_logging(settings.log.level if settings.log.level == "DEBUG" else "WARNING")
    library = open_library(settings)
    try:
        yield library
    finally:
        library.close()


@asynccontextmanager
async def opened_async_library(settings: Settings) -> AsyncIterator[AsyncLibrary]:
    """Open the library for coroutines, with a fetcher that knows no hourly limit, and close it afterwards."""
    from bot.log import setup_logging
    from bot.wiring import make_async_library, open_fetcher, open_library

    setup_logging(settings.log.level if settings.log.level == "DEBUG" else "WARNING")
    fetcher = open_fetcher(settings, for_operator=True)
    library = make_async_library(settings, open_library(settings), fetcher=fetcher, for_operator=True)
    try:
        yield library
    finally:
        await library.close()


def print_json(value: Any) -> None:
    """Print one JSON value, readable by people and programs, in UTF-8 whatever the terminal's encoding."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "replace"))


@contextmanager
def progress_bar(label: str, *, length: int = 0) -> Iterator[Progress]:
    """Show a progress bar on standard error where that is a terminal; otherwise stay quiet."""
    bar = click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())

    def advance(done: int, total: int) -> None:
        if not total:
            return
        bar.length = total
        bar.update(done - bar.pos)

    with bar:
        yield advance
