"""Which of a guild's articles a question may reach: those its viewer may see, in the languages that are searched."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.engine.articles.selection import NO_ARTICLES, find_article
from bot.engine.errors import NoArticles, NotFound
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.guild_settings.records import GuildSettings
from bot.engine.ports.stores import GuildState
from bot.engine.records.articles import ArticleSummary
from bot.engine.scopes.records import Viewer, find_hidden

_KEPT = 1_000


class ArticleSource(Protocol):
    """The part of a store that lists articles."""

    def guild_state(self, guild: int) -> GuildState:
        """The guild's version and article count."""
        ...

    def list_articles(self, guild: int) -> list[ArticleSummary]:
        """The guild's articles by id."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a question may reach.

    ``hidden``: articles that the viewer may not see, of which nothing may be noticed. ``skipped``: those of other
    languages than are searched. ``only``: the one article that was asked for.
    """

    hidden: frozenset[int] = frozenset()
    skipped: frozenset[int] = frozenset()
    only: int | None = None

    def search(self, articles: npt.NDArray[np.int64]) -> list[int] | None:
        """Return which of these, of which none is hidden, to search; or None for all."""
        if self.only is not None:
            return [self.only]
        if not self.skipped:
            return None
        kept: list[int] = articles[~np.isin(articles, list(self.skipped))].tolist()
        return kept


class Reach:
    """Joins scopes and settings with the list of articles. Thread-safe."""

    def __init__(self, store: ArticleSource, book: SettingsBook | None) -> None:
        """Without a ``book`` every article is everybody's."""
        self._store = store
        self._book = book
        self._languages: OrderedDict[int, tuple[int, Mapping[int, str]]] = OrderedDict()
        self._lock = threading.Lock()

    def settings(self, guild: int) -> GuildSettings:
        """Return a guild's settings."""
        return self._book.read(guild) if self._book is not None else GuildSettings()

    def hidden(self, guild: int, viewer: Viewer) -> frozenset[int]:
        """Return the articles that the viewer may not see. Raises StoreUnavailable: then nobody sees any."""
        return find_hidden(self._book.read_scopes(guild), viewer) if self._book is not None else frozenset()

    def list_articles(self, guild: int, viewer: Viewer) -> list[ArticleSummary]:
        """Return the articles that the viewer may see, by id."""
        # The scopes after the list: an article that was bound meanwhile is hidden, whatever the order of writing.
        listed = self._store.list_articles(guild)
        hidden = self.hidden(guild, viewer)
        return [article for article in listed if article.id not in hidden]

    def find(self, guild: int, article: str, viewer: Viewer) -> ArticleSummary:
        """Find one article by id or title; what is hidden does not exist. Raises NotFound, Ambiguous, NoArticles."""
        return find_article(self.list_articles(guild, viewer), article)

    def require(self, guild: int, article: int, viewer: Viewer) -> None:
        """Raise NotFound for an article that the viewer may not see, in the very words for one that is not there."""
        if article in self.hidden(guild, viewer):
            raise NotFound(f"There is no article {article}. List the articles to see what there is.")

    def bound(self, guild: int, viewer: Viewer, article: str | None) -> Bounds:
        """Return what a question may reach.

        Raises NoArticles where the viewer sees none, NotFound and Ambiguous for the ``article`` (id or title).
        """
        count = self._store.guild_state(guild).articles
        if count == 0:
            raise NoArticles(NO_ARTICLES)
        hidden = self.hidden(guild, viewer)
        if len(hidden) >= count and not self.list_articles(guild, viewer):
            raise NoArticles(NO_ARTICLES)
        if article is not None:
            return Bounds(hidden, only=self.find(guild, article, viewer).id)
        return Bounds(hidden, self._skip(guild))

    def _skip(self, guild: int) -> frozenset[int]:
        """Return the articles in languages that the guild does not search; unknown ones are always searched."""
        chosen = self.settings(guild).languages
        if not chosen:
            return frozenset()
        known = self._read_languages(guild)
        return frozenset(article for article, language in known.items() if language and language not in chosen)

    def _read_languages(self, guild: int) -> Mapping[int, str]:
        version = self._store.guild_state(guild).version
        with self._lock:
            kept = self._languages.get(guild)
            if kept is not None and kept[0] == version:
                self._languages.move_to_end(guild)
                return kept[1]
        languages = {article.id: article.details.language for article in self._store.list_articles(guild)}
        with self._lock:
            self._languages[guild] = (version, languages)
            while len(self._languages) > _KEPT:
                self._languages.popitem(last=False)
        return languages


def list_languages(articles: Sequence[ArticleSummary]) -> dict[str, int]:
    """Count articles by language (ISO 639-1), unknown ones left out, the commonest first."""
    counts: dict[str, int] = {}
    for article in articles:
        if language := article.details.language:
            counts[language] = counts.get(language, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
