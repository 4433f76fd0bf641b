"""Which stored article a source is: an article is its address or path, else its text, else its canonical address."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.engine.articles.selection import find_namesake
from bot.engine.ports.stores import Store
from bot.engine.records.articles import find_url


def find_earlier(store: Store, guild: int, source: str, title: str) -> int | None:
    """Return the article that this one updates: of the same address or path, or of the same file name and title."""
    if "/" in source or "\\" in source:
        return store.find_by_source(guild, source)
    return find_namesake(store.list_articles(guild), source, title)


def find_twin(store: Store, guild: int, source: str, canonical_url: str) -> int | None:
    """Return the article that this one is, by the address that either names as its own."""
    urls = [url for url in (canonical_url, find_url(source) or "") if _names_a_page(url)]
    found = [article_id for url in urls if (article_id := store.find_by_url(guild, url)) is not None]
    return min(found, default=None)


def _names_a_page(url: str) -> bool:
    """Tell an address of a page from that of a whole website, which careless pages name as theirs."""
    if not find_url(url):
        return False
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)
