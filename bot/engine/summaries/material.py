"""An article's sentences with all that a summary judges them by. Everything comes from the stored text and segment.

What is cheap for all sentences at once is computed for all of them; whether a sentence stands alone is asked only of
those that come into question, because reading them all would take ten times as long as everything else.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.records.articles import Article
from bot.engine.records.passages import LineLabel
from bot.engine.records.summaries import SummarySentence
from bot.engine.retrieval.segment import Core
from bot.engine.summaries.footing import Footing, judge_sentence
from bot.engine.summaries.names import Introductions, find_bare_name
from bot.engine.summaries.terms import Terms

_LONGEST_CHAIN = 3
_SPACES = np.array([ord(c) for c in map(chr, range(0x3001)) if c.isspace()], dtype=np.uint32)
_IS_SPACE = np.zeros(0x3001, dtype=np.bool_)
_IS_SPACE[_SPACES] = True

Numbers = npt.NDArray[np.int64]


class Material:
    """The sentences of an article in order, or of some of its passages; every array has one row a sentence.

    ``sections``: the number of the heading path each stands under. ``words``: whitespace-separated words.
    ``ranks``: its place in its section, from 0. ``embeddings``: unit vectors. ``centre``: their mean, (d,), of unit
    length. ``centrality``: cosine with it. ``has_number``: 0 or 1. ``salience``: how much of the article's vocabulary
    it carries, as a z-score.
    ``on_heading``, ``on_title``: the share of their content words that it holds.
    """

    def __init__(self, article: Article, core: Core, only: range | None = None) -> None:
        """Read an article, or of its passages ``only`` those (counted from 0); table rows and code are no sentences."""
        self._article = article
        self._read_places(core, range(len(article.passages)) if only is None else only)
        self._read_characters(article.text)
        vectors = core.sentences.rows[self._rows].astype(np.float32)
        # The scale of a row cancels out.
        vectors /= np.maximum(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)), np.float32(1e-9))[:, None]
        self.embeddings: FloatArray = vectors
        self.centre: FloatArray = find_centre(vectors)
        self.centrality: FloatArray = vectors @ self.centre
        terms = Terms(core.lexicon, self._rows, self._passages, self.sections)
        self.is_english = terms.is_english
        self.salience, self.on_heading, self.on_title = terms.salience, terms.on_heading, terms.on_title
        self._footings: dict[int, Footing] = {}
        self._chains: dict[int, tuple[int, ...]] = {}
        self._introductions = Introductions(article.text, self._starts, self._ends)

    def _read_places(self, core: Core, chosen: range) -> None:
        paths: dict[tuple[str, ...], int] = {}
        lengths: list[int] = []
        passages: list[int] = []
        sections: list[int] = []
        ranks: list[int] = []
        rows: list[int] = []
        for number in chosen:
            passage = self._article.passages[number]
            if passage.kind in (LineLabel.CODE, LineLabel.TABLE_ROW):
                continue
            first, last = int(core.sentence_edges[number]), int(core.sentence_edges[number + 1])
            section = paths.setdefault(passage.headings, len(paths))
            lengths += [0] * (section == len(lengths))
            rows += range(first, last)
            passages += [number] * (last - first)
            sections += [section] * (last - first)
            ranks += range(lengths[section], lengths[section] + last - first)
            lengths[section] += last - first
        self._rows: Numbers = np.array(rows, dtype=np.int64)
        self._passages: Numbers = np.array(passages, dtype=np.int64)
        self.sections: Numbers = np.array(sections, dtype=np.int64)
        self.ranks: Numbers = np.array(ranks, dtype=np.int64)
        beginnings = np.array([passage.start for passage in self._article.passages], dtype=np.int64)
        spans = core.spans[self._rows].astype(np.int64) + beginnings[self._passages][:, None]
        self._starts: Numbers = spans[:, 0]
        self._ends: Numbers = spans[:, 1]

    def _read_characters(self, text: str) -> None:
        """Count words and look for digits in one go over the whole text."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        is_space = _IS_SPACE[np.minimum(codes, len(_IS_SPACE) - 1)]
        begins = ~is_space
        begins[1:] &= is_space[:-1]
        words = np.flatnonzero(begins)
        digits = np.flatnonzero((codes >= ord("0")) & (codes <= ord("9")))
        # A sentence that begins within a word, as after a dash, has that word's rest for its first.
        is_inside = ~(begins[self._starts] | is_space[self._starts]) if len(codes) else np.zeros(0, dtype=np.bool_)
        self.words: Numbers = self._count(words) + is_inside
        self.has_number: FloatArray = (self._count(digits) > 0).astype(np.float32)

    def _count(self, places: Numbers) -> Numbers:
        """Count how many of these characters lie in each sentence."""
        return np.searchsorted(places, self._ends) - np.searchsorted(places, self._starts)

    def __len__(self) -> int:
        return len(self._rows)

    def text(self, number: int) -> str:
        """A sentence's text."""
        return self._article.text[self._starts[number] : self._ends[number]]

    def sentence(self, number: int) -> SummarySentence:
        """A sentence with its place."""
        passage = self._article.passages[self._passages[number]]
        start, end = int(self._starts[number]), int(self._ends[number])
        return SummarySentence(self._article.text[start:end], passage.position, passage.headings, start, end)

    def stands(self, number: int) -> bool:
        """Whether a sentence needs no other."""
        return self.companions(number) == (number,)

    def companions(self, number: int) -> tuple[int, ...]:
        """The sentences that one cannot do without, in order and itself included; () where it is not to be chosen."""
        found = self._chains.get(number)
        if found is None:
            found = self._chains[number] = self._find_companions(number)
        return found

    def list_able(self, numbers: Sequence[int] | None = None) -> list[int]:
        """Which of these sentences, or of all, may be chosen."""
        return [number for number in (range(len(self)) if numbers is None else numbers) if self.companions(number)]

    def _footing(self, number: int) -> Footing:
        found = self._footings.get(number)
        if found is None:
            found = self._footings[number] = judge_sentence(
                self.text(number), is_english=self.is_english, words=int(self.words[number])
            )
        return found

    def _find_companions(self, number: int) -> tuple[int, ...]:
        footing = self._footing(number)
        if footing is Footing.NEVER:
            return ()
        needed = {number}
        others: list[int] = []
        if footing is Footing.LEANS:
            # A heading in between cuts what a sentence leans on.
            if number == 0 or self.sections[number - 1] != self.sections[number]:
                return ()
            others.append(number - 1)
        name = find_bare_name(self.text(number)) if self.is_english else None
        if name is not None and (introduced := self._introductions.find(name)) is not None and introduced < number:
            # A name is known from anywhere.
            others.append(introduced)
        for other in others:
            chain = self.companions(other)
            if not chain:
                return ()
            needed.update(chain)
            if len(needed) > _LONGEST_CHAIN:
                return ()
        return tuple(sorted(needed))


def find_centre(vectors: FloatArray) -> FloatArray:
    """Return the (d,) unit vector in the middle of (n, d) vectors; zeros for none."""
    if not len(vectors):
        return np.zeros(vectors.shape[1], dtype=np.float32)
    centre: FloatArray = vectors.mean(axis=0, dtype=np.float32)
    return centre / np.float32(max(float(np.linalg.norm(centre)), 1e-9))


def find_centres(vectors: FloatArray, groups: Numbers) -> FloatArray:
    """Return for each of (n, d) vectors the centre of its group: (n, d)."""
    if not len(vectors):
        return vectors
    sums = np.zeros((int(groups.max()) + 1, vectors.shape[1]), dtype=np.float32)
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    firsts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sums[ordered[firsts]] = np.add.reduceat(vectors[order], firsts, axis=0)
    sums /= np.maximum(np.sqrt(np.einsum("ij,ij->i", sums, sums)), np.float32(1e-9))[:, None]
    centres: FloatArray = sums[groups]
    return centres
