"""Turn public question sets into this folder's own format (corpus and questions as JSON lines).

Usage: python -m benchmarks.convert_sets squad FILE.json NAME OUT
       python -m benchmarks.convert_sets fairytale FOLDER NAME OUT [--leave-out SET_FOLDER SET]

squad: a file in the format of SQuAD 1.1 or 2.0, articles of paragraphs. fairytale: the folder of one split of
FairytaleQA, with ``questions`` and ``section-stories``; --leave-out drops the stories that another set holds already.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def read_squad(path: Path) -> Iterator[tuple[Record, list[Record]]]:
    """Yield each article's corpus record and its questions."""
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        doc_id, passages, questions = article["title"], [], []
        for number, paragraph in enumerate(article["paragraphs"]):
            pid = f"{doc_id}#{number}"
            passages.append({"pid": pid, "text": paragraph["context"]})
            for found in paragraph["qas"]:
                answers = [
                    {"text": answer["text"], "start": answer["answer_start"], "pid": pid} for answer in found["answers"]
                ]
                questions.append(_question(found["id"], doc_id, found["question"], [pid], answers))
        yield {"doc_id": doc_id, "title": doc_id.replace("_", " "), "passages": passages}, questions


def read_fairytale(folder: Path) -> Iterator[tuple[Record, list[Record]]]:
    """Yield each story's corpus record and its questions about single sections; implicit answers have no span."""
    for path in sorted((folder / "section-stories").rglob("*-story.csv")):
        doc_id = path.name.removesuffix("-story.csv")
        texts = {int(row["section"]): row["text"] for row in _rows(path)}
        asked = next((folder / "questions").rglob(f"{doc_id}-questions.csv"), None)
        questions = []
        for row in _rows(asked) if asked is not None else []:
            sections = [int(number) for number in row["cor_section"].split(",") if number.strip().isdigit()]
            pids = [f"{doc_id}#{number}" for number in sections if number in texts]
            if not pids:
                continue
            answers = [
                {"text": text, "start": _find(texts[number], text), "pid": f"{doc_id}#{number}"}
                for text in (row[f"answer{place}"] for place in range(1, 7))
                for number in sections
                if text and number in texts
            ]
            questions.append(_question(f"{doc_id}-{row['question_id']}", doc_id, row["question"], pids, answers))
        passages = [{"pid": f"{doc_id}#{number}", "text": text} for number, text in sorted(texts.items())]
        yield {"doc_id": doc_id, "title": doc_id.replace("-", " "), "passages": passages}, questions


def _question(qid: str, doc_id: str, text: str, pids: list[str], answers: list[Record]) -> Record:
    return {
        "qid": qid,
        "doc_id": doc_id,
        "question": text.strip(),
        "gold_pids": pids,
        "answers": answers,
        "answerable": bool(answers),
    }


def _find(text: str, answer: str) -> int:
    return text.lower().find(answer.lower().strip(" ."))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=("squad", "fairytale"))
    parser.add_argument("source", type=Path)
    parser.add_argument("name")
    parser.add_argument("out", type=Path)
    parser.add_argument("--leave-out", nargs=2, metavar=("SET_FOLDER", "SET"))
    options = parser.parse_args()
    left_out = set()
    if options.leave_out:
        with Path(options.leave_out[0], f"{options.leave_out[1]}.corpus.jsonl").open(encoding="utf-8") as file:
            left_out = {json.loads(line)["doc_id"] for line in file}
    read = read_squad if options.format == "squad" else read_fairytale
    counts = [0, 0]
    with (
        (options.out / f"{options.name}.corpus.jsonl").open("w", encoding="utf-8") as corpus,
        (options.out / f"{options.name}.questions.jsonl").open("w", encoding="utf-8") as asked,
    ):
        for article, questions in read(options.source):
            if article["doc_id"] in left_out or not questions:
                continue
            corpus.write(json.dumps(article, ensure_ascii=False) + "\n")
            asked.writelines(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
            counts = [counts[0] + 1, counts[1] + len(questions)]
    print(f"{options.name}: {counts[0]} articles, {counts[1]} questions")


if __name__ == "__main__":
    main()
