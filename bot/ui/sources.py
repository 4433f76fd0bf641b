"""Where quotes come from and what proves them, for the member who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from discord import ui

from bot.engine.records.articles import Article
from bot.engine.records.passages import Span
from bot.ui import answer_words, proof_words
from bot.ui.anchors import Anchor
from bot.ui.language import translate
from bot.ui.layout import TEXT_LIMIT, Accent, Card, build_view, pack
from bot.ui.places import strip_of
from bot.ui.quotes import article_link, article_path
from bot.ui.text import cut, escape, shown

_TITLE_UNITS = 150


def source_view(anchors: Sequence[Anchor], articles: Mapping[int, Article]) -> ui.LayoutView:
    """Tell of each quoted article: title, link, when it was added, and where in it the quotes stand."""
    cards = []
    for number in dict.fromkeys(anchor.article for anchor in anchors):
        article = articles.get(number)
        if article is None:
            cards.append(Card((answer_words.PASSAGE_CHANGED,), Accent.REFUSED))
            continue
        about = [anchor for anchor in anchors if anchor.article == number]
        link = article_link(article.ref)
        texts = [proof_words.source_title(link, article.id), proof_words.added_on(article.added_at)]
        texts += [line for anchor in about for line in _place_lines(anchor, article)]
        cards.append(Card(tuple(texts), Accent.QUOTE))
    return build_view(pack(cards, limit=TEXT_LIMIT)[0])


def _place_lines(anchor: Anchor, article: Article) -> list[str]:
    passage = anchor.find(article)
    if passage is None:
        return [answer_words.PASSAGE_CHANGED]
    strip = strip_of(article, Span(passage.start, passage.end))
    path = article_path(passage.headings)
    return [*([path] if path else []), answer_words.place(strip, passage.position, len(article.passages))]


def verify_view(anchors: Sequence[Anchor], articles: Mapping[int, Article], quoted: Sequence[str]) -> ui.LayoutView:
    """Compare quotes with the stored articles as they are now: by digest, and what a message shows by its characters.

    ``quoted``: the message's quotes as they were sent.
    """
    cards = [_verdict(anchor, articles.get(anchor.article)) for anchor in anchors]
    texts = [article.text for article in articles.values()]
    stands = all(any(shown(part) in text for text in texts) for part in quoted)
    if quoted:
        cards.append(Card((proof_words.SHOWN_IDENTICAL if stands else proof_words.SHOWN_DIFFERENT,)))
    return build_view(pack(cards, limit=TEXT_LIMIT)[0])


def _verdict(anchor: Anchor, article: Article | None) -> Card:
    passage = anchor.find(article) if article else None
    if article is None or passage is None:
        return Card((proof_words.verdict(is_identical=False),), Accent.REFUSED)
    lines = [
        proof_words.verdict(is_identical=True),
        proof_words.proof(article.id, escape(cut(article.title, _TITLE_UNITS)), article.content_hash[:12]),
        proof_words.proved_passage(passage.position, passage.start, passage.end, passage.digest),
    ]
    if not anchor.is_revision(article):
        lines.append(translate(proof_words.ARTICLE_CHANGED))
    return Card(("\n".join(lines),), Accent.DONE)
