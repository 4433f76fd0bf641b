"""Articles bound to roles and channels, and the people who will see an answer. Ids only: nothing of Discord."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArticleScope:
    """Whom an article is for: holders of any of the roles, in any of the channels; an empty set binds nothing."""

    roles: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.roles or self.channels)


EVERYBODY = ArticleScope()
"""An article that is bound to nothing."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Everybody who will see what is answered, and where.

    ``people``: each kind of person, as the roles that it holds; an article for certain roles is seen where every one of
    them holds one of these. No kinds at all is whoever manages the articles. ``channels``: the channel with what it
    stands in (a thread's parent, a category), or None for any channel.
    """

    people: tuple[frozenset[int], ...] = ()
    channels: frozenset[int] | None = None

    def sees(self, scope: ArticleScope) -> bool:
        """Tell whether all of them may see an article here."""
        if scope.channels and self.channels is not None and not scope.channels & self.channels:
            return False
        return not scope.roles or all(scope.roles & roles for roles in self.people)


EVERYTHING = Viewer()
"""Whoever manages the articles, anywhere: the terminal, and ``/article``."""


def find_hidden(scopes: Mapping[int, ArticleScope], viewer: Viewer) -> frozenset[int]:
    """Return the ids of the articles that the viewer may not see."""
    return frozenset(article for article, scope in scopes.items() if not viewer.sees(scope))


def make_scope(roles: Iterable[int], channels: Iterable[int]) -> ArticleScope:
    """Return the scope of these roles and channels."""
    return ArticleScope(frozenset(roles), frozenset(channels))
