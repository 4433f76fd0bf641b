"""``restore`` and ``leave-out``: which lines of an article are quoted."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import library_options, opened_library, print_json
from bot.engine.articles.choices import LineReport, find_lines

if TYPE_CHECKING:
    from bot.engine.records.articles import Article

_ARTICLE = click.argument("article")
_LINES = click.argument("lines", nargs=-1, type=click.IntRange(min=1), metavar="LINE...")
_ALL = click.option("--all", "is_all", is_flag=True, help="Restore every line that is left out.")


@click.command()
@_ARTICLE
@_LINES
@_ALL
@library_options
def restore(
    article: str, lines: tuple[int, ...], is_all: bool, data_dir: Path | None, guild: int, as_json: bool
) -> None:
    """Quote each LINE (its number, as `show` gives it) of ARTICLE (an id or a title) that was left out.

    Updates of the article keep to it wherever the same line comes again.
    """
    if bool(lines) == is_all:
        raise click.UsageError("Give the numbers of lines, or --all.")
    with opened_library(data_dir) as library:
        report = library.restore_lines(guild, article, _left_out if is_all else partial(_named, lines))
    _tell(report, "Restored", as_json=as_json)


@click.command(name="leave-out")
@_ARTICLE
@_LINES
@library_options
def leave_out(article: str, lines: tuple[int, ...], data_dir: Path | None, guild: int, as_json: bool) -> None:
    """Never quote each LINE (its number, as `show --lines` gives it) of ARTICLE (an id or a title).

    Updates of the article keep to it wherever the same line comes again; `restore` takes it back.
    """
    if not lines:
        raise click.UsageError("Give the numbers of lines: pullquote show ARTICLE --lines tells them.")
    with opened_library(data_dir) as library:
        report = library.leave_out_lines(guild, article, partial(_named, lines))
    _tell(report, "Left out", as_json=as_json)


def _named(lines: tuple[int, ...], article: Article) -> list[int]:
    return find_lines(article, lines)


def _left_out(article: Article) -> list[int]:
    return find_lines(article, {line.number for line in article.left_out})


def _tell(report: LineReport, verb: str, *, as_json: bool) -> None:
    numbers = [line.number for line in report.lines]
    if as_json:
        result: dict[str, Any] = {"id": report.id, "title": report.title, "lines": numbers}
        print_json(result | {"passages": report.passages, "left_out": report.left_out})
    elif numbers:
        named = ", ".join(str(number) for number in numbers)
        click.echo(f"{verb}: line {named} of {report.title} (article {report.id})")
        click.echo(f"Now {report.passages:,} passages to quote and {report.left_out:,} lines left out.")
    else:
        click.echo(f"Nothing changed: those lines of {report.title} (article {report.id}) were so already.")
