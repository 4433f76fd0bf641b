"""An article's table of contents: its headings with the passages that stand under each."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine.records.articles import Article

LONG_SECTIONS = 3
LONG_PASSAGES = 12
"""An article with as many sections and passages is long: a reader wants to know what is where."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with all that stands below it, its subsections included.

    ``path``: the headings down to this one; ``()`` for what stands above the first. ``first``, ``last``: positions of
    passages, counted from 1.
    """

    path: tuple[str, ...]
    first: int
    last: int

    @property
    def level(self) -> int:
        """How deep it lies, from 1; 0 for what stands above the first heading."""
        return len(self.path)

    @property
    def title(self) -> str:
        """Its own heading, or ``""``."""
        return self.path[-1] if self.path else ""

    def __len__(self) -> int:
        return self.last - self.first + 1


def read_contents(article: Article) -> tuple[Section, ...]:
    """Return an article's sections in order, a subsection after the section that holds it.

    A heading under which nothing can be quoted has no section. One that comes again later has one more.
    """
    found: list[tuple[tuple[str, ...], int, int]] = []
    open_at: list[int] = []
    previous: tuple[str, ...] | None = None
    for passage in article.passages:
        path = passage.headings
        shared = _count_shared(previous or (), path) if previous is not None else 0
        del open_at[shared:]
        for depth in range(shared + 1, len(path) + 1):
            open_at.append(len(found))
            found.append((path[:depth], passage.position, passage.position))
        if not path and previous != ():
            found.append(((), passage.position, passage.position))
        for place in open_at if path else [len(found) - 1]:
            found[place] = (*found[place][:2], passage.position)
        previous = path
    return tuple(Section(*entry) for entry in found)


def is_long(article: Article) -> bool:
    """Tell whether an article is worth a table of contents."""
    if len(article.passages) < LONG_PASSAGES:
        return False
    return len({passage.headings for passage in article.passages if passage.headings}) >= LONG_SECTIONS


def _count_shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for here, there in zip(one, other, strict=False):
        if here != there:
            break
        count += 1
    return count
