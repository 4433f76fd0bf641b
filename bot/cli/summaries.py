"""``summary``: of an article, and of a page or a file that is not in the library."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.cli.bulk import file_source
from bot.cli.options import library_options, opened_async_library, print_json, progress_bar, store_overrides
from bot.cli.text import summary_as_json, summary_as_text
from bot.engine.ingest.pages import is_web_address
from bot.engine.records.articles import Article
from bot.engine.records.sources import AddReport, ArticleSource
from bot.engine.records.summaries import Summary, SummaryLength
from bot.engine.scopes.records import EVERYTHING
from bot.engine.summaries.contents import Section, read_contents
from bot.engine.summaries.guests import Guest


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for. ``section`` counts from 1, as ``--contents`` numbers them; 0 is the whole article."""

    source: str
    length: SummaryLength
    about: str
    section: int = 0
    wants_contents: bool = False
    is_to_be_added: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a summary, or an article whose contents are to be listed."""

    article: Article
    summary: Summary | None
    report: AddReport | None = None


@click.command()
@click.argument("source", metavar="ARTICLE|FILE|ADDRESS")
@click.option(
    "--length",
    type=click.Choice([length.value for length in SummaryLength]),
    default=SummaryLength.MEDIUM.value,
    show_default=True,
    help="One sentence, or about 60, 100 or 150 words.",
)
@click.option("--about", metavar="TOPIC", default="", help="Only what the article says about this.")
@click.option("--contents", is_flag=True, help="List the article's sections instead, with their numbers.")
@click.option("--section", type=click.IntRange(min=1), metavar="N", help="Only this section, as --contents numbers it.")
@click.option("--add", "is_to_be_added", is_flag=True, help="Add what is not in the library to it, too.")
@library_options
def summary(
    source: str,
    length: str,
    about: str,
    contents: bool,
    section: int | None,
    is_to_be_added: bool,
    data_dir: Path | None,
    guild: int,
    as_json: bool,
) -> None:
    """Summarise an article (an id or a title) in its own sentences, in their order.

    A web address, a file or - for stdin that is not in the library is read for this summary alone and not stored.

    \b
    Examples:
      pullquote summary 1 --length short
      pullquote summary 1 --contents
      pullquote summary https://example.com/interview
      pullquote summary report.pdf --about "the budget"
    """
    from config.settings import load_settings

    settings = load_settings(store_overrides(data_dir))
    request = Request(source, SummaryLength(length), about.strip(), section or 0, contents, is_to_be_added)
    outcome = asyncio.run(_carry_out(settings, guild, request))
    if outcome.summary is None:
        _tell_contents(outcome.article, as_json=as_json)
    elif as_json:
        print_json(summary_as_json(outcome.summary))
    else:
        click.echo(summary_as_text(outcome.summary))
    if outcome.report is not None:
        click.echo(f"Added to the library: {outcome.report.title} (article {outcome.report.id})", err=True)


async def _carry_out(settings: Any, guild: int, request: Request) -> Outcome:
    async with opened_async_library(settings) as library:
        with progress_bar("Encoding") as progress:
            found = await _find_guest(library, guild, request.source, settings.ingest.max_bytes)
            if isinstance(found, Guest):
                section = _choose(found.article, request.section)
                summary = None
                if not request.wants_contents:
                    summary = await library.guests.summarise(
                        found, request.length, about=request.about, section=section, progress=progress
                    )
                report = await library.add_article(guild, found.source) if request.is_to_be_added else None
                return Outcome(found.article, summary, report)
            article = await library.get_article(guild, found, viewer=EVERYTHING)
            if request.wants_contents:
                return Outcome(article, None)
            section = _choose(article, request.section)
            made = await library.summarise(
                guild, found, request.length, about=request.about, section=section, viewer=EVERYTHING
            )
            return Outcome(made.article, made.summary)


async def _find_guest(library: Any, guild: int, source: str, most_bytes: int) -> Guest | str:
    """Return a guest, or by what name the library knows the article."""
    if is_web_address(source):
        known = await library.guests.find_address(guild, source, viewer=EVERYTHING)
        found = (
            known
            if known is not None
            else await library.guests.read_url(guild, source, viewer=EVERYTHING, public_only=False)
        )
        return found if isinstance(found, Guest) else str(found)
    if source == "-":
        guest: Guest = await library.guests.read_source(guild, ArticleSource(data=sys.stdin.buffer.read()))
        return guest
    if not source.isdecimal() and await asyncio.to_thread(Path(source).is_file):
        guest = await library.guests.read_source(guild, file_source(Path(source), None, most_bytes))
        return guest  # noqa: RET504 -- its type is known by its name
    return source


def _choose(article: Article, number: int) -> Section | None:
    if not number:
        return None
    sections = read_contents(article)
    if number > len(sections):
        raise click.UsageError(f"That article has {len(sections)} sections. List them with --contents.")
    return sections[number - 1]


def _tell_contents(article: Article, *, as_json: bool) -> None:
    sections = read_contents(article)
    if as_json:
        print_json({"title": article.title, "sections": _as_json(sections)})
        return
    click.echo(article.title)
    width = len(str(len(sections)))
    for number, section in enumerate(sections, start=1):
        where = f"¶ {section.first}" if len(section) == 1 else f"¶ {section.first}-{section.last}"
        indent = "  " * max(section.level - 1, 0)
        click.echo(f"{number:>{width}}  {indent}{section.title or '(introduction)'}  {where}")


def _as_json(sections: Sequence[Section]) -> list[dict[str, Any]]:
    return [
        {"number": number, "path": list(section.path), "first": section.first, "last": section.last}
        for number, section in enumerate(sections, start=1)
    ]
