"""What articles come from, as files, pasted texts and web pages, and what adding one did."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.engine.records.freshness import FetchState


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


class AddStatus(StrEnum):
    """What adding an article did. DUPLICATE: nothing, because it is stored already, from another source."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class PassageChanges:
    """How many passages came, went and were edited. One that only moved counts as none of these."""

    added: int = 0
    removed: int = 0
    edited: int = 0

    def __str__(self) -> str:
        counts = (("+", self.added), ("\u2212", self.removed), ("~", self.edited))
        return " ".join(f"{sign}{count}" for sign, count in counts if count) or "\u00b10"


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
