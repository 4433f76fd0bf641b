"""Measure what messy questions cost: each noisy form of a question set beside the clean one, in the same run.

Usage: python -m benchmarks.noisy_questions FOLDER SET [SET …] [--limit N] [--form NAME …] [--seed N] [--json]

Noise is seeded (benchmarks/noise.py). Questions go through preparation, encoder, index and retriever as in `/ask`; "as
typed" is the clean set without preparation. A form is compared on the questions that it changes. Off topic: how many of
the set's off-topic questions are answered, clean and with a typo each.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.noise import FORMS
from benchmarks.question_sets import build_index, cache_folder, encode_articles, encode_questions, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.ports.encoders import EncodedQuery
from bot.engine.records.answers import Hit
from bot.engine.retrieval.question import prepare_question
from bot.engine.retrieval.retriever import Retriever

_TOP_K = 3
_TYPO = "one typo"
Hits = npt.NDArray[np.bool_]


class NoisyMeasurement:
    """One set; every distinct text is encoded once."""

    def __init__(self, folder: Path, name: str, limit: int | None, seed: int) -> None:
        self._name, self._seed = name, seed
        self._encoder = SentenceEncoder()
        questions = read_set(folder, name)
        encoded = encode_articles(questions, self._encoder, cache_folder())
        self._articles = questions.articles
        self._index, self._source = build_index((a.title, a.inputs, encoded[a.doc_id]) for a in questions.articles)
        self._retriever = Retriever(self._encoder.identity)
        self._numbers = {article.doc_id: number for number, article in enumerate(questions.articles, start=1)}
        self._answerable = [question for question in questions.questions if question["answerable"]]
        self._others = questions.off_topic
        if limit is not None:
            order = np.random.default_rng(0).permutation(len(self._answerable))[:limit]
            self._answerable = [self._answerable[number] for number in order]
            self._others = self._others[:limit]
        self.clean = [question["question"] for question in self._answerable]
        self.off_topic = [question["question"] for question in self._others]
        self._encoded = encode_questions(name, self.clean + self.off_topic, self._encoder, cache_folder())
        self.prepare_ms: list[float] = []

    def make(self, form: str, texts: Sequence[str]) -> list[str]:
        """Return the texts in a noisy form, the same ones for the same seed."""
        chance = random.Random(self._seed)  # noqa: S311
        return [FORMS[form](text, chance) for text in texts]

    def _encode(self, text: str) -> EncodedQuery:
        if text not in self._encoded:
            self._encoded[text] = self._encoder.encode_query(text)
        return self._encoded[text]

    def _prepare(self, text: str, scope: list[int] | None) -> tuple[str, EncodedQuery]:
        encoding = 0.0

        def encode(wanted: str) -> EncodedQuery:
            nonlocal encoding
            started = time.perf_counter()
            found = self._encode(wanted)
            encoding += time.perf_counter() - started
            return found

        started = time.perf_counter()
        prepared = prepare_question(self._index, text, encode, article_ids=scope)
        self.prepare_ms.append(1000 * (time.perf_counter() - started - encoding))
        return prepared.text, prepared.encoded

    def rank(self, texts: Sequence[str], *, in_article: bool, prepared: bool = True) -> Hits:
        """Return (n, 2) whether the gold passage is first, and whether it is among three."""
        hits = []
        for question, text in zip(self._answerable, texts, strict=True):
            scope = [self._numbers[question["doc_id"]]] if in_article else None
            asked, encoded = self._prepare(text, scope) if prepared else (text, self._encode(text))
            found = self._retriever.search(
                self._index, asked, encoded, article_ids=scope, top_k=_TOP_K, tokens=self._source
            ).hits
            gold = [self._pid(hit) in question["gold_pids"] for hit in found]
            hits.append((gold[0], any(gold)))
        return np.array(hits)

    def _pid(self, hit: Hit) -> str:
        return self._articles[hit.article_id - 1].pids[hit.position - 1]

    def answered(self, texts: Sequence[str], *, prepared: bool = True) -> float:
        """Return the percentage of off-topic questions that are answered from the article they were asked of."""
        answers = []
        for question, text in zip(self._others, texts, strict=True):
            scope = [self._numbers[question["asked_of_doc_id"]]]
            asked, encoded = self._prepare(text, scope) if prepared else (text, self._encode(text))
            found = self._retriever.search(self._index, asked, encoded, article_ids=scope, top_k=1, tokens=self._source)
            answers.append(found.answers)
        return round(100 * float(np.mean(answers)), 2)


def measure(folder: Path, name: str, limit: int | None, forms: Sequence[str], seed: int) -> dict[str, dict[str, Any]]:
    """Return every figure of one set."""
    noisy = NoisyMeasurement(folder, name, limit, seed)
    results: dict[str, dict[str, Any]] = {"clean": {"n": len(noisy.clean)}}
    clean = {}
    for scope in ("in article", "library"):
        typed = noisy.rank(noisy.clean, in_article=scope == "in article", prepared=False)
        clean[scope] = noisy.rank(noisy.clean, in_article=scope == "in article")
        results["clean"] |= {f"{scope}, as typed": _percent(typed), f"{scope}, prepared": _percent(clean[scope])}
    results["clean"]["ms to prepare p50, p95"] = [
        round(float(np.percentile(noisy.prepare_ms, at)), 2) for at in (50, 95)
    ]
    for form in forms:
        texts = noisy.make(form, noisy.clean)
        changed = np.array([text != other for text, other in zip(texts, noisy.clean, strict=True)])
        if not changed.any():
            continue
        results[form] = {"n": int(changed.sum())}
        for scope, base in clean.items():
            hits = noisy.rank(texts, in_article=scope == "in article")
            loss = 100 * float(base[changed, 0].mean() - hits[changed, 0].mean())
            results[form] |= {scope: _percent(hits[changed]), f"{scope}, loss": round(loss, 2)}
    if noisy.off_topic:
        results["off topic answered %"] = {
            "as typed": noisy.answered(noisy.off_topic, prepared=False),
            "prepared": noisy.answered(noisy.off_topic),
            _TYPO: noisy.answered(noisy.make(_TYPO, noisy.off_topic)),
        }
    return results


def _percent(hits: Hits) -> str:
    first, third = 100 * hits.mean(axis=0)
    return f"{first:.2f} / {third:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--limit", type=int, help="questions of each kind, drawn at random with a fixed seed")
    parser.add_argument("--form", action="append", choices=list(FORMS), help="this form only; may be repeated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for name in options.sets:
        results = measure(options.folder, name, options.limit, options.form or list(FORMS), options.seed)
        if options.json:
            print(json.dumps({name: results}, indent=1))
            continue
        print(f"## {name}")
        for part, figures in results.items():
            print(f"  {part}: " + ", ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
