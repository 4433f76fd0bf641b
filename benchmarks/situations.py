"""Ask questions in every situation that the confidence must judge: answerable, about something else, or nearly so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.near_misses import make_near_misses
from benchmarks.question_sets import (
    MemorySegments,
    QuestionSet,
    build_index,
    cache_folder,
    encode_articles,
    encode_questions,
)
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.evidence import gather_evidence
from bot.engine.retrieval.headings import boost_by_heading
from bot.engine.retrieval.query import analyse_query
from bot.engine.retrieval.ranker import open_ranker
from bot.engine.retrieval.retriever import Retriever

ANSWERABLE = ("answerable, one article", "answerable, all articles", "answerable, few passages")
OFF_TOPIC = ("another article", "most similar article", "likeliest article", "other articles", "other few passages")
NEAR_MISSES = ("unanswerable", "gold removed", "altered number", "altered name", "altered word", "altered negation")

WINDOWS, WINDOW_QUESTIONS, LONGEST_WINDOW = 120, 6, 16
QUOTES = 3


@dataclass(slots=True)
class Situation:
    """``evidence``: of each question; ``right``: the first passage answers; ``articles``: asked about (for folds).

    ``scores`` and ``gold``: of up to three hits of each.
    """

    evidence: list[npt.NDArray[np.float32]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    scores: list[list[float]] = field(default_factory=list)
    gold: list[list[bool]] = field(default_factory=list)


class Asker:
    """One set, whose questions are asked with the bundled encoder."""

    def __init__(self, questions: QuestionSet, *, with_tokens: bool) -> None:
        encoder = SentenceEncoder()
        self.questions = questions
        self.encoded = encode_articles(questions, encoder, cache_folder())
        self.index, self.source = build_index((a.title, a.inputs, self.encoded[a.doc_id]) for a in questions.articles)
        texts = [question["question"] for question in questions.questions + questions.off_topic]
        self.queries = encode_questions(questions.name, texts, encoder, cache_folder())
        self.numbers = {article.doc_id: number for number, article in enumerate(questions.articles, start=1)}
        self.pids = [pid for article in questions.articles for pid in article.pids]
        self.answerable = [question for question in questions.questions if question["answerable"]]
        self.unanswerable = [question for question in questions.questions if not question["answerable"]]
        self.random = np.random.default_rng(1)
        self.found: dict[str, Situation] = {}
        encoded = [passage.embedding for article in questions.articles for passage in self.encoded[article.doc_id]]
        self._passages = np.stack(encoded)
        self._encoder = encoder
        self._with_tokens = with_tokens
        self._retriever = Retriever(encoder.identity)
        self._ranker = open_ranker(encoder.identity)

    def collect(self, count: int, *, altered: bool = True) -> dict[str, Situation]:
        """Ask up to ``count`` questions of each kind; ``altered``: near misses made by rule too."""
        nearest = self._find_nearest()
        for position in self.random.permutation(len(self.answerable))[:count].tolist():
            question = self.answerable[position]
            own, gold = self.numbers[question["doc_id"]], set(question["gold_pids"])
            self._ask("answerable, one article", question, [own], gold)
            self._ask("answerable, all articles", question, None, gold)
            self._ask("most similar article", question, [nearest[own]])
            self._ask("likeliest article", question, [self._find_likeliest(question, own)])
            self._ask("other articles", question, [number for number in self.numbers.values() if number != own])
            self._ask_without("gold removed", question, own, gold)
        for question in self.questions.off_topic[:count]:
            self._ask("another article", question, [self.numbers[question["asked_of_doc_id"]]])
        for position in self.random.permutation(len(self.unanswerable))[:count].tolist():
            question = self.unanswerable[position]
            self._ask("unanswerable", question, [self.numbers[question["doc_id"]]])
        if altered:
            self._ask_near_misses(count)
        for _ in range(WINDOWS):
            self._ask_window()
        return self.found

    def _find_nearest(self) -> dict[int, int]:
        """Return for each article the one whose mean passage is the most similar."""
        means = np.stack(
            [
                np.mean([passage.embedding for passage in self.encoded[article.doc_id]], axis=0)
                for article in self.questions.articles
            ]
        )
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        similar = means @ means.T
        np.fill_diagonal(similar, -1)
        return {number: int(similar[number - 1].argmax()) + 1 for number in self.numbers.values()}

    def _find_likeliest(self, question: dict[str, Any], own: int) -> int:
        """Return the other article that has the passage most similar to a question."""
        snapshot, embedding = self.index.snapshot, self.queries[question["question"]].embedding
        rows = snapshot.find_rows([number for number in self.numbers.values() if number != own])
        best = rows[int((self._passages[rows] @ embedding).argmax())]
        return snapshot.locate(int(best))[0]

    def _ask_near_misses(self, count: int) -> None:
        near_misses = make_near_misses(self.questions, count)
        texts = [near_miss.question for near_miss in near_misses]
        self.queries |= encode_questions(f"{self.questions.name}_altered", texts, self._encoder, cache_folder())
        for kind, doc_id, text in near_misses:
            self._ask(f"altered {kind}", {"question": text, "doc_id": doc_id}, [self.numbers[doc_id]])

    def _ask_window(self) -> None:
        article = self.questions.articles[self.random.integers(len(self.questions.articles))]
        size = min(int(self.random.integers(1, LONGEST_WINDOW + 1)), len(article.pids))
        start = int(self.random.integers(0, len(article.pids) - size + 1))
        window = slice(start, start + size)
        index, source = build_index([(article.title, article.inputs[window], self.encoded[article.doc_id][window])])
        held = article.pids[window]
        own = [question for question in self.answerable if set(held) & set(question["gold_pids"])]
        others = [question for question in self.answerable if question["doc_id"] != article.doc_id]
        for name, pool in (("answerable, few passages", own), ("other few passages", others)):
            for position in self.random.permutation(len(pool))[:WINDOW_QUESTIONS].tolist():
                gold = set(pool[position]["gold_pids"]) if pool is own else set()
                self._ask(name, pool[position], None, gold, where=(index, source, held))

    def _ask(
        self,
        name: str,
        question: dict[str, Any],
        scope: Sequence[int] | None,
        gold: Collection[str] = (),
        where: tuple[CorpusIndex, MemorySegments, Sequence[str]] | None = None,
    ) -> None:
        index, source, pids = where or (self.index, self.source, self.pids)
        text = question["question"]
        result = self._retriever.search(
            index, text, self.queries[text], article_ids=scope, top_k=QUOTES if gold else 1,
            tokens=source if self._with_tokens else None,
        )  # fmt: skip
        rows = [index.snapshot.find_row(hit.article_id, hit.position) for hit in result.hits]
        answers = [row is not None and pids[row] in gold for row in rows]
        if result.evidence is None:
            raise LookupError(text)
        self._keep(name, question, result.evidence, [hit.score for hit in result.hits], answers)

    def _ask_without(self, name: str, question: dict[str, Any], article: int, gold: Collection[str]) -> None:
        """Ask an article as if the passages that answer were not in it."""
        text, snapshot = question["question"], self.index.snapshot
        rows = snapshot.find_rows([article])
        without = [row for row in rows.tolist() if self.pids[row] in gold]
        left = rows[~np.isin(rows, without)]
        if not len(left):
            return
        second = self._retriever.describe(
            self.index, text, self.queries[text], article_ids=[article],
            tokens=self.source if self._with_tokens else None, without=without,
        )  # fmt: skip
        ranked = self._ranker.score(second.features, has_tokens=second.matches is not None)
        if ranked is None or not len(ranked):
            return
        query = analyse_query(text)
        final = ranked + boost_by_heading(snapshot, second.candidates.rows, query)
        self._keep(name, question, gather_evidence(snapshot, left, query, *second, final), [], [False])

    def _keep(
        self,
        name: str,
        question: dict[str, Any],
        evidence: npt.NDArray[np.float32],
        scores: list[float],
        gold: list[bool],
    ) -> None:
        situation = self.found.setdefault(name, Situation())
        situation.evidence.append(evidence)
        situation.right.append(gold[0])
        situation.articles.append(question.get("doc_id") or question["asked_of_doc_id"])
        situation.scores.append(scores)
        situation.gold.append(gold)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that a positive scores above a negative, ties counting half."""
    below = np.sort(np.array(negative))
    wins = np.searchsorted(below, positive, "left") + np.searchsorted(below, positive, "right")
    return float(wins.mean()) / (2 * len(below))
