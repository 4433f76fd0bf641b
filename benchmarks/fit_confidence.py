"""Fit the constants of bot/engine/retrieval/confidence.py, on squad_train_slice and nothing else.

Usage: python -m benchmarks.fit_confidence FOLDER

Three situations weigh the same: one article, all articles, and a guild that has 1 to 16 passages in all. In each the
answerable questions stand against off-topic ones: asked of another article; of the library without their own article;
of a window of another article.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.question_sets import build_index, cache_folder, encode_articles, encode_questions, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.ports import EncodedPassage, EncodedQuery
from bot.engine.retrieval.confidence import Evidence
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.retriever import Retriever

TRAINING_SET = "squad_train_slice"
LOST = 0.04
_QUESTIONS = 1500
_WINDOWS = 250
_WINDOW_QUESTIONS = 8
_LONGEST_WINDOW = 16


@dataclass(slots=True)
class Sample:
    """Evidence of answerable and of off-topic questions in one situation."""

    name: str
    answerable: list[Evidence] = field(default_factory=list)
    off_topic: list[Evidence] = field(default_factory=list)


class Collector:
    """Asks questions and keeps the evidence."""

    def __init__(self, folder: Path) -> None:
        self.questions = read_set(folder, TRAINING_SET)
        encoder = SentenceEncoder()
        self.encoded = encode_articles(self.questions, encoder, cache_folder())
        texts = [question["question"] for question in self.questions.questions + self.questions.off_topic]
        self.queries = encode_questions(TRAINING_SET, texts, encoder, cache_folder())
        self.retriever = Retriever()
        self.random = np.random.default_rng(0)
        self.answerable = [question for question in self.questions.questions if question["answerable"]]

    def collect(self) -> list[Sample]:
        """Return the three situations."""
        articles = self.questions.articles
        index, _ = build_index((article.title, article.inputs, self.encoded[article.doc_id]) for article in articles)
        numbers = {article.doc_id: number for number, article in enumerate(articles, start=1)}
        one, all_, few = Sample("one article"), Sample("all articles"), Sample("1 to 16 passages")
        for position in self.random.permutation(len(self.answerable))[:_QUESTIONS]:
            question = self.answerable[position]
            own = numbers[question["doc_id"]]
            one.answerable.append(self._ask(index, question, [own]))
            all_.answerable.append(self._ask(index, question, None))
            all_.off_topic.append(self._ask(index, question, [other for other in numbers.values() if other != own]))
        for question in self.questions.off_topic[:_QUESTIONS]:
            one.off_topic.append(self._ask(index, question, [numbers[question["asked_of_doc_id"]]]))
        for _ in range(_WINDOWS):
            self._collect_window(few)
        return [one, all_, few]

    def _collect_window(self, sample: Sample) -> None:
        article = self.questions.articles[self.random.integers(len(self.questions.articles))]
        size = min(int(self.random.integers(1, _LONGEST_WINDOW + 1)), len(article.pids))
        start = int(self.random.integers(0, len(article.pids) - size + 1))
        window = slice(start, start + size)
        passages: Sequence[EncodedPassage] = self.encoded[article.doc_id][window]
        index, _ = build_index([(article.title, article.inputs[window], passages)], with_tokens=False)
        held = set(article.pids[window])
        own = [question for question in self.answerable if held & set(question["gold_pids"])]
        others = [question for question in self.answerable if question["doc_id"] != article.doc_id]
        for kept, pool in ((sample.answerable, own), (sample.off_topic, others)):
            for position in self.random.permutation(len(pool))[:_WINDOW_QUESTIONS]:
                kept.append(self._ask(index, pool[position], None))

    def _ask(self, index: CorpusIndex, question: dict[str, Any], article_ids: list[int] | None) -> Evidence:
        text = question["question"]
        query: EncodedQuery = self.queries[text]
        evidence = self.retriever.search(index, text, query, article_ids=article_ids, top_k=1).evidence
        if evidence is None:
            raise LookupError(text)
        return evidence


def fit(samples: Sequence[Sample]) -> npt.NDArray[np.float64]:
    """Return (3,) the weights of score, log rows and 1: logistic regression by Newton's method, classes balanced."""
    features, labels, weights = [], [], []
    for sample in samples:
        for label, found in ((1.0, sample.answerable), (0.0, sample.off_topic)):
            features.append(describe(found))
            labels.append(np.full(len(found), label))
            weights.append(np.full(len(found), 1 / len(found)))
    x, y, w = np.concatenate(features), np.concatenate(labels), np.concatenate(weights) * 1000
    solution = np.zeros(x.shape[1])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-x @ solution))
        curvature = (x * (w * probability * (1 - probability))[:, None]).T @ x + 1e-3 * np.eye(x.shape[1])
        solution += np.linalg.solve(curvature, x.T @ (w * (y - probability)) - 1e-3 * solution)
    return solution


def describe(found: Sequence[Evidence]) -> npt.NDArray[np.float64]:
    """Return (n, 3): score, log rows, 1."""
    return np.array([[evidence.score, np.log(evidence.rows), 1.0] for evidence in found])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    samples = Collector(parser.parse_args().folder).collect()
    solution = np.round(fit(samples), 2)
    confidence = [
        [1 / (1 + np.exp(-describe(found) @ solution)) for found in (sample.answerable, sample.off_topic)]
        for sample in samples
    ]
    # The library-wide case has no part in the threshold: most questions are about one article or a small guild.
    threshold = np.floor(1000 * min(np.quantile(confidence[number][0], LOST) for number in (0, 2))) / 1000
    print(f"SLOPE = {solution[0]}\nROWS_SLOPE = {solution[1]}\nINTERCEPT = {solution[2]}")
    print(f"DEFAULT_THRESHOLD = {threshold}")
    for sample, (answerable, off_topic) in zip(samples, confidence, strict=True):
        lost, answered = 100 * np.mean(answerable < threshold), 100 * np.mean(off_topic >= threshold)
        print(f"# {sample.name}: {len(answerable)} answerable, {lost:.1f} % lost; {len(off_topic)} off topic, ", end="")
        print(f"{answered:.1f} % answered")


if __name__ == "__main__":
    main()
