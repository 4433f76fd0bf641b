"""Summaries made of the article's own sentences, in their order, each one a span of the stored text.

An article with three or more sections gets its best sentence per section, led by the introduction's first news
sentence; any other gets the sentences that best cover it, leaning to the beginning. With a topic it gets what it says
of that. Embeddings are those of the article's segment; nothing but a topic is encoded here.
"""

from __future__ import annotations

import numpy as np

from bot.engine.errors import StoreUnavailable
from bot.engine.ports import FloatArray, Store
from bot.engine.records import Article, Summary, SummaryLength, SummarySentence
from bot.engine.retrieval.query import analyse_query
from bot.engine.retrieval.segment import decode_core
from bot.engine.retrieval.tokens import find_words, hash_term, stem
from bot.engine.summaries.choice import choose_about, choose_key, choose_sentences
from bot.engine.summaries.material import Material

WORD_BUDGET = {SummaryLength.KEY: 1, SummaryLength.SHORT: 60, SummaryLength.MEDIUM: 100, SummaryLength.LONG: 150}
"""The last sentence may pass the budget by less than half its own length; a section's by 15 %."""

SHORTEST_ARTICLE = 60
"""Words; an article of no more is its own summary."""


def summarise_article(
    store: Store,
    guild: int,
    article_id: int,
    length: SummaryLength,
    *,
    about: str = "",
    topic: FloatArray | None = None,
) -> Summary:
    """Summarise a stored article, or what it says ``about`` something, whose embedding is ``topic``: (d,).

    Raises NotFound, and StoreUnavailable where its segment does not fit its text.
    """
    article = store.get_article(guild, article_id)
    segments = store.segments(guild, [article_id])
    core = decode_core(segments[0].core) if segments else None
    if core is None or len(core) != len(article.passages):
        raise StoreUnavailable("That article changed at this very moment. Ask for the summary again.")
    material = Material(article, core)
    ref = article.ref
    budget = WORD_BUDGET[length]
    if topic is not None:
        chosen = choose_about(material, topic, _share_words(material, about), budget)
        return Summary(ref, _pick(material, chosen), about=about)
    if int(material.words.sum()) <= SHORTEST_ARTICLE:
        return Summary(ref, _opening(article), is_too_short=True)
    chosen = choose_key(material) if length is SummaryLength.KEY else choose_sentences(material, budget)
    return Summary(ref, _pick(material, chosen))


def _pick(material: Material, chosen: list[int]) -> tuple[SummarySentence, ...]:
    return tuple(material.sentence(number) for number in chosen)


def _opening(article: Article) -> tuple[SummarySentence, ...]:
    """The first passage, whole."""
    return tuple(
        SummarySentence(
            article.text[passage.start : passage.end], passage.position, passage.headings, passage.start, passage.end
        )
        for passage in article.passages[:1]
    )


def _share_words(material: Material, about: str) -> FloatArray:
    """Return (s,) the share of the topic's words that each sentence holds."""
    query = analyse_query(about)
    wanted = set(query.hashes[query.topical].tolist()) or set(query.hashes.tolist())
    if not wanted:
        return np.zeros(len(material), dtype=np.float32)
    held = [
        len(wanted & {hash_term(stem(word.text)) for word in find_words(material.text(number))}) / len(wanted)
        for number in range(len(material))
    ]
    return np.array(held, dtype=np.float32)
