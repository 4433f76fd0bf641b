"""The addresses that a feed (RSS, Atom) or a sitemap lists."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from bot.engine.errors import ExtractFailed, TooLarge
from bot.engine.records.articles import find_url

log = logging.getLogger(__name__)

MOST_LINKS = 50_000
"""What the sitemap protocol allows in one file; a longer feed is cut."""
MOST_BYTES = 52_428_800
"""What the sitemap protocol allows in one file, inflated."""
_GZIP = b"\x1f\x8b"
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_NO_FEED = "That is neither an RSS or Atom feed nor a sitemap. Give the address or the file of one."


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """What a feed leads to: ``pages`` in its order, each once; ``sitemaps`` where it is an index of sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_links(data: bytes) -> FeedLinks:
    """Return the web addresses that a feed's or sitemap's bytes list, compressed by gzip or not.

    Raises ExtractFailed where they are neither, TooLarge.
    """
    data = _inflate(data) if data.startswith(_GZIP) else data
    if len(data) > MOST_BYTES:
        raise _too_large()
    root = _parse(data)
    if root is not None:
        name = root.tag.rpartition("}")[2]
        if name in ("urlset", "sitemapindex"):
            entries = (item.text for item in root.iter() if item.tag.rpartition("}")[2] == "loc" and _is_plain(item))
            links = _tidy(entry or "" for entry in entries)
            return FeedLinks(pages=links) if name == "urlset" else FeedLinks(sitemaps=links)
    import feedparser

    try:
        feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=True)
    except Exception as error:  # noqa: BLE001 -- on damaged bytes it raises whatever comes up
        log.info("The feed reader failed on %d bytes: %s", len(data), type(error).__name__)
        raise ExtractFailed("That feed is damaged. Download it again.") from None
    if not feed.get("version"):
        raise ExtractFailed(_NO_FEED)
    return FeedLinks(pages=_tidy(str(entry.get("link", "")) for entry in feed.entries))


def _inflate(data: bytes) -> bytes:
    """Inflate gzip members one after another, and stop at the bound: a bomb is noticed before it is held."""
    parts: list[bytes] = []
    room = MOST_BYTES
    while data.startswith(_GZIP):
        stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            part = stream.decompress(data, room + 1)
        except zlib.error:
            raise ExtractFailed("That compressed feed is damaged. Download it again.") from None
        room -= len(part)
        if room < 0:
            raise _too_large()
        if not stream.eof:
            raise ExtractFailed("That compressed feed is cut off. Download it again.")
        parts.append(part)
        data = stream.unused_data
    return b"".join(parts)


def _too_large() -> TooLarge:
    return TooLarge(f"That feed has more than {MOST_BYTES:,} bytes, which is the most that is read. Split it.")


def _parse(data: bytes) -> Element | None:
    """Parse as XML; None for a feed that is none, which the feed's own reader may still make something of."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data)
    except DefusedXmlException:
        raise ExtractFailed("That feed declares entities of its own, as attacks do, and was not read.") from None
    except (ParseError, ValueError, LookupError):
        return None
    return root


def _is_plain(item: Element) -> bool:
    """Tell the page's address from those of its images and videos, which have namespaces of their own."""
    namespace = item.tag.rpartition("}")[0]
    return not namespace or ("sitemap" in namespace and "image" not in namespace and "video" not in namespace)


def _tidy(links: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.strip() for link in links if find_url(link.strip())))[:MOST_LINKS]
