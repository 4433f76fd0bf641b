"""From ranked hits to quotes: each one cut from the stored text by span and proved before anybody sees it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.engine.errors import QuoteMismatch
from bot.engine.ports.stores import Store, StoredPassage
from bot.engine.records.answers import Hit, Quote
from bot.engine.records.articles import Article
from bot.engine.records.passages import Passage, Span, digest

log = logging.getLogger(__name__)


def quote_hits(
    store: Store, guild: int, hits: Sequence[Hit], highlights: Sequence[tuple[Span, ...]]
) -> tuple[Quote, ...]:
    """Return a quote for each hit, best first.

    ``highlights``: for each hit the spans to highlight, as offsets into its passage. A passage that is gone or that
    is not what was stored is left out and logged: a missing quote is better than a false one.
    """
    stored = {
        (found.article.id, found.passage.position): found
        for found in store.get_passages(guild, [(hit.article_id, hit.position) for hit in hits])
    }
    quotes = []
    for hit, spans in zip(hits, highlights, strict=True):
        found = stored.get((hit.article_id, hit.position))
        if found is None:
            log.info("guild %d: article %d ¶ %d is gone; not quoted", guild, hit.article_id, hit.position)
            continue
        try:
            quotes.append(_prove(found, hit, spans))
        except QuoteMismatch as error:
            log.error("guild %d: %s", guild, error)  # noqa: TRY400 - the text of an article is no business of the log
    return tuple(quotes)


def quote_passage(article: Article, passage: Passage, highlight: Sequence[Span] = ()) -> Quote:
    """Return a quote of one passage of an article at hand. Raises QuoteMismatch where its text is not what was stored.

    ``highlight`` spans are offsets into the passage.
    """
    found = StoredPassage(
        article=article.ref,
        passage_count=len(article.passages),
        passage=passage,
        text=article.text[passage.start : passage.end],
    )
    return _prove(found, Hit(article.id, passage.position, 0.0, 1), highlight)


def _prove(found: StoredPassage, hit: Hit, spans: Sequence[Span]) -> Quote:
    """Make a quote of a stored passage. Raises QuoteMismatch where the text is not the one that was stored."""
    passage, text = found.passage, found.text
    if digest(text) != passage.digest or len(text) != passage.end - passage.start:
        raise QuoteMismatch(f"article {found.article.id} ¶ {passage.position} is not what was stored; not quoted")
    return Quote(
        article=found.article,
        position=passage.position,
        passage_count=found.passage_count,
        headings=passage.headings,
        kind=passage.kind,
        text=text,
        start=passage.start,
        end=passage.end,
        highlight=tuple(Span(start, end) for start, end in spans if 0 <= start < end <= len(text)),
        score=hit.score,
    )
