"""Fit bot/engine/retrieval/sentences.json, which sentence of a passage answers, on training sets and nothing else.

Usage: python -m benchmarks.fit_highlight FOLDER/SET=WEIGHT … [--check] [--limit N]

A listwise softmax over the sentences of the passage that answers, for every question whose answer's place is known.
Sets, weights and --check as for benchmarks/fit_ranker.py.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.fit_ranker import Lists, check, count_hits, fit, join
from benchmarks.question_sets import build_index, cache_folder, encode_articles, encode_questions, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.records.passages import Span
from bot.engine.retrieval.highlight import SENTENCE_FEATURES, SENTENCES_FILE, describe_sentences
from bot.engine.retrieval.late_interaction import match_rows
from bot.engine.retrieval.query import analyse_query

PENALTY = 1.0
_MOST_SENTENCES = 40
_SHORTEST_ANSWER = 3


def collect(path: Path, weight: float, limit: int | None) -> Lists:
    """Return the sentences of each question's passage, those of one sentence left out."""
    questions, encoder = read_set(path.parent, path.name), SentenceEncoder()
    encoded = encode_articles(questions, encoder, cache_folder())
    queries = encode_questions(path.name, [q["question"] for q in questions.questions], encoder, cache_folder())
    index, source = build_index((a.title, a.inputs, encoded[a.doc_id]) for a in questions.articles)
    snapshot = index.snapshot
    texts = [text.text for article in questions.articles for text in article.inputs]
    rows = {pid: row for row, pid in enumerate(pid for article in questions.articles for pid in article.pids)}
    asked = [question for question in questions.questions if question["answerable"]]
    found = []
    for question in (asked[number] for number in np.random.default_rng(0).permutation(len(asked))[:limit]):
        text, article = question["question"], f"{path.name} {question['doc_id']}"
        query, terms = queries[text], analyse_query(text)
        for row in (rows[pid] for pid in question["gold_pids"]):
            labels = label_sentences(question, row, rows, texts[row], snapshot.sentence_spans(row))
            if len(labels) < 2 or len(labels) > _MOST_SENTENCES or not labels.any():
                continue
            matches = match_rows(index, snapshot, source, np.array([row]), text, query)
            if matches is not None:
                found.append((describe_sentences(snapshot, row, terms, query.embedding, matches), labels, article))
                break
    shape = (len(found), _MOST_SENTENCES)
    features = np.zeros((*shape, len(SENTENCE_FEATURES)))
    gold, real = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for number, (values, labels, _) in enumerate(found):
        features[number, : len(labels)], gold[number, : len(labels)], real[number, : len(labels)] = values, labels, True
    weights = np.full(len(found), weight / len(found))
    return Lists(features, gold, real, np.array([article for *_, article in found]), weights)


def label_sentences(
    question: dict[str, Any], row: int, rows: dict[str, int], text: str, spans: Sequence[Span]
) -> npt.NDArray[np.bool_]:
    """Return whether each sentence of a passage holds an answer whose place is known, or is found there once."""
    labels = np.zeros(len(spans), dtype=np.bool_)
    for answer in question["answers"]:
        start, wanted = answer["start"], answer["text"].lower().strip(" .")
        if rows.get(answer["pid"]) != row:
            continue
        if start < 0 and len(wanted) >= _SHORTEST_ANSWER and text.lower().count(wanted) == 1:
            start = text.lower().find(wanted)
        if start >= 0:
            labels |= [span.start < start + len(wanted) and start < span.end for span in spans]
    return labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="FOLDER/SET=WEIGHT")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--limit", type=int, help="questions of each set, drawn at random with a fixed seed")
    options = parser.parse_args()
    named = [found.rsplit("=", 1) for found in options.sets]
    parts = {Path(path).name: collect(Path(path), float(weight), options.limit) for path, weight in named}
    if options.check:
        check(parts)
        return
    solution = fit(join(list(parts.values())), PENALTY)
    for name, lists in parts.items():
        print(f"{name}: {count_hits(lists, solution):.1f}")
    identity = SentenceEncoder().identity
    content = {
        "encoder": [identity.name, identity.revision],
        "fitted_on": [f"{Path(path).name}={weight}" for path, weight in named],
        "weights": {name: round(float(value), 4) for name, value in zip(SENTENCE_FEATURES, solution, strict=True)},
    }
    SENTENCES_FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
