"""Time the road of one question, beside the bare sentence-transformers forward in the same run.

Usage: make bench, or python benchmarks/latency.py [--rounds N]

Prints a table: cold start to first answer, peak memory, warm ask p50/p95 split into encode, search and rest, and
adding an article. Every figure stands beside the same work done by sentence-transformers alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "bot" / "sandbox" / "articles"
QUESTIONS = (
    "Does crime rise when the lights go out?",
    "Why did Ellerby switch off its streetlights?",
    "How many seed packets may I borrow in a season?",
    "What does a single ticket cost?",
    "How long does the crossing take?",
    "Which birds sing later in the morning?",
    "What temperature are the seeds kept at?",
    "How did parliament vote on the subsidy?",
)

COLD_BARE = """
import json, resource, sys, time
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
model.encode(sys.argv[2])
print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
COLD_OURS = """
import json, resource, sys
from bot.cli.main import cli
try:
    cli(["ask", sys.argv[2], "--data-dir", sys.argv[1], "--json"])
except SystemExit as done:
    assert not done.code
print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), file=sys.stderr)
"""


def main() -> None:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each measurement (default 5)")
    rounds = parser.parse_args().rounds
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        rows = [*cold_rows(Path(folder), rounds), *warm_rows(Path(folder) / "warm", rounds)]
    print("| measurement | Pullquote | bare sentence-transformers | ratio |")
    print("| --- | --- | --- | --- |")
    for name, ours, bare, unit in rows:
        ratio = f"{ours / bare:.2f}" if bare else "–"
        print(f"| {name} | {ours:.1f} {unit} | {f'{bare:.1f} {unit}' if bare else '–'} | {ratio} |")


def cold_rows(folder: Path, rounds: int) -> list[tuple[str, float, float, str]]:
    """Measure a whole process from start to first answer, in turn with a bare encode, and the peak memory of both."""
    from bot.engine.encoders.weights import find_source

    weights = str(find_source("bundled").folder)
    for path in sorted(ARTICLES.iterdir()):
        command = [sys.executable, "-m", "bot", "add", str(path), "--data-dir", str(folder)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    peaks: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(rounds + 1):
        for name, code, target in (("ours", COLD_OURS, str(folder)), ("bare", COLD_BARE, weights)):
            started = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", code, target, QUESTIONS[0]], cwd=ROOT, check=True, capture_output=True, text=True
            )
            times[name].append(time.perf_counter() - started)
            output = done.stderr if name == "ours" else done.stdout
            peaks[name].append(json.loads(output.strip().splitlines()[-1])["peak_mb"])
    middle = {name: statistics.median(values[1:]) for name, values in times.items()}
    return [
        ("cold start to first answer", middle["ours"], middle["bare"], "s"),
        ("peak memory", statistics.median(peaks["ours"]), statistics.median(peaks["bare"]), "MB"),
    ]


def warm_rows(folder: Path, rounds: int) -> list[tuple[str, float, float, str]]:
    """Measure warm questions by part, and adding an article, in turn with bare encodes of the same texts."""
    import torch
    from sentence_transformers import SentenceTransformer

    from bot.engine.encoders.sentence import SentenceEncoder
    from bot.engine.encoders.weights import find_source
    from bot.engine.library import Library
    from bot.engine.records.sources import ArticleSource
    from bot.engine.stores.sqlite import SQLiteStore

    encoder = SentenceEncoder()
    library = Library(SQLiteStore.open(folder / "pullquote.sqlite3"), encoder)
    for path in sorted(ARTICLES.iterdir()):
        library.add_article(0, ArticleSource(path.read_bytes(), file_name=path.name, source=str(path)))
    model = SentenceTransformer(str(find_source("bundled").folder), device="cpu", local_files_only=True)
    torch.set_num_threads(1)
    parts: dict[str, list[float]] = {"encode": [], "search": [], "rest": [], "total": [], "bare": []}
    for turn in range(rounds * 5 + 1):
        for question in QUESTIONS:
            timings = library.ask(0, question).timings
            started = time.perf_counter()
            model.encode_query(question)
            bare = 1000 * (time.perf_counter() - started)
            if turn:
                parts["encode"].append(timings.encode_ms)
                parts["search"].append(timings.search_ms)
                parts["rest"].append(timings.total_ms - timings.encode_ms - timings.search_ms)
                parts["total"].append(timings.total_ms)
                parts["bare"].append(bare)
    rows = []
    for name in ("total", "encode", "search", "rest"):
        for label, percent in (("p50", 50), ("p95", 95)):
            bare = percentile(parts["bare"], percent) if name in ("total", "encode") else 0.0
            rows.append((f"warm ask, {name} {label}", percentile(parts[name], percent), bare, "ms"))
    rows.append(add_row(library, model, rounds))
    library.close()
    return rows


def add_row(library, model, rounds: int) -> tuple[str, float, float, str]:  # noqa: ANN001
    """Measure adding one article, beside a bare encode of its passages."""
    from bot.engine.records.sources import ArticleSource

    text = (ARTICLES / "streetlights.txt").read_text(encoding="utf-8")
    ours, bare = [], []
    for turn in range(rounds + 1):
        started = time.perf_counter()
        # Each turn adds its own words, because adding the same text again does nothing.
        report = library.add_article(7, ArticleSource(f"{text}\n\nThis copy is the one with the number {turn}.\n"))
        ours.append(1000 * (time.perf_counter() - started))
        article = library.get_article(7, str(report.id))
        passages = [article.text[item.start : item.end] for item in article.passages]
        started = time.perf_counter()
        model.encode_document(passages)
        bare.append(1000 * (time.perf_counter() - started))
    return (
        f"add an article of {report.passages} passages",
        statistics.median(ours[1:]),
        statistics.median(bare[1:]),
        "ms",
    )


def percentile(values: list[float], percent: int) -> float:
    """Return a percentile by linear interpolation."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
