"""Reading an answer's body within bounds, however it is compressed and whatever its headers claim."""

from __future__ import annotations

import zlib

import aiohttp

from bot.engine.errors import FetchFailed, TooLarge
from bot.engine.ingest.fetch.urls import INSTEAD

_STEP = 65_536
_INFLATED_STEP = 262_144
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


async def read_body(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Read the whole body, at most ``most`` bytes of it, sent and inflated. Raises TooLarge, FetchFailed."""
    declared = response.content_length
    if declared is not None and declared > most:
        raise _too_large(most)
    inflate = _inflater(response.headers.getall("Content-Encoding", []))
    body, received = bytearray(), 0
    while chunk := await response.content.read(_STEP):
        received += len(chunk)
        if received > most:
            raise _too_large(most)
        if inflate is None:
            body += chunk
        else:
            inflate.add(chunk, body, most)
    if inflate is not None:
        inflate.finish()
    return bytes(body)


class _Inflater:
    """Inflates gzip and deflate step by step, so that a bomb is noticed after the first step that is too much."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._has_begun = False

    def add(self, chunk: bytes, body: bytearray, most: int) -> None:
        """Inflate one chunk to the end of ``body``. Raises TooLarge, FetchFailed."""
        while chunk and not self._stream.eof:
            try:
                body += self._stream.decompress(chunk, _INFLATED_STEP)
            except zlib.error:
                if self._has_begun:
                    raise _broken() from None
                # Some servers send "deflate" without the zlib header.
                self._stream, self._has_begun = zlib.decompressobj(-zlib.MAX_WBITS), True
                continue
            self._has_begun = True
            if len(body) > most:
                raise _too_large(most)
            chunk = self._stream.unconsumed_tail

    def finish(self) -> None:
        """Check that the stream came to its end. Raises FetchFailed."""
        if not self._stream.eof:
            raise _broken()


def _inflater(encodings: list[str]) -> _Inflater | None:
    names = [name.strip().lower() for value in encodings for name in value.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names:
        return None
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(f"That page was sent compressed in a way that was not asked for. {INSTEAD}")
    return _Inflater()


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        f"That page has more than {most:,} bytes, which is the most that is read. Save the part you need and add it as "
        "a file, or paste its text."
    )


def _broken() -> FetchFailed:
    return FetchFailed(f"The page arrived damaged. Try again later. {INSTEAD}")
