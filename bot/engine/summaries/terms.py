"""What a segment's word list says of an article's sentences: language, vocabulary, headings, title."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.segment import IntArray, Lexicon
from bot.engine.retrieval.tokens import STOP_WORDS

_ENGLISH_SHARE = 0.25
"""Of the words, English function words; other European languages stay below .1."""

_LARGEST_TABLE = 4_000_000
"""Sentences times terms: above it pairs are sorted out without a table."""

Numbers = npt.NDArray[np.int64]


class Terms:
    """The content words of sentences: ``rows`` of the segment, in ``passages`` (from 0), under ``sections``.

    ``salience``, ``on_heading``, ``on_title``: as in :class:`bot.engine.summaries.material.Material`.
    """

    def __init__(self, lexicon: Lexicon, rows: Numbers, passages: Numbers, sections: Numbers) -> None:
        stops = np.fromiter(map(STOP_WORDS.__contains__, lexicon.words), dtype=np.bool_)
        spoken = lexicon.sequence
        self.is_english = bool(len(spoken)) and float(stops[spoken].mean()) >= _ENGLISH_SHARE
        terms = np.where(stops, -1, lexicon.word_terms.astype(np.int64))
        said = terms[spoken]
        size = len(lexicon.term_hashes)
        counts = np.bincount(said[said >= 0], minlength=size)
        sentence, term = _pair(said, lexicon.sequence_edges, rows, size)
        carried = np.log1p(np.bincount(sentence, counts[term], minlength=len(rows)))
        spread = float(carried.std()) if len(carried) else 0.0
        self.salience: FloatArray = ((carried - carried.mean()) / spread if spread else 0 * carried).astype(np.float32)
        headings = np.zeros((int(sections.max(initial=-1)) + 1, size), dtype=np.bool_)
        firsts = np.unique(sections, return_index=True)[1]
        for section, passage in zip(sections[firsts].tolist(), passages[firsts].tolist(), strict=True):
            low, high = lexicon.heading_edges[passage : passage + 2]
            own = terms[lexicon.heading_sequence[low:high]]
            headings[section, own[own >= 0]] = True
        wanted = np.maximum(headings.sum(axis=1), 1)
        held = np.bincount(sentence, headings[sections[sentence], term], minlength=len(rows))
        self.on_heading: FloatArray = (held / wanted[sections]).astype(np.float32)
        title = terms[lexicon.title_sequence]
        is_title = np.zeros(size, dtype=np.bool_)
        is_title[title[title >= 0]] = True
        held = np.bincount(sentence, is_title[term], minlength=len(rows))
        self.on_title: FloatArray = (held / max(int(is_title.sum()), 1)).astype(np.float32)


def _pair(said: IntArray, edges: IntArray, rows: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Return each sentence with each of its distinct terms: numbers into ``rows``, and terms."""
    lengths = edges[rows + 1] - edges[rows] if len(rows) else np.zeros(0, dtype=np.int64)
    owners = np.repeat(np.arange(len(rows)), lengths)
    ends = np.cumsum(lengths)
    places = np.arange(len(owners)) + np.repeat(edges[rows] - (ends - lengths), lengths)
    found = said[places]
    pairs = (owners * size + found)[found >= 0]
    if len(rows) * size <= _LARGEST_TABLE:
        table = np.zeros(len(rows) * size, dtype=np.bool_)
        table[pairs] = True
        pairs = np.flatnonzero(table)
    else:
        pairs = np.unique(pairs)
    return pairs // max(size, 1), pairs % max(size, 1)
