"""``add``, ``list``, ``show`` and ``remove``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from bot.cli.options import library_options, opened_library, print_json, progress_bar, store_overrides
from bot.cli.text import article_as_json, article_as_text, summaries_as_json, summaries_as_text
from bot.engine.errors import FetchFailed
from bot.engine.ingest.pages import is_web_address, page_source
from bot.engine.records import ArticleSource, FetchedPage


@click.command()
@click.argument("source")
@click.option("--title", metavar="T", help="The article's title, where the text does not begin with it.")
@library_options
def add(source: str, title: str | None, data_dir: Path | None, guild: int, as_json: bool) -> None:
    """Add the article in SOURCE: a web address, a PDF, DOCX, EPUB, HTML, Markdown or text file, or - for stdin.

    Menus, captions and credits are recognised, kept and never quoted. Adding the same text again changes nothing;
    adding a file or an address again after it changed updates the article.

    \b
    Examples:
      pullquote add interview.txt
      pullquote add notes.md --title "Meeting of 3 May"
      pullquote add https://example.com/interview
      wl-paste | pullquote add -
    """
    article = _fetch(source, title, data_dir, guild) if is_web_address(source) else _read(source, title)
    with opened_library(data_dir) as library, progress_bar("Encoding") as progress:
        report = library.add_article(guild, article, progress=progress)
    if as_json:
        print_json(
            {
                "id": report.id,
                "title": report.title,
                "status": report.status.value,
                "passages": report.passages,
                "left_out": report.left_out,
            }
        )
        return
    click.echo(f"{report.status.value.capitalize()}: {report.title} (article {report.id})")
    click.echo(f"{_count(report.passages, 'passage')}, {_count(report.left_out, 'line')} left out.")


@click.command(name="list")
@library_options
def list_(data_dir: Path | None, guild: int, as_json: bool) -> None:
    """List the articles: id, title, passages, lines left out."""
    with opened_library(data_dir) as library:
        articles = library.list_articles(guild)
    if as_json:
        print_json(summaries_as_json(articles))
    else:
        click.echo(summaries_as_text(articles))


@click.command()
@click.argument("article")
@library_options
def show(article: str, data_dir: Path | None, guild: int, as_json: bool) -> None:
    """Show ARTICLE (an id or a title): headings, passages, and the lines that are never quoted."""
    with opened_library(data_dir) as library:
        stored = library.get_article(guild, article)
    if as_json:
        print_json(article_as_json(stored))
    else:
        click.echo(article_as_text(stored))


@click.command()
@click.argument("article")
@library_options
def remove(article: str, data_dir: Path | None, guild: int, as_json: bool) -> None:
    """Remove ARTICLE (an id or a title) and everything stored of it."""
    with opened_library(data_dir) as library:
        removed = library.remove_article(guild, article)
    if as_json:
        print_json({"id": removed.id, "title": removed.title, "status": "removed"})
    else:
        click.echo(f"Removed: {removed.title} (article {removed.id})")


def _fetch(url: str, title: str | None, data_dir: Path | None, guild: int) -> ArticleSource:
    """Fetch a web page."""
    from bot.wiring import open_fetcher
    from config.settings import load_settings

    settings = load_settings(store_overrides(data_dir))

    async def fetch() -> ArticleSource:
        fetcher = open_fetcher(settings)
        if fetcher is None:
            raise FetchFailed(
                "Reading web pages is switched off. Set fetch.enabled, or save the page and add its file."
            )
        page = await fetcher.fetch(guild, url)
        assert isinstance(page, FetchedPage)  # noqa: S101 -- nothing was sent that "not modified" could answer
        return page_source(page, title)

    return asyncio.run(fetch())


def _read(source: str, title: str | None) -> ArticleSource:
    """Read a source's bytes; a wrong path is a usage error."""
    if source == "-":
        return ArticleSource(data=sys.stdin.buffer.read(), title=title)
    path = Path(source)
    if path.is_dir():
        raise click.UsageError(f"{source} is a folder. Add its files one by one.")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise click.UsageError(f"There is no file {source}. Check the path, or use - for standard input.") from None
    except OSError as error:
        raise click.UsageError(f"{source} cannot be read: {error.strerror}. Check its permissions.") from None
    return ArticleSource(data=data, file_name=path.name, title=title, source=str(path.absolute()))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
