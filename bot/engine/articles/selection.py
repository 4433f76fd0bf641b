"""Which article is meant, by an id, a title or a file name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engine.errors import Ambiguous, NoArticles, NotFound
from bot.engine.records.articles import ArticleSummary

NO_ARTICLES = "There are no articles yet. Add one first: /article add in Discord, pullquote add FILE in the terminal."


def find_article(articles: Sequence[ArticleSummary], wanted: str) -> ArticleSummary:
    """Find an article by id, else by title without regard to case, else by a part of one title.

    Raises NoArticles, NotFound, Ambiguous.
    """
    if not articles:
        raise NoArticles(NO_ARTICLES)
    wanted = " ".join(wanted.split()).casefold()
    by_id = [candidate for candidate in articles if str(candidate.id) == wanted]
    exact = [candidate for candidate in articles if " ".join(candidate.title.split()).casefold() == wanted]
    part = [candidate for candidate in articles if wanted and wanted in candidate.title.casefold()]
    near = by_id or exact or part
    if len(near) == 1:
        return near[0]
    if near:
        ids = ", ".join(str(candidate.id) for candidate in near[:5])
        raise Ambiguous(f"Several articles fit that title (ids {ids}). Give the id of the one you mean.")
    raise NotFound("There is no article with that id or title. List the articles to see what there is.")


def complete_title(articles: Sequence[ArticleSummary], prefix: str) -> list[ArticleSummary]:
    """Return the articles whose title holds ``prefix``, those that begin with it first; all for an empty one."""
    wanted = prefix.strip().casefold()
    found = [article for article in articles if wanted in article.title.casefold()]
    return sorted(found, key=lambda article: (not article.title.casefold().startswith(wanted), article.id))


def find_namesake(articles: Sequence[ArticleSummary], source: str, title: str) -> int | None:
    """Return the id of the newest article of this (non-empty) file name and this title, or None."""
    same = [article.id for article in articles if source and (article.source, article.title) == (source, title)]
    return max(same, default=None)
