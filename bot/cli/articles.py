"""``list``, ``show``, ``rename`` and ``remove``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import library_options, opened_library, print_json
from bot.cli.text import article_as_json, article_as_text, lines_as_text, summaries_as_json, summaries_as_text


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
@click.option("--lines", "by_line", is_flag=True, help="Show every line with its number and what it was taken for.")
@library_options
def show(article: str, by_line: bool, data_dir: Path | None, guild: int, as_json: bool) -> None:
    """Show ARTICLE (an id or a title): headings, passages, and the lines that are never quoted."""
    with opened_library(data_dir) as library:
        stored = library.get_article(guild, article)
    if as_json:
        print_json(article_as_json(stored))
    elif by_line:
        click.echo(lines_as_text(stored))
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


@click.command()
@click.argument("article")
@click.argument("title")
@library_options
def rename(article: str, title: str, data_dir: Path | None, guild: int, as_json: bool) -> None:
    """Give ARTICLE (an id or a title) another TITLE, which later updates keep."""
    with opened_library(data_dir) as library:
        renamed = library.rename_article(guild, article, title)
    if as_json:
        print_json({"id": renamed.id, "title": renamed.title, "status": "renamed"})
    else:
        click.echo(f"Renamed: {renamed.title} (article {renamed.id})")
