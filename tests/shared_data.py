"""Find the third-party question sets and the sample article that lie beside the repository, or skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared_data(name: str) -> Path:
    """Return the path of a shared data file; skip the calling test where it is absent."""
    root = Path(os.environ.get("PULLQUOTE_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
    path = root / name
    if not path.exists():
        pytest.skip(f"shared data {name} is not beside this checkout")
    return path
