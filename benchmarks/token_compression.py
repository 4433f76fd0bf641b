"""Measure what compressing token vectors costs: hit@1 of MaxSim alone, bytes a passage, milliseconds a question.

Usage: python -m benchmarks.token_compression FOLDER [--limit N]

In-article, on the training slice and on squad1_dev_rest; the question always stays in full precision. "rotated": by
bot/engine/retrieval/rotation.py; "PCA": the strongest directions of the training slice's own token vectors, rotated.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.question_sets import QuestionSet, cache_folder, encode_articles, encode_questions, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.ports.encoders import EncodedPassage, EncodedQuery
from bot.engine.retrieval.rotation import make_rotation

TRAINING_SET = "squad_train_slice"
SETS = (TRAINING_SET, "squad1_dev_rest")
Floats = npt.NDArray[np.float32]

_TWO_BIT_STEP = 0.996
_TERNARY_EDGE, _TERNARY_LEVEL = 0.612, 1.22
"""The best uniform quantizers of a normal distribution (Max, 1960), in deviations."""


class Codec(NamedTuple):
    """``matrix``: (d, k) applied to both sides; ``round``: of (t, k) rows; ``bits`` a number, ``extra`` bytes a row."""

    name: str
    matrix: Floats
    round: Callable[[Floats], Floats]
    bits: float
    extra: int

    @property
    def token_bytes(self) -> float:
        """Bytes of one token."""
        return self.matrix.shape[1] * self.bits / 8 + self.extra


def keep(rows: Floats) -> Floats:
    return rows


def take_signs(rows: Floats) -> Floats:
    return np.where(rows > 0, 1, -1).astype(np.float32) / np.float32(np.sqrt(rows.shape[1]))


def round_ternary(rows: Floats) -> Floats:
    spread = np.sqrt((rows**2).mean(axis=1, keepdims=True))
    levels = (rows > _TERNARY_EDGE * spread).astype(np.float32) - (rows < -_TERNARY_EDGE * spread)
    return (levels * _TERNARY_LEVEL * spread).astype(np.float32)


def round_to_two_bits(rows: Floats) -> Floats:
    step = _TWO_BIT_STEP * np.sqrt((rows**2).mean(axis=1, keepdims=True))
    return ((np.clip(np.floor(rows / step), -2, 1) + 0.5) * step).astype(np.float32)


def round_evenly(largest: int) -> Callable[[Floats], Floats]:
    def apply(rows: Floats) -> Floats:
        step = np.abs(rows).max(axis=1, keepdims=True) / largest
        return (np.rint(rows / step) * step).astype(np.float32)

    return apply


def list_codecs(tokens: Floats) -> list[Codec]:
    """Return what is compared; ``tokens``: the training slice's, for the principal directions."""
    plain = np.eye(tokens.shape[1], dtype=np.float32)
    turned = make_rotation(tokens.shape[1])
    directions = np.linalg.eigh(tokens.T @ tokens)[1][:, ::-1].astype(np.float32)
    codecs = [
        Codec("384, 16 bits", plain, keep, 16, 0),
        Codec("384, 8 bits", plain, round_evenly(127), 8, 2),
        Codec("384, 4 bits", plain, round_evenly(7), 4, 2),
        Codec("384 rotated, 2 bits", turned, round_to_two_bits, 2, 2),
        Codec("384 rotated, ternary", turned, round_ternary, 1.6, 2),
        Codec("384 rotated, 1 bit", turned, take_signs, 1, 0),
        Codec("384, 1 bit", plain, take_signs, 1, 0),
    ]
    for size in (256, 192, 128, 96, 64):
        matrix = np.ascontiguousarray(directions[:, :size]) @ make_rotation(size)
        codecs += [
            Codec(f"PCA {size}, 8 bits", matrix, round_evenly(127), 8, 2),
            Codec(f"PCA {size}, 4 bits", matrix, round_evenly(7), 4, 2),
            Codec(f"PCA {size}, 2 bits", matrix, round_to_two_bits, 2, 2),
            Codec(f"PCA {size}, 1 bit", matrix, take_signs, 1, 0),
        ]
    return codecs


class Sample(NamedTuple):
    """A set's articles and some of its answerable questions, encoded."""

    questions: QuestionSet
    passages: dict[str, list[EncodedPassage]]
    queries: dict[str, EncodedQuery]
    asked: list[dict[str, object]]


def draw_sample(folder: Path, name: str, limit: int) -> Sample:
    questions, encoder = read_set(folder, name), SentenceEncoder()
    asked = [question for question in questions.questions if question["answerable"]]
    drawn = [asked[number] for number in np.random.default_rng(0).permutation(len(asked))[:limit]]
    texts = [question["question"] for question in questions.questions]
    passages = encode_articles(questions, encoder, cache_folder())
    return Sample(questions, passages, encode_questions(name, texts, encoder, cache_folder()), drawn)


def measure(sample: Sample, codec: Codec) -> tuple[float, float, float]:
    """Return hit@1 in percent, bytes a passage, milliseconds a question (matching the whole article's tokens)."""
    articles: dict[str, tuple[Floats, npt.NDArray[np.int64]]] = {}
    count = 0
    for doc_id, found in sample.passages.items():
        tokens = [passage.tokens for passage in found if passage.tokens is not None]
        lengths = [len(vectors) for vectors in tokens]
        count += sum(lengths)
        rounded = codec.round(np.concatenate(tokens).astype(np.float32) @ codec.matrix)
        articles[doc_id] = rounded, np.cumsum([0, *lengths[:-1]])
    pids = {article.doc_id: article.pids for article in sample.questions.articles}
    hits, seconds = [], 0.0
    for question in sample.asked:
        doc_id = str(question["doc_id"])
        tokens, edges = articles[doc_id]
        query = sample.queries[str(question["question"])].tokens
        if query is None:
            raise LookupError(question)
        started = time.perf_counter()
        best = np.maximum.reduceat(tokens @ (query @ codec.matrix).T, edges, axis=0).mean(axis=1)
        seconds += time.perf_counter() - started
        hits.append(pids[doc_id][int(best.argmax())] in question["gold_pids"])  # type: ignore[operator]
    passages = sum(len(found) for found in sample.passages.values())
    return 100 * float(np.mean(hits)), count * codec.token_bytes / passages, 1000 * seconds / len(sample.asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=1500, help="questions of each set, with a fixed seed")
    options = parser.parse_args()
    samples = [draw_sample(options.folder, name, options.limit) for name in SETS]
    tokens = [p.tokens for found in samples[0].passages.values() for p in found if p.tokens is not None]
    print(f"| token vectors | bytes a token | KB a passage | ms a question | {' | '.join(SETS)} |")
    print("|---|---|---|---|" + "---|" * len(SETS))
    for codec in list_codecs(np.concatenate(tokens).astype(np.float32)):
        figures = [measure(sample, codec) for sample in samples]
        hits = " | ".join(f"{hit:.1f}" for hit, *_ in figures)
        print(
            f"| {codec.name} | {codec.token_bytes:.0f} | {figures[0][1] / 1000:.1f} | {figures[0][2]:.2f} | {hits} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
