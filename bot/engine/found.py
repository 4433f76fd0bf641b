"""An answer with what its quotes are checked against once more, and what can be offered beside them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.engine.errors import NotFound
from bot.engine.records import Answer, Article, Quote
from bot.engine.scopes.records import EVERYTHING, Viewer

if TYPE_CHECKING:
    from bot.engine.library import Library


@dataclass(frozen=True, slots=True)
class Found:
    """An answer with the articles it quotes, by id, as they were stored right after it was made.

    ``nearest`` is the closest passage where the articles do not answer. ``articles`` holds its article too.
    """

    answer: Answer
    articles: Mapping[int, Article]
    nearest: Quote | None = None


def find_quotes(
    library: Library, guild: int, query: str, *, article: str | None = None, viewer: Viewer = EVERYTHING
) -> Found:
    """Answer a question as :meth:`Library.ask` does, and fetch the articles. Raises what that raises."""
    answer = library.ask(guild, query, article=article, viewer=viewer)
    nearest = None if answer.answered else library.nearest(guild, query, article=article, viewer=viewer)
    articles: dict[int, Article] = {}
    for number in {quote.article.id for quote in [*answer.quotes, *([nearest] if nearest else [])]}:
        # An article that went meanwhile, or was bound to others, has no entry, and its quotes are not shown.
        with contextlib.suppress(NotFound):
            articles[number] = library.get_article_by_id(guild, number, viewer=viewer)
    return Found(answer, articles, nearest)
