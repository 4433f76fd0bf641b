"""``ask`` and ``summary``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import library_options, opened_library, print_json
from bot.cli.text import answer_as_json, answer_as_text, summary_as_json, summary_as_text
from bot.engine.records import SummaryLength


@click.command()
@click.argument("question")
@click.option("--article", metavar="ID|TITLE", help="Ask this article only.")
@click.option("--top-k", type=click.IntRange(1, 10), metavar="N", help="Quotes to show at most (1 to 10).")
@library_options
def ask(
    question: str, article: str | None, top_k: int | None, data_dir: Path | None, guild: int, as_json: bool
) -> None:
    """Answer QUESTION with quotes from the articles, best first, or say that they do not answer.

    The answering sentence stands between » and «; everything else is the article's own text, unchanged.

    \b
    Examples:
      pullquote ask "Why were the talks postponed?"
      pullquote ask "Who chairs the board?" --article 3 --json
    """
    with opened_library(data_dir) as library:
        answer = library.ask(guild, question, article=article, top_k=top_k)
    if as_json:
        print_json(answer_as_json(answer))
    else:
        click.echo(answer_as_text(answer))


@click.command()
@click.argument("article")
@click.option(
    "--length",
    type=click.Choice([length.value for length in SummaryLength]),
    default=SummaryLength.MEDIUM.value,
    show_default=True,
    help="One sentence, or about 60, 100 or 150 words.",
)
@click.option("--about", metavar="TOPIC", default="", help="Only what the article says about this.")
@library_options
def summary(article: str, length: str, about: str, data_dir: Path | None, guild: int, as_json: bool) -> None:
    """Summarise ARTICLE (an id or a title) in its own sentences, in their order."""
    with opened_library(data_dir) as library:
        result = library.summarise(guild, article, SummaryLength(length), about=about.strip())
    if as_json:
        print_json(summary_as_json(result))
    else:
        click.echo(summary_as_text(result))
