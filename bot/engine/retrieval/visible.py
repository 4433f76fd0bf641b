"""The part of a guild's index that somebody may see, as if there were nothing else.

Whoever may not see an article must not notice it: not by a word that is corrected, and not by how much a word weighs
either, on which a threshold may turn. So what is searched is not the guild's index with rows left out, but the index
that the guild would have without the hidden articles, to the bit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.engine.retrieval.bm25 import keep_rows
from bot.engine.retrieval.segment import Lexicon
from bot.engine.retrieval.signatures import LARGE_ROWS, make_signatures
from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.token_cache import TokenCache
from bot.engine.retrieval.vocabulary import Vocabulary


class SearchedIndex(Protocol):
    """What a search reads: a guild's index, or a part of it."""

    @property
    def guild(self) -> int:
        """Whose index it is."""
        ...

    @property
    def snapshot(self) -> Snapshot:
        """The state to search."""
        ...

    @property
    def tokens(self) -> TokenCache:
        """Where token vectors are kept."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """At least the words of the state; whoever takes one asks whether the state has it."""
        ...


@dataclass(frozen=True, slots=True)
class VisibleIndex:
    """One state of a guild's index without some articles; what it reads is shared with that index, ``whole``."""

    whole: SearchedIndex
    snapshot: Snapshot

    @property
    def guild(self) -> int:
        """Whose index it is."""
        return self.whole.guild

    @property
    def tokens(self) -> TokenCache:
        """Those of the whole index: they are kept by article."""
        return self.whole.tokens

    @property
    def vocabulary(self) -> Vocabulary:
        """That of the whole index, of which a search takes only words that the snapshot has."""
        return self.whole.vocabulary

    @property
    def own_bytes(self) -> int:
        """Bytes held besides what is shared with the whole index."""
        return self.snapshot.nbytes - sum(lexicon.nbytes for lexicon in self.snapshot.lexicons)


def leave_out(snapshot: Snapshot, articles: Collection[int]) -> Snapshot:
    """Return the state that a guild without these articles would be in."""
    numbers = np.flatnonzero(~np.isin(snapshot.article_ids, list(articles)))
    counts = np.diff(snapshot.row_edges)
    is_kept = np.zeros(len(snapshot.article_ids), dtype=np.bool_)
    is_kept[numbers] = True
    in_rows = np.repeat(is_kept, counts)
    sentence_counts = np.diff(snapshot.sentence_edges)
    sentences = np.flatnonzero(np.repeat(in_rows, sentence_counts))
    embeddings = snapshot.embeddings[np.flatnonzero(in_rows)]
    lexicons = tuple(snapshot.lexicons[number] for number in numbers.tolist())
    return Snapshot(
        version=snapshot.version,
        article_ids=snapshot.article_ids[numbers],
        row_edges=np.cumsum(np.concatenate([[0], counts[numbers]]), dtype=np.int64),
        embeddings=embeddings,
        sentences=snapshot.sentences[sentences],
        sentence_edges=np.cumsum(np.concatenate([[0], sentence_counts[in_rows]]), dtype=np.int64),
        spans=snapshot.spans[sentences],
        types=snapshot.types[sentences],
        checksums=snapshot.checksums[numbers],
        lexicons=lexicons,
        postings=keep_rows(snapshot.postings, in_rows, snapshot.sentence_edges, _name_titles(lexicons)),
        signatures=make_signatures(embeddings) if len(embeddings) >= LARGE_ROWS else None,
    )


def _name_titles(lexicons: tuple[Lexicon, ...]) -> npt.NDArray[np.uint64]:
    """Return the terms of the articles' titles."""
    nothing = np.zeros(0, dtype=np.uint64)
    return np.concatenate([nothing, *(it.term_hashes[it.word_terms[it.title_sequence]] for it in lexicons)])
