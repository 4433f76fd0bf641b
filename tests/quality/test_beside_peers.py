"""The original question set, and the comparison with peers on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.peers.passages import read_articles, read_questions
from benchmarks.peers.pullquote import Pullquote
from benchmarks.peers.run import ask
from benchmarks.peers.sqlite_fts import SqliteFtsPorter

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "questions"


def read_lines(name: str) -> list[dict[str, Any]]:
    """Read one file of the set."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def test_the_set_is_whole() -> None:
    """Every gold passage is one of its article's, every answer stands where it is said to, and ids are used once."""
    texts = {
        (article["doc_id"], passage["pid"]): passage["text"]
        for article in read_lines("town.corpus.jsonl")
        for passage in article["passages"]
    }
    documents = {doc_id for doc_id, _ in texts}
    questions, off_topic = read_lines("town.questions.jsonl"), read_lines("town.offtopic.jsonl")
    identifiers = [question["qid"] for question in questions + off_topic]
    assert len(identifiers) == len(set(identifiers))
    for question in questions:
        assert bool(question["gold_pids"]) == bool(question["answers"]) == question["answerable"]
        for answer in question["answers"]:
            text = texts[question["doc_id"], answer["pid"]]
            assert answer["pid"] in question["gold_pids"]
            assert text[answer["start"] : answer["start"] + len(answer["text"])] == answer["text"]
    assert {question["asked_of_doc_id"] for question in off_topic} <= documents
    assert {question["doc_id"] for question in questions if question["answerable"]} == documents


def test_the_comparison_runs_and_says_who_was_left_out(tmp_path: Path) -> None:
    """Peers that run are scored, with the milliseconds; one whose packages are missing gets a reason, not a row."""
    command = [sys.executable, "-m", "benchmarks.peers.compare", "--peers-python", sys.executable]
    command += ["--data", str(DATA), "--out", str(tmp_path), "--limit", "20", "--only", "fts5", "fts5_porter"]
    done = subprocess.run([*command, "haystack", "--", "town"], cwd=ROOT, capture_output=True, text=True, check=True)
    rows = [line for line in done.stdout.splitlines() if line.startswith("| SQLite FTS5")]
    assert len(rows) == 4
    assert all(float(row.rstrip(" |").rsplit("| ", 1)[1]) < 1000 for row in rows)
    assert "Left out: haystack on town: ModuleNotFoundError" in done.stdout
    assert "| Haystack" not in done.stdout


def test_pullquote_is_ahead_of_word_search_on_the_set() -> None:
    """The bundled encoder and the whole retrieval: nine first quotes in ten are right, ten more than by words alone."""
    articles, questions = read_articles(DATA, "town"), read_questions(DATA, "town")
    right = {}
    for peer in (Pullquote(), SqliteFtsPorter()):
        peer.add("town", articles)
        rankings = [json.loads(line)["ranking"] for line in ask(peer, questions, "article")]
        first = [bool(ranking) and ranking[0] in q.gold for ranking, q in zip(rankings, questions, strict=True)]
        right[peer.label] = 100 * sum(first) / len(first)
    assert right["Pullquote"] >= 90
    assert right["Pullquote"] >= right["SQLite FTS5, porter"] + 10
