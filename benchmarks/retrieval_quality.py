"""Measure question sets as `pullquote evaluate` does, in both scopes, beside simpler rankings of the same encoder.

Usage: python -m benchmarks.retrieval_quality FOLDER SET [SET …] [--limit N] [--without-tokens] [--json]

A set is NAME.corpus.jsonl, NAME.questions.jsonl and perhaps NAME.offtopic.jsonl. Encodings are kept in the temporary
folder, so that a second run takes seconds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.question_sets import cache_folder
from bot.cli.figures import evaluation_as_json, evaluation_as_text
from bot.engine.evaluation.asking import Scope, ask_questions, draw_questions
from bot.engine.evaluation.cache import CachedEncoder
from bot.engine.evaluation.formats import read_question_set
from bot.engine.evaluation.question_set import Question, QuestionSet
from bot.engine.evaluation.report import make_report
from bot.engine.evaluation.shelving import GUILD, Shelf, shelve_articles
from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.fusion import DENSE_SPREAD, LEXICAL_SPREAD, fuse, rank, standardise
from bot.engine.retrieval.query import analyse_query
from bot.engine.retrieval.vectors import cosines
from bot.wiring import Scratch, scratch_library
from config.settings import load_settings

_FEW = 3


class Baselines:
    """Rankings by passage cosine, by BM25, and by z-scores of (passage + best sentence) and BM25, half each."""

    def __init__(self, scratch: Scratch, shelf: Shelf) -> None:
        self._encoder, self._shelf = scratch.encoder, shelf
        self._index = CorpusIndex(GUILD, scratch.encoder.identity.dimension)
        self._index.update(scratch.store)
        tokens = (scratch.store.token_segment(GUILD, article) or b"" for article in shelf.ids.values())
        self.bytes_a_passage = {
            "index in memory": round(self._index.snapshot.nbytes / len(self._index.snapshot)),
            "token vectors": round(sum(map(len, tokens)) / len(self._index.snapshot)),
        }

    def measure(self, questions: Sequence[Question], scope: Scope) -> dict[str, dict[str, float]]:
        """Return hit@1 and hit@3 of each ranking, 0 to 1, over the questions that have gold passages."""
        ranks: dict[str, list[float]] = {"dense": [], "BM25": [], "z fusion": []}
        for question in questions:
            if question.gold and question.kind == "answerable":
                for name, scores in self._score(question, scope).items():
                    ranks[name].append(self._find_gold(question, scope, scores))
        return {
            name: {f"hit@{depth}": round(float(np.mean(np.array(found) <= depth)), 5) for depth in (1, _FEW)}
            for name, found in ranks.items()
        }

    def _rows(self, question: Question, scope: Scope) -> Any:
        only = [self._shelf.ids[question.doc_id]] if scope is Scope.ARTICLE and question.doc_id else None
        return self._index.snapshot.find_rows(only)

    def _score(self, question: Question, scope: Scope) -> dict[str, FloatArray]:
        snapshot, rows = self._index.snapshot, self._rows(question, scope)
        query, embedding = analyse_query(question.text), self._encoder.encode_query(question.text).embedding
        dense = cosines(snapshot.embeddings[rows], embedding)
        edges = snapshot.sentence_edges
        sentences = cosines(snapshot.sentences[edges[rows[0]] : edges[rows[-1] + 1]], embedding)
        best = np.maximum.reduceat(sentences, edges[rows] - edges[rows[0]])
        ceiling = float(snapshot.postings.idf(query.ranking).sum()) or np.inf
        lexical = snapshot.postings.score(query.ranking)[rows] / np.float32(ceiling)
        fused = fuse(standardise(dense + best, DENSE_SPREAD), standardise(lexical, LEXICAL_SPREAD))
        return {"dense": dense, "BM25": lexical, "z fusion": fused}

    def _find_gold(self, question: Question, scope: Scope, scores: FloatArray) -> float:
        rows = self._rows(question, scope)
        for place, position in enumerate(rank(scores, _FEW).tolist(), start=1):
            if self._shelf.pid(*self._index.snapshot.locate(int(rows[position]))) in question.gold:
                return place
        return float("inf")


def measure(folder: Path, name: str, limit: int | None, *, with_tokens: bool = True) -> dict[str, Any]:
    """Return for each scope the evaluation as JSON and as text, and the simpler rankings."""
    question_set = _read(folder, name)
    drawn = draw_questions(question_set.questions, limit)
    settings = load_settings({"retrieval": {"keep_token_vectors": with_tokens}})
    results: dict[str, Any] = {}
    with scratch_library(settings, cache_folder()) as scratch:
        shelf = shelve_articles(scratch.store, scratch.encoder, question_set.articles, with_tokens=with_tokens)
        texts = [question.text for question in drawn]
        if isinstance(scratch.encoder, CachedEncoder):
            scratch.encoder.recall_queries(texts)
            scratch.encoder.keep_queries(texts)
        baselines = Baselines(scratch, shelf)
        for scope in Scope:
            report = make_report(ask_questions(scratch.library, shelf, drawn, scope, is_encoded=lambda _: True))
            described = (question_set, scope, scratch.encoder.identity, report)
            results[scope.value] = {
                "evaluation": evaluation_as_json(*described),
                "text": evaluation_as_text(*described),
                "baselines": baselines.measure(drawn, scope),
                "bytes a passage": baselines.bytes_a_passage,
            }
    return results


def _read(folder: Path, name: str) -> QuestionSet:
    off_topic = folder / f"{name}.offtopic.jsonl"
    return read_question_set(
        folder / f"{name}.corpus.jsonl", folder / f"{name}.questions.jsonl", off_topic if off_topic.exists() else None
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--limit", type=int, help="questions of each kind, drawn at random with a fixed seed")
    parser.add_argument("--without-tokens", action="store_true", help="as with retrieval.keep_token_vectors off")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    collected = {}
    for name in options.sets:
        results = measure(options.folder, name, options.limit, with_tokens=not options.without_tokens)
        collected[name] = {
            scope: {key: value for key, value in found.items() if key != "text"} for scope, found in results.items()
        }
        if not options.json:
            for found in results.values():
                print(found["text"])
                for baseline, hits in found["baselines"].items():
                    print(f"  {baseline}: " + ", ".join(f"{key} {100 * value:.1f}" for key, value in hits.items()))
                print("  bytes a passage: " + ", ".join(f"{k} {v:,}" for k, v in found["bytes a passage"].items()))
                print(flush=True)
    if options.json:
        print(json.dumps(collected, indent=1))


if __name__ == "__main__":
    main()
