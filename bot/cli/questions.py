"""``ask``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import library_options, opened_library, print_json
from bot.cli.text import answer_as_json, answer_as_text


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
