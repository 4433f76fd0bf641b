"""``doctor``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import data_dir_option, json_option, print_json, store_overrides

if TYPE_CHECKING:
    from bot.doctor.discord_side import Visit
    from bot.doctor.findings import Finding
    from config.settings import Settings

    NoteFinding = Callable[[Finding], None]

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}
_COLUMN = 14
HOW_TO_BEGIN = (
    "Create a bot in the developer portal (Bot, Reset Token) and set PULLQUOTE_DISCORD__TOKEN in the environment or in "
    ".env. To try it without an account: pullquote sandbox"
)


@click.command()
@click.option("--offline", is_flag=True, help="Do not ask Discord anything.")
@click.option(
    "--servers",
    type=click.IntRange(0, 200),
    default=20,
    show_default=True,
    metavar="N",
    help="Look at the permissions in at most so many servers.",
)
@data_dir_option
@json_option
def doctor(offline: bool, servers: int, data_dir: Path | None, as_json: bool) -> None:
    """Check this installation, say what to do next, and print the link that invites the bot.

    Looks at Python, open files, disk, store, encoder; and, with a token, at Discord's side: token, intents, gateway,
    clock, commands, permissions. It changes nothing and may be run while the bot runs. Exit code 1 if a check fails.
    """
    from bot.doctor.findings import has_failed
    from bot.doctor.machine import check_machine
    from bot.wiring import store_path
    from config.settings import load_settings

    settings = load_settings(store_overrides(data_dir))
    findings: list[Finding] = []

    def note(finding: Finding) -> None:
        findings.append(finding)
        if not as_json:
            _print(finding)

    path = store_path(settings)
    for finding in check_machine(path.parent, path.stat().st_size if path.is_file() else 0):
        note(finding)
    from bot.doctor.library import check_library

    for finding in check_library(settings):
        note(finding)
    link = asyncio.run(_look_at_discord(settings, servers, note, offline=offline))
    if as_json:
        lines = [
            {"check": one.check, "state": one.state.value, "says": one.says, "next_step": one.next_step}
            for one in findings
        ]
        print_json({"ok": not has_failed(findings), "findings": lines, "invitation": link})
    elif link:
        click.echo(f"\nTo invite the bot, with exactly the permissions that it needs:\n{link}")
    else:
        click.echo("\nWith a token this also prints the link that invites the bot.")
    if has_failed(findings):
        raise SystemExit(1)


async def _look_at_discord(settings: Settings, servers: int, note: NoteFinding, *, offline: bool) -> str | None:
    from bot.client import point_at
    from bot.doctor.discord_side import Visit, application_of
    from bot.doctor.findings import fail, ok, warn
    from bot.ui.rights import invite_link

    token = settings.discord.token.get_secret_value().strip() if settings.discord.token else ""
    application = application_of(token)
    if not token:
        note(fail("token", "There is no token, so Discord's side is not checked.", HOW_TO_BEGIN))
    elif offline:
        note(ok("token", "There is one; Discord was not asked, because of --offline."))
        if application is None:
            note(
                warn(
                    "token",
                    "It does not look like a bot's token.",
                    "Copy it again from the developer portal, under Bot.",
                )
            )
    else:
        point_at(api_base=settings.discord.api_base or None, gateway_url=settings.discord.gateway_url or None)
        visit: Visit = Visit(token, servers)
        async for finding in visit.check():
            note(finding)
        application = visit.application or application
    return invite_link(application) if application is not None else None


def _print(finding: Finding) -> None:
    state = click.style(f"{finding.state.value:<5}", fg=_COLOURS[finding.state.value])
    click.echo(f"{state} {finding.check:<{_COLUMN}} {finding.says}")
    if finding.next_step:
        click.echo(f"{'':6}{'':{_COLUMN}} → {finding.next_step}")
