"""How old an article from the web is: when its page was last had, and what happened when it was asked for again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchState:
    """What is known of the page behind an article; all of it empty for one that did not come from the web.

    ``fetched_at``: Unix seconds at which the page was last seen to hold the stored text, 0 for never. ``etag`` and
    ``last_modified`` are as the server sent them, ``""`` where it did not. ``checked_at``: Unix seconds of the last try
    to refresh; ``problem``: why that try failed, ``""`` where it did not.
    """

    fetched_at: int = 0
    etag: str = ""
    last_modified: str = ""
    checked_at: int = 0
    problem: str = ""


NEVER_FETCHED = FetchState()


def find_as_of(fetch: FetchState, *, added_at: int, revision: int) -> int | None:
    """Return the time to show with a quote, Unix seconds, or None where the article stands as it was added.

    An article says as of when it is quoted once its page was looked at again: what a reader finds there may differ.
    """
    if not fetch.fetched_at:
        return None
    looked_again = revision > 1 or fetch.fetched_at > added_at or bool(fetch.problem)
    return fetch.fetched_at if looked_again else None
