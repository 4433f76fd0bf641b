"""Put Pullquote beside its peers: one process a peer and set, one after another, then one score for all.

Usage: make bench-quality [DATA=folder] [SETS="squad2_dev …"] [LIMIT=n]
or, in Pullquote's environment: python -m benchmarks.peers.compare --help

Rankings stay in OUT (see run.py), and are scored by scoring.py. A peer that fails is left out of the table, with its
reason below it. Times are taken last and on the first set alone, with one thread and nothing looked up.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import scoring
from benchmarks.peers.run import OURS, PEERS, SCOPES

ROOT = Path(__file__).parents[2]
TIMED = 200

ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
}
"""One thread, nothing downloaded, nothing reported to anybody."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of whom."""

    python: Path
    data: Path
    out: Path
    sets: tuple[str, ...]
    limit: int | None
    peers: tuple[str, ...]


def run_peer(plan: Plan, peer: str, name: str, *, timing: bool = False) -> str | None:
    """Run one peer on one set; return the last line of what it said if it failed."""
    for scope in SCOPES:
        pattern = f"{peer}.ms.json" if timing else f"{peer}.*"
        for stale in (plan.out / name / scope).glob(pattern):
            stale.unlink()
    limit = min(TIMED, plan.limit or TIMED) if timing else plan.limit
    command = [
        sys.executable if peer in OURS else str(plan.python),
        *("-m", "benchmarks.peers.run", peer),
        *("--data", str(plan.data), "--set", name, "--out", str(plan.out)),
        *(() if limit is None else ("--limit", str(limit))),
        *(("--timing",) if timing else ()),
    ]
    print(f"{name}, {peer}{', timing' if timing else ''} ...", file=sys.stderr)
    done = subprocess.run(command, cwd=ROOT, env=os.environ | ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit status {done.returncode}"


def run_all(plan: Plan) -> list[str]:
    """Run every peer on every set, then take the times; return why any was left out."""
    rounds = [(name, peer, False) for name in plan.sets for peer in plan.peers]
    rounds += [(plan.sets[0], peer, True) for peer in plan.peers]
    return [
        f"{peer} on {name}{', timing' if timing else ''}: {reason}"
        for name, peer, timing in rounds
        if (reason := run_peer(plan, peer, name, timing=timing)) is not None
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--peers-python", type=Path, required=True, help="of the environment of requirements.txt")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="questions a set, drawn at random with a fixed seed")
    parser.add_argument("--only", nargs="+", choices=[*OURS, *PEERS], default=[*OURS, *PEERS])
    options = parser.parse_args()
    plan = Plan(
        options.peers_python.absolute(),
        options.data.absolute(),
        options.out.absolute(),
        tuple(options.sets),
        options.limit,
        tuple(options.only),
    )
    failures = run_all(plan)
    scoring.print_tables(plan.data, plan.out, plan.sets)
    for failure in failures:
        print(f"\nLeft out: {failure}")


if __name__ == "__main__":
    main()
