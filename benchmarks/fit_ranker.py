"""Fit bot/engine/retrieval/ranker.json for the bundled encoder, on training sets and nothing else.

Usage: python -m benchmarks.fit_ranker FOLDER/SET=WEIGHT … [--check] [--limit N]

Each answerable question is ranked in its article and across its set; the weights maximise the probability that a
softmax over the second stage's candidates gives the passages that answer. --check prints the mean hit@1 of five folds
of held-out articles, for several penalties, and writes nothing.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.question_sets import build_index, cache_folder, encode_articles, encode_questions, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.retrieval.features import FEATURES, MATCH_SCORES, describe_candidates
from bot.engine.retrieval.query import analyse_query
from bot.engine.retrieval.ranker import RANKER_FILE, standardise_features
from bot.engine.retrieval.retriever import RERANKED, Retriever

PENALTY = 1.0
UNSAFE = ("run in a sentence",)
"""Not used beside token vectors: it harms on held-out articles there, and gives 0.7 points of hit@1 without them."""

_PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
_FOLDS = 5
_STEPS = 30
_SMALL = 1e-3
_FEW = RERANKED // 3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lists:
    """``features``: (n, c, f), padded; ``gold`` and ``real``: (n, c); ``articles``: (n,); ``weights``: (n,)."""

    features: Floats
    gold: npt.NDArray[np.bool_]
    real: npt.NDArray[np.bool_]
    articles: npt.NDArray[np.str_]
    weights: Floats

    def take(self, chosen: npt.NDArray[np.bool_]) -> Lists:
        """Return some of the lists."""
        return Lists(*(getattr(self, name)[chosen] for name in self.__slots__))


def collect(path: Path, weight: float, *, limit: int | None) -> dict[bool, Lists]:
    """Return the candidates of a set's questions with and without token vectors, where the first stage found an answer.

    Articles of a few passages are not asked by themselves.
    """
    name = path.name
    questions, encoder = read_set(path.parent, name), SentenceEncoder()
    encoded = encode_articles(questions, encoder, cache_folder())
    queries = encode_questions(name, [q["question"] for q in questions.questions], encoder, cache_folder())
    index, source = build_index((a.title, a.inputs, encoded[a.doc_id]) for a in questions.articles)
    numbers = {article.doc_id: number for number, article in enumerate(questions.articles, start=1)}
    pids = [pid for article in questions.articles for pid in article.pids]
    retriever = Retriever(encoder.identity)
    asked = [question for question in questions.questions if question["answerable"]]
    order = np.random.default_rng(0).permutation(len(asked))[:limit]
    found = []
    for question in (asked[number] for number in order):
        text, own = question["question"], [numbers[question["doc_id"]]]
        for scope in (own, None) if len(index.snapshot.find_rows(own)) >= _FEW else (None,):
            second = retriever.describe(index, text, queries[text], article_ids=scope, tokens=source)
            plain = describe_candidates(index.snapshot, second.candidates, analyse_query(text), None)
            gold = np.array([pids[row] in question["gold_pids"] for row in second.candidates.rows])
            if gold.any():
                both = standardise_features(second.features), standardise_features(plain)
                found.append((both, gold, f"{name} {question['doc_id']}"))
    shape = (len(found), RERANKED)
    golds, real = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    features = {with_tokens: np.zeros((*shape, len(FEATURES)), dtype=np.float32) for with_tokens in (True, False)}
    for number, (both, gold, _) in enumerate(found):
        golds[number, : len(gold)], real[number, : len(gold)] = gold, True
        for values, described in zip(features.values(), both, strict=True):
            values[number, : len(gold)] = described
    features[True][..., [FEATURES.index(feature) for feature in UNSAFE]] = 0
    articles, weights = np.array([article for *_, article in found]), np.full(len(found), weight / len(found))
    return {
        with_tokens: Lists(values.astype(np.float64), golds, real, articles, weights)
        for with_tokens, values in features.items()
    }


def fit(lists: Lists, penalty: float) -> Floats:
    """Return (f,) weights: the listwise softmax by Newton's method with a quadratic penalty."""
    features, gold = lists.features[lists.real].astype(np.float32), lists.gold[lists.real]
    counts = lists.real.sum(axis=1)
    firsts, owners = np.cumsum(counts) - counts, np.repeat(np.arange(len(counts)), counts)
    weights = lists.weights / lists.weights.mean()
    solution = np.zeros(features.shape[1])

    def share(raised: Floats) -> Floats:
        shares: Floats = raised / np.add.reduceat(raised, firsts)[owners]
        return shares

    def raise_scores(tried: Floats) -> Floats:
        scores = (features @ tried.astype(np.float32)).astype(np.float64)
        raised: Floats = np.exp(scores - np.maximum.reduceat(scores, firsts)[owners])
        return raised

    def measure(tried: Floats, raised: Floats) -> float:
        held = np.maximum(np.add.reduceat(share(raised) * gold, firsts), np.finfo(float).tiny)
        return float(weights @ np.log(held) - penalty / 2 * tried @ tried)

    raised = raise_scores(solution)
    value = measure(solution, raised)
    for _ in range(_STEPS):
        given, wanted = share(raised), share(np.maximum(raised, np.finfo(float).tiny) * gold)
        gradient = features.T @ (weights[owners] * (wanted - given)).astype(np.float32) - penalty * solution
        means = np.add.reduceat(features * given[:, None].astype(np.float32), firsts, axis=0)
        curvature = (features * (weights[owners] * given)[:, None].astype(np.float32)).T @ features
        curvature = curvature - (means * weights[:, None].astype(np.float32)).T @ means
        step = np.linalg.solve(curvature + penalty * np.eye(len(solution)), gradient)
        raised = raise_scores(solution + step)
        while (reached := measure(solution + step, raised)) < value and np.abs(step).max() > _SMALL:
            step /= 2
            raised = raise_scores(solution + step)
        if np.abs(step).max() <= _SMALL:
            break
        solution, value = solution + step, reached
    return solution


def count_hits(lists: Lists, weights: Floats) -> float:
    """Return the share of lists whose best candidate answers, in percent."""
    best = np.where(lists.real, lists.features @ weights, -np.inf).argmax(axis=1)
    return 100 * float(lists.gold[np.arange(len(best)), best].mean())


def join(parts: list[Lists]) -> Lists:
    """Join sets, whose weights stay as they are."""
    return Lists(*(np.concatenate([getattr(part, name) for part in parts]) for name in Lists.__slots__))


def check(parts: dict[str, Lists]) -> None:
    """Print the hit@1 of held-out articles for every penalty, fitted on each set alone and on all."""
    for training in (*((name,) for name in parts), tuple(parts)) if len(parts) > 1 else (tuple(parts),):
        for penalty in _PENALTIES:
            figures = {}
            for name, lists in parts.items():
                groups = np.unique(lists.articles, return_inverse=True)[1] % _FOLDS
                hits = []
                for fold in range(_FOLDS):
                    kept = [
                        part.take(np.unique(part.articles, return_inverse=True)[1] % _FOLDS != fold)
                        for part in (parts[other] for other in training)
                    ]
                    hits.append(count_hits(lists.take(groups == fold), fit(join(kept), penalty)))
                figures[name] = round(float(np.mean(hits)), 2)
            print(f"fitted on {' + '.join(training)}, penalty {penalty:g}: {figures}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="FOLDER/SET=WEIGHT")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--limit", type=int, help="questions of each set, drawn at random with a fixed seed")
    options = parser.parse_args()
    named = [found.rsplit("=", 1) for found in options.sets]
    fitted = {}
    collected = {Path(path).name: collect(Path(path), float(weight), limit=options.limit) for path, weight in named}
    for with_tokens in (True, False):
        parts = {name: both[with_tokens] for name, both in collected.items()}
        if options.check:
            check(parts)
            continue
        solution = fit(join(list(parts.values())), PENALTY)
        known = [name for name in FEATURES if with_tokens or name not in MATCH_SCORES]
        fitted[with_tokens] = {name: round(float(solution[FEATURES.index(name)]), 4) for name in known}
        for name, lists in parts.items():
            print(f"{name}, {'with' if with_tokens else 'without'} tokens: {count_hits(lists, solution):.1f}")
    if fitted:
        identity = SentenceEncoder().identity
        content = {
            "encoder": [identity.name, identity.revision],
            "fitted_on": [f"{Path(path).name}={weight}" for path, weight in named],
            "with_tokens": fitted[True],
            "without_tokens": fitted[False],
        }
        RANKER_FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
