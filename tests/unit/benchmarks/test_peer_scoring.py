"""How peers' results become rankings, and how rankings are scored."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers.memory import Memory
from benchmarks.peers.passages import DEPTH, GAP, Article, Passage, Unit, list_passages, read_questions
from benchmarks.peers.scoring import read_predictions, resample, score_folder
from benchmarks.peers.sqlite_fts import SqliteFts

ARTICLE = Article("a", "A", (Passage("a#0", "12345"), Passage("a#1", "abcdefghij"), Passage("a#2", "xyz")))


def write_lines(path: Path, records: list[dict[str, object]]) -> None:
    """Write JSON lines, with the folder they lie in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two articles of two passages, two answerable questions each and one that is not."""
    corpus = [
        {"doc_id": name, "title": name, "passages": [{"pid": f"{name}#{n}", "text": name * 10} for n in range(2)]}
        for name in ("a", "b")
    ]
    questions = [
        {"qid": f"{name}{n}", "doc_id": name, "question": "?", "gold_pids": [f"{name}#{n}"], "answerable": True}
        for name in ("a", "b")
        for n in range(2)
    ]
    questions.append({"qid": "none", "doc_id": "a", "question": "?", "gold_pids": ["a#0"], "answerable": False})
    write_lines(tmp_path / "tiny.corpus.jsonl", [dict(record) for record in corpus])
    write_lines(tmp_path / "tiny.questions.jsonl", questions)
    return tmp_path


def test_a_span_names_the_passages_it_touches_most_of_it_first() -> None:
    """A chunk counts for every passage that it holds characters of, and for the gap between two for none."""
    assert ARTICLE.text == GAP.join(("12345", "abcdefghij", "xyz"))
    assert ARTICLE.find_passages(3, 12) == ("a#1", "a#0")
    assert ARTICLE.find_passages(0, len(ARTICLE.text)) == ("a#1", "a#0", "a#2")
    assert ARTICLE.find_passages(5, 7) == ()


def test_every_passage_is_found_by_its_own_span() -> None:
    """The offsets that the mapping reckons with are those of the joined text."""
    for passage in ARTICLE.passages:
        start = ARTICLE.text.index(passage.text)
        assert ARTICLE.find_passages(start, start + len(passage.text)) == (passage.pid,)


def test_overlapping_chunks_list_a_passage_once() -> None:
    """A passage keeps its best place, and a ranking ends at its depth."""
    units = [Unit(("p", "q"), 1), Unit(("q", "r"), 1), *(Unit((str(n),), 1) for n in range(20))]
    ranking = list_passages(units)
    assert ranking[:4] == ["p", "q", "r", "0"]
    assert len(ranking) == DEPTH


def test_a_limit_draws_the_same_questions_every_time(data: Path) -> None:
    """Only answerable questions are drawn, and peers are asked the same ones."""
    first = read_questions(data, "tiny", 2)
    assert first == read_questions(data, "tiny", 2)
    assert len(first) == 2
    assert len(read_questions(data, "tiny", 99)) == 4


def test_files_are_scored_alike_and_compared_with_pullquote(data: Path, tmp_path: Path) -> None:
    """Bare predictions suffice; lines of questions without an answer do not count."""
    folder = tmp_path / "out" / "tiny" / "article"
    right = [{"qid": f"{name}{n}", "ranking": [f"{name}#{n}"]} for name in ("a", "b") for n in range(2)]
    write_lines(folder / "pullquote.jsonl", [*right, {"qid": "none", "ranking": ["a#0"], "state": "unsure"}])
    second = [
        {"qid": "a0", "ranking": ["a#1", "a#0"], "units": [["a#1", "a#0"]], "characters": 40},
        {"qid": "a1", "ranking": ["a#1"], "units": [["a#1"]], "characters": 40},
        {"qid": "b0", "ranking": [], "units": [], "characters": 40},
        {"qid": "b1", "ranking": ["b#0", "b#1"], "units": [["b#0"], ["b#1"]], "characters": 40},
    ]
    write_lines(folder / "other.jsonl", [dict(line) for line in second])
    (folder / "other.ms.json").write_text("[3, 1, 2]", encoding="utf-8")

    count, (ours, other) = score_folder(data, tmp_path / "out", "tiny", "article")

    assert count == 4
    assert (ours.name, ours.hit_1, ours.mrr, ours.difference, ours.characters, ours.ms) == (
        "pullquote",
        100,
        1,
        None,
        10,
        None,
    )
    assert (other.hit_1, other.hit_3, other.mrr, other.shown_hit) == (25, 75, 0.5, 50)
    assert (other.characters, other.ms) == (40, 2)
    assert other.difference is not None
    assert other.difference[0] == -75


def test_only_questions_that_every_file_holds_are_counted(data: Path, tmp_path: Path) -> None:
    """A file made with a smaller limit narrows the table instead of costing its peer points, and it is said."""
    folder = tmp_path / "out" / "tiny" / "library"
    write_lines(folder / "pullquote.jsonl", [{"qid": "a0", "ranking": ["a#0"]}, {"qid": "b0", "ranking": []}])
    write_lines(folder / "other.jsonl", [{"qid": "a0", "ranking": ["a#0"]}])
    count, rows = score_folder(data, tmp_path / "out", "tiny", "library")
    assert (count, [row.hit_1 for row in rows]) == (1, [100, 100])


def test_a_line_without_a_ranking_is_refused(tmp_path: Path) -> None:
    """What is no prediction file is not scored as one that found nothing."""
    write_lines(tmp_path / "x.jsonl", [{"qid": "a0"}])
    with pytest.raises(ValueError, match="line 1"):
        read_predictions(tmp_path / "x.jsonl")


def test_intervals_draw_whole_articles() -> None:
    """Two articles, one all right and one all wrong, leave everything open, however many questions they have."""
    owners = ["a"] * 500 + ["b"] * 500
    assert resample(np.array([True] * 500 + [False] * 500), owners) == (0, 100)
    assert resample(np.array([True, False] * 500), owners) == (50, 50)


def test_fts5_stays_in_the_article_and_survives_operators() -> None:
    """A question's quotation marks, colons and NEAR are words, not syntax; one without words finds nothing."""
    peer = SqliteFts()
    peer.add("set", [ARTICLE, Article("b", "B", (Passage("b#0", "abcdefghij near the quay"),))])
    assert [unit.pids for unit in peer.search('"abcdefghij" NEAR (text: *', "a")] == [("a#1",)]
    assert peer.search('"abcdefghij" NEAR', None)[0].pids == ("b#0",)
    assert peer.search("?!", None) == []


def test_remembered_encodings_are_made_once(tmp_path: Path) -> None:
    """The same text is encoded once, whoever asks, in the order asked; another kind is another encoding."""
    asked: list[list[str]] = []

    def forward(texts: list[str]) -> np.ndarray:
        asked.append(texts)
        return np.array([[len(text), 0.5] for text in texts], np.float32)

    first = Memory(tmp_path / "m" / "e.sqlite3").encode("k", ["bb", "a", "bb"], forward)
    again = Memory(tmp_path / "m" / "e.sqlite3").encode("k", ["ccc", "bb"], forward)
    assert first.tolist() == [[2, 0.5], [1, 0.5], [2, 0.5]]
    assert again.tolist() == [[3, 0.5], [2, 0.5]]
    Memory(tmp_path / "m" / "e.sqlite3").encode("other", ["a"], forward)
    assert asked == [["bb", "a"], ["ccc"], ["a"]]
