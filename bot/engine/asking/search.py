"""One search: a question mended and encoded, the guild's index brought up to the store's version, passages ranked.

A guild's index lives in this process; before each question it is brought up to the store's version, so several
processes may share one store.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.engine.articles.encoding import require_encoder
from bot.engine.errors import BadQuery
from bot.engine.limits import LibraryLimits
from bot.engine.ports.encoders import Encoder, FloatArray
from bot.engine.ports.stores import Store
from bot.engine.questions.follow_up import Context, complete, leans
from bot.engine.retrieval.calibration import Calibration
from bot.engine.retrieval.conversation import Leaning, search_leaning
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.index_pool import IndexPool
from bot.engine.retrieval.nearby import Nearby
from bot.engine.retrieval.question import PreparedQuestion, prepare_question
from bot.engine.retrieval.reranking import Reranking
from bot.engine.retrieval.retriever import Retrieval, Retriever
from bot.engine.retrieval.visible import SearchedIndex
from bot.engine.scopes.reach import Bounds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found, the guild's version that was searched, and the seconds it took."""

    retrieval: Retrieval
    version: int
    seconds: float


class Search:
    """Searches guilds' articles. Thread-safe. ``only``, throughout: what is searched, None for everything."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        *,
        reranking: Reranking,
        limits: LibraryLimits,
        calibration: Calibration | None,
    ) -> None:
        """``calibration``: the operator's own; it is not used with another encoder than it was made for."""
        self._store = store
        self._encoder = encoder
        self._reranking = reranking
        self._limits = limits
        self._calibration = calibration
        self._retriever: Retriever | None = None
        self._indexes = IndexPool(limits.index_bytes)

    @property
    def retriever(self) -> Retriever:
        """The retriever for the encoder, whose identity is asked for only when the first question comes."""
        if self._retriever is None:
            identity, calibration = self._encoder.identity, self._calibration
            if calibration is not None and calibration.model != str(identity):
                log.warning("The calibration is for %s, not for %s: not used", calibration.model, identity)
                calibration = None
            self._retriever = Retriever(identity, wrong_in_100=self._limits.wrong_in_100, calibration=calibration)
        return self._retriever

    def warm(self) -> None:
        """Load the encoder and the reranker, so that the first question does not wait for them."""
        self._encoder.encode_query("ready")
        self._reranking.load()

    def index(self, guild: int) -> CorpusIndex:
        """Return the guild's index, brought up to the store's version."""
        return self._indexes.open(self._store, guild, self._encoder.identity.dimension)

    def _open(self, guild: int, only: Bounds | Sequence[int] | None) -> SearchedIndex:
        """Return the guild's index without what the viewer may not see."""
        index = self.index(guild)
        return index.without(only.hidden) if isinstance(only, Bounds) else index

    def check_query(self, query: str) -> str:
        """Return a question as it can be searched for. Raises BadQuery."""
        # Lone surrogates come from broken command-line bytes and JSON escapes; nothing downstream can carry them.
        query = query.encode("utf-8", "replace").decode("utf-8").strip()
        if not any(character.isalnum() for character in query):
            raise BadQuery("There is no question in that. Ask in a few words, for example: Who signed the treaty?")
        limit = self._limits.question_characters
        if len(query) > limit:
            raise BadQuery(f"That question has {len(query):,} characters. Ask it again in at most {limit:,}.")
        return query

    def encode(self, query: str) -> FloatArray:
        """Return (d,) the unit embedding of a question as it was typed. Raises BadQuery, EncoderMismatch."""
        require_encoder(self._store, self._encoder)
        return self._encoder.encode_query(self.check_query(query)).embedding

    def encode_topic(self, guild: int, about: str, bounds: Bounds) -> FloatArray:
        """Return (d,) the unit embedding of what an article is asked about, misspelt words mended."""
        prepared, _ = self.prepare(guild, self.check_query(about), bounds)
        return prepared.encoded.embedding

    def prepare(self, guild: int, query: str, only: Bounds | Sequence[int] | None) -> tuple[PreparedQuestion, float]:
        """Mend and encode a question; return it and the seconds that took. Raises EncoderMismatch."""
        require_encoder(self._store, self._encoder)
        index = self._open(guild, only)
        started = time.perf_counter()
        searched = only.search(index.snapshot.article_ids) if isinstance(only, Bounds) else only
        prepared = prepare_question(index, query, self._encoder.encode_query, article_ids=searched)
        return prepared, time.perf_counter() - started

    def lean(self, guild: int, query: str, context: Context | None, bounds: Bounds) -> Leaning | None:
        """Prepare what went before for a question that leans on it; None where it stands by itself."""
        if context is None or not context.questions or not leans(query):
            return None
        completed, _ = self.prepare(guild, complete(query, context), bounds)
        return Leaning(completed, Nearby(context.quoted) if context.quoted else None)

    def retrieve(
        self,
        guild: int,
        prepared: PreparedQuestion,
        only: Bounds | Sequence[int] | None,
        top_k: int,
        *,
        wrong_in_100: float | None = None,
        depth: int = 0,
        leaning: Leaning | None = None,
    ) -> Searched:
        """Search the guild's present index. ``depth``: rank so many passages, whatever the confidence."""
        index = self._open(guild, only)
        started = time.perf_counter()
        version = index.snapshot.version
        wide = self._reranking.widen(top_k)
        article_ids = only.search(index.snapshot.article_ids) if isinstance(only, Bounds) else only
        retrieval = search_leaning(
            self.retriever,
            index,
            prepared,
            leaning,
            article_ids=article_ids,
            top_k=wide,
            depth=depth,
            wrong_in_100=wrong_in_100,
            tokens=self._store,
        )
        if retrieval.answers or depth:
            text = prepared.text if leaning is None else leaning.completed.text
            retrieval = self._reranking.rerank(self._store, index, text, retrieval, top_k)
        return Searched(retrieval, version, time.perf_counter() - started)
