"""One state of a guild's index.

Row numbers follow the articles' ids and then the passages' positions, so every article is a slice of rows and results
do not depend on the order in which articles were added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.records.passages import Span
from bot.engine.retrieval.bm25 import Postings
from bot.engine.retrieval.segment import Lexicon
from bot.engine.retrieval.signatures import Signatures
from bot.engine.retrieval.vectors import Quantized


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of a guild's index; never changed, so searches go on while the next one is built.

    ``article_ids``: (a,) ascending; ``row_edges``: (a + 1,) the rows of each. ``embeddings``: one per row.
    ``sentences``, ``spans`` and ``types``: one per sentence; ``sentence_edges``: (n + 1,) the sentences of each row.
    ``checksums``: (a,) of the articles' core segments. ``signatures``: of the rows of a large guild, else None.
    """

    version: int
    article_ids: npt.NDArray[np.int64]
    row_edges: npt.NDArray[np.int64]
    embeddings: Quantized
    sentences: Quantized
    sentence_edges: npt.NDArray[np.int64]
    spans: npt.NDArray[np.uint32]
    types: npt.NDArray[np.uint8]
    checksums: npt.NDArray[np.uint32]
    lexicons: tuple[Lexicon, ...]
    postings: Postings
    signatures: Signatures | None = None

    def __len__(self) -> int:
        return len(self.embeddings)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        arrays = self.article_ids.nbytes + self.row_edges.nbytes + self.sentence_edges.nbytes + self.spans.nbytes
        arrays += self.types.nbytes + self.checksums.nbytes
        arrays += self.signatures.nbytes if self.signatures is not None else 0
        words = sum(lexicon.nbytes for lexicon in self.lexicons)
        return arrays + words + self.embeddings.nbytes + self.sentences.nbytes + self.postings.nbytes

    def find_rows(self, article_ids: Sequence[int] | None) -> npt.NDArray[np.int64]:
        """Return the rows of these articles, ascending; of all for None. Unknown ids have none."""
        if article_ids is None:
            return np.arange(len(self), dtype=np.int64)
        wanted = np.isin(self.article_ids, np.asarray(article_ids, dtype=np.int64))
        return np.flatnonzero(np.repeat(wanted, np.diff(self.row_edges)))

    def locate(self, row: int) -> tuple[int, int]:
        """Return a row's article id and its passage's position, from 1."""
        number = int(np.searchsorted(self.row_edges, row, side="right")) - 1
        return int(self.article_ids[number]), row - int(self.row_edges[number]) + 1

    def find_row(self, article_id: int, position: int) -> int | None:
        """Return the row of a passage, or None where the index holds no such passage."""
        number = int(np.searchsorted(self.article_ids, article_id))
        if number == len(self.article_ids) or self.article_ids[number] != article_id:
            return None
        row = int(self.row_edges[number]) + position - 1
        return row if self.row_edges[number] <= row < self.row_edges[number + 1] else None

    def heading_terms(self, row: int) -> npt.NDArray[np.uint64]:
        """Return the terms of the headings above a row's passage."""
        number = int(np.searchsorted(self.row_edges, row, side="right")) - 1
        lexicon = self.lexicons[number]
        place = row - int(self.row_edges[number])
        low, high = lexicon.heading_edges[place : place + 2]
        return lexicon.term_hashes[lexicon.word_terms[lexicon.heading_sequence[low:high]]]

    def sentence_spans(self, row: int) -> list[Span]:
        """Return the spans of a row's sentences, as offsets into the passage's text."""
        return [Span(*span) for span in self.spans[self.sentence_edges[row] : self.sentence_edges[row + 1]].tolist()]
