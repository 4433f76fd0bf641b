"""Feeds and sitemaps."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.errors import ExtractFailed, TooLarge
from bot.engine.ingest.feeds import FeedLinks, read_links

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://a.example/</link>
<item><title>1</title><link>https://a.example/1</link></item>
<item><title>2</title><link> https://a.example/2 </link></item>
<item><title>again</title><link>https://a.example/1</link></item>
<item><title>no link</title></item><item><title>odd</title><link>javascript:alert(1)</link></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/"><title>T</title>
<entry><title>1</title><link rel="enclosure" href="https://a.example/1.mp3"/><link href="/1"/></entry></feed>"""
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://a.example/1</loc>
<image:image><image:loc>https://a.example/1.png</image:loc></image:image></url>
<url><loc>https://a.example/2?a=1&amp;b=2</loc></url></urlset>"""
INDEX = b"""<sitemapindex><sitemap><loc>https://a.example/s1.xml</loc></sitemap></sitemapindex>"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel>
<item><link>https://a.example/&b;</link></item></channel></rss>"""
SURROGATE = b'<rss version="2.0"><channel><item><title>&#xD800;</title></item></channel></rss>'
OUTSIDE = (
    b"""<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a/&x;</loc></url></urlset>"""
)


@pytest.mark.parametrize(
    ("data", "links"),
    [
        (RSS, FeedLinks(pages=("https://a.example/1", "https://a.example/2"))),
        (ATOM, FeedLinks(pages=("https://a.example/1",))),
        (SITEMAP, FeedLinks(pages=("https://a.example/1", "https://a.example/2?a=1&b=2"))),
        (INDEX, FeedLinks(sitemaps=("https://a.example/s1.xml",))),
        (RSS.replace(b"<title>2</title>", b"<title>AT&T &nbsp;</title>"), read_links(RSS)),
    ],
    ids=["rss", "atom", "sitemap", "index", "not quite XML"],
)
def test_addresses_are_found_once_and_in_order(data: bytes, links: FeedLinks) -> None:
    """Each kind gives its pages, without images and enclosures and what is no web address."""
    assert read_links(data) == links


@pytest.mark.parametrize("data", [b"", b"<html><body><p>No feed.</p></body></html>", b"plain words", b"\x00\xff\xfe"])
def test_what_is_no_feed_is_said(data: bytes) -> None:
    """Anything else is refused with what is wanted."""
    with pytest.raises(ExtractFailed, match="neither an RSS or Atom feed nor a sitemap"):
        read_links(data)


@pytest.mark.parametrize("data", [SITEMAP, INDEX, RSS, ATOM])
def test_compressed_feeds_are_read(data: bytes) -> None:
    """What sites offer as sitemap.xml.gz gives the same addresses, in one gzip member or in several."""
    assert read_links(gzip.compress(data)) == read_links(data)
    assert read_links(gzip.compress(data[:50]) + gzip.compress(data[50:])) == read_links(data)


@pytest.mark.parametrize("members", [1, 40])
def test_a_bomb_is_stopped_at_the_bound(members: int) -> None:
    """A few kilobytes that inflate to hundreds of megabytes cost no more than the most that a feed may be."""
    bomb = gzip.compress(bytes(2_000_000 if members > 1 else 200_000_000)) * members
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="52,428,800"):
            read_links(bomb)
        assert tracemalloc.get_traced_memory()[1] < 200_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "data", [gzip.compress(SITEMAP)[:-9], b"\x1f\x8b" + b"junk" * 9, gzip.compress(b""), SURROGATE]
)
def test_damaged_compressed_feeds_are_told(data: bytes) -> None:
    """Cut off, damaged or empty: each is one sentence."""
    with pytest.raises(ExtractFailed, match=r"cut off|damaged|neither"):
        read_links(data)


@pytest.mark.parametrize("data", [BOMB, OUTSIDE])
def test_entities_are_refused(data: bytes) -> None:
    """A feed that declares entities is an attack until proven otherwise."""
    with pytest.raises(ExtractFailed, match="entities of its own"):
        read_links(data)


@given(st.binary(max_size=300) | st.integers(0, len(SITEMAP)).map(lambda cut: SITEMAP[:cut]))
def test_any_bytes_end_in_links_or_one_sentence(data: bytes) -> None:
    """Whatever comes, it is read or refused."""
    try:
        links = read_links(data)
    except ExtractFailed:
        return
    assert all(url.startswith("http") for url in (*links.pages, *links.sitemaps))
