"""The parser that the bot uses: short plain texts here, everything else in a child."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

import bot.engine.errors
from bot.engine.errors import Busy, EngineError, ExtractFailed, TooLarge
from bot.engine.ingest.parse import IngestLimits
from bot.engine.ingest.sources import parse_source
from bot.engine.ingest.worker.child import OUT_OF_MEMORY
from bot.engine.ingest.worker.confinement import ChildLimits
from bot.engine.ingest.worker.frames import (
    BadFrame,
    frame,
    json_frame,
    most_answer_bytes,
    read_answer,
)
from bot.engine.ingest.worker.process import Finished, Overran, run_child
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.sources import ArticleSource

log = logging.getLogger(__name__)

TARGET = "bot.engine.ingest.sources:parse_source"
PLAIN_BYTES = 65_536
"""A plain text of at most this size is parsed in this process: the worst ones known take a second or two."""

_PLAIN_ENDINGS = frozenset({"", ".txt", ".text", ".md", ".markdown", ".mdown", ".mkd"})
_MESSAGE_CHARACTERS = 500
_MEMORY = (
    "Reading that file takes more memory than a file is given. Split it into several, or paste the text that you need."
)
_TIME = "Reading that file takes longer than a file is given. Split it into several, or paste the text that you need."
_CRASH = "That file could not be read: its reader failed. Save it again in another format, or paste its text."
_NO_CHILD = "This machine cannot start another process right now. Try again in a minute."


class ChildParser:
    """Parses files in children: one at a time for each guild, and so many in all. Thread-safe.

    ``target`` names another function to run, for tests.
    """

    def __init__(
        self,
        limits: IngestLimits | None = None,
        child_limits: ChildLimits | None = None,
        *,
        at_once: int = 2,
        target: str = TARGET,
    ) -> None:
        self._limits = limits or IngestLimits()
        self._child_limits = child_limits or ChildLimits()
        self._slots = _Slots(at_once)
        self._target = target

    def parse(self, guild: int, source: ArticleSource, *, tick: Callable[[], None] | None = None) -> ParsedArticle:
        """Parse a source. ``tick`` is called about ten times a second while a child works, and may raise to give up.

        Raises ExtractFailed, TooLarge, Unsupported, Busy.
        """
        if isinstance(source.data, str) or is_plain(source.data, source.file_name):
            return parse_source(source, self._limits)
        if len(source.data) > self._limits.max_bytes:
            raise TooLarge(
                f"That file has {len(source.data):,} bytes; {self._limits.max_bytes:,} are possible. Split it into "
                "several articles."
            )
        with self._slots.take(guild, tick):
            return self._parse_in_child(source, source.data, tick)

    def _parse_in_child(self, source: ArticleSource, data: bytes, tick: Callable[[], None] | None) -> ParsedArticle:
        started = time.monotonic()
        apart = ("data", "fetch")  # the bytes follow by themselves; how they came is no business of the child
        names = [item.name for item in dataclasses.fields(source) if item.name not in apart]
        fields = {name: getattr(source, name) for name in names}
        request = {
            "source": fields,
            "limits": dataclasses.asdict(self._limits),
            "child": dataclasses.asdict(self._child_limits),
            "parent": os.getpid(),
        }
        try:
            finished = run_child(
                self._target,
                (json_frame(request), frame(data)),
                seconds=self._child_limits.seconds,
                most_bytes=most_answer_bytes(self._limits),
                tick=tick,
            )
        except Overran as error:
            log.warning("A child that read %d bytes was killed: too much %s", len(data), error)
            raise TooLarge(_TIME if str(error) == "time" else _MEMORY) from None
        except OSError as error:
            log.warning("No child could be started: %s", error)
            raise Busy(_NO_CHILD) from error
        log.debug("A child read %d bytes in %.0f ms", len(data), 1000 * (time.monotonic() - started))
        return self._result(finished)

    def _result(self, finished: Finished) -> ParsedArticle:
        """Turn what a child left into an article, or into the error that it means."""
        if finished.status != 0:
            log.warning("A child ended with status %d", finished.status)
            if finished.status == OUT_OF_MEMORY:
                raise TooLarge(_MEMORY)
            if finished.status in (-getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGALRM", 14)):
                raise TooLarge(_TIME)
            raise ExtractFailed(_CRASH)
        try:
            answer = read_answer(finished.output, self._limits)
        except BadFrame as error:
            log.warning("A child gave an answer that is not valid: %s", error)
            raise ExtractFailed(_CRASH) from None
        if isinstance(answer, ParsedArticle):
            return answer
        name, message = answer
        if name == "MemoryError":
            raise TooLarge(_MEMORY)
        kind = getattr(bot.engine.errors, name, None)
        if not (isinstance(kind, type) and issubclass(kind, EngineError)) or not message:
            log.warning("A child failed with %s", name)
            raise ExtractFailed(_CRASH)
        raise kind(message[:_MESSAGE_CHARACTERS])


def is_plain(data: bytes, file_name: str) -> bool:
    """Say whether bytes are a short plain text or Markdown in UTF-8, which needs no reader that could be attacked."""
    if len(data) > PLAIN_BYTES or PurePath(file_name).suffix.lower() not in _PLAIN_ENDINGS:
        return False
    start = data[:1_024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\x00" in data or start.startswith((b"<", b"%PDF", b"PK", b"{\\rtf")):
        return False
    with contextlib.suppress(UnicodeDecodeError):
        data.decode("utf-8")
        return True
    return False


class _Slots:
    """Who may start a child: one of each guild, so many in all."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._guilds: set[int] = set()
        self._changed = threading.Condition()

    @contextmanager
    def take(self, guild: int, tick: Callable[[], None] | None) -> Iterator[None]:
        with self._changed:
            while not self._free or guild in self._guilds:
                self._changed.wait(timeout=0.1)
                if tick is not None:
                    tick()
            self._free -= 1
            self._guilds.add(guild)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._guilds.discard(guild)
                self._changed.notify_all()
