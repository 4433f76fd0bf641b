"""Bodies of a live server: compressed, bombs, endless, slow, lying, and no HTTP at all."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib

import pytest

from bot.engine.errors import TooLarge
from tests.integration.fetch.site import Site, answer
from tests.integration.fetch.visits import TEXT, fetched, refusal


async def test_compressed_pages_are_inflated(site: Site) -> None:
    """gzip, deflate with and without its header."""
    raw = zlib.compressobj(wbits=-15)
    for name, data in {
        "gzip": gzip.compress(TEXT), "x-gzip": gzip.compress(TEXT), "deflate": zlib.compress(TEXT),
        "Deflate": raw.compress(TEXT) + raw.flush(), "identity": TEXT,
    }.items():  # fmt: skip
        site.answers["/z"] = answer(data, Content_Encoding=name)
        assert (await fetched(site, "/z")).data == TEXT


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
async def test_other_compressions_are_refused(site: Site, encoding: str) -> None:
    """What was not offered is not read."""
    site.answers["/z"] = answer(TEXT, Content_Encoding=encoding)
    assert "compressed" in await refusal(site, "/z")


async def test_damaged_compression_is_told(site: Site) -> None:
    """Bytes that do not inflate, and a stream that lacks its end."""
    for data in (b"not gzip at all", gzip.compress(TEXT * 100)[:-20]):
        site.answers["/z"] = answer(data, Content_Encoding="gzip")
        assert "damaged" in await refusal(site, "/z")


async def test_bomb_is_stopped_early(site: Site) -> None:
    """60 MB of zeros in 60 KB end at the limit: little memory, little time."""
    site.answers["/bomb"] = answer(gzip.compress(bytes(60_000_000)), Content_Encoding="gzip")
    tracemalloc.start()
    try:
        assert "1,000,000" in await refusal(site, "/bomb", TooLarge, max_bytes=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


async def test_endless_and_oversized_bodies_are_stopped(site: Site) -> None:
    """A body without a length ends at the limit; a stated one over the limit is not even begun."""
    sent = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            sent += 65_536
            await writer.drain()

    site.answers["/endless"] = endless
    assert "1,000,000" in await refusal(site, "/endless", TooLarge, max_bytes=1_000_000)
    assert sent < 30_000_000
    site.answers["/huge"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99999999999\r\n\r\nx"
    assert "1,000,000" in await refusal(site, "/huge", TooLarge, max_bytes=1_000_000)


async def test_stated_length_is_not_believed(site: Site) -> None:
    """More bytes than stated are no valid answer; fewer are a broken connection, not a page."""
    site.answers["/less"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabcdef"
    assert "not valid" in await refusal(site, "/less")
    site.answers["/more"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 30\r\n\r\nabc"
    assert "broke off" in await refusal(site, "/more")


@pytest.mark.parametrize("what", ["head", "body", "nothing"])
async def test_slow_servers_are_given_up(site: Site, what: str) -> None:
    """A server that sends a byte now and then, or nothing, is cut at the deadline for the whole page."""

    async def slowly(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        if what == "body":
            writer.write(b"\r\n")
        while True:
            if what != "nothing":
                writer.write(b"a: b\r\n" if what == "head" else b"x")
                await writer.drain()
            await asyncio.sleep(0.02)

    site.answers["/slow"] = slowly
    started = time.monotonic()
    assert "in time" in await refusal(site, "/slow", timeout_seconds=0.5)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01\x02 nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"H%d: x\r\n" % number for number in range(5_000)) + b"\r\n",
        b"",
    ],
    ids=["nonsense", "negative length", "giant header", "many headers", "nothing"],
)
async def test_answers_that_are_no_http_are_told(site: Site, raw: bytes) -> None:
    """Whatever comes back, it is one sentence."""
    site.answers["/odd"] = raw
    assert (await refusal(site, "/odd")).endswith(".")
