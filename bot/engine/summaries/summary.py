"""Summaries made of the article's own sentences, in their order, each one a span of the stored text.

An article with three or more sections gets its best sentence per section, led by the introduction's first news
sentence; any other gets the sentences that best cover it, leaning to the beginning. With a topic it gets what it says
of that. Embeddings are those of the article's segment; nothing is encoded here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.engine.errors import StoreUnavailable
from bot.engine.ports.encoders import FloatArray
from bot.engine.ports.stores import Store
from bot.engine.records.articles import Article
from bot.engine.records.summaries import Summary, SummaryLength, SummarySentence
from bot.engine.retrieval.query import analyse_query
from bot.engine.retrieval.segment import Core, decode_core
from bot.engine.retrieval.tokens import find_words, hash_term, stem
from bot.engine.summaries.choice import choose_about, choose_key, choose_sentences
from bot.engine.summaries.contents import Section
from bot.engine.summaries.material import Material

WORD_BUDGET = {SummaryLength.KEY: 1, SummaryLength.SHORT: 60, SummaryLength.MEDIUM: 100, SummaryLength.LONG: 150}
"""The last sentence may pass the budget by less than half its own length; a section's by 15 %."""

SHORTEST_ARTICLE = 60
"""Words; an article of no more is its own summary."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a summary is to be about: as it was typed, and its embedding, (d,)."""

    text: str
    embedding: FloatArray


@dataclass(frozen=True, slots=True)
class Summarised:
    """A summary with the article that it was made of."""

    summary: Summary
    article: Article


def load_article(store: Store, guild: int, article_id: int) -> tuple[Article, Core]:
    """Read a stored article and its segment. Raises NotFound, and StoreUnavailable where the two do not fit."""
    article = store.get_article(guild, article_id)
    segments = store.segments(guild, [article_id])
    core = decode_core(segments[0].core) if segments else None
    if core is None or len(core) != len(article.passages):
        raise StoreUnavailable("That article changed at this very moment. Ask for the summary again.")
    return article, core


def summarise_article(
    article: Article, core: Core, length: SummaryLength, *, topic: Topic | None = None, section: Section | None = None
) -> Summary:
    """Summarise an article, or one section, or what it says on a topic; ``core`` is its segment, decoded."""
    only = None if section is None else range(section.first - 1, section.last)
    material = Material(article, core, only)
    budget = WORD_BUDGET[length]
    if topic is not None:
        chosen = choose_about(material, topic.embedding, _share_words(material, topic.text), budget)
        return Summary(article.ref, _pick(material, chosen), about=topic.text)
    if int(material.words.sum()) <= SHORTEST_ARTICLE:
        return Summary(article.ref, _opening(article, section), is_too_short=True)
    chosen = choose_key(material) if length is SummaryLength.KEY else choose_sentences(material, budget)
    return Summary(article.ref, _pick(material, chosen))


def _pick(material: Material, chosen: list[int]) -> tuple[SummarySentence, ...]:
    return tuple(material.sentence(number) for number in chosen)


def _opening(article: Article, section: Section | None) -> tuple[SummarySentence, ...]:
    """The first passage, whole."""
    first = 0 if section is None else section.first - 1
    return tuple(
        SummarySentence(
            article.text[passage.start : passage.end], passage.position, passage.headings, passage.start, passage.end
        )
        for passage in article.passages[first : first + 1]
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
