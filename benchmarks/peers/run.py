"""Ask one peer the questions of one set, in its article and across the set, and write what it ranked.

Usage: python -m benchmarks.peers.run PEER --data FOLDER --set NAME --out FOLDER [--limit N] [--timing]

Writes OUT/NAME/{article,library}/PEER.jsonl, a line a question: `qid`, `ranking` (at most ten passage ids), `units`
(the passages that each result touches) and `characters` (of the first result); and OUT/NAME/PEER.json about the peer.
With --timing it writes PEER.ms.json instead, the milliseconds of each question, encoding included; otherwise encodings
are looked up in a file of the temporary folder, which changes no vector.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers.memory import Memory, remember_sentence_transformers, remember_txtai
from benchmarks.peers.passages import DEPTH, Peer, Question, Remembering, list_passages, read_articles, read_questions

OURS = {"pullquote": "pullquote:Pullquote"}
"""Run in Pullquote's own environment; what follows in the peers'."""

PEERS = {
    "semantic_search": "semantic_search:SemanticSearch",
    "langchain": "langchain_faiss:LangChain",
    "langchain_paragraphs": "langchain_faiss:LangChainParagraphs",
    "llamaindex": "llamaindex_vectors:LlamaIndex",
    "llamaindex_paragraphs": "llamaindex_vectors:LlamaIndexParagraphs",
    "txtai": "txtai_hybrid:Txtai",
    "haystack": "haystack_rrf:Haystack",
    "fts5": "sqlite_fts:SqliteFts",
    "fts5_porter": "sqlite_fts:SqliteFtsPorter",
}

SCOPES = ("article", "library")
_WARM_UP = 5


def open_peer(name: str) -> Peer:
    """Import and make a peer; what it needs is imported only here."""
    module, _, cls = (OURS | PEERS)[name].partition(":")
    peer: Peer = getattr(import_module(f"benchmarks.peers.{module}"), cls)()
    return peer


def ask(peer: Peer, questions: Sequence[Question], scope: str) -> list[str]:
    """Return a prediction line a question."""
    lines = []
    for question in questions:
        units = peer.search(question.text, question.doc_id if scope == "article" else None)
        line = {
            "qid": question.qid,
            "ranking": list_passages(units),
            "units": [unit.pids for unit in units[:DEPTH]],
            "characters": units[0].characters if units else 0,
        }
        lines.append(json.dumps(line, ensure_ascii=False))
    return lines


def measure_time(peer: Peer, questions: Sequence[Question], scope: str) -> list[float]:
    """Return the milliseconds of each question, after a few to warm up."""
    milliseconds = []
    for question in (*questions[:_WARM_UP], *questions):
        started = time.perf_counter()
        peer.search(question.text, question.doc_id if scope == "article" else None)
        milliseconds.append(round(1000 * (time.perf_counter() - started), 3))
    return milliseconds[_WARM_UP:]


def describe(peer: Peer) -> dict[str, object]:
    """Return what the table says about a peer."""
    versions = {package: version(package) for package in peer.packages}
    return {"label": peer.label, "settings": peer.settings, "versions": versions}


def open_memory(name: str) -> Memory:
    """Open the encodings that peers share; Pullquote keeps its own (benchmarks/question_sets.py)."""
    memory = Memory(Path(tempfile.gettempdir()) / "pullquote-benchmarks" / "peers.sqlite3")
    if name == "txtai":
        remember_txtai(memory)
    elif name not in OURS and not name.startswith("fts5"):
        remember_sentence_transformers(memory)
    return memory


def write(path: Path, text: str) -> None:
    """Write a file that appears when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=[*OURS, *PEERS])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--set", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="questions, drawn at random with a fixed seed")
    parser.add_argument("--timing", action="store_true")
    options = parser.parse_args()
    articles = read_articles(options.data, options.set)
    questions = read_questions(options.data, options.set, options.limit)
    peer, memory = open_peer(options.peer), open_memory(options.peer)
    started = time.perf_counter()
    peer.add(options.set, articles)
    if isinstance(peer, Remembering) and not options.timing:
        peer.remember([question.text for question in questions])
    memory.enabled = not options.timing
    folder = options.out / options.set
    for scope in SCOPES:
        if options.timing:
            write(folder / scope / f"{options.peer}.ms.json", json.dumps(measure_time(peer, questions, scope)))
        else:
            write(
                folder / scope / f"{options.peer}.jsonl", "".join(f"{line}\n" for line in ask(peer, questions, scope))
            )
    write(folder / f"{options.peer}.json", json.dumps(describe(peer)))
    print(f"{options.set}, {options.peer}: {time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
