"""BEIR folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.engine.errors import BadQuestionSet
from bot.engine.evaluation.beir import read_beir
from bot.engine.evaluation.question_set import Kind

CORPUS = (
    {"_id": "d1", "title": "Tea", "text": "Tea is hot.", "metadata": {}},
    {"_id": "d2", "title": "Ice alone", "text": ""},
)
QUERIES = (
    {"_id": "1", "text": "Is tea hot?"},
    {"_id": "2", "text": "What is alone?"},
    {"_id": "3", "text": "Unjudged?"},
)
HEADER = "query-id\tcorpus-id\tscore\n"


def write(folder: Path, qrels: dict[str, str]) -> Path:
    """Write a folder with these qrels."""
    (folder / "qrels").mkdir(parents=True)
    for name, rows in (("corpus", CORPUS), ("queries", QUERIES)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for split, text in qrels.items():
        (folder / "qrels" / f"{split}.tsv").write_text(text, encoding="utf-8")
    return folder


def test_documents_are_articles_of_one_passage(tmp_path: Path) -> None:
    """A document's title is the article's, its text the passage; one without text is quoted by its title."""
    found = read_beir(write(tmp_path / "tea", {"test": HEADER + "1\td1\t1\n"}))
    assert found.name == "tea/test"
    assert [(a.title, [(p.pid, p.text) for p in a.passages]) for a in found.articles] == [
        ("Tea", [("d1", "Tea is hot.")]),
        ("Ice alone", [("d2", "Ice alone")]),
    ]


def test_only_judged_queries_with_a_relevant_document_are_asked(tmp_path: Path) -> None:
    """Queries without judgements, and judgements of 0, do not count."""
    found = read_beir(write(tmp_path, {"test": HEADER + "1\td1\t2\n1\td2\t1\n2\td1\t0\n"}))
    assert [(q.qid, q.gold, q.kind) for q in found.questions] == [("1", ("d1", "d2"), Kind.ANSWERABLE)]


def test_split_chooses_the_judgements(tmp_path: Path) -> None:
    """--split names one; test is the usual one; a single other one is taken."""
    both = write(tmp_path / "both", {"test": HEADER + "1\td1\t1\n", "dev": HEADER + "2\td2\t1\n"})
    assert [q.qid for q in read_beir(both).questions] == ["1"]
    assert [q.qid for q in read_beir(both, "dev").questions] == ["2"]
    single = write(tmp_path / "single", {"train": HEADER + "2\td2\t1\n"})
    assert [q.qid for q in read_beir(single).questions] == ["2"]


@pytest.mark.parametrize(
    ("qrels", "split", "says"),
    [
        ({}, None, "holds no .tsv file"),
        ({"test": HEADER + "1\td1\t1\n"}, "dev", "holds the splits test: name one of them with --split"),
        ({"dev": HEADER, "train": HEADER}, None, "holds the splits dev, train: name one"),
        ({"test": HEADER + "1 d1 1\n"}, None, "test.tsv, line 2: found 1 columns: expected query-id, corpus-id"),
        ({"test": HEADER + "1\td1\tyes\n"}, None, 'line 2: the score is "yes": expected a number'),
        ({"test": HEADER + "1\td9\t1\n"}, None, 'line 2: "corpus-id" names "d9": the corpus has no passage'),
        ({"test": HEADER + "9\td1\t1\n"}, None, 'judges the query "9": expected it in'),
        ({"test": HEADER + "1\td1\t0\n"}, None, "holds no query with a relevant document"),
    ],
)  # fmt: skip
def test_mistakes_are_named(tmp_path: Path, qrels: dict[str, str], split: str | None, says: str) -> None:
    """What is wrong with a folder is said with the file, the line and what is expected."""
    with pytest.raises(BadQuestionSet) as caught:
        read_beir(write(tmp_path, qrels), split)
    assert says in str(caught.value)


def test_missing_files_are_named(tmp_path: Path) -> None:
    """A folder without corpus.jsonl is refused with its name."""
    with pytest.raises(BadQuestionSet, match=r"corpus\.jsonl cannot be read"):
        read_beir(tmp_path)
