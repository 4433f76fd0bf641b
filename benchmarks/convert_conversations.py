"""Turn public conversations into this folder's own format: corpus and questions as JSON lines, with what went before.

Usage: python -m benchmarks.convert_conversations canard dev.json OUT
       python -m benchmarks.convert_conversations mtrag FILE OUT NAME

canard: a file of CANARD (QuAC's dialogues with self-contained rewrites). It holds no sections, but each answer is an
excerpt of the Wikipedia section that the teacher read: a passage is all excerpts of one dialogue's section, an article
the sections of one page. A conversation begins with the rewrite of its first question, as people begin one. The pages'
questions are parted into two sets, canard_even and canard_odd, over the same articles.
mtrag: MTRAG's subset with human evaluations (a JSON object), or MTRAG-UN's reference.jsonl: a passage is a document's
part, an article is the parts of one document that any question needs.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Record = dict[str, Any]
_NO_ANSWER = ("I don't know", "CANNOTANSWER")


def read_canard(path: Path) -> dict[str, tuple[list[Record], list[Record]]]:
    """Return set → (corpus, questions). A question's answer stands in the history of the next one."""
    dialogues: dict[str, list[Record]] = defaultdict(list)
    for record in json.loads(path.read_text(encoding="utf-8")):
        dialogues[record["QuAC_dialog_id"]].append(record)
    pages: dict[str, list[Record]] = defaultdict(list)
    questions: dict[str, list[Record]] = defaultdict(list)
    for dialogue, turns in sorted(dialogues.items()):
        turns.sort(key=lambda turn: turn["Question_no"])
        page = turns[0]["History"][0]
        texts: list[str] = []
        asked: list[str] = []
        for turn, following in itertools.pairwise(turns):
            # Whoever asks first names what it is about; the sets' first questions lean on a heading that was shown.
            asked.insert(0, turn["Question"] if asked else turn["Rewrite"])
            answer = following["History"][-1]
            if following["Question_no"] != turn["Question_no"] + 1 or answer.startswith(_NO_ANSWER):
                continue
            texts += [] if answer in texts else [answer]
            if len(asked) > 1:
                record = {"qid": f"{dialogue}#{turn['Question_no']}", "question": turn["Question"]}
                record |= {"rewrite": turn["Rewrite"], "before": asked[1:], "doc_id": page, "gold_pids": [dialogue]}
                questions[page].append(record)
        if texts:
            pages[page].append({"pid": dialogue, "text": " ".join(texts)})
    corpus = [{"doc_id": page, "title": page, "passages": passages} for page, passages in sorted(pages.items())]
    sets: dict[str, tuple[list[Record], list[Record]]] = {"canard_even": (corpus, []), "canard_odd": (corpus, [])}
    for page in sorted(questions):
        sets["canard_odd" if int(_digest(page), 16) % 2 else "canard_even"][1].extend(questions[page])
    return sets


def read_mtrag(path: Path) -> tuple[list[Record], list[Record]]:
    """Return corpus and questions: the last turn of each task that has passages and something before it."""
    text = path.read_text(encoding="utf-8")
    if text.startswith('{"conversation_id"'):
        tasks = [json.loads(line) for line in text.splitlines()]
        texts = {found["document_id"]: found["text"] for task in tasks for found in task["contexts"]}
    else:
        whole = json.loads(text)
        tasks, texts = whole["tasks"], {found["document_id"]: found["text"] for found in whole["documents"]}
    articles: dict[str, dict[str, str]] = defaultdict(dict)
    for pid in sorted(texts):
        articles[_document(pid)][pid] = texts[pid].strip()
    corpus = [
        {"doc_id": name, "title": "", "passages": [{"pid": pid, "text": text} for pid, text in parts.items() if text]}
        for name, parts in articles.items()
    ]
    questions = []
    for task in tasks:
        said = [turn["text"].strip() for turn in task["input"] if turn["speaker"] == "user"]
        gold = [found["document_id"] for found in task["contexts"]]
        if len(said) > 1 and gold:
            questions.append(
                {
                    "qid": task["task_id"],
                    "question": said[-1],
                    "rewrite": "",
                    "before": said[-2::-1],
                    "doc_id": _document(gold[0]),
                    "gold_pids": gold,
                }
            )
    return corpus, questions


def _document(pid: str) -> str:
    """The document of a part: its name ends with two or three numbers, where it begins and ends."""
    parts = pid.split("-")
    while len(parts) > 1 and parts[-1].isdigit():
        parts.pop()
    return "-".join(parts)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def write(folder: Path, name: str, corpus: Iterable[Record], questions: Iterable[Record]) -> None:
    """Write a set's two files."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, records in (("corpus", corpus), ("questions", questions)):
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        (folder / f"{name}.{kind}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}.{kind}: {len(lines)}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["canard", "mtrag"])
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("name", nargs="?", default="mtrag")
    arguments = parser.parse_args()
    if arguments.kind == "canard":
        for name, (corpus, questions) in read_canard(arguments.file).items():
            write(arguments.out, name, corpus, questions)
    else:
        write(arguments.out, arguments.name, *read_mtrag(arguments.file))


if __name__ == "__main__":
    main()
