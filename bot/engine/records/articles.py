"""Articles: parsed, stored, listed, and as a quote names them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.engine.records.freshness import FetchState, find_as_of
from bot.engine.records.passages import LEFT_OUT, Line, Passage

TERMINAL_GUILD = 0
"""The guild number of the terminal's own library. Discord ids are far greater, so the two never meet."""


@dataclass(frozen=True, slots=True)
class ArticleDetails:
    """What a source says of itself, ``""`` where it says nothing.

    ``published``: an ISO 8601 date (``2025-02-14``); ``language``: an ISO 639-1 code (``de``), as found in the text;
    ``canonical_url``: a web address.
    """

    author: str = ""
    site: str = ""
    published: str = ""
    language: str = ""
    canonical_url: str = ""


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """What the ingest makes of a source: the stored text, every line of it labelled, its passages and its details."""

    title: str
    text: str
    lines: tuple[Line, ...]
    passages: tuple[Passage, ...]
    details: ArticleDetails = field(default_factory=ArticleDetails)

    @property
    def left_out(self) -> tuple[Line, ...]:
        """The lines that are stored but never quoted: captions, alt texts, credits, page chrome."""
        return tuple(line for line in self.lines if line.label in LEFT_OUT)


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """What a list of articles shows.

    ``added_at``: Unix seconds; ``source``: a URL, a path, a file name or ``""``. ``revision`` counts the article's
    texts from 1; ``text_bytes`` is the length of the present one in UTF-8. ``is_titled``: a person chose the title.
    """

    id: int
    title: str
    source: str
    added_at: int
    passages: int
    left_out: int
    characters: int
    text_bytes: int = 0
    revision: int = 1
    is_titled: bool = False
    details: ArticleDetails = field(default_factory=ArticleDetails)
    fetch: FetchState = field(default_factory=FetchState)

    @property
    def url(self) -> str | None:
        """The source where it is a web address, else None."""
        return find_url(self.source)

    @property
    def ref(self) -> ArticleRef:
        """How a quote names the article."""
        as_of = find_as_of(self.fetch, added_at=self.added_at, revision=self.revision)
        return ArticleRef(self.id, self.title, self.url, self.details, as_of if self.url else None)


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article, whole. ``revision`` and ``is_titled`` are those of :class:`ArticleSummary`."""

    id: int
    title: str
    source: str
    added_at: int
    content_hash: str
    text: str
    lines: tuple[Line, ...]
    passages: tuple[Passage, ...]
    revision: int = 1
    is_titled: bool = False
    details: ArticleDetails = field(default_factory=ArticleDetails)
    fetch: FetchState = field(default_factory=FetchState)

    @property
    def url(self) -> str | None:
        """The source where it is a web address, else None."""
        return find_url(self.source)

    @property
    def ref(self) -> ArticleRef:
        """How a quote names the article."""
        as_of = find_as_of(self.fetch, added_at=self.added_at, revision=self.revision)
        return ArticleRef(self.id, self.title, self.url, self.details, as_of if self.url else None)

    @property
    def left_out(self) -> tuple[Line, ...]:
        """The lines that are stored but never quoted."""
        return tuple(line for line in self.lines if line.label in LEFT_OUT)


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """How a quote names its article.

    ``as_of``: Unix seconds at which the page was last seen to hold the text, for an article from the web whose page was
    looked at again since it was added; else None.
    """

    id: int
    title: str
    url: str | None
    details: ArticleDetails = field(default_factory=ArticleDetails)
    as_of: int | None = None


def find_url(source: str) -> str | None:
    """Return the source where it is a web address, else None."""
    return source if source.startswith(("http://", "https://")) else None
