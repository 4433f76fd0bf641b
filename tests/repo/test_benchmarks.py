"""The benchmarks are no part of the program, but they must go on fitting it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_benchmark_imports() -> None:
    """Each script of benchmarks/ finds everything it imports from the program and from its neighbours."""
    names = [
        f"benchmarks.{path.stem}" for path in sorted((ROOT / "benchmarks").glob("*.py")) if path.stem != "__init__"
    ]
    assert len(names) > 5
    script = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    done = subprocess.run([sys.executable, "-c", script, *names], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
