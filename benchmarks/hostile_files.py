"""How much a hostile file costs the bot's own process: the event loop's lag, its memory, and how long the child takes.

    python benchmarks/hostile_files.py

A loop ticks every few milliseconds, as Discord's client does, while a thread has files parsed in children.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.engine.errors import EngineError
from bot.engine.ingest.sources import DirectParser
from bot.engine.ingest.worker.confinement import ChildLimits
from bot.engine.ingest.worker.parser import TARGET, ChildParser
from bot.engine.records.sources import ArticleSource

TICK_SECONDS = 0.005
SENTENCE = "The {0}th keeper of the lighthouse wrote in the log that the lamp had burned for {0} nights.\n\n"
HOSTILE = ("hog_memory", "loop_for_ever", "sleep_for_ever", "answer_for_ever", "crash")


async def measure(name: str, work: Callable[[], object]) -> None:
    """Run work in a thread and print what it cost."""
    lags: list[float] = []
    before = _peak_megabytes()
    started = time.perf_counter()
    task = asyncio.create_task(asyncio.to_thread(work))
    while not task.done():
        at = time.perf_counter()
        await asyncio.sleep(TICK_SECONDS)
        lags.append(1000 * (time.perf_counter() - at - TICK_SECONDS))
    outcome = task.result()
    seconds, growth = time.perf_counter() - started, _peak_megabytes() - before
    lags.sort()
    p99 = lags[int(0.99 * (len(lags) - 1))]
    print(f"| {name} | {seconds:.2f} | {p99:.1f} | {lags[-1]:.1f} | {growth:.0f} | {outcome} |")


def parse(target: str, source: ArticleSource, limits: ChildLimits) -> Callable[[], str]:
    """Make the work of parsing one source in a child."""

    def work() -> str:
        try:
            parsed = ChildParser(child_limits=limits, target=target).parse(1, source)
        except EngineError as error:
            return f"{type(error).__name__}"
        return f"{len(parsed.passages):,} passages"

    return work


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=3, help="wall limit of a hostile child")
    seconds = arguments.parse_args().seconds
    limits = ChildLimits(megabytes=512, cpu_seconds=seconds, seconds=seconds)
    file = ArticleSource(b"\x01", file_name="article.pdf")
    text = "Title\n\n" + "".join(SENTENCE.format(number) for number in range(17_000))
    tiny = ArticleSource(b"\xff\xfe" + "A page of the log.\n\nIt is short.\n".encode("utf-16-le"), file_name="a.txt")
    large = ArticleSource((text + " " * 100).encode(), file_name="large.txt")
    longest = ArticleSource((text[:-2] + "x" * 4_000_000).encode(), file_name="longest.txt")
    print("| file | seconds | loop lag p99, ms | loop lag most, ms | peak growth, MB | outcome |")
    print("|---|---|---|---|---|---|")
    with contextlib.suppress(asyncio.CancelledError):
        await measure("none: an idle second", lambda: time.sleep(1))
        await measure("one short page", parse(TARGET, tiny, ChildLimits()))
        await measure(f"{len(large.data) // 1000:,} KB of text", parse(TARGET, large, ChildLimits()))
        await measure(f"{len(longest.data) // 1000:,} KB of text", parse(TARGET, longest, ChildLimits()))
        await measure(
            "the same, in this process", lambda: f"{len(DirectParser().parse(1, longest).passages):,} passages"
        )
        for name in HOSTILE:
            await measure(name, parse(f"tests.unit.worker.hostile:{name}", file, limits))


if __name__ == "__main__":
    asyncio.run(main())
