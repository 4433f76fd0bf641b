"""Score prediction files of all peers alike and print a table a set and scope.

Usage: python -m benchmarks.peers.scoring --data FOLDER --out FOLDER SET [SET …]

Reads OUT/SET/{article,library}/NAME.jsonl, lines `{"qid", "ranking": [pid, …]}` as `pullquote evaluate --predictions`
and `benchmarks.peers.run` write them; further keys are optional, other questions' lines are passed over. Only questions
that all files of a table hold are counted. hit@1 is compared with that of `pullquote.jsonl` where there is one;
NAME.ms.json gives the milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.peers.passages import DEPTH, Question, read_articles, read_questions
from benchmarks.peers.run import OURS, PEERS, SCOPES

REFERENCE = "pullquote"
_RESAMPLES = 2000

Ranks = npt.NDArray[np.int64]
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One peer's figures: percentages, except ``mrr``; intervals are (low, high).

    ``shown_hit``: the first result touches a right passage, however much else it holds. ``difference``: hit@1 less the
    reference's, paired by question. ``characters``: median of the first result. ``ms``: median, None: not measured.
    """

    name: str
    hit_1: float
    interval: tuple[float, float]
    hit_3: float
    mrr: float
    shown_hit: float
    characters: float
    difference: tuple[float, float, float] | None
    ms: float | None


def read_predictions(path: Path) -> dict[str, Line]:
    """Return a file's lines by question. Raises ValueError for one without a ranking."""
    lines = {}
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            line = json.loads(text)
            if not isinstance(line.get("ranking"), list) or "qid" not in line:
                raise ValueError(f"{path}, line {number}: a prediction has a qid and a ranking")
            lines[str(line["qid"])] = line
    return lines


def find_ranks(questions: Sequence[Question], lines: Mapping[str, Line]) -> Ranks:
    """Return the rank (from 1) of each question's best right passage among its first ten, 0 where there is none."""
    ranks = np.zeros(len(questions), np.int64)
    for row, question in enumerate(questions):
        ranking = lines[question.qid]["ranking"][:DEPTH]
        ranks[row] = next((place for place, pid in enumerate(ranking, start=1) if pid in question.gold), 0)
    return ranks


def resample(
    values: npt.NDArray[np.floating[Any]] | npt.NDArray[np.bool_], owners: Sequence[str]
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean, in percent, drawing whole articles (``owners`` of the values)."""
    names, rows = np.unique(np.array(owners), return_inverse=True)
    sums, counts = np.bincount(rows, values), np.bincount(rows)
    drawn = np.random.default_rng(0).integers(0, len(names), (_RESAMPLES, len(names)))
    means = 100 * sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def score(
    name: str,
    questions: Sequence[Question],
    lines: Mapping[str, Line],
    lengths: Mapping[str, int],
    *,
    reference: Ranks | None = None,
    milliseconds: Sequence[float] = (),
) -> Row:
    """Score one file. ``lengths``: characters of each passage; ``reference``: ranks to compare with."""
    ranks = find_ranks(questions, lines)
    owners = [question.doc_id for question in questions]
    first = ranks == 1
    found = [lines[question.qid] for question in questions]
    units = [line.get("units") or [[pid] for pid in line["ranking"]] for line in found]
    shown = [
        bool(unit) and not question.gold.isdisjoint(unit[0]) for question, unit in zip(questions, units, strict=True)
    ]
    characters = [
        line.get("characters", lengths.get(line["ranking"][0], 0) if line["ranking"] else 0) for line in found
    ]
    difference = None
    if reference is not None:
        gain = first.astype(np.float64) - (reference == 1)
        difference = (100 * float(gain.mean()), *resample(gain, owners))
    return Row(
        name,
        100 * float(first.mean()),
        resample(first, owners),
        100 * float(((ranks > 0) & (ranks <= 3)).mean()),
        float(np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0).mean()),
        100 * float(np.mean(shown)),
        statistics.median(characters),
        difference,
        statistics.median(milliseconds) if milliseconds else None,
    )


def score_folder(data: Path, out: Path, name: str, scope: str) -> tuple[int, list[Row]]:
    """Score every file of one set and scope, in the order of the register; return how many questions were counted."""
    paths = sorted((out / name / scope).glob("*.jsonl"), key=lambda path: place(path.stem))
    files = {path.stem: read_predictions(path) for path in paths}
    every = read_questions(data, name)
    held = set.intersection(*(set(lines) for lines in files.values())) if files else set()
    questions = [question for question in every if question.qid in held]
    for stem, lines in files.items():
        left_out = sum(question.qid in lines for question in every) - len(questions)
        if left_out:
            print(f"{name}, {scope}: {left_out} questions of {stem} are not in every file", file=sys.stderr)
    if not questions:
        return 0, []
    lengths = {passage.pid: len(passage.text) for article in read_articles(data, name) for passage in article.passages}
    reference = find_ranks(questions, files[REFERENCE]) if REFERENCE in files else None
    rows = [
        score(
            stem,
            questions,
            lines,
            lengths,
            reference=None if stem == REFERENCE else reference,
            milliseconds=_read_times(out / name / scope / f"{stem}.ms.json"),
        )
        for stem, lines in files.items()
    ]
    return len(questions), rows


def place(stem: str) -> tuple[int, str]:
    """Return where a file of this name stands in a table: as in the register, unknown ones last."""
    known = [*OURS, *PEERS]
    return (known.index(stem) if stem in known else len(known), stem)


def _read_times(path: Path) -> list[float]:
    return [float(number) for number in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    print_tables(options.data, options.out, options.sets)


def print_tables(data: Path, out: Path, sets: Sequence[str]) -> None:
    """Print a table a set and scope, then what each row is."""
    abouts: dict[str, dict[str, Any]] = {}
    for name in sets:
        found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (out / name).glob("*.json")}
        abouts |= found
        labels = {stem: about["label"] for stem, about in found.items()}
        for scope in SCOPES:
            count, rows = score_folder(data, out, name, scope)
            if rows:
                print_table(name, scope, count, rows, labels)
    print()
    for stem in sorted(abouts, key=place):
        about = abouts[stem]
        versions = ", ".join(f"{package} {number}" for package, number in about["versions"].items())
        print(f"- {about['label']}: {about['settings']}{f' ({versions})' if versions else ''}")


def print_table(name: str, scope: str, count: int, rows: Sequence[Row], labels: Mapping[str, str]) -> None:
    """Print Markdown."""
    print(f"\n{name}, {'in the article' if scope == 'article' else 'across the set'}, {count} questions\n")
    print("| | hit@1 | against Pullquote | hit@3 | MRR@10 | first result touches it | its characters | ms |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        difference = "–"
        if row.difference is not None:
            difference = "{:+.1f} [{:+.1f}, {:+.1f}]".format(*row.difference)
        print(
            f"| {labels.get(row.name, row.name)} | {row.hit_1:.1f} [{row.interval[0]:.1f}, {row.interval[1]:.1f}] "
            f"| {difference} | {row.hit_3:.1f} | {row.mrr:.3f} | {row.shown_hit:.1f} | {row.characters:.0f} "
            f"| {'–' if row.ms is None else f'{row.ms:.1f}'} |"
        )


if __name__ == "__main__":
    main()
