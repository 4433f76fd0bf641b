"""The nouns of the engine: frozen records that pass between its parts.

Every ``start``/``end`` pair is a half-open range of *character* offsets (Python string indices). Unless a field says
otherwise the offsets count in the article's stored text, which is kept exactly as it was extracted; whatever is shown
to a member is cut from that text by span and never rebuilt from tokens.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bot.engine.changes import PassageChanges
from bot.engine.freshness import FetchState, find_as_of

TERMINAL_GUILD = 0
"""The guild number of the terminal's own library. Discord ids are far greater, so the two never meet."""


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


class LineLabel(StrEnum):
    """What a line of an article is. The first block is structure, the second is quotable, the third is left out."""

    TITLE = "title"
    HEADING = "heading"

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    BLOCK_QUOTE = "block_quote"
    TABLE_ROW = "table_row"
    CODE = "code"

    CAPTION = "caption"
    ALT = "alt"
    CREDIT = "credit"
    CHROME = "chrome"


QUOTABLE = frozenset(
    {LineLabel.PARAGRAPH, LineLabel.LIST_ITEM, LineLabel.BLOCK_QUOTE, LineLabel.TABLE_ROW, LineLabel.CODE}
)
LEFT_OUT = frozenset({LineLabel.CAPTION, LineLabel.ALT, LineLabel.CREDIT, LineLabel.CHROME})


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled block of the stored text: a line, or a run of hard-wrapped lines that is one paragraph.

    ``number`` counts physical lines from 1 (that of the block's first line); ``level`` is 1 to 6 for headings, else 0.
    ``is_chosen``: a person decided that it is quoted, or that it is not; later versions of the article keep to that.
    """

    number: int
    start: int
    end: int
    label: LineLabel
    level: int = 0
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is stored, ranked and quoted.

    ``position`` counts passages of the article from 1. ``headings`` is the heading path, outermost first. ``digest`` is
    :func:`digest` of the passage's text: it is compared with the cut text each time the passage is quoted.
    """

    position: int
    start: int
    end: int
    kind: LineLabel
    headings: tuple[str, ...]
    digest: str


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
class Hit:
    """A ranked passage. ``score`` is comparable within one query only; greater is better. ``rank`` counts from 1.

    ``reranker_score``: what a reranker gave it, if it came to this passage; it decides the order, ``score`` then only
    says what a passage of this rank scored before.
    """

    article_id: int
    position: int
    score: float
    rank: int
    reranker_score: float | None = None


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


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage with the spans to highlight.

    ``text`` is exactly ``stored_text[start:end]``; ``highlight`` spans are offsets into ``text``.
    """

    article: ArticleRef
    position: int
    passage_count: int
    headings: tuple[str, ...]
    kind: LineLabel
    text: str
    start: int
    end: int
    highlight: tuple[Span, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent in one ask, by part; ``encode_ms`` includes preparing the question."""

    encode_ms: float = 0.0
    search_ms: float = 0.0
    total_ms: float = 0.0


class AnswerState(StrEnum):
    """Whether the best quote answers: it does, it may, or the articles do not."""

    ANSWERS = "answers"
    UNSURE = "unsure"
    NOT_IN_ARTICLES = "not_in_articles"


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask`` returns: quotes, best first, or an abstention.

    ``query`` is what was asked; ``corrections``: pairs of a word of it and what was searched for in its place.
    ``confidence``: the probability, 0 to 1, that the best quote answers; ``raw_score``: what it was mapped from, for a
    calibration of one's own. ``quotes`` is empty where the articles do not answer.
    """

    query: str
    state: AnswerState
    confidence: float
    quotes: tuple[Quote, ...]
    timings: Timings = field(default_factory=Timings)
    raw_score: float = 0.0
    corrections: tuple[tuple[str, str], ...] = ()

    @property
    def answered(self) -> bool:
        """Whether there is something to show: quotes that answer, or that may."""
        return self.state is not AnswerState.NOT_IN_ARTICLES


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One of the article's own sentences: ``text`` is exactly ``stored_text[start:end]``."""

    text: str
    position: int
    headings: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences of the article in article order.

    ``about``: the topic that was asked for, or ``""``. ``is_too_short``: there is nothing to leave out, and
    ``sentences`` is the first passage.
    """

    article: ArticleRef
    sentences: tuple[SummarySentence, ...]
    about: str = ""
    is_too_short: bool = False


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """An article to add, as it came: bytes of a file or pasted text.

    ``file_name`` helps to choose the format and a title; ``source`` (a URL, a path, a file name) tells a later add of
    the same thing from another article, and may be empty. ``fetch`` is empty for what did not come from the web.
    """

    data: bytes | str
    file_name: str = ""
    title: str | None = None
    source: str = ""
    fetch: FetchState = field(default_factory=FetchState)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a web address answered.

    ``final_url`` is where redirects led, without its fragment; ``media_type`` is what the bytes are, whatever the
    server called them; ``charset`` is Python's name of the encoding that the byte order mark, the header or the page
    itself states, or None. ``etag`` and ``last_modified`` are as the server sent them, to be sent back on a refresh.
    ``fetched_at``: Unix seconds.
    """

    url: str
    final_url: str
    media_type: str
    charset: str | None
    data: bytes
    etag: str | None
    last_modified: str | None
    fetched_at: int


@dataclass(frozen=True, slots=True)
class NotModified:
    """A web address answered that the page is still what it was. ``fetched_at``: Unix seconds."""

    url: str
    fetched_at: int


class SummaryLength(StrEnum):
    """How long a summary is: one sentence, or about 60, 100 or 150 words."""

    KEY = "key"
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class AddStatus(StrEnum):
    """What adding an article did. DUPLICATE: nothing, because it is stored already, from another source."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class AddReport:
    """The result of adding or refreshing an article. Counts are of the article as it is now stored.

    ``changes``: what an update changed, else None. ``encoded``: how many passages had to be encoded for it.
    """

    id: int
    title: str
    status: AddStatus
    passages: int
    left_out: int
    changes: PassageChanges | None = None
    encoded: int = 0


def find_url(source: str) -> str | None:
    """Return the source where it is a web address, else None."""
    return source if source.startswith(("http://", "https://")) else None


def digest(text: str) -> str:
    """Return the 128-bit BLAKE2b of the UTF-8 text as 32 hex digits; it proves that a quote is what was stored."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()
