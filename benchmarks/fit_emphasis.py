"""Fit bot/engine/retrieval/emphasis.json for the bundled encoder, on training sets and nothing else.

Usage: python -m benchmarks.fit_emphasis FOLDER/SET=COUNT … [--held-out FOLDER/SET=COUNT …] [--out FILE]

A listwise softmax over each question's candidates, with today's linear features (fitted here anew) and late interaction
under learned weights of the question's pieces. Two read-outs of 384 numbers with weight decay and drop-out: what is
learned is a property of words, not of articles. Of each set COUNT lists are drawn, in the article and across the set.
Run benchmarks/fit_ranker.py afterwards.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.fit_ranker import Lists, fit
from benchmarks.question_sets import build_index, cache_folder, encode_articles, encode_questions, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.retrieval.emphasis import EMPHASIS_FILE, SHARPNESS
from bot.engine.retrieval.features import FEATURES, carry_pieces
from bot.engine.retrieval.ranker import standardise_features
from bot.engine.retrieval.retriever import RERANKED, Retriever

ROUNDS = 3
RATE = 0.003
DECAY = 0.3
DROPPED = 0.1
_BATCH = 32
_CLOSE = 0.65
_LINEAR = FEATURES[: FEATURES.index("emphasised")]


@dataclass(frozen=True, slots=True)
class Question:
    """One list: ``tokens`` (q, d); ``features`` (c, f); ``gold`` (c,); ``weights`` (q,); ``passages`` (c, q).

    ``carried``: (s, q) matches, and ``owners``: (s,) the candidate that each sentence belongs to.
    """

    tokens: torch.Tensor
    features: np.ndarray[Any, np.dtype[np.float32]]
    gold: torch.Tensor
    weights: torch.Tensor
    passages: torch.Tensor
    carried: torch.Tensor
    owners: torch.Tensor


def collect(path: Path, count: int) -> list[Question]:
    """Return a set's lists; those whose answer the first stage missed are left out."""
    questions, encoder = read_set(path.parent, path.name), SentenceEncoder()
    encoded = encode_articles(questions, encoder, cache_folder())
    queries = encode_questions(path.name, [q["question"] for q in questions.questions], encoder, cache_folder())
    index, source = build_index((a.title, a.inputs, encoded[a.doc_id]) for a in questions.articles)
    numbers = {article.doc_id: number for number, article in enumerate(questions.articles, start=1)}
    pids = [pid for article in questions.articles for pid in article.pids]
    retriever, edges = Retriever(encoder.identity), index.snapshot.sentence_edges
    asked = [question for question in questions.questions if question["answerable"]]
    found: list[Question] = []
    for position in np.random.default_rng(0).permutation(len(asked)).tolist():
        question, scopes = asked[position], ([numbers[asked[position]["doc_id"]]], None)
        # An article of a few passages says little of ranking.
        for scope in scopes[len(index.snapshot.find_rows(scopes[0] or ())) < RERANKED // 3 :]:
            query = queries[question["question"]]
            second = retriever.describe(index, question["question"], query, article_ids=scope, tokens=source)
            rows, matches = second.candidates.rows, second.matches
            gold = np.array([pids[row] in question["gold_pids"] for row in rows])
            if not gold.any() or matches is None or query.tokens is None:
                continue
            counts = edges[rows + 1] - edges[rows]
            firsts = np.cumsum(counts) - counts
            found.append(
                Question(
                    torch.tensor(query.tokens, dtype=torch.float32),
                    standardise_features(second.features)[:, : len(_LINEAR)],
                    torch.tensor(gold),
                    torch.tensor(matches.weights),
                    torch.tensor(np.maximum.reduceat(matches.pieces, firsts, axis=0)),
                    torch.tensor(carry_pieces(matches.pieces, firsts, counts)),
                    torch.tensor(np.repeat(np.arange(len(rows)), counts)),
                )
            )
        if len(found) >= count:
            break
    print(f"{path.name}: {len(found)} lists", flush=True)
    return found


def fit_linear(lists: list[Question]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the weights of the features that need no emphasis."""
    features = np.zeros((len(lists), RERANKED, len(_LINEAR)))
    gold = np.zeros(features.shape[:2], dtype=np.bool_)
    real = gold.copy()
    for number, question in enumerate(lists):
        held = slice(0, len(question.features))
        features[number, held], gold[number, held], real[number, held] = question.features, question.gold, True
    return fit(Lists(features, gold, real, np.full(len(lists), ""), np.ones(len(lists))), 1.0)


class ReadOuts(torch.nn.Module):
    """What is learned, and how it changes the scores of a list."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.importance = torch.nn.Parameter(torch.zeros(dimension))
        self.exactness = torch.nn.Parameter(torch.zeros(dimension))
        self.bias = torch.nn.Parameter(torch.zeros(1))
        self.scales = torch.nn.Parameter(torch.tensor([12.0, 6.0, 5.0]))

    def forward(self, question: Question) -> torch.Tensor:
        """Return (c,) what is added to the linear scores."""
        tokens = torch.nn.functional.dropout(question.tokens, DROPPED, self.training)
        weights = question.weights * torch.exp(SHARPNESS * (tokens @ self.importance))
        weights = weights / weights.sum()
        exactness = question.weights * torch.sigmoid(SHARPNESS * (tokens @ self.exactness) + self.bias)
        none = torch.full((len(question.passages),), -9.0)
        best, before = (
            none.scatter_reduce(0, question.owners, question.carried @ used, "amax")
            for used in (weights, question.weights)
        )
        changes = (
            question.passages @ (weights - question.weights),
            best - before,
            torch.relu(question.passages - _CLOSE) @ exactness,
        )
        result: torch.Tensor = torch.stack(changes, dim=1) @ self.scales
        return result


def train(read_outs: ReadOuts, lists: list[Question], linear: list[torch.Tensor]) -> None:
    """Fit the read-outs."""
    learned = [read_outs.importance, read_outs.exactness, read_outs.bias]
    groups = [{"params": learned, "weight_decay": DECAY}, {"params": [read_outs.scales], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    random = np.random.default_rng(0)
    read_outs.train()
    for _ in range(ROUNDS):
        total = 0.0
        for batch in np.array_split(random.permutation(len(lists)), max(1, len(lists) // _BATCH)):
            losses = []
            for number in batch.tolist():
                scores = linear[number] + read_outs(lists[number])
                losses.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[lists[number].gold], 0))
            loss = torch.stack(losses).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += float(loss.detach()) * len(batch)
        print(f"loss {total / len(lists):.4f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="FOLDER/SET=COUNT")
    parser.add_argument("--held-out", nargs="*", default=[], metavar="FOLDER/SET=COUNT", help="print their hit@1")
    parser.add_argument("--out", type=Path, default=EMPHASIS_FILE)
    options = parser.parse_args()
    torch.manual_seed(0)
    named = [found.rsplit("=", 1) for found in options.sets]
    lists = [question for path, count in named for question in collect(Path(path), int(count))]
    solution = fit_linear(lists)
    linear = [torch.tensor(question.features @ solution, dtype=torch.float32) for question in lists]
    identity = SentenceEncoder().identity
    read_outs = ReadOuts(identity.dimension)
    train(read_outs, lists, linear)
    read_outs.eval()
    for path, count in (found.rsplit("=", 1) for found in options.held_out):
        hits = []
        for question in collect(Path(path), int(count)):
            score = torch.tensor(question.features @ solution, dtype=torch.float32)
            with torch.no_grad():
                hits.append([bool(question.gold[s.argmax()]) for s in (score, score + read_outs(question))])
        before, after = 100 * np.mean(hits, axis=0)
        print(f"{Path(path).name}, held out: {before:.2f} without, {after:.2f} with")
    content = {
        "encoder": [identity.name, identity.revision],
        "fitted_on": [Path(found).name for found in options.sets],
        "importance": [round(value, 4) for value in read_outs.importance.tolist()],
        "exactness": [round(value, 4) for value in read_outs.exactness.tolist()],
        "bias": round(read_outs.bias.item(), 4),
    }
    options.out.write_text(json.dumps(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
