"""Small parsed articles, built without the parser, and the ways in which tests of stores use them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.ports.stores import Store
from bot.engine.records.articles import ArticleDetails, ParsedArticle
from bot.engine.records.freshness import FetchState
from bot.engine.records.passages import Line, LineLabel, Passage, digest

ENCODER = EncoderIdentity("words", "1", 8)
OTHER_ENCODER = EncoderIdentity("letters", "2", 16)


def make_article(title: str, paragraphs: Sequence[str], caption: str = "") -> ParsedArticle:
    """Build an article of a title line, paragraphs (each one passage) and maybe a caption, which is left out."""
    blocks = [(title, LineLabel.TITLE)] + [(paragraph, LineLabel.PARAGRAPH) for paragraph in paragraphs]
    if caption:
        blocks.append((caption, LineLabel.CAPTION))
    lines = []
    passages = []
    start = 0
    for number, (text, label) in enumerate(blocks, start=1):
        end = start + len(text)
        lines.append(Line(number, start, end, label, 1 if label is LineLabel.HEADING else 0))
        if label is LineLabel.PARAGRAPH:
            passages.append(Passage(len(passages) + 1, start, end, label, (title, f"part {number}"), digest(text)))
        start = end + 1
    return ParsedArticle(title, "\n".join(text for text, _ in blocks), tuple(lines), tuple(passages))


GUILD = 81384788765712384
OTHER_GUILD = 2**63 - 1
RIVER = make_article("The river", ["It rises in the hills.", "It ends in the sea."], caption="A photo of the river")
TOWER = make_article("The tower", ["It has nine floors."])

DETAILS = ArticleDetails("Ada", "The Ferry", "2025-02-14", "en", "https://example.org/river")
FETCH = FetchState(4_000_000_000, '"abc"', "Mon, 01 Jan 2024 00:00:00 GMT", 4_000_000_000, "")

OpenStore = Callable[[], Store]


def add(store: Store, guild: int = GUILD, parsed: ParsedArticle = RIVER, source: str = "", mark: bytes = b"") -> int:
    """Add an article whose blobs bear a mark."""
    return store.add_article(
        guild, parsed, source=source, core=b"core" + mark, tokens=b"tokens" + mark, segment_version=1
    )


def put(store: Store, article_id: int, guild: int = GUILD, parsed: ParsedArticle = TOWER, source: str = "") -> None:
    """Replace an article."""
    store.replace_article(
        guild, article_id, parsed, source=source, core=b"new core", tokens=b"new tokens", segment_version=2
    )


def stage(
    store: Store,
    article_id: int,
    parsed: ParsedArticle,
    guild: int = GUILD,
    identity: EncoderIdentity = OTHER_ENCODER,
) -> bool:
    """Stage a segment of another encoder."""
    return store.stage_segment(
        guild,
        article_id,
        identity=identity,
        content_hash=digest(parsed.text),
        core=b"staged core",
        tokens=b"staged tokens",
        segment_version=2,
    )


def contents(store: Store, guild: int) -> tuple[object, ...]:
    """Everything that a store says of a guild."""
    ids = [article.id for article in store.list_articles(guild)]
    return (
        store.guild_state(guild),
        store.list_articles(guild),
        [store.get_article(guild, article_id) for article_id in ids],
        store.segment_ids(guild),
        store.segments(guild, ids),
        [store.token_segment(guild, article_id) for article_id in ids],
    )
