"""Encoding articles for the store: one when it is added, what changed of it later, all when the encoder changes."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from bot.engine.errors import Busy, EncoderMismatch, NotFound
from bot.engine.ingest.sentences import split_sentences
from bot.engine.ports.encoders import Encoder, PassageInput, Progress
from bot.engine.ports.stores import Store
from bot.engine.records.articles import Article, ParsedArticle
from bot.engine.records.passages import Span
from bot.engine.retrieval.container import SegmentDamaged, SegmentOutdated
from bot.engine.retrieval.segment import (
    SEGMENT_VERSION,
    EncodedSegment,
    PassageVectors,
    build_segment,
    compress_passage,
    join_passages,
    split_segment,
)

log = logging.getLogger(__name__)

_PASSES = 5


Kept = Mapping[tuple[str, tuple[Span, ...]], PassageVectors]
"""Vectors by the digest of a passage's text and the spans of its sentences: all that they depend on."""


def require_encoder(store: Store, encoder: Encoder) -> None:
    """Refuse to compare embeddings of two encoders. Raises EncoderMismatch."""
    stored = store.encoder_identity()
    if stored is not None and stored != encoder.identity:
        raise EncoderMismatch(
            f"The store was made with the encoder {stored}, the settings name {encoder.identity}. Set "
            "encoder.model back, or encode every article anew: pullquote migrate --reindex"
        )


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


def encode_changes(
    encoder: Encoder,
    article: ParsedArticle | Article,
    *,
    kept: Kept,
    with_tokens: bool,
    progress: Progress | None = None,
) -> tuple[EncodedSegment, int]:
    """Make an article's segment, encoding only what ``kept`` lacks; return it and how many passages were encoded."""
    inputs = _prepare(article)
    vectors: list[PassageVectors | None] = []
    for passage, given in zip(article.passages, inputs, strict=True):
        found = kept.get((passage.digest, given.sentences))
        vectors.append(found if found is not None and (found.tokens is not None or not with_tokens) else None)
    missing = [given for given, found in zip(inputs, vectors, strict=True) if found is None]
    encoded = iter(encoder.encode_passages(missing, progress) if missing else ())
    segment = join_passages(
        inputs,
        [
            compress_passage(given, next(encoded), with_tokens=with_tokens) if found is None else found
            for given, found in zip(inputs, vectors, strict=True)
        ],
        title=article.title,
        headings=[passage.headings for passage in article.passages],
        with_tokens=with_tokens,
    )
    return segment, len(missing)


def keep_vectors(store: Store, guild: int, article_id: int) -> Kept:
    """Return the vectors of a stored article's passages; none where its segment cannot be read or changes meanwhile."""
    written = store.segment_ids(guild).get(article_id)
    article = store.get_article(guild, article_id)
    found = store.segments(guild, [article_id])
    tokens = store.token_segment(guild, article_id)
    if written is None or not found or store.segment_ids(guild).get(article_id) != written:
        return {}
    try:
        parts = split_segment(EncodedSegment(found[0].core, tokens))
    except (SegmentDamaged, SegmentOutdated) as error:
        log.info("guild %d: article %d is encoded whole (%s)", guild, article_id, type(error).__name__)
        return {}
    if len(parts) != len(article.passages):
        return {}
    return {(passage.digest, spans): vectors for passage, (spans, vectors) in zip(article.passages, parts, strict=True)}


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
