"""Parsers that do what a file that took over a parser would do. A child is told to run them; never the tests' process.

Each has the form of ``parse_source``. What one of them finds out it answers as an article's text.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from bot.engine.errors import Unsupported
from bot.engine.ingest.parse import IngestLimits, parse_text
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.sources import ArticleSource


def tell(text: str) -> ParsedArticle:
    """Answer with a text."""
    return parse_text(f"What was found\n\nIt was found out that {text} and nothing else.\n")


def hog_memory(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Take all the memory there is."""
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def loop_for_ever(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Use the processor for ever."""
    while True:
        pass


def sleep_for_ever(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Use nothing, for ever."""
    while True:
        time.sleep(60)


def answer_for_ever(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Write without end to every descriptor that takes it."""
    block = b"\x00" * 65_536
    while True:
        for descriptor in range(3, 32):
            try:
                os.write(descriptor, block)
            except OSError:
                continue


def answer_nonsense(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Write what is no frame, and leave as if all were well."""
    for descriptor in range(3, 32):
        try:
            os.write(descriptor, b"\xff" * 100)
        except OSError:
            continue
    os._exit(0)


def crash(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Read from nowhere."""
    ctypes.string_at(0)
    raise AssertionError


def leave_silently(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """End without a word."""
    os._exit(0)


def recurse(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Go deeper than the interpreter goes."""
    return recurse(source, limits)


def refuse(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Refuse, as a parser does."""
    raise Unsupported(f"{source.file_name} is no article. Add another one.")


def fail(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Fail, as a parser must not."""
    raise KeyError("secret of the article")


def print_much(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Print, as libraries do."""
    print("a line on standard output", flush=True)  # noqa: T201
    print("a line on standard error", file=sys.stderr, flush=True)  # noqa: T201
    os.write(1, b"a line on descriptor 1")
    return tell("printing does not hurt")


def attempt_everything(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Try what Python has for reaching out, and tell what worked. The source's data is a path that must not open."""
    assert isinstance(source.data, bytes)
    secret = Path(os.fsdecode(source.data))
    attempts = {
        "connect": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
        "socket": lambda: socket.socket(socket.AF_UNIX),
        "look up": lambda: socket.getaddrinfo("localhost", 80),
        "fork": os.fork,
        "start": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "system": lambda: os.system("true"),  # noqa: S605, S607
        "kill": lambda: os.kill(os.getppid(), signal.SIGTERM),
        "read": secret.read_bytes,
        "write": lambda: Path("/tmp/pullquote-hostile").write_bytes(b"x"),  # noqa: S108
        "remove": secret.unlink,
    }
    return tell(", ".join([name for name, attempt in attempts.items() if _works(attempt)] or ["nothing worked"]))


def attempt_everything_below(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Try the same through libc, as machine code that a file smuggled in would."""
    assert isinstance(source.data, bytes)
    libc = ctypes.CDLL(None, use_errno=True)
    attempts = {
        "socket": lambda: libc.socket(2, 1, 0),
        "fork": libc.fork,
        "execute": lambda: libc.execl(b"/bin/true", b"/bin/true", None),
        "kill": lambda: libc.kill(os.getppid(), 0),
        "read": lambda: libc.open(source.data, os.O_RDONLY),
        "create": lambda: libc.open(source.data + b".new", os.O_WRONLY | os.O_CREAT, 0o600),
        "trace": lambda: libc.ptrace(16, os.getppid(), 0, 0),
    }
    parent, worked = os.getpid(), []
    for name, attempt in attempts.items():
        if attempt() >= 0:
            worked.append(name)
        if os.getpid() != parent:
            os._exit(0)
    return tell(", ".join(worked or ["nothing worked"]))


def tell_limits(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Tell what the process may use."""
    import resource

    names = ("AS", "CPU", "FSIZE", "CORE", "NOFILE", "NPROC")
    found = {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in names}
    return tell(", ".join(f"{name} {value}" for name, value in found.items()) + f", nice {os.nice(0)}")


def tell_environment(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Tell the names of the environment's variables."""
    return tell(", ".join(sorted(os.environ)) or "there is no environment")


def import_late(source: ArticleSource, limits: IngestLimits) -> ParsedArticle:
    """Load modules after the rights are gone, as parsers that load their libraries late do."""
    import csv
    import html.parser
    import xml.etree.ElementTree as ET
    import zipfile

    import markdown_it.presets

    names = [module.__name__ for module in (csv, html.parser, ET, zipfile, markdown_it.presets)]
    return tell(", ".join(names))


def _works(attempt: object) -> bool:
    try:
        attempt()  # type: ignore[operator]
    except OSError:
        return False
    return True
