"""An article's sentences with all that a summary judges them by. Everything comes from the stored text and segment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ports import FloatArray
from bot.engine.records import Article, LineLabel, SummarySentence
from bot.engine.retrieval.segment import Core, Lexicon
from bot.engine.retrieval.tokens import is_stop_word
from bot.engine.summaries.footing import Footing, judge_sentence

_ENGLISH_SHARE = 0.25
"""Of the words, English function words; other European languages stay below .1."""

_LONGEST_CHAIN = 3
_PARTICLES = r"(?: (?:van|von|de|der|den|da|di|du|la|le|bin|ibn|al|af|[A-Z]\.))*"
_FULL_NAME = re.compile(rf"\b([A-Z][\w’'-]*[a-z])(?: [A-Z]\.)?{_PARTICLES}((?: [A-Z][\w’'-]*[a-z])+)\b")
_BARE_NAME = re.compile(r"^[\"“«]?(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Prof)\.? )?([A-Z][\w-]*[a-z])(?:['’]s)?(?=,? [a-z(])")


@dataclass(frozen=True, slots=True)
class Material:
    """The sentences of an article in order; every array has one row a sentence.

    ``sections``: the number of the heading path each stands under. ``words``: whitespace-separated words.
    ``embeddings``: unit vectors. ``companions``: for each the sentences it cannot do without, in order and itself
    included, or () where it is not to be chosen. ``stands``: which need no other. ``centrality``: cosine with the
    article's mean. ``has_number``: 0 or 1. ``salience``: how much of the article's vocabulary it carries, as a z-score.
    ``on_heading``, ``on_title``: the share of their content words that it holds.
    """

    sentences: tuple[SummarySentence, ...]
    sections: npt.NDArray[np.int64]
    ranks: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    embeddings: FloatArray
    companions: tuple[tuple[int, ...], ...]
    stands: npt.NDArray[np.bool_]
    centrality: FloatArray
    has_number: FloatArray
    salience: FloatArray
    on_heading: FloatArray
    on_title: FloatArray

    def __len__(self) -> int:
        return len(self.sentences)


def read_material(article: Article, core: Core) -> Material:
    """Return what an article offers; table rows and code are no sentences."""
    sentences: list[SummarySentence] = []
    rows: list[int] = []
    paths: dict[tuple[str, ...], int] = {}
    sections: list[int] = []
    ranks: list[int] = []
    for number, passage in enumerate(article.passages):
        if passage.kind in (LineLabel.CODE, LineLabel.TABLE_ROW):
            continue
        first, last = core.sentence_edges[number : number + 2].tolist()
        section = paths.setdefault(passage.headings, len(paths))
        for row in range(first, last):
            start, end = (passage.start + offset for offset in core.spans[row].tolist())
            sentences.append(SummarySentence(article.text[start:end], passage.position, passage.headings, start, end))
            ranks.append(sections.count(section) if section not in sections[-1:] else ranks[-1] + 1)
            sections.append(section)
            rows.append(row)
    vectors = core.sentences.rows[rows].astype(np.float32) * core.sentences.scales[rows][:, None]
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    words = _Words(core.lexicon, rows, [sentence.position - 1 for sentence in sentences])
    footings = [judge_sentence(sentence.text, is_english=words.is_english) for sentence in sentences]
    chains = _find_companions([sentence.text for sentence in sentences], footings, sections, words.is_english)
    return Material(
        tuple(sentences),
        np.array(sections, dtype=np.int64),
        np.array(ranks, dtype=np.int64),
        np.array([len(sentence.text.split()) for sentence in sentences], dtype=np.int64),
        vectors,
        chains,
        np.array([chain == (number,) for number, chain in enumerate(chains)], dtype=np.bool_),
        (vectors @ find_centre(vectors)).astype(np.float32),
        np.array([any(map(str.isdigit, sentence.text)) for sentence in sentences], dtype=np.float32),
        words.salience,
        words.on_heading,
        words.on_title,
    )


def find_centre(vectors: FloatArray) -> FloatArray:
    """Return the (d,) unit vector in the middle of (n, d) vectors; zeros for none."""
    if not len(vectors):
        return np.zeros(vectors.shape[1], dtype=np.float32)
    centre: FloatArray = vectors.mean(axis=0, dtype=np.float32)
    return centre / np.float32(max(float(np.linalg.norm(centre)), 1e-9))


class _Words:
    """What the segment's word list says of the sentences ``rows``, whose passages are ``passages``."""

    def __init__(self, lexicon: Lexicon, rows: Sequence[int], passages: Sequence[int]) -> None:
        stops = np.array([is_stop_word(word) for word in lexicon.words], dtype=np.bool_)
        spoken = lexicon.sequence
        self.is_english = bool(len(spoken)) and float(stops[spoken].mean()) >= _ENGLISH_SHARE
        terms = np.where(stops, -1, lexicon.word_terms.astype(np.int64))
        counts = np.bincount(terms[spoken][terms[spoken] >= 0], minlength=len(lexicon.term_hashes))
        title = _distinct(terms[lexicon.title_sequence])
        salience, on_heading, on_title = [], [], []
        for row, passage in zip(rows, passages, strict=True):
            own = _distinct(terms[spoken[lexicon.sequence_edges[row] : lexicon.sequence_edges[row + 1]]])
            edges = lexicon.heading_edges[passage : passage + 2]
            heading = _distinct(terms[lexicon.heading_sequence[edges[0] : edges[1]]])
            salience.append(np.log1p(counts[own].sum()))
            on_heading.append(_share(own, heading))
            on_title.append(_share(own, title))
        values = np.array(salience, dtype=np.float32)
        spread = float(values.std()) if len(values) else 0.0
        self.salience: FloatArray = (values - values.mean()) / np.float32(spread) if spread else np.zeros_like(values)
        self.on_heading: FloatArray = np.array(on_heading, dtype=np.float32)
        self.on_title: FloatArray = np.array(on_title, dtype=np.float32)


def _distinct(terms: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.unique(terms[terms >= 0])


def _share(own: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> float:
    return float(np.isin(wanted, own).mean()) if len(wanted) else 0.0


def _find_companions(
    texts: Sequence[str], footings: Sequence[Footing], sections: Sequence[int], is_english: bool
) -> tuple[tuple[int, ...], ...]:
    """Return for each sentence those it must come with, itself last; () for one that is not to be chosen."""
    introduced = _introductions(texts) if is_english else {}
    chains: list[tuple[int, ...]] = []
    for number, (text, footing) in enumerate(zip(texts, footings, strict=True)):
        needed: set[int] = {number}
        leans_on: list[int] = [number - 1] if footing is Footing.LEANS else []
        bare = _BARE_NAME.match(text)
        if bare is not None and introduced.get(bare[1], number) < number:
            leans_on.append(introduced[bare[1]])
        is_able = footing is not Footing.NEVER
        for other in leans_on:
            # A heading in between cuts what a sentence leans on; a name is known from anywhere.
            is_near = other >= 0 and (other != number - 1 or sections[other] == sections[number])
            is_able = is_able and is_near and bool(chains[other])
            needed.update(chains[other] if is_able else ())
        chains.append(tuple(sorted(needed)) if is_able and len(needed) <= _LONGEST_CHAIN else ())
    return tuple(chains)


def _introductions(texts: Sequence[str]) -> dict[str, int]:
    """Return the number of the sentence in which a full name first ends in each surname."""
    found: dict[str, int] = {}
    for number, text in enumerate(texts):
        for match in _FULL_NAME.finditer(text):
            if not is_stop_word(match[1].lower()):
                found.setdefault(match[2].split()[-1].removesuffix("'s").removesuffix("’s"), number)
    return found
