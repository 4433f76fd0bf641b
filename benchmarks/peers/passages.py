"""Question sets as peers see them, and which passages a stretch of an article's text shows. Standard library only."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

DEPTH = 10
"""Passages of a ranking that are kept: MRR is taken at ten."""

CHUNKS = 2 * DEPTH
"""Chunks that a splitting peer is asked for, so that ten passages are found although chunks overlap."""

GAP = "\n\n"
"""What stands between the passages of an article whose text is split anew."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of an article."""

    pid: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """Passages in reading order. Peers index no title; Pullquote stores it, its ranking does not read it."""

    doc_id: str
    title: str
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The whole text, as somebody would paste it."""
        return GAP.join(passage.text for passage in self.passages)

    def find_passages(self, start: int, end: int) -> tuple[str, ...]:
        """Return the passages that ``text[start:end]`` touches, those with most characters in it first."""
        shares: list[tuple[int, str]] = []
        offset = 0
        for passage in self.passages:
            shared = min(end, offset + len(passage.text)) - max(start, offset)
            if shared > 0:
                shares.append((shared, passage.pid))
            offset += len(passage.text) + len(GAP)
        return tuple(pid for _, pid in sorted(shares, key=lambda share: -share[0]))


@dataclass(frozen=True, slots=True)
class Question:
    """An answerable question; any of ``gold`` answers it."""

    qid: str
    doc_id: str
    text: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a peer gives back as one result: the passages it touches, most of it first, and its characters."""

    pids: tuple[str, ...]
    characters: int


class Peer(Protocol):
    """A retriever under measurement.

    ``packages``: distributions whose versions are reported. ``settings``: its configuration, in a few words.
    """

    label: str
    settings: str
    packages: tuple[str, ...]

    def add(self, name: str, articles: Sequence[Article]) -> None:
        """Index every article of the set of this name, for questions to one of them and to all."""

    def search(self, question: str, doc_id: str | None) -> list[Unit]:
        """Return the best units of one article, or of all where ``doc_id`` is None, best first."""


@runtime_checkable
class Remembering(Protocol):
    """A peer that keeps its own encodings of questions."""

    def remember(self, questions: Sequence[str]) -> None:
        """Encode these questions beforehand, or read their encodings; not for timing."""


def read_articles(folder: Path, name: str) -> list[Article]:
    """Read ``NAME.corpus.jsonl``."""
    return [
        Article(
            record["doc_id"],
            record.get("title", ""),
            tuple(Passage(passage["pid"], passage["text"]) for passage in record["passages"]),
        )
        for record in _read_lines(folder / f"{name}.corpus.jsonl")
    ]


def read_questions(folder: Path, name: str, limit: int | None = None) -> list[Question]:
    """Read the answerable questions of ``NAME.questions.jsonl``, or ``limit`` of them drawn with a fixed seed."""
    found = [
        Question(record["qid"], record["doc_id"], record["question"], frozenset(record["gold_pids"]))
        for record in _read_lines(folder / f"{name}.questions.jsonl")
        if record["answerable"]
    ]
    return found if limit is None or limit >= len(found) else random.Random(0).sample(found, limit)  # noqa: S311


def list_passages(units: Sequence[Unit]) -> list[str]:
    """Return the first ten distinct passages of ranked units: unit by unit, within one the most shown first."""
    return list(dict.fromkeys(pid for unit in units for pid in unit.pids))[:DEPTH]


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
