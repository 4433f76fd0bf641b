"""``run``, ``sandbox`` and ``health``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.options import data_dir_option, json_option, print_json, store_overrides

NOT_CONFIGURED = (
    "There is no Discord token. Create a bot in the developer portal (Bot → Reset Token) and set "
    "PULLQUOTE_DISCORD__TOKEN in the environment or in .env. To try it without an account: pullquote sandbox"
)


@click.command()
@data_dir_option
def run(data_dir: Path | None) -> None:
    """Connect the bot to Discord and answer until stopped (Ctrl-C or SIGTERM).

    Needs the bot's token in PULLQUOTE_DISCORD__TOKEN (environment, .env or a secrets file). No privileged intent.
    Exit code 2 where Discord refuses the token, which starting again does not mend; 1 for everything else.
    """
    from bot.log import setup_logging
    from config.settings import load_settings

    settings = load_settings(store_overrides(data_dir))
    token = settings.discord.token.get_secret_value().strip() if settings.discord.token else ""
    if not token:
        raise click.ClickException(NOT_CONFIGURED)
    setup_logging(settings.log.level)
    from bot.cli.main import WrongSettings
    from bot.cli.serving import serve
    from bot.refusals import DiscordRefused, WrongToken

    try:
        asyncio.run(serve(settings, token))
    except WrongToken as error:
        raise WrongSettings(str(error)) from error
    except DiscordRefused as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--no-example", is_flag=True, help="Do not ask the example question at the start.")
@click.option("--no-browser", is_flag=True, help="Print the page's address but do not open it.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The page's port (0: a free one).")
@click.option("--page-only", is_flag=True, help="No prompt in the terminal; the page alone, until Ctrl-C.")
@click.option(
    "--transcript",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write every exchange between bot and simulation to FILE at the end, as JSON lines.",
)
@data_dir_option
def sandbox(
    no_example: bool, no_browser: bool, port: int, page_only: bool, transcript: Path | None, data_dir: Path | None
) -> None:
    """Try the bot in a browser and in this terminal: a local simulation of Discord, without an account or a network.

    The real bot connects over real sockets to an emulator on 127.0.0.1. Three sample articles are loaded. Articles
    that you add are forgotten at the end, unless --data-dir names a folder to keep them in.
    """
    from bot.cli.sandboxing import Staging, play
    from bot.log import setup_logging
    from config.settings import load_settings

    settings = load_settings(store_overrides(data_dir))
    setup_logging(settings.log.level if settings.log.level == "DEBUG" else "WARNING")
    staging = Staging(
        keep=data_dir is not None,
        with_example=not (no_example or page_only),
        with_prompt=not page_only,
        opens_browser=not no_browser,
        port=port,
        transcript=transcript,
    )
    asyncio.run(play(settings, staging))


@click.command()
@data_dir_option
@json_option
def health(data_dir: Path | None, as_json: bool) -> None:
    """Say whether `pullquote run` is connected to Discord; exit with 1 where it is not (for supervisors)."""
    from bot.heartbeat import STALE_SECONDS, seconds_since_beat
    from bot.wiring import heartbeat_path
    from config.settings import load_settings

    age = seconds_since_beat(heartbeat_path(load_settings(store_overrides(data_dir))))
    is_connected = age is not None and age <= STALE_SECONDS
    if as_json:
        print_json({"connected": is_connected, "seconds_since_beat": None if age is None else round(age, 1)})
    elif is_connected:
        click.echo(f"Connected; last sign of life {age:.0f} seconds ago.")
    else:
        click.echo("Not connected: start it with pullquote run, or read its log.", err=True)
    if not is_connected:
        raise SystemExit(1)
