"""Measure ranking, "not in the articles" and highlights on question sets, through the code path of `/ask`.

Usage: python -m benchmarks.retrieval_quality FOLDER SET [SET …] [--limit N] [--without-tokens] [--json]

Encodings are kept in the temporary folder, so that a second run takes seconds.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.question_sets import (
    Article,
    QuestionSet,
    build_index,
    cache_folder,
    encode_articles,
    encode_questions,
    read_set,
)
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.records import Hit, Span
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.highlight import choose_sentences, open_sentence_weights
from bot.engine.retrieval.late_interaction import match_rows
from bot.engine.retrieval.query import analyse_query
from bot.engine.retrieval.retriever import Retriever

_DEPTH = 10
_RESAMPLES = 1000


@dataclass(slots=True)
class Ranking:
    """Ranks of the gold passage (0: not among the first ten), article by article, and milliseconds a question."""

    ranks: list[int] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    confidence: list[float] = field(default_factory=list)

    def summarise(self) -> dict[str, float]:
        """Return the figures in percent, the interval resampled by article."""
        ranks = np.array(self.ranks)
        low, high = _bootstrap(ranks == 1, self.articles)
        return {
            "hit@1": _percent(ranks == 1),
            "hit@1 low": low,
            "hit@1 high": high,
            "hit@3": _percent((ranks > 0) & (ranks <= 3)),
            "MRR@10": round(float(np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0).mean()), 3),
            "ms p50": round(float(np.median(self.milliseconds)), 2),
            "ms p95": round(float(np.percentile(self.milliseconds, 95)), 2),
        }


def _percent(hits: npt.NDArray[np.bool_]) -> float:
    return round(100 * float(hits.mean()), 1) if len(hits) else float("nan")


def _bootstrap(hits: npt.NDArray[np.bool_], articles: Sequence[str]) -> tuple[float, float]:
    """Return the 95 % interval of the mean in percent, resampling whole articles."""
    names, owners = np.unique(articles, return_inverse=True)
    right, total = np.bincount(owners, hits), np.bincount(owners)
    drawn = np.random.default_rng(0).integers(0, len(names), (_RESAMPLES, len(names)))
    means = 100 * right[drawn].sum(axis=1) / total[drawn].sum(axis=1)
    return round(float(np.percentile(means, 2.5)), 1), round(float(np.percentile(means, 97.5)), 1)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that a positive scores above a negative, ties counting half."""
    below = np.sort(np.array(negative))
    wins = np.searchsorted(below, positive, "left") + np.searchsorted(below, positive, "right")
    return round(float(wins.mean()) / (2 * len(below)), 4)


class Measurement:
    """One set under one retriever."""

    def __init__(
        self, questions: QuestionSet, encoder: SentenceEncoder, folder: Path, limit: int | None, *, with_tokens: bool
    ) -> None:
        self.questions = questions
        encoded = encode_articles(questions, encoder, folder)
        articles = ((a.title, a.inputs, encoded[a.doc_id]) for a in questions.articles)
        self.index, self.source = build_index(articles, with_tokens=with_tokens)
        self.retriever = Retriever(encoder.identity)
        self.sentence_weights = open_sentence_weights(encoder.identity)
        self.article_ids = {article.doc_id: number for number, article in enumerate(questions.articles, start=1)}
        texts = [question["question"] for question in questions.questions + questions.off_topic]
        self.queries = encode_questions(questions.name, texts, encoder, folder)
        self.answerable = [question for question in questions.questions if question["answerable"]]
        self.off_topic = questions.off_topic
        if limit is not None:
            order = np.random.default_rng(0).permutation(len(self.answerable))[:limit]
            self.answerable = [self.answerable[number] for number in order]
            self.off_topic = self.off_topic[:limit]

    def rank(self, *, in_article: bool) -> Ranking:
        """Rank every answerable question within its article or across the set."""
        found = Ranking()
        for question in self.answerable:
            query = self.queries[question["question"]]
            scope = [self.article_ids[question["doc_id"]]] if in_article else None
            started = time.perf_counter()
            result = self.retriever.search(
                self.index, question["question"], query, article_ids=scope, top_k=_DEPTH, tokens=self.source
            )
            found.milliseconds.append(1000 * (time.perf_counter() - started))
            gold = set(question["gold_pids"])
            ranks = [hit.rank for hit in result.hits if self._pid(hit) in gold]
            found.ranks.append(ranks[0] if ranks else 0)
            found.articles.append(question["doc_id"])
            found.confidence.append(result.confidence)
        return found

    def _pid(self, hit: Hit) -> str:
        return self.questions.articles[hit.article_id - 1].pids[hit.position - 1]

    def judge(self, answerable: Ranking, *, in_article: bool) -> dict[str, float]:
        """Compare the confidence of answerable questions with that of off-topic ones."""
        if in_article:
            asked = [
                (question["question"], [self.article_ids[question["asked_of_doc_id"]]]) for question in self.off_topic
            ]
        else:
            asked = [
                (question["question"], [i for doc_id, i in self.article_ids.items() if doc_id != question["doc_id"]])
                for question in self.answerable
            ]
        negative = [
            self.retriever.search(self.index, text, self.queries[text], article_ids=scope, top_k=1)
            for text, scope in asked
        ]
        confidence = [result.confidence for result in negative]
        recall_95 = float(np.percentile(answerable.confidence, 5))
        return {
            "n": len(negative),
            "AUROC": auroc(answerable.confidence, confidence),
            "answered at 95 % recall": _percent(np.array(confidence) >= recall_95),
            "answered by default": _percent(np.array([result.answers for result in negative])),
            "answerable lost by default": _percent(np.array(answerable.confidence) < self.retriever.threshold),
        }

    def highlight(self) -> dict[str, float]:
        """Return how often the sentence chosen in the gold passage overlaps an answer."""
        hits, pairs = [], 0
        for question in self.answerable:
            article = self.questions.articles[self.article_ids[question["doc_id"]] - 1]
            gold = [answer for answer in question["answers"] if answer["start"] >= 0 and answer["pid"] in article.pids]
            if gold:
                pid = gold[0]["pid"]
                spans = self._choose(article, pid, question["question"])
                pairs += len(spans) > 1
                hits.append(any(_touches(spans, answer) for answer in gold if answer["pid"] == pid))
        accuracy = _percent(np.array(hits, dtype=np.bool_))
        return {"n": len(hits), "accuracy": accuracy, "of two sentences": round(100 * pairs / max(len(hits), 1), 1)}

    def _choose(self, article: Article, pid: str, text: str) -> tuple[Span, ...]:
        snapshot, query = self.index.snapshot, self.queries[text]
        row = snapshot.find_row(self.article_ids[article.doc_id], article.pids.index(pid) + 1)
        if row is None:
            raise LookupError(pid)
        matches = match_rows(self.index, snapshot, self.source, np.array([row]), text, query)
        return choose_sentences(snapshot, row, analyse_query(text), query.embedding, matches, self.sentence_weights)


def _touches(spans: Sequence[Span], answer: dict[str, int | str]) -> bool:
    start = int(answer["start"])
    end = start + len(str(answer["text"]))
    return any(span.start < end and start < span.end for span in spans)


def measure(folder: Path, name: str, limit: int | None, *, with_tokens: bool = True) -> dict[str, dict[str, float]]:
    """Return every figure of one set."""
    measurement = Measurement(read_set(folder, name), SentenceEncoder(), cache_folder(), limit, with_tokens=with_tokens)
    in_article, library = measurement.rank(in_article=True), measurement.rank(in_article=False)
    index: CorpusIndex = measurement.index
    return {
        "size": {"articles": len(measurement.article_ids), "passages": len(index.snapshot), "n": len(in_article.ranks)},
        "in article": in_article.summarise(),
        "library": library.summarise(),
        "off topic, in article": measurement.judge(in_article, in_article=True),
        "off topic, other articles": measurement.judge(library, in_article=False),
        "highlight in gold passage": measurement.highlight(),
        "bytes a passage": {
            "index in memory": round(index.snapshot.nbytes / len(index.snapshot)),
            "token vectors": round(measurement.source.token_bytes / len(index.snapshot)),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--limit", type=int, help="questions of each kind, drawn at random with a fixed seed")
    parser.add_argument("--without-tokens", action="store_true", help="as with retrieval.keep_token_vectors off")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = {
        name: measure(options.folder, name, options.limit, with_tokens=not options.without_tokens)
        for name in options.sets
    }
    if options.json:
        print(json.dumps(results, indent=1))
        return
    for name, parts in results.items():
        print(f"## {name}")
        for part, figures in parts.items():
            print(f"  {part}: " + ", ".join(f"{key} {value:g}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
