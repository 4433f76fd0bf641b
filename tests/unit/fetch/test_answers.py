"""What an answer is: its kind, its encoding, or a wall in front of the page; robots.txt; and the gate."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.engine.errors import Busy, FetchFailed, Unsupported
from bot.engine.ingest.fetch.gate import HOUR_SECONDS, Gate
from bot.engine.ingest.fetch.media import (
    DOCX,
    EPUB,
    HTML,
    MARKDOWN,
    PDF,
    TEXT,
    XHTML,
    check_media_type,
    find_charset,
    sniff_media_type,
)
from bot.engine.ingest.fetch.robots import read_robots
from bot.engine.ingest.fetch.verdicts import check_html, check_place, check_status, count_shown_words
from bot.engine.ingest.pages import page_source
from bot.engine.records.sources import FetchedPage

PAGE = b"<!doctype html><html><body><p>Words.</p></body></html>"
LONG = b"<p>" + b"Many words are shown here. " * 60 + b"</p>"


@pytest.mark.parametrize(
    ("header", "data", "path", "found"),
    [
        ("text/html; charset=utf-8", PAGE, "/", HTML),
        ("application/xhtml+xml", PAGE, "/", XHTML),
        ("text/plain", b"Words.", "/a.txt", TEXT),
        ("text/plain", b"# Words", "/README.md", MARKDOWN),
        ("text/markdown", b"# Words", "/a", MARKDOWN),
        ("application/octet-stream", b"%PDF-1.7\n", "/a", PDF),
        ("text/html", b"%PDF-1.7\n", "/a", PDF),
        ("", PAGE, "/", HTML),
        ("application/pdf", PAGE, "/a.pdf", HTML),
        ("application/pdf", b"junk %PDF-1.4\n\x00", "/a.pdf", PDF),
        ("application/octet-stream", b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/epub+zip", "/a", EPUB),
        ("application/octet-stream", b"PK\x03\x04" + bytes(26) + b"word/document.xml", "/a", DOCX),
        ("text/plain", "Words".encode("utf-16"), "/", TEXT),
        ("text/plain", "Words of some length".encode("utf-16-le"), "/", TEXT),
    ],
)
def test_bytes_outrank_what_the_server_calls_them(header: str, data: bytes, path: str, found: str) -> None:
    """A signature decides; else the header; else the path's ending."""
    assert sniff_media_type(data, check_media_type(header), path) == found


@pytest.mark.parametrize("header", ["image/png", "video/mp4", "application/json", "application/zip", "text/css", "<x>"])
def test_other_kinds_are_refused_unread(header: str) -> None:
    """A header that names no article ends the fetch before the body."""
    with pytest.raises(Unsupported, match="holds no article"):
        check_media_type(header)


@pytest.mark.parametrize(
    ("header", "data"),
    [
        ("text/html", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"),
        ("", b"\x7fELF\x02\x01\x01\x00"),
        ("application/octet-stream", b"PK\x03\x04" + bytes(40)),
        ("application/pdf", b"no such thing"),
    ],
)
def test_bytes_of_other_kinds_are_refused(header: str, data: bytes) -> None:
    """Whatever the header says, a picture, a program and an archive are no article."""
    with pytest.raises(Unsupported):
        sniff_media_type(data, check_media_type(header), "/")


@pytest.mark.parametrize(
    ("data", "header", "kind", "found"),
    [
        (b"\xef\xbb\xbfx", "text/html; charset=koi8-r", HTML, "utf-8"),
        ("x".encode("utf-16"), "text/plain", TEXT, "utf-16-le"),
        (b"<meta charset=utf-8>", "text/html; charset=koi8-r", HTML, "koi8-r"),
        (b"x", 'text/html; charset="ISO-8859-1"', HTML, "cp1252"),
        (b"x", "text/html; charset=gb2312", HTML, "gb18030"),
        (b'<html><meta charset="windows-1251">', "text/html", HTML, "cp1251"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', "text/html", HTML, "cp932"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>', "application/xhtml+xml", XHTML, "iso8859-2"),
        (b"<meta charset=utf-16>", "text/html", HTML, "utf-8"),
        (b"<meta charset=rot13>", "text/html; charset=zlib", HTML, None),
        (b"x", "text/plain; charset=no-such-thing", TEXT, None),
        (b"<meta charset=koi8-r>", "text/plain", TEXT, None),
        (b"%PDF-1.7", "application/pdf; charset=utf-8", PDF, None),
    ],
)
def test_encoding_is_the_stated_one(data: bytes, header: str, kind: str, found: str | None) -> None:
    """The byte order mark outranks the header, which outranks the page; only encodings of text count."""
    assert find_charset(data, header, kind) == found


@given(st.binary(max_size=400), st.text(max_size=80))
def test_no_bytes_and_no_header_break_the_guessing(data: bytes, header: str) -> None:
    """Whatever a server sends, there is a kind and an encoding, or Unsupported."""
    try:
        kind = sniff_media_type(data, check_media_type(header), "/a")
    except Unsupported:
        return
    find_charset(data, header, kind)


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "sign-in"), (402, "paid"), (403, "403"), (404, "no such page"), (410, "gone"), (429, "in an hour"),
     (451, "legal"), (500, "try again later"), (503, "try again later"), (204, "204"), (206, "206"), (304, "304"),
     (418, "418")],
)  # fmt: skip
def test_errors_are_told_as_what_they_are(status: int, says: str) -> None:
    """The number is named, and what to do."""
    with pytest.raises(FetchFailed, match=rf"(?i)answered {status}.*") as caught:
        check_status(status, {})
    assert says in str(caught.value).lower()


def test_challenges_are_told() -> None:
    """A server that wants to see a human is not "forbidden"."""
    with pytest.raises(FetchFailed, match="human reader"):
        check_status(403, {"cf-mitigated": "challenge"})
    check_status(200, {})


@pytest.mark.parametrize(
    ("asked", "final", "says"),
    [
        ("https://example.com/a", "https://consent.example.com/m?continue=x", "cookies"),
        ("https://example.com/a", "https://example.com/cookie-consent?back=a", "cookies"),
        ("https://example.com/a", "https://example.com/login?next=/a", "signing in"),
        ("https://example.com/a", "https://accounts.example.com/ServiceLogin", "signing in"),
        ("https://example.com/a", "https://example.com/wp-login.php", "signing in"),
        ("https://example.com/a", "https://www.example.com/a", None),
        ("https://example.com/login-history", "https://example.com/login-history/", None),
        ("https://example.com/consent-in-law", "https://example.com/articles/consent-in-law", None),
        ("https://login.example.com/x", "https://login.example.com/y", None),
    ],
)
def test_detours_are_told_as_what_they_are(asked: str, final: str, says: str | None) -> None:
    """Where a redirect ends at a wall, the wall is named; articles about walls are read."""
    if says is None:
        check_place(URL(asked), URL(final))
        return
    with pytest.raises(FetchFailed, match=says):
        check_place(URL(asked), URL(final))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<script>{"isAccessibleForFree": false}</script><p>The beginning.</p>', "paid"),
        (b'<script>{"isAccessibleForFree": false}</script>' + LONG, None),
        (b"<form><input type='password'></form><p>Welcome back.</p>", "signing in"),
        (b"<form><input type='password'></form>" + LONG, None),
        (b"<p>Before you continue, choose.</p>", "cookies"),
        (b"<noscript>Please enable JavaScript.</noscript>", "scripts"),
        (b"<p>Verify you are human.</p>", "human"),
        (b"<p>A short page.</p>", None),
        (b"<p>Checking your browser is the subject of this article.</p>" + LONG, None),
    ],
)
def test_walls_are_recognised_with_care(data: bytes, says: str | None) -> None:
    """Only a page that shows next to nothing and says that it is a wall is taken for one."""
    if says is None:
        check_html(data)
        return
    with pytest.raises(FetchFailed, match=says):
        check_html(data)


def test_shown_words_leave_scripts_out() -> None:
    """Scripts and styles are not shown; unclosed tags do no harm."""
    assert count_shown_words(b"one <b>two</b> <script>var x = 1 < 2;</script> three <style>p {}</style> four <x") == 4
    assert count_shown_words(b"<" * 100_000) == 0


ROBOTS = b"""
# a comment
User-agent: *
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Disallow: /a*b*c
Disallow:

User-agent: Other
User-agent: Shared
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True), ("/private", False), ("/private/x", False), ("/private/open/x", True), ("/x.pdf", False),
        ("/x.pdf?y", True), ("/a1b2c3", False), ("/a1c", True), ("/privat", True),
    ],
)  # fmt: skip
def test_robots_rules_of_everyone(path: str, allowed: bool) -> None:
    """The longest match decides, wildcards and the end mark count (RFC 9309)."""
    assert read_robots(ROBOTS).allow(path) is allowed


def test_robots_rules_of_our_own() -> None:
    """A group that names this program replaces everyone's, even an empty one."""
    assert read_robots(b"User-agent: *\nDisallow: /\n\nuser-agent: PullQuote\nDisallow: /x\n").allow("/y")
    assert not read_robots(b"User-agent: *\nAllow: /\n\nUser-agent: pullquote\nDisallow: /x\n").allow("/x")
    assert read_robots(b"User-agent: *\nDisallow: /\nUser-agent: pullquote\nDisallow:\n").allow("/x")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_robots_file_is_read(data: bytes, path: str) -> None:
    """Whatever a server calls robots.txt, there is an answer."""
    assert read_robots(data).allow("/" + path) in (True, False)


def page(
    data: bytes, charset: str | None, media_type: str = HTML, final: str = "https://example.com/a/b.php"
) -> FetchedPage:
    """A page as it might have been fetched."""
    return FetchedPage("https://example.com/", final, media_type, charset, data, None, None, 0)


def test_page_becomes_a_source_in_utf_8() -> None:
    """The stated encoding is applied once and marked; the name says the kind; the address is the final one."""
    source = page_source(page("Wörter".encode("cp1252"), "cp1252"), "Title")
    assert source.data == "\ufeffWörter".encode()
    assert (source.file_name, source.title, source.source) == ("b.html", "Title", "https://example.com/a/b.php")


def test_wrongly_stated_encoding_is_left_to_the_parser() -> None:
    """Bytes that are not what is stated stay as they are."""
    assert page_source(page(b"W\xf6rter", "utf-8")).data == b"W\xf6rter"
    assert page_source(page(b"W\xf6rter", None)).data == b"W\xf6rter"


@pytest.mark.parametrize(
    ("final", "kind", "name"),
    [
        ("https://example.com/", HTML, "example.com.html"),
        ("https://example.com/a.md", MARKDOWN, "a.md"),
        ("https://example.com/The%20end", TEXT, "The end.txt"),
        ("https://example.com/x/?q=1", PDF, "x.pdf"),
    ],
)
def test_names_of_pages(final: str, kind: str, name: str) -> None:
    """A page without a title of its own is named after its address."""
    assert page_source(page(b"", None, kind, final)).file_name == name


def test_each_guild_has_its_share_of_an_hour() -> None:
    """The limit names the minutes to wait, is per guild, and lets go after an hour."""
    now = [0.0]
    gate = Gate(at_once=1, per_guild_per_hour=2, clock=lambda: now[0])
    gate.count(1)
    now[0] = 600.0
    gate.count(1)
    with pytest.raises(Busy, match="in 50 minutes"):
        gate.count(1)
    gate.count(2)
    now[0] = HOUR_SECONDS
    gate.count(1)
    with pytest.raises(Busy):
        gate.count(1)


async def test_few_at_once_and_one_a_host() -> None:
    """No more than the places are held, one for each host, and who waits for a host holds no place."""
    gate = Gate(at_once=2, per_guild_per_hour=1)
    held: list[str] = []
    most = 0
    release = asyncio.Event()

    async def visit(host: str) -> None:
        nonlocal most
        async with gate.place(host):
            held.append(host)
            most = max(most, len(held))
            assert len(held) == len(set(held))
            await release.wait()
            held.remove(host)

    visits = [asyncio.create_task(visit(host)) for host in ("a", "a", "a", "b", "c")]
    for _ in range(10):
        await asyncio.sleep(0)
    assert sorted(held) == ["a", "b"]
    release.set()
    await asyncio.gather(*visits)
    assert most == 2
    assert gate._hosts == {}
