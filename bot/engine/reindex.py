"""Encoding articles for the store: one when it is added, all when the encoder changes."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.engine.errors import Busy, NotFound
from bot.engine.ingest.sentences import split_sentences
from bot.engine.ports import Encoder, PassageInput, Progress, Store
from bot.engine.records import Article, ParsedArticle
from bot.engine.retrieval.segment import SEGMENT_VERSION, EncodedSegment, build_segment

log = logging.getLogger(__name__)

_PASSES = 5


def encode_article(
    encoder: Encoder, article: ParsedArticle | Article, *, with_tokens: bool, progress: Progress | None = None
) -> EncodedSegment:
    """Encode an article's passages, each with its sentences, into a segment."""
    return encode_articles(encoder, [article], with_tokens=with_tokens, progress=progress)[0]


def encode_articles(
    encoder: Encoder,
    articles: Sequence[ParsedArticle | Article],
    *,
    with_tokens: bool,
    progress: Progress | None = None,
) -> list[EncodedSegment]:
    """Encode several articles in one go, which is quicker where they are short; ``progress`` counts passages."""
    inputs = [_prepare(article) for article in articles]
    encoded = iter(encoder.encode_passages([passage for own in inputs for passage in own], progress))
    return [
        build_segment(
            own,
            [next(encoded) for _ in own],
            title=article.title,
            headings=[passage.headings for passage in article.passages],
            with_tokens=with_tokens,
        )
        for article, own in zip(articles, inputs, strict=True)
    ]


def _prepare(article: ParsedArticle | Article) -> list[PassageInput]:
    texts = [article.text[passage.start : passage.end] for passage in article.passages]
    return [PassageInput(text, split_sentences(text)) for text in texts]


def reindex_store(store: Store, encoder: Encoder, *, with_tokens: bool, progress: Progress | None = None) -> int:
    """Encode anew every article that lacks a segment of this encoder, then switch; return how many were encoded.

    The old segments answer until the switch. Killed, it loses nothing: run it again and it goes on where it was.
    Raises Busy where articles are added for the old encoder faster than they can be encoded.
    """
    identity = encoder.identity
    encoded = 0
    for _ in range(_PASSES):
        backlog = store.reindex_backlog(identity, SEGMENT_VERSION)
        for number, (guild, article_id) in enumerate(backlog, start=1):
            encoded += _encode_again(store, encoder, guild, article_id, with_tokens=with_tokens)
            if progress is not None:
                progress(number, len(backlog))
        if store.switch_encoder(identity, SEGMENT_VERSION) == 0:
            log.info("reindexed %d articles for %s", encoded, identity)
            return encoded
    raise Busy("Articles are being added faster than they are encoded anew. Stop the bot and run the command again.")


def _encode_again(store: Store, encoder: Encoder, guild: int, article_id: int, *, with_tokens: bool) -> bool:
    try:
        article = store.get_article(guild, article_id)
    except NotFound:
        return False
    segment = encode_article(encoder, article, with_tokens=with_tokens)
    return store.stage_segment(
        guild,
        article_id,
        identity=encoder.identity,
        content_hash=article.content_hash,
        core=segment.core,
        tokens=segment.tokens,
        segment_version=SEGMENT_VERSION,
    )
