"""Summaries of stored articles, and of guests: articles that are read for one answer and not stored."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.engine.articles.encoding import encode_article
from bot.engine.errors import TooLarge
from bot.engine.records.articles import Article, ArticleSummary
from bot.engine.records.passages import digest
from bot.engine.records.sources import ArticleSource
from bot.engine.records.summaries import Summary, SummaryLength, SummarySentence
from bot.engine.retrieval.segment import decode_core
from bot.engine.scopes.records import EVERYTHING, Viewer
from bot.engine.summaries.contents import Section
from bot.engine.summaries.summary import Summarised, Topic, load_article, summarise_article

if TYPE_CHECKING:
    from bot.engine.library import Library
    from bot.engine.ports.encoders import Encoder, FloatArray, Progress
    from bot.engine.ports.sources import Parser
    from bot.engine.ports.stores import Store

GUEST_PASSAGES = 400
"""How long a guest may be: encoding so many passages takes some 20 seconds of one core."""
_KEPT = 64

_Made = tuple[tuple[SummarySentence, ...], bool]


class Summariser:
    """Summarises. Thread-safe.

    ``encode_topic`` turns what a stored article's summary is to be about into an embedding, (d,), as its viewer may
    have it.
    """

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        parser: Parser,
        *,
        encode_topic: Callable[[int, str, int, Viewer], FloatArray],
        guest_passages: int = GUEST_PASSAGES,
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._parser = parser
        self._encode_topic = encode_topic
        self._guest_passages = guest_passages
        self._made: OrderedDict[tuple[object, ...], _Made] = OrderedDict()
        self._lock = threading.Lock()

    def summarise(
        self,
        guild: int,
        found: ArticleSummary,
        length: SummaryLength,
        *,
        about: str = "",
        section: Section | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Summary:
        """Summarise a stored article, or one section, or what it says ``about`` something.

        Nothing is encoded but the topic. Without one, a summary that was made lately is taken as it was made. Raises
        NotFound, BadQuery, EncoderMismatch, StoreUnavailable.
        """
        if about:
            topic = Topic(about, self._encode_topic(guild, about, found.id, viewer))
            article, core = load_article(self._store, guild, found.id)
            return summarise_article(article, core, length, topic=topic, section=section)
        # The guild's version grows with whatever could change the outcome.
        key = (guild, found.id, self._store.guild_state(guild).version, length, section)
        with self._lock:
            made = self._made.get(key)
        if made is None:
            article, core = load_article(self._store, guild, found.id)
            summary = summarise_article(article, core, length, section=section)
            made = (summary.sentences, summary.is_too_short)
            with self._lock:
                self._made[key] = made
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
        sentences, is_too_short = made
        return Summary(found.ref, sentences, is_too_short=is_too_short)

    def read_guest(self, guild: int, source: ArticleSource, progress: Progress | None = None) -> Article:
        """Parse a source into an article that is stored nowhere; its id is 0.

        Raises ExtractFailed, TooLarge, Unsupported, Busy.
        """
        parsed = self._parser.parse(guild, source, tick=None if progress is None else lambda: progress(0, 0))
        return Article(
            0,
            parsed.title,
            source.source,
            0,
            digest(parsed.text),
            parsed.text,
            parsed.lines,
            parsed.passages,
            details=parsed.details,
        )

    def summarise_guest(
        self,
        article: Article,
        length: SummaryLength,
        *,
        about: str = "",
        section: Section | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Summarise a guest, or one section. What is encoded for it is kept nowhere. Raises TooLarge."""
        passages = article.passages if section is None else article.passages[section.first - 1 : section.last]
        if len(passages) > self._guest_passages:
            raise TooLarge(
                f"That has {len(passages):,} passages. Of what is not in the library, at most "
                f"{self._guest_passages:,} are read for a summary. Have it added as an article; then it can be "
                "summarised whatever its length."
            )
        topic = Topic(about, self._encoder.encode_query(about).embedding) if about else None
        part = replace(article, passages=passages)
        core = decode_core(encode_article(self._encoder, part, with_tokens=False, progress=progress).core)
        return summarise_article(part, core, length, topic=topic)


def summarise_whole(
    library: Library,
    guild: int,
    article: str,
    length: SummaryLength,
    *,
    viewer: Viewer,
    about: str = "",
    section: Section | None = None,
) -> Summarised:
    """Summarise as :meth:`Library.summarise` does, and fetch the article: its sentences are checked against it."""
    summary = library.summarise(guild, article, length, about=about, section=section, viewer=viewer)
    return Summarised(summary, library.get_article_by_id(guild, summary.article.id, viewer=viewer))
