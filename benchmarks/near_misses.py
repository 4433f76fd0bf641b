"""Make near misses by rule: questions that the article does not answer although it is about them.

A name, a number or another word of an answerable question gives way to one of the same kind from the article, or the
question is negated (the kinds of Rajpurkar, Jia and Liang, 2018, as far as a rule can make them). Few of the results
have an answer, and many read badly; they teach what a mismatch looks like, and nothing is reported on them.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np

from benchmarks.question_sets import QuestionSet
from bot.engine.retrieval.tokens import find_words, is_stop_word, stem

SHARE_NEGATED = 0.08
SHARE_FROM_PARAGRAPH = 0.5

_VERB = re.compile(r"\b(?:is|are|was|were|did|does|do|can|could|has|have|had|would|will)\b(?:\s+\w+)?")
_SHORTEST_WORD = 4


class NearMiss(NamedTuple):
    """``kind``: number, name, word or negation; ``doc_id``: the article to ask."""

    kind: str
    doc_id: str
    question: str


class _Place(NamedTuple):
    start: int
    end: int
    text: str


def make_near_misses(questions: QuestionSet, count: int) -> list[NearMiss]:
    """Return near misses of about ``count`` answerable questions, the same ones each time."""
    random = np.random.default_rng(2)
    asked = [question for question in questions.questions if question["answerable"]]
    paragraphs = {
        pid: _sort_words(passage.text)
        for article in questions.articles
        for pid, passage in zip(article.pids, article.inputs, strict=True)
    }
    articles = {
        article.doc_id: {
            kind: sorted({place.text for pid in article.pids for place in paragraphs[pid][kind]})
            for kind in ("number", "name", "word")
        }
        for article in questions.articles
    }
    made = [
        _alter(asked[position], paragraphs, articles, random) for position in random.permutation(len(asked))[:count]
    ]
    return [near_miss for near_miss in made if near_miss is not None]


def _sort_words(text: str) -> dict[str, list[_Place]]:
    """Return the words of a text that carry its topic, by kind."""
    found: dict[str, list[_Place]] = {"number": [], "name": [], "word": []}
    for number, word in enumerate(find_words(text)):
        place = _Place(word.start, word.end, text[word.start : word.end])
        if is_stop_word(word.text):
            continue
        if any(character.isdigit() for character in place.text):
            found["number"].append(place)
        elif place.text[0].isupper() and number and text[: word.start].rstrip()[-1:] not in ".?!":
            found["name"].append(place)
        elif place.text.islower() and len(place.text) >= _SHORTEST_WORD:
            found["word"].append(place)
    return found


def _alter(
    question: dict[str, Any],
    paragraphs: dict[str, dict[str, list[_Place]]],
    articles: dict[str, dict[str, list[str]]],
    random: np.random.Generator,
) -> NearMiss | None:
    text, doc_id = question["question"], question["doc_id"]
    verb = _VERB.search(text)
    if verb and random.random() < SHARE_NEGATED:
        return NearMiss("negation", doc_id, f"{text[: verb.end()]} not{text[verb.end() :]}")
    words = {kind: places for kind, places in _sort_words(text).items() if places}
    if not words:
        return None
    kind = sorted(words)[random.integers(len(words))]
    place = words[kind][random.integers(len(words[kind]))]
    if random.random() < SHARE_FROM_PARAGRAPH:
        pool = [found.text for found in paragraphs[question["gold_pids"][0]][kind]]
    else:
        pool = articles[doc_id][kind]
    held = {stem(word.text) for word in find_words(text)}
    pool = [other for other in pool if stem(other.lower()) not in held]
    if not pool:
        return None
    return NearMiss(kind, doc_id, text[: place.start] + pool[random.integers(len(pool))] + text[place.end :])
