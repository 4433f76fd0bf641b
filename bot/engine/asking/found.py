"""An answer with what its quotes are checked against once more, and what can be offered beside them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.engine.errors import NotFound
from bot.engine.questions.follow_up import Context, Place
from bot.engine.records.answers import Answer, Quote
from bot.engine.records.articles import Article
from bot.engine.scopes.records import EVERYTHING, Viewer

if TYPE_CHECKING:
    from bot.engine.library import Library


MORE_AT_ONCE = 3
"""Further passages that one press shows."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer with the articles it quotes, by id, as they were stored right after it was made.

    ``nearest`` is the closest passage where the articles do not answer. ``articles`` holds its article too.
    """

    answer: Answer
    articles: Mapping[int, Article]
    nearest: Quote | None = None

    @property
    def only_article(self) -> int:
        """The id of the one article that is quoted, or 0: of a question put to one article, which one that was."""
        return next(iter(self.articles)) if len(self.articles) == 1 else 0


def find_quotes(
    library: Library,
    guild: int,
    query: str,
    *,
    article: str | None = None,
    context: Context | None = None,
    viewer: Viewer = EVERYTHING,
) -> Found:
    """Answer a question as :meth:`Library.ask` does, and fetch the articles. Raises what that raises."""
    answer = library.ask(guild, query, article=article, context=context, viewer=viewer)
    nearest = None
    if not answer.answered:
        nearest = library.nearest(guild, query, article=article, context=context, viewer=viewer)
    return _with_articles(library, guild, answer, nearest, viewer)


def find_more(
    library: Library,
    guild: int,
    query: str,
    *,
    article: str | None = None,
    context: Context | None = None,
    quoted: Sequence[Place] = (),
    shown: int = 0,
    viewer: Viewer = EVERYTHING,
) -> tuple[Found, int]:
    """Return the passages that follow those already shown, and how many are shown with them.

    ``quoted``: what the answer showed; ``shown``: how many were shown in all, where there were further ones after it.
    Raises what :meth:`Library.ask` raises.
    """
    wanted = (shown or len(quoted)) + MORE_AT_ONCE
    answer = library.ask(guild, query, article=article, top_k=wanted, context=context, viewer=viewer)
    # What the answer showed is among the first, but not always the first: weak ones between were left out.
    quotes = answer.quotes[shown:] if shown else [
        quote for quote in answer.quotes if (quote.article.id, quote.position) not in quoted
    ]  # fmt: skip
    rest = replace(answer, quotes=tuple(quotes[:MORE_AT_ONCE]))
    return _with_articles(library, guild, rest, None, viewer), wanted


def _with_articles(library: Library, guild: int, answer: Answer, nearest: Quote | None, viewer: Viewer) -> Found:
    articles: dict[int, Article] = {}
    for number in {quote.article.id for quote in [*answer.quotes, *([nearest] if nearest else [])]}:
        # An article that went meanwhile, or was bound to others, has no entry, and its quotes are not shown.
        with contextlib.suppress(NotFound):
            articles[number] = library.get_article_by_id(guild, number, viewer=viewer)
    return Found(answer, articles, nearest)
