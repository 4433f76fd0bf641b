"""Many sources at once: what a folder, a list or a feed names, and adding it one by one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.engine.errors import EngineError, ExtractFailed, TooLarge
from bot.engine.ingest.feeds import read_links
from bot.engine.ingest.pages import is_web_address
from bot.engine.records.articles import TERMINAL_GUILD
from bot.engine.records.sources import AddReport, ArticleSource, FetchedPage
from bot.engine.scopes.records import EVERYTHING

if TYPE_CHECKING:
    from bot.async_library import AsyncLibrary
    from bot.engine.ports.sources import Fetcher

KNOWN_SUFFIXES = frozenset(
    ".pdf .docx .epub .html .htm .xhtml .xht .md .markdown .mdown .mkd .txt .text".split()  # noqa: SIM905
)
_MOST_SITEMAPS = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: a report, or why there is none."""

    source: str
    report: AddReport | None = None
    problem: str = ""


Tell = Callable[[int, int, Outcome], None]
"""Called with (number from 1, total, outcome) after each source."""


def list_folder(folder: Path) -> list[str]:
    """Return the files of known kinds in a folder and below it, by name; hidden ones are left alone."""
    found: list[str] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        names = sorted(name for name in files if not name.startswith("."))
        found += [str(Path(parent, name)) for name in names if Path(name).suffix.lower() in KNOWN_SUFFIXES]
    return found


def read_list(path: Path) -> list[str]:
    """Return the paths and addresses in a file, one a line; paths count from the file's folder, # begins a comment."""
    sources = []
    for line in read_file(path).decode("utf-8-sig", "replace").splitlines():
        entry = line.strip()
        if entry and not entry.startswith("#"):
            sources.append(entry if is_web_address(entry) else str(path.absolute().parent / entry))
    return list(dict.fromkeys(sources))


async def read_feed(where: str, fetcher: Fetcher | None) -> list[str]:
    """Return the addresses in a feed or sitemap, given by path or address; an index of sitemaps is followed once.

    Raises what the fetcher raises, and ExtractFailed.
    """
    links = read_links(await _read_bytes(where, fetcher))
    pages = list(links.pages)
    for sitemap in links.sitemaps[:_MOST_SITEMAPS]:
        pages += read_links(await _read_bytes(sitemap, fetcher)).pages
    if not pages:
        raise ExtractFailed("That feed lists no web addresses, so nothing was added.")
    return list(dict.fromkeys(pages))


async def _read_bytes(where: str, fetcher: Fetcher | None) -> bytes:
    if not is_web_address(where):
        return read_file(Path(where))
    if fetcher is None:
        raise click.UsageError("Reading web pages is switched off. Set fetch.enabled, or save the feed to a file.")
    page = await fetcher.fetch(TERMINAL_GUILD, where)
    assert isinstance(page, FetchedPage)  # noqa: S101 -- nothing was sent that "not modified" could answer
    return page.data


async def add_all(
    library: AsyncLibrary, guild: int, sources: Sequence[str], *, most_bytes: int, tell: Tell
) -> list[Outcome]:
    """Add sources one by one; one that fails stops none. What is stored already stays as it is, or is brought up."""
    stored = {
        article.source: article.id for article in await library.list_articles(guild, viewer=EVERYTHING) if article.url
    }
    outcomes = []
    for number, source in enumerate(sources, start=1):
        try:
            if is_web_address(source) and source in stored:
                report = await library.refresh_article(guild, str(stored[source]))
            elif is_web_address(source):
                report = await library.add_url(guild, source)
            else:
                report = await library.add_article(guild, file_source(Path(source), None, most_bytes))
            outcome = Outcome(source, report)
        except (EngineError, click.UsageError) as error:
            outcome = Outcome(source, problem=error.user_message if isinstance(error, EngineError) else error.message)
        outcomes.append(outcome)
        tell(number, len(sources), outcome)
    return outcomes


def file_source(path: Path, title: str | None, most_bytes: int) -> ArticleSource:
    """Read a file as a source; a wrong path is a usage error, a giant one is not even read."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    if size > most_bytes:
        raise TooLarge(f"That file has {size:,} bytes; {most_bytes:,} are possible. Split it into several articles.")
    return ArticleSource(data=read_file(path), file_name=path.name, title=title, source=str(path.absolute()))


def read_file(path: Path) -> bytes:
    """Read a file's bytes; a wrong path is a usage error."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise click.UsageError(f"There is no file {path}. Check the path, or use - for standard input.") from None
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None
