"""Fetching from the site of a test."""

from __future__ import annotations

import pytest

from bot.engine.errors import EngineError, FetchFailed
from bot.engine.ingest.fetch.addresses import AddressRule
from bot.engine.ingest.fetch.fetcher import FetchLimits, PageFetcher
from bot.engine.records.sources import FetchedPage
from tests.integration.fetch.site import FakeNames, Site

GUILD = 1
TEXT = b"The tower of Varnby is forty metres high."


def fetcher(site: Site, *allowed: str, names: FakeNames | None = None, **limits: float) -> PageFetcher:
    """A fetcher that may read the test's site, and nothing else of this machine."""
    entries = allowed or (f"127.0.0.1:{site.port}",)
    return PageFetcher(
        user_agent="Pullquote/1 (+mailto:me@example.com)",
        rule=AddressRule.of(entries),
        limits=FetchLimits(**limits),  # type: ignore[arg-type]
        resolver=names,
    )


async def fetched(site: Site, path: str = "/a", **limits: float) -> FetchedPage:
    """Fetch a path of the site."""
    page = await fetcher(site, **limits).fetch(GUILD, site.url(path))
    assert isinstance(page, FetchedPage)
    return page


async def refusal(site: Site, path: str, kind: type[EngineError] = FetchFailed, **limits: float) -> str:
    """What is said of a path that cannot be had."""
    with pytest.raises(kind) as caught:
        await fetcher(site, **limits).fetch(GUILD, site.url(path))
    return str(caught.value)
