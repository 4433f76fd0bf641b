"""Feed each extractor damaged files for some minutes: whatever comes out but an article or a clear error is a find.

Usage: python -m benchmarks.fuzz_extractors [--minutes 10] [--only html pdf …] [--seed 1] [--keep FOLDER]

Each extractor runs in a process of its own, so that a crash of a C library is seen too. A file that crashes, takes more
seconds of the processor than the child that parses is given, raises anything but an EngineError, or breaks what the
stored spans promise, is kept in FOLDER. The memory of the process is compared after a fifth of the time and at the end.
Exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import gc
import io
import multiprocessing
import random
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from types import FrameType

from bot.engine.errors import EngineError
from bot.engine.ingest.feeds import read_links
from bot.engine.ingest.parse import parse_bytes
from bot.engine.ingest.worker.confinement import ChildLimits
from bot.engine.records.articles import ParsedArticle

SECONDS = ChildLimits().cpu_seconds
GROWTH_MEGABYTES = 150
_TOKENS = (
    b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&#0;", b"&#xD800;", b"&amp;", b"&lt;", b"<p>",
    b"<table><tr><td>", b"<li>", b"<ul>", b"<script>", b"<title>", b"<h1>", b"<blockquote>", b"\x00", b"\xff\xfe",
    b"\r", b"\xef\xbb\xbf", b"\xf0\x9f\x91\xa9\xe2\x80\x8d", b"\xe2\x80\xae", b"\xed\xa0\x80", b"obj", b"endobj",
    b"stream\n", b"endstream", b"/Length 0", b"/Kids [1 0 R]", b"/Count -1", b"1 0 R", b"<<", b">>", b"/Type /Page",
    b"BT", b"ET", b"Tj", b"[(a) -9999 (b)] TJ", b"1e308", b"-1", b"999999999999", b"0" * 40, b"# ", b"> ", b"- ",
    b"```\n", b"|", b"\n\n", b"* * *", b"1. ", b"\t", b" " * 80, b"w:p", b"w:tbl", b"w:val", b"xmlns:w=",
    b"<w:r><w:t>", b"</w:body>", b"%%EOF", b"xref",
)  # fmt: skip


class TookTooLong(BaseException):
    """A file took more than the seconds of the processor that it may; nothing that catches Exception may swallow it."""


@dataclass
class Findings:
    """What became of one extractor's files."""

    name: str
    files: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    slowest: float = 0.0
    growth: float = 0.0


def seeds(name: str) -> list[bytes]:
    """Return valid files of a format, made by the writers of the tests."""
    from tests.unit.ingest import test_extract_docx, test_extract_epub, test_extract_html, test_feeds
    from tests.unit.ingest.books import make_book
    from tests.unit.ingest.pdf_writer import Layout, make_paper

    first, second = test_extract_epub.FIRST, test_extract_epub.SECOND
    prose = "# A *b* `c` [d](e)\n\n> q\n\n- i\n  - j\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nWords of it. And more.\n"
    known: dict[str, Callable[[], list[bytes]]] = {
        "html": lambda: [test_extract_html.PAGE.encode()],
        "pdf": lambda: [make_paper(Layout(columns=columns), seed=columns, paragraphs=3)[0] for columns in (1, 2)],
        "docx": lambda: [test_extract_docx.make_document()],
        "epub": lambda: [make_book({"a.xhtml": first, "b.xhtml": second})],
        "markdown": lambda: [prose.encode()],
        "text": lambda: [("Title\n\n" + prose * 6).encode(), ("Menu\nHome\n" + "A line.\n" * 40).encode("utf-16")],
        "feed": lambda: [test_feeds.RSS, test_feeds.ATOM, test_feeds.SITEMAP],
    }
    return known[name]()


def damage(data: bytes, luck: random.Random) -> bytes:
    """Change a few places: bits, bytes, tokens, repeats, cuts."""
    for _ in range(luck.choice((1, 1, 2, 3, 5, 9, 20))):
        at = luck.randrange(len(data) + 1)
        reach = luck.choice((1, 2, 4, 16, 64, 400))
        kind = luck.randrange(8)
        if kind == 0 and at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << luck.randrange(8)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + luck.randbytes(reach % 17) + data[at + reach % 17 :]
        elif kind == 2:
            data = data[:at] + luck.choice(_TOKENS) + data[at:]
        elif kind == 3:
            data = data[:at] + data[at + reach :]
        elif kind == 4:
            data = data[:at] + data[at : at + reach] * luck.choice((2, 3, 50)) + data[at + reach :]
        elif kind == 5:
            other = luck.randrange(len(data) + 1)
            data = data[:at] + data[other : other + reach] + data[at:]
        elif kind == 6:
            data = data[:at] + luck.choice(_TOKENS) * luck.choice((2, 30, 3_000)) + data[at:]
        elif luck.random() < 0.2:
            data = data[:at]
    return data[:2_000_000]


def damage_archive(data: bytes, luck: random.Random) -> bytes:
    """Damage one member of an archive and pack it again, so that the damage reaches the reader of XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(item, archive.read(item)) for item in archive.namelist()]
    chosen = luck.randrange(len(members))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, (name, content) in enumerate(members):
            archive.writestr(name, damage(content, luck) if index == chosen else content)
    return packed.getvalue()


def fuzz(name: str, minutes: float, seed: int, folder: Path) -> Findings:
    """Feed one extractor until the time is up."""
    luck = random.Random(seed)  # noqa: S311 -- the same files again for the same seed
    findings, start = Findings(name), seeds(name)
    ends = {"html": ".html", "markdown": ".md", "text": ".txt"}
    file_name = "a" + ends.get(name, f".{name}")
    signal.signal(signal.SIGPROF, _give_up)
    begun = time.monotonic()
    first = 0.0
    while (passed := time.monotonic() - begun) < 60 * minutes:
        data = luck.choice(start)
        is_archive = name in ("docx", "epub") and luck.random() < 0.8
        data = damage_archive(data, luck) if is_archive else damage(data, luck)
        (folder / f"{name}.now").write_bytes(data)
        at = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            outcome = _feed(name, data, file_name)
        except EngineError as error:
            outcome = type(error).__name__
            if not str(error).strip():
                _keep(findings, folder, data, "an error without a message")
        except TookTooLong:
            outcome = "too long"
            _keep(findings, folder, data, outcome)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is a find
            outcome = type(error).__name__
            _keep(findings, folder, data, f"{outcome}: {error}"[:200])
        signal.setitimer(signal.ITIMER_PROF, 0)
        findings.files += 1
        findings.outcomes[outcome] += 1
        findings.slowest = max(findings.slowest, time.process_time() - at)
        if not first and passed > 12 * minutes:
            first = _megabytes()
    findings.growth = _megabytes() - first if first else 0.0
    if findings.growth > GROWTH_MEGABYTES:
        findings.problems.append(f"grew by {findings.growth:.0f} MB")
    return findings


def _feed(name: str, data: bytes, file_name: str) -> str:
    if name == "feed":
        read_links(data)
        return "links"
    parsed = parse_bytes(data, file_name=file_name)
    _check(parsed)
    return "article"


def _check(parsed: ParsedArticle) -> None:
    length = len(parsed.text)
    parsed.text.encode()
    if not parsed.passages or not all(0 <= item.start < item.end <= length for item in parsed.passages):
        raise AssertionError("a passage is empty or outside the text")
    if not all(0 <= line.start <= line.end <= length for line in parsed.lines):
        raise AssertionError("a line is outside the text")


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLong


def _keep(findings: Findings, folder: Path, data: bytes, problem: str) -> None:
    path = folder / f"{findings.name}-{len(findings.problems)}.bin"
    path.write_bytes(data)
    findings.problems.append(f"{problem} ({path.name})")


def _megabytes() -> float:
    gc.collect()
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4_096 / 1_000_000


def _serve(name: str, minutes: float, seed: int, folder: Path, answers: multiprocessing.Queue[Findings]) -> None:
    import logging

    logging.disable(logging.CRITICAL)
    answers.put(fuzz(name, minutes, seed, folder))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every extractor's fuzz, one after another, and print a table."""
    names = ["html", "pdf", "docx", "epub", "markdown", "text", "feed"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="for each extractor")
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(gettempdir()) / "pullquote-fuzz", metavar="FOLDER")
    options = parser.parse_args(arguments)
    options.keep.mkdir(parents=True, exist_ok=True)
    print(
        "| extractor | minutes | files | outcomes | slowest cpu s | growth MB | finds |\n|---|---|---|---|---|---|---|"
    )
    has_found = False
    for name in options.only:
        context = multiprocessing.get_context("spawn")
        answers: multiprocessing.Queue[Findings] = context.Queue()
        work = (name, options.minutes, options.seed, options.keep, answers)
        process = context.Process(target=_serve, args=work)
        process.start()
        findings = None
        while findings is None and (process.is_alive() or not answers.empty()):
            try:
                findings = answers.get(timeout=1.0)
            except Exception:  # noqa: BLE001, S112 -- nothing yet
                continue
        process.join()
        if findings is None:
            findings = Findings(name, problems=[f"crashed with status {process.exitcode} ({name}.now)"])
        told = ", ".join(f"{count:,} {what}" for what, count in findings.outcomes.most_common())
        problems = "; ".join(findings.problems) or "none"
        print(
            f"| {name} | {options.minutes:g} | {findings.files:,} | {told} | {findings.slowest:.2f} |"
            f" {findings.growth:.0f} | {problems} |",
            flush=True,
        )
        has_found = has_found or bool(findings.problems)
    sys.exit(1 if has_found else 0)


if __name__ == "__main__":
    main()
