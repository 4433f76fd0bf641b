"""``add`` and ``refresh``."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.bulk import Outcome, add_all, file_source, list_folder, read_feed, read_list
from bot.cli.options import library_options, opened_async_library, print_json, progress_bar, store_overrides
from bot.engine.ingest.pages import is_web_address
from bot.engine.records.sources import AddReport, AddStatus, ArticleSource
from bot.engine.scopes.records import EVERYTHING

if TYPE_CHECKING:
    from config.settings import Settings

FAILED = "failed"


@click.command()
@click.argument("source", required=False)
@click.option("--title", metavar="T", help="The article's title, where the text does not begin with it.")
@click.option(
    "--from-list",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Add everything that FILE names: a path or a web address on each line.",
)
@click.option(
    "--from-feed", metavar="WHERE", help="Add every page of an RSS or Atom feed or a sitemap (address or file)."
)
@library_options
def add(
    source: str | None,
    title: str | None,
    from_list: Path | None,
    from_feed: str | None,
    data_dir: Path | None,
    guild: int,
    as_json: bool,
) -> None:
    """Add the article in SOURCE: a web address, a PDF, DOCX, EPUB, HTML, Markdown or text file, or - for stdin.

    A folder adds every such file in it. Menus, captions and credits are recognised, kept and never quoted. Adding the
    same text again changes nothing; adding a file or an address again after it changed updates the article. So a long
    run that was interrupted is continued by running it again. Exit code 1 where anything failed.

    \b
    Examples:
      pullquote add interview.txt
      pullquote add notes.md --title "Meeting of 3 May"
      pullquote add https://example.com/interview
      pullquote add articles/
      pullquote add --from-feed https://example.com/feed.xml
      wl-paste | pullquote add -
    """
    if sum(given is not None for given in (source, from_list, from_feed)) != 1:
        raise click.UsageError("Give one of SOURCE, --from-list and --from-feed.")
    is_one = source is not None and (source == "-" or is_web_address(source) or not Path(source).is_dir())
    if title and not is_one:
        raise click.UsageError("--title is for one article. Leave it out, and rename articles afterwards.")
    settings = _settings(data_dir)
    if source is not None and is_one:
        _tell_one(asyncio.run(_add_one(settings, guild, source, title)), as_json=as_json)
        return
    outcomes = asyncio.run(_add_many(settings, guild, source, from_list, from_feed, is_quiet=as_json))
    _tell_many(outcomes, as_json=as_json)


@click.command()
@click.argument("article", required=False)
@click.option("--all", "is_all", is_flag=True, help="Refresh every article that came from a web address.")
@click.option("--force", "is_forced", is_flag=True, help="Take the page's text even where it seems gone or cut down.")
@library_options
def refresh(
    article: str | None, is_all: bool, is_forced: bool, data_dir: Path | None, guild: int, as_json: bool
) -> None:
    """Look at the page of ARTICLE (an id or a title) again, and bring the article up to it.

    A page that cannot be had, or that says "not found" or "sign in" where a long article was, leaves the article as it
    is. Exit code 1 where any failed.
    """
    if (article is None) != is_all:
        raise click.UsageError("Give an ARTICLE, or --all.")
    if is_all and is_forced:
        raise click.UsageError("--force is for one ARTICLE whose page you have looked at.")
    outcomes = asyncio.run(_refresh(_settings(data_dir), guild, article, is_forced=is_forced, is_quiet=as_json))
    _tell_many(outcomes, as_json=as_json)


def _settings(data_dir: Path | None) -> Settings:
    from config.settings import load_settings

    return load_settings(store_overrides(data_dir))


async def _add_one(settings: Settings, guild: int, source: str, title: str | None) -> AddReport:
    async with opened_async_library(settings) as library:
        with progress_bar("Encoding") as progress:
            if is_web_address(source):
                return await library.add_url(guild, source, title=title, progress=progress)
            if source == "-":
                given = ArticleSource(data=sys.stdin.buffer.read(), title=title)
            else:
                given = file_source(Path(source), title, settings.ingest.max_bytes)
            return await library.add_article(guild, given, progress=progress)


async def _add_many(
    settings: Settings,
    guild: int,
    folder: str | None,
    from_list: Path | None,
    from_feed: str | None,
    *,
    is_quiet: bool,
) -> list[Outcome]:
    if folder is not None:
        sources = list_folder(Path(folder))
    elif from_list is not None:
        sources = read_list(from_list)
    else:
        from bot.wiring import open_fetcher

        sources = await read_feed(from_feed or "", open_fetcher(settings, for_operator=True, for_feeds=True))
    if not sources:
        raise click.UsageError("There is nothing to add in that: no file of a kind that can be read, and no address.")
    async with opened_async_library(settings) as library:
        tell = _stay_quiet if is_quiet else _tell_line
        return await add_all(library, guild, sources, most_bytes=settings.ingest.max_bytes, tell=tell)


async def _refresh(
    settings: Settings, guild: int, article: str | None, *, is_forced: bool, is_quiet: bool
) -> list[Outcome]:
    async with opened_async_library(settings) as library:
        if article is not None:
            return [Outcome(article, await library.refresh_article(guild, article, is_forced=is_forced))]
        listed = [item for item in await library.list_articles(guild, viewer=EVERYTHING) if item.url]
        outcomes = await add_all(
            library,
            guild,
            [item.source for item in listed],
            most_bytes=settings.ingest.max_bytes,
            tell=_stay_quiet if is_quiet else _tell_line,
        )
    if not outcomes:
        raise click.UsageError("No article came from a web address, so there is nothing to refresh.")
    return outcomes


def _tell_one(report: AddReport, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(report))
        return
    if report.status is AddStatus.DUPLICATE:
        click.echo(f"Already stored as article {report.id}: {report.title}. Nothing was added.")
        return
    changes = f", {report.changes} passages" if report.changes else ""
    click.echo(f"{report.status.value.capitalize()}: {report.title} (article {report.id}{changes})")
    click.echo(f"{_count(report.passages, 'passage')}, {_count(report.left_out, 'line')} left out.")


def _tell_line(number: int, total: int, outcome: Outcome) -> None:
    """Print one line a source as soon as it is done, so that an interrupted run has said how far it came."""
    width = len(str(total))
    status, rest = FAILED, f"{outcome.source}: {outcome.problem}"
    if outcome.report is not None:
        report = outcome.report
        status = report.status.value
        changes = f", {report.changes} passages" if report.changes else ""
        rest = f"{report.title} (article {report.id}{changes})"
    click.echo(f"{number:>{width}}/{total}  {status:<9}  {rest}")


def _stay_quiet(_number: int, _total: int, _outcome: Outcome) -> None:
    """Print nothing: JSON comes at the end, in one piece."""


def _tell_many(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    counts = Counter(outcome.report.status.value if outcome.report else FAILED for outcome in outcomes)
    if as_json:
        items = [
            {"source": outcome.source}
            | (_as_json(outcome.report) if outcome.report else {"status": FAILED, "problem": outcome.problem})
            for outcome in outcomes
        ]
        print_json({"items": items, "counts": dict(sorted(counts.items()))})
    elif len(outcomes) == 1 and outcomes[0].report:
        _tell_one(outcomes[0].report, as_json=False)
    else:
        order = [*(status.value for status in AddStatus), FAILED]
        said = ", ".join(f"{counts[status]} {status}" for status in order if counts[status])
        click.echo(f"{_count(len(outcomes), 'source')}: {said}.")
    if counts[FAILED]:
        raise SystemExit(1)


def _as_json(report: AddReport) -> dict[str, Any]:
    result: dict[str, Any] = {
        "id": report.id,
        "title": report.title,
        "status": report.status.value,
        "passages": report.passages,
        "left_out": report.left_out,
    }
    if report.changes is not None:
        counts = {"added": report.changes.added, "removed": report.changes.removed, "edited": report.changes.edited}
        result |= {"changes": counts, "encoded": report.encoded}
    return result


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
