"""A site for every test of the fetcher."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.fetch.site import Site, answer, running_site
from tests.integration.fetch.visits import TEXT


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A site with one good page."""
    async with running_site() as site:
        site.answers["/a"] = answer(TEXT, ETag='"1"', Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT")
        yield site
