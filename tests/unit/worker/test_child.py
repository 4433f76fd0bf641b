"""A child that reads a hostile file: what it cannot do, and what the parent says of it."""

from __future__ import annotations

import asyncio
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.engine.errors import Busy, EngineError, ExtractFailed, TooLarge, Unsupported
from bot.engine.ingest.parse import IngestLimits
from bot.engine.ingest.worker.confinement import NICENESS, ChildLimits
from bot.engine.ingest.worker.parser import PLAIN_BYTES, ChildParser, is_plain
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.sources import ArticleSource

GUILD = 1
FILE = ArticleSource(b"\x01", file_name="article.pdf")
SMALL = ChildLimits(megabytes=512, cpu_seconds=15, seconds=60)
"""Seconds enough for a loaded machine to fill the memory: what a test is about is reached first."""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes these rights away")


def parser(name: str, *, child: ChildLimits = SMALL, limits: IngestLimits | None = None) -> ChildParser:
    """A parser whose children run one of the hostile functions."""
    return ChildParser(limits, child, target=f"tests.unit.worker.hostile:{name}")


def found(name: str, data: bytes = b"\x01") -> str:
    """What a hostile function found out."""
    parsed: ParsedArticle = parser(name).parse(GUILD, ArticleSource(data, file_name="article.pdf"))
    return parsed.text.partition("found out that ")[2].partition(" and nothing else")[0]


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        pytest.param("hog_memory", TooLarge, "more memory", marks=linux_only),
        ("answer_for_ever", TooLarge, "more memory"),
        ("answer_nonsense", ExtractFailed, "its reader failed"),
        ("crash", ExtractFailed, "its reader failed"),
        ("leave_silently", ExtractFailed, "its reader failed"),
        ("recurse", ExtractFailed, "its reader failed"),
        ("fail", ExtractFailed, "its reader failed"),
        ("refuse", Unsupported, "article.pdf is no article"),
        ("no_such_function", ExtractFailed, "its reader failed"),
    ],
)
def test_overrun_or_failure_is_one_sentence(name: str, kind: type[EngineError], says: str) -> None:
    """Whatever becomes of a child, the member gets a sentence of the right kind that names the next step."""
    limits = IngestLimits(max_characters=10_000, max_lines=100, max_passages=100)
    with pytest.raises(kind, match=says) as caught:
        parser(name, limits=limits).parse(GUILD, FILE)
    assert "secret" not in str(caught.value)
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("pullquote-feed")]


@linux_only
def test_child_that_computes_for_ever_is_ended() -> None:
    """A child that uses the processor for longer than a file is given is ended by the system, and told so."""
    with pytest.raises(TooLarge, match="takes longer"):
        parser("loop_for_ever", child=ChildLimits(cpu_seconds=1)).parse(GUILD, FILE)


def test_child_that_waits_is_killed_in_time() -> None:
    """A child that uses nothing but time is ended by the clock, and leaves no process behind."""
    started = time.monotonic()
    with pytest.raises(TooLarge, match="takes longer"):
        parser("sleep_for_ever", child=ChildLimits(seconds=1)).parse(GUILD, FILE)
    assert time.monotonic() - started < 10


def test_giving_up_kills_the_child() -> None:
    """What the tick raises ends the wait at once and comes out as it is."""
    calls = []

    def tick() -> None:
        calls.append(1)
        raise Busy("The bot is shutting down.")

    started = time.monotonic()
    with pytest.raises(Busy, match="shutting down"):
        parser("sleep_for_ever").parse(GUILD, FILE, tick=tick)
    assert len(calls) == 1
    assert time.monotonic() - started < 10


def test_python_code_in_a_child_reaches_nothing(tmp_path: Path) -> None:
    """No socket, no look-up, no process, no signal, no file of ours: on every platform, for what Python code does."""
    secret = tmp_path / "token"
    secret.write_text("token")
    assert found("attempt_everything", bytes(secret)) == "nothing worked"
    assert secret.read_text() == "token"


@linux_only
def test_machine_code_in_a_child_reaches_nothing(tmp_path: Path) -> None:
    """The kernel refuses the same to code that does not ask Python."""
    secret = tmp_path / "token"
    secret.write_text("token")
    assert found("attempt_everything_below", bytes(secret)) == "nothing worked"


def test_environment_of_a_child_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token, which may be in the environment, is not in the child's."""
    monkeypatch.setenv("PULLQUOTE_DISCORD__TOKEN", "token")
    names = found("tell_environment").upper()
    assert "TOKEN" not in names
    assert "HOME" not in names


@linux_only
def test_limits_of_a_child_are_set() -> None:
    """Memory, processor, files and processes are bounded by the kernel, and the child is polite."""
    limits = f"AS {SMALL.megabytes * 1024 * 1024}, CPU {SMALL.cpu_seconds}"
    nice = min(19, os.nice(0) + NICENESS)
    assert found("tell_limits") == f"{limits}, FSIZE 0, CORE 0, NOFILE 32, NPROC 0, nice {nice}"


_SLEEPING_PARENT = """
from bot.engine.ingest.worker.parser import ChildParser
from bot.engine.records.sources import ArticleSource

ChildParser(target="tests.unit.worker.hostile:sleep_for_ever").parse(
    1, ArticleSource(b"\\x01", file_name="a.pdf"), tick=lambda: print("tick", flush=True)
)
"""


@linux_only
def test_child_dies_with_its_parent() -> None:
    """A bot that is killed leaves no child behind."""
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", _SLEEPING_PARENT], cwd=root, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        while not (children := children_of(parent.pid)):
            assert parent.stdout.readline()
        descriptor = os.pidfd_open(children[0])
        parent.kill()
    try:
        # A descriptor of a process becomes readable when the process ends.
        assert select.select([descriptor], [], [], 20)[0]
    finally:
        os.close(descriptor)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, once they run our bootstrap."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"sleep_for_ever" in stat.with_name("cmdline").read_bytes():
                found.append(int(stat.parent.name))
        except (OSError, ValueError):
            continue
    return found


@pytest.mark.parametrize("name", ["hog_memory", "answer_for_ever"])
async def test_loop_stays_free_while_a_file_misbehaves(name: str) -> None:
    """The event loop never waits for a child. Generous: benchmarks/hostile_files.py measures the lag."""
    work = asyncio.create_task(asyncio.to_thread(parser(name).parse, GUILD, FILE))
    lags = []
    while not work.done():
        started = time.monotonic()
        await asyncio.sleep(0.005)
        lags.append(time.monotonic() - started)
    with pytest.raises(TooLarge):
        work.result()
    assert sorted(lags)[int(0.95 * (len(lags) - 1))] < 0.1


def test_modules_can_be_loaded_late() -> None:
    """A parser that loads its libraries when it needs them still can."""
    assert found("import_late").endswith("markdown_it.presets")


def test_printing_does_not_spoil_the_answer() -> None:
    """What libraries print goes nowhere."""
    assert found("print_much") == "printing does not hurt"


def test_child_parses_as_this_process_does() -> None:
    """The article that comes back equals the one that is parsed here, details, headings and digests included."""
    text = "# The tower\n\n" + "".join(
        f"## Part {number}\n\nThe tower of part {number} – says 石 – is {number} metres high.\n\n- Item\n- Another\n\n"
        for number in range(1_500)
    )
    source = ArticleSource(text.encode(), file_name="tower.md", title="Towers")
    assert len(text) > PLAIN_BYTES
    direct = ChildParser(target="nowhere:nothing").parse(
        GUILD, ArticleSource(text, file_name="tower.md", title="Towers")
    )
    assert ChildParser().parse(GUILD, source) == direct


def test_errors_of_the_parser_come_back() -> None:
    """What the parser refuses in the child is refused here in the same words."""
    with pytest.raises(Unsupported, match="PNG"):
        ChildParser().parse(GUILD, ArticleSource(b"\x89PNG\r\n\x1a\n" + bytes(100), file_name="a.png"))


def test_too_large_a_file_starts_no_child() -> None:
    """The size is checked before anything is started."""
    with pytest.raises(TooLarge, match="1,000 are possible"):
        ChildParser(IngestLimits(max_bytes=1_000), target="nowhere:nothing").parse(
            GUILD, ArticleSource(bytes(1_001), file_name="a.pdf")
        )


@pytest.mark.parametrize(
    ("data", "file_name", "plain"),
    [
        (b"Words.", "a.txt", True),
        (b"Words.", "", True),
        (b"# Words", "a.MD", True),
        ("\ufeffWörter".encode(), "a.txt", True),
        (b"Words." * PLAIN_BYTES, "a.txt", False),
        (b"%PDF-1.7", "a.txt", False),
        (b"PK\x03\x04", "a.txt", False),
        (b"  <html>", "a.txt", False),
        (b"Words.", "a.html", False),
        (b"W\x00o\x00", "a.txt", False),
        (b"W\xf6rter", "a.txt", False),
    ],
)
def test_only_short_plain_text_is_parsed_here(data: bytes, file_name: str, plain: bool) -> None:
    """Everything with a format of its own, a size, or an encoding to guess goes to a child."""
    assert is_plain(data, file_name) is plain


def test_one_child_a_guild_and_so_many_in_all() -> None:
    """A second file of a guild waits, and so does a third guild where two places are taken; waiting can be given up."""
    shared = parser("sleep_for_ever", child=ChildLimits(seconds=60))
    ended = threading.Event()
    started: dict[int, threading.Event] = {}

    def occupy(guild: int) -> None:
        started[guild] = threading.Event()

        def tick() -> None:
            started[guild].set()
            if ended.is_set():
                raise Busy("over")

        with pytest.raises(Busy):
            shared.parse(guild, FILE, tick=tick)

    def give_up() -> None:
        raise Busy("gave up waiting")

    first = threading.Thread(target=occupy, args=(1,))
    second = threading.Thread(target=occupy, args=(2,))
    first.start()
    second.start()
    try:
        deadline = time.monotonic() + 20
        while len(started) < 2 or not all(event.wait(1) for event in started.values()):
            assert time.monotonic() < deadline
        for guild in (1, 3):
            with pytest.raises(Busy, match="gave up waiting"):
                shared.parse(guild, FILE, tick=give_up)
    finally:
        ended.set()
        first.join()
        second.join()
