"""Running one child: it is started from nothing, fed, listened to within bounds, and killed when it overruns."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[4]
_BOOTSTRAP = (
    "import sys; sys.path.insert(0, sys.argv[2]); from bot.engine.ingest.worker.child import main; main(sys.argv[1])"
)
_TICK_SECONDS = 0.1
_STEP = 65_536


class Overran(Exception):
    """A child took too long, or answered more than it may."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a child left: its answer, and its exit status (negative: the signal that ended it)."""

    output: bytearray
    status: int


def run_child(
    target: str,
    request: Iterable[bytes],
    *,
    seconds: float,
    most_bytes: int,
    tick: Callable[[], None] | None = None,
) -> Finished:
    """Run ``target`` (``module:function``) in a child and return what it answered.

    ``tick`` is called about ten times a second and may raise. Raises Overran, and OSError where no process can start.
    """
    command = [sys.executable, "-I", "-X", "utf8", "-c", _BOOTSTRAP, target, str(ROOT)]
    process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(sys.executable).anchor,
        env=_environment(),
        start_new_session=True,
    )
    listener = _Listener(most_bytes)
    threads = [
        threading.Thread(target=_feed, args=(process, request), name="pullquote-feed", daemon=True),
        threading.Thread(target=listener.listen, args=(process,), name="pullquote-listen", daemon=True),
    ]
    deadline = time.monotonic() + seconds
    try:
        for thread in threads:
            thread.start()
        while not listener.has_ended.wait(_TICK_SECONDS):
            if time.monotonic() > deadline:
                raise Overran("time")
            if tick is not None:
                tick()
        if listener.has_too_much:
            raise Overran("output")
        # The answer is complete; what still runs has nothing to say.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1.0)
    finally:
        _kill(process)
        for thread in threads:
            thread.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
    return Finished(listener.output, process.returncode)


@dataclass
class _Listener:
    """Collects what a child says, up to a bound."""

    most_bytes: int
    output: bytearray = field(default_factory=bytearray)
    has_ended: threading.Event = field(default_factory=threading.Event)
    has_too_much: bool = False

    def listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
        try:
            while chunk := os.read(process.stdout.fileno(), _STEP):
                self.output += chunk
                if len(self.output) > self.most_bytes:
                    self.has_too_much = True
                    self.output.clear()
                    return
        finally:
            self.has_ended.set()


def _feed(process: subprocess.Popen[bytes], request: Iterable[bytes]) -> None:
    """Write the request. A child that ends early breaks the pipe, which is for its exit status to explain."""
    assert process.stdin is not None  # noqa: S101 -- a pipe was asked for
    with contextlib.suppress(OSError, ValueError):
        for part in request:
            process.stdin.write(part)
        process.stdin.close()


def _environment() -> dict[str, str]:
    """Nothing of ours: the environment may hold the token. Windows cannot start a program without its own folder."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it may have started."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
    process.wait()
