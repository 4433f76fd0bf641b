"""Measure questions that lean on the one before: alone, with what went before, and as a person rewrote them.

Usage: python -m benchmarks.follow_ups conversations FOLDER SET …
       python -m benchmarks.follow_ups alone FOLDER SET … [--limit N]

conversations: sets of benchmarks/convert_conversations.py, over all their articles. What was quoted before is what this
program itself found for the question before. alone: ordinary sets; each question is asked with another, drawn with a
fixed seed, as the one before it, which must change nothing.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.question_sets import build_index, cache_folder, encode_articles, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.ports.encoders import EncodedQuery
from bot.engine.questions.follow_up import Context, complete, leans
from bot.engine.records.answers import AnswerState
from bot.engine.retrieval.conversation import SHARE, Leaning, search_leaning
from bot.engine.retrieval.nearby import Nearby
from bot.engine.retrieval.question import PreparedQuestion, prepare_question
from bot.engine.retrieval.retriever import Retrieval, Retriever

DEPTH, QUOTES, CHAIN, SAMPLES = 10, 3, 3, 2_000


class Room:
    """One set's articles as one guild."""

    def __init__(self, folder: Path, name: str, *, share: float, is_nearby: bool) -> None:
        self.questions = read_set(folder, name)
        self.share = share
        self.is_nearby = is_nearby
        self._encoder = SentenceEncoder()
        encoded = encode_articles(self.questions, self._encoder, cache_folder())
        self._index, self._source = build_index(
            (article.title, article.inputs, encoded[article.doc_id]) for article in self.questions.articles
        )
        self._retriever = Retriever(self._encoder.identity)
        self._queries: dict[str, EncodedQuery] = {}
        self.places = {
            pid: (number, position)
            for number, article in enumerate(self.questions.articles, start=1)
            for position, pid in enumerate(article.pids, start=1)
        }

    def ask(self, text: str, context: Context | None = None) -> Retrieval:
        """Ask as the library does."""
        asked = self._prepare(text)
        if context is None or not context.questions or not leans(text):
            return self._retriever.search(
                self._index, asked.text, asked.encoded, top_k=QUOTES, depth=DEPTH, tokens=self._source
            )
        nearby = Nearby(context.quoted) if context.quoted and self.is_nearby else None
        leaning = Leaning(self._prepare(complete(text, context)), nearby)
        return search_leaning(
            self._retriever, self._index, asked, leaning, top_k=QUOTES, depth=DEPTH, tokens=self._source,
            share=self.share,
        )  # fmt: skip

    def follow(self, before: Sequence[str]) -> Context:
        """Return what is known when the questions (the last one first) have been asked and answered."""
        if not before:
            return Context()
        found = self.ask(before[0], Context(tuple(before[1:CHAIN])))
        return Context(tuple(before[:CHAIN]), tuple((hit.article_id, hit.position) for hit in found.hits))

    def _prepare(self, text: str) -> PreparedQuestion:
        return prepare_question(self._index, text, self._encode)

    def _encode(self, text: str) -> EncodedQuery:
        if text not in self._queries:
            self._queries[text] = self._encoder.encode_query(text)
        return self._queries[text]


def measure(room: Room, questions: Sequence[dict[str, Any]], found: Sequence[Retrieval]) -> np.ndarray:
    """Return (q, 5): right at 1, among 3, reciprocal rank to 10, answered, shown."""
    rows = []
    for question, retrieval in zip(questions, found, strict=True):
        gold = {room.places[pid] for pid in question["gold_pids"] if pid in room.places}
        order = [(hit.article_id, hit.position) for hit in (*retrieval.hits, *retrieval.others)]
        rank = next((number for number, place in enumerate(order, start=1) if place in gold), DEPTH + 1)
        states = (retrieval.state is AnswerState.ANSWERS, retrieval.answers)
        rows.append([rank == 1, rank <= QUOTES, 1 / rank if rank <= DEPTH else 0, *states])
    return np.array(rows, dtype=np.float64)


def show(label: str, figures: np.ndarray, beside: np.ndarray | None = None) -> None:
    """Print means, and with ``beside`` the paired difference of hit@1 and hit@3 with 95 % bootstrap intervals."""
    one, three, mrr, answered, shown = figures.mean(axis=0)
    text = f"{label:30s} hit@1 {100 * one:.1f} hit@3 {100 * three:.1f} MRR {mrr:.3f} "
    text += f"answered {100 * answered:.1f} shown {100 * shown:.1f}"
    if beside is not None:
        drawn = np.random.default_rng(1).integers(0, len(figures), (SAMPLES, len(figures)))
        for column, name in ((0, "hit@1"), (1, "hit@3")):
            gain = 100 * (figures[:, column] - beside[:, column])
            low, high = np.quantile(gain[drawn].mean(axis=1), [0.025, 0.975])
            text += f" | {name} {gain.mean():+.1f} [{low:+.1f}, {high:+.1f}]"
    print(text, flush=True)


def converse(room: Room) -> None:
    """Measure a set of conversations."""
    questions = room.questions.questions
    lean = np.array([leans(question["question"]) for question in questions])
    alone = measure(room, questions, [room.ask(question["question"]) for question in questions])
    contexts = [room.follow(question["before"]) for question in questions]
    asked = [room.ask(question["question"], it) for question, it in zip(questions, contexts, strict=True)]
    together = measure(room, questions, asked)
    print(f"{room.questions.name}: {len(questions)} follow-ups, {100 * lean.mean():.0f} % lean")
    show("alone", alone)
    show("with what went before", together, alone)
    show("of those that lean, alone", alone[lean])
    show("of those that lean, with", together[lean], alone[lean])
    if questions[0]["rewrite"]:
        show("rewritten by a person", measure(room, questions, [room.ask(it["rewrite"]) for it in questions]), alone)
    # What was asked in one conversation, put after another one: nothing there answers it.
    strangers = contexts[len(contexts) // 2 :] + contexts[: len(contexts) // 2]
    stray = [room.ask(question["question"], it) for question, it in zip(questions, strangers, strict=True)]
    show("after another conversation", measure(room, questions, stray), alone)


def stand_alone(room: Room, limit: int) -> None:
    """Measure ordinary questions, each after another one."""
    drawn = random.Random(5)  # noqa: S311 -- a sample, no secret
    questions = [
        question for question in room.questions.questions if question.get("gold_pids") or question.get("answers")
    ]
    questions = drawn.sample(questions, min(limit, len(questions)))
    others = drawn.sample(room.questions.questions, len(questions))
    alone = [room.ask(question["question"]) for question in questions]
    after = [
        room.ask(question["question"], room.follow([other["question"]]))
        for question, other in zip(questions, others, strict=True)
    ]
    share = np.mean([leans(question["question"]) for question in questions])
    print(f"{room.questions.name}: {len(questions)} questions, {100 * share:.0f} % seem to lean")
    first = measure(room, questions, alone)
    show("alone", first)
    show("after an unrelated question", measure(room, questions, after), first)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["conversations", "alone"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--limit", type=int, default=1_500)
    parser.add_argument("--share", type=float, default=SHARE)
    parser.add_argument("--without-nearby", action="store_true")
    options = parser.parse_args()
    for name in options.sets:
        room = Room(options.folder, name, share=options.share, is_nearby=not options.without_nearby)
        if options.kind == "conversations":
            converse(room)
        else:
            stand_alone(room, options.limit)


if __name__ == "__main__":
    main()
