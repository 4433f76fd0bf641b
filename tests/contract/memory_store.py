"""A store in a dictionary: the simplest thing that keeps the contract, for tests of what stands on a store."""

# ruff: noqa: D102 - the port describes the methods

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path

from bot.engine.articles.room import GuildLimits, Usage
from bot.engine.errors import EncoderMismatch, NotFound, StoreUnavailable
from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.ports.stores import GuildState, StoredPassage, StoredSegment
from bot.engine.records.articles import Article, ArticleSummary, ParsedArticle
from bot.engine.records.freshness import NEVER_FETCHED, FetchState
from bot.engine.records.passages import digest
from bot.engine.scopes.records import EVERYBODY, ArticleScope


@dataclass
class Segment:
    """A stored segment; ``guild_version`` is 0 while it is staged."""

    guild_version: int
    version: int
    core: bytes
    tokens: bytes | None


@dataclass
class Guild:
    """What is known of one guild."""

    version: int = 0
    next_article: int = 1
    articles: dict[int, Article] = field(default_factory=dict)


@dataclass
class Shelf:
    """The kept data: several stores may stand on one shelf, as several processes share a file."""

    encoder: EncoderIdentity | None = None
    guilds: dict[int, Guild] = field(default_factory=dict)
    segments: dict[tuple[int, int, EncoderIdentity], Segment] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class MemoryStore:
    """A :class:`bot.engine.ports.stores.Store` that forgets everything with its shelf."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or Shelf()
        self._bound: EncoderIdentity | None = None
        self._closed = False

    def encoder_identity(self) -> EncoderIdentity | None:
        with self._open() as shelf:
            return shelf.encoder if shelf.segments else None

    def set_encoder_identity(self, identity: EncoderIdentity) -> None:
        with self._open() as shelf:
            if shelf.encoder not in (None, identity) and shelf.segments:
                raise self._mismatch(identity)
            shelf.encoder = self._bound = identity

    def guild_state(self, guild: int) -> GuildState:
        with self._open() as shelf:
            self._require_bound_encoder()
            found = shelf.guilds.get(guild, Guild())
            return GuildState(found.version, len(found.articles))

    def add_article(
        self,
        guild: int,
        parsed: ParsedArticle,
        *,
        source: str,
        core: bytes,
        tokens: bytes | None,
        segment_version: int,
        fetch: FetchState = NEVER_FETCHED,
        is_titled: bool = False,
        limits: GuildLimits | None = None,
        scope: ArticleScope = EVERYBODY,
    ) -> int:
        with self._open() as shelf:
            self._require_encoder()
            self._require_writable(guild, parsed, source)
            self._require_room(guild, parsed, limits)
            found = shelf.guilds.setdefault(guild, Guild())
            article_id = found.next_article
            found.next_article += 1
            found.articles[article_id] = _article(
                article_id, parsed, source, int(time.time()), fetch=fetch, is_titled=is_titled
            )
            self._write_segment(guild, article_id, Segment(0, segment_version, core, tokens))
            return article_id

    def replace_article(
        self,
        guild: int,
        article_id: int,
        parsed: ParsedArticle,
        *,
        source: str,
        core: bytes,
        tokens: bytes | None,
        segment_version: int,
        fetch: FetchState = NEVER_FETCHED,
        is_titled: bool = False,
        limits: GuildLimits | None = None,
    ) -> None:
        with self._open() as shelf:
            self._require_encoder()
            old = self._article(guild, article_id)
            self._require_writable(guild, parsed, source, article_id)
            self._require_room(guild, parsed, limits, article_id)
            new = _article(article_id, parsed, source, old.added_at, fetch=fetch, is_titled=is_titled)
            revision = old.revision + (new.content_hash != old.content_hash)
            shelf.guilds[guild].articles[article_id] = replace(new, revision=revision)
            self._drop_segments(guild, article_id)
            self._write_segment(guild, article_id, Segment(0, segment_version, core, tokens))

    def replace_segment(
        self, guild: int, article_id: int, *, core: bytes, tokens: bytes | None, segment_version: int
    ) -> None:
        with self._open():
            self._require_encoder()
            self._article(guild, article_id)
            self._write_segment(guild, article_id, Segment(0, segment_version, core, tokens))

    def write_fetch(self, guild: int, article_id: int, fetch: FetchState) -> None:
        with self._open() as shelf:
            shelf.guilds.get(guild, Guild()).articles[article_id] = replace(
                self._article(guild, article_id), fetch=fetch
            )

    def remove_article(self, guild: int, article_id: int) -> None:
        with self._open() as shelf:
            self._article(guild, article_id)
            del shelf.guilds[guild].articles[article_id]
            self._drop_segments(guild, article_id)
            shelf.guilds[guild].version += 1

    def list_articles(self, guild: int) -> list[ArticleSummary]:
        with self._open() as shelf:
            return [_summary(article) for _, article in sorted(shelf.guilds.get(guild, Guild()).articles.items())]

    def get_article(self, guild: int, article_id: int) -> Article:
        with self._open():
            return self._article(guild, article_id)

    def get_passages(self, guild: int, keys: Iterable[tuple[int, int]]) -> list[StoredPassage]:
        with self._open() as shelf:
            articles = shelf.guilds[guild].articles if guild in shelf.guilds else {}
            found = []
            for article_id, position in keys:
                article = articles.get(article_id)
                if article is None or not 1 <= position <= len(article.passages):
                    continue
                passage = article.passages[position - 1]
                text = article.text[passage.start : passage.end]
                found.append(StoredPassage(article.ref, len(article.passages), passage, text))
            return found

    def find_by_hash(self, guild: int, content_hash: str) -> int | None:
        with self._open() as shelf:
            articles = shelf.guilds.get(guild, Guild()).articles.values()
            return min((article.id for article in articles if article.content_hash == content_hash), default=None)

    def find_by_source(self, guild: int, source: str) -> int | None:
        with self._open() as shelf:
            articles = shelf.guilds.get(guild, Guild()).articles.values()
            return max((article.id for article in articles if source and article.source == source), default=None)

    def find_by_url(self, guild: int, url: str) -> int | None:
        with self._open() as shelf:
            articles = shelf.guilds.get(guild, Guild()).articles.values()
            own = [item.id for item in articles if url and url in (item.source, item.details.canonical_url)]
            return min(own, default=None)

    def segment_ids(self, guild: int) -> dict[int, int]:
        with self._open() as shelf:
            self._require_bound_encoder()
            ids = sorted(shelf.guilds.get(guild, Guild()).articles)
            return {article_id: self._segment(guild, article_id).guild_version for article_id in ids}

    def segments(self, guild: int, article_ids: Iterable[int]) -> list[StoredSegment]:
        with self._open() as shelf:
            self._require_bound_encoder()
            ids = sorted(set(article_ids) & set(shelf.guilds.get(guild, Guild()).articles))
            found = [(article_id, self._segment(guild, article_id)) for article_id in ids]
            return [StoredSegment(article_id, segment.version, segment.core, None) for article_id, segment in found]

    def token_segment(self, guild: int, article_id: int) -> bytes | None:
        with self._open() as shelf:
            self._require_bound_encoder()
            known = article_id in shelf.guilds.get(guild, Guild()).articles
            return self._segment(guild, article_id).tokens if known else None

    def guilds(self) -> list[int]:
        with self._open() as shelf:
            return sorted(guild for guild, found in shelf.guilds.items() if found.articles)

    def reindex_backlog(self, identity: EncoderIdentity, segment_version: int) -> list[tuple[int, int]]:
        with self._open():
            return self._backlog(identity, segment_version)

    def stage_segment(
        self,
        guild: int,
        article_id: int,
        *,
        identity: EncoderIdentity,
        content_hash: str,
        core: bytes,
        tokens: bytes | None,
        segment_version: int,
    ) -> bool:
        with self._open() as shelf:
            article = shelf.guilds.get(guild, Guild()).articles.get(article_id)
            if article is None or article.content_hash != content_hash:
                return False
            segment = Segment(0, segment_version, core, tokens)
            if identity == shelf.encoder:
                self._write_segment(guild, article_id, segment)
            else:
                shelf.segments[guild, article_id, identity] = segment
            return True

    def switch_encoder(self, identity: EncoderIdentity, segment_version: int) -> int:
        with self._open() as shelf:
            backlog = self._backlog(identity, segment_version)
            if backlog:
                return len(backlog)
            switches = identity != shelf.encoder
            shelf.encoder = self._bound = identity
            shelf.segments = {key: segment for key, segment in shelf.segments.items() if key[2] == identity}
            for guild in {key[0] for key in shelf.segments} if switches else ():
                shelf.guilds[guild].version += 1
                for key, segment in shelf.segments.items():
                    if key[0] == guild:
                        segment.guild_version = shelf.guilds[guild].version
            return 0

    def backup(self, target: Path) -> None:
        with self._open() as shelf:
            if target.exists():
                raise StoreUnavailable(f"{target} exists already: give the backup another name.")
            target.write_bytes(pickle.dumps((shelf.encoder, shelf.guilds, shelf.segments)))

    def close(self) -> None:
        self._closed = True

    @contextmanager
    def _open(self) -> Iterator[Shelf]:
        with self._shelf.lock:
            if self._closed:
                raise StoreUnavailable("The store is closed.")
            yield self._shelf

    def _article(self, guild: int, article_id: int) -> Article:
        try:
            return self._shelf.guilds[guild].articles[article_id]
        except KeyError:
            raise NotFound(f"There is no article {article_id}.") from None

    def _segment(self, guild: int, article_id: int) -> Segment:
        assert self._shelf.encoder is not None
        return self._shelf.segments[guild, article_id, self._shelf.encoder]

    def _write_segment(self, guild: int, article_id: int, segment: Segment) -> None:
        assert self._shelf.encoder is not None
        self._shelf.guilds[guild].version += 1
        segment.guild_version = self._shelf.guilds[guild].version
        self._shelf.segments[guild, article_id, self._shelf.encoder] = segment

    def _drop_segments(self, guild: int, article_id: int) -> None:
        for key in [key for key in self._shelf.segments if key[:2] == (guild, article_id)]:
            del self._shelf.segments[key]

    def _backlog(self, identity: EncoderIdentity, segment_version: int) -> list[tuple[int, int]]:
        every = sorted((guild, article) for guild, found in self._shelf.guilds.items() for article in found.articles)
        segments = self._shelf.segments
        return [
            key
            for key in every
            if (*key, identity) not in segments or segments[*key, identity].version != segment_version
        ]

    def _require_bound_encoder(self) -> None:
        if None not in (self._bound, self._shelf.encoder) and self._bound != self._shelf.encoder:
            raise self._mismatch(self._bound)

    def _require_encoder(self) -> None:
        self._require_bound_encoder()
        if self._shelf.encoder is None:
            raise EncoderMismatch("No encoder is recorded yet.")

    def _require_writable(self, guild: int, parsed: ParsedArticle, source: str, article_id: int = 0) -> None:
        for text in (
            parsed.title,
            parsed.text,
            source,
            *astuple(parsed.details),
            *(part for item in parsed.passages for part in item.headings),
        ):
            text.encode("utf-8")
        others = [item for item in self._shelf.guilds.get(guild, Guild()).articles.values() if item.id != article_id]
        if ("/" in source or "\\" in source) and source in {item.source for item in others}:
            raise StoreUnavailable("An article from this address was added a moment ago: add it again to update it.")

    def _require_room(self, guild: int, parsed: ParsedArticle, limits: GuildLimits | None, article_id: int = 0) -> None:
        if limits is not None:
            held = self._shelf.guilds.get(guild, Guild()).articles.values()
            after, before = Usage(1, len(parsed.passages), len(parsed.text.encode())), Usage()
            for item in held:
                usage = Usage(1, len(item.passages), len(item.text.encode()))
                before += usage
                if item.id != article_id:
                    after += usage
            limits.check(after, before)

    def _mismatch(self, wanted: EncoderIdentity | None) -> EncoderMismatch:
        return EncoderMismatch(f"{self._shelf.encoder} is not {wanted}: run `pullquote migrate --reindex`.")


def _article(
    article_id: int, parsed: ParsedArticle, source: str, added_at: int, *, fetch: FetchState, is_titled: bool
) -> Article:
    return Article(
        article_id,
        parsed.title,
        source,
        added_at,
        digest(parsed.text),
        parsed.text,
        parsed.lines,
        parsed.passages,
        is_titled=is_titled,
        details=parsed.details,
        fetch=fetch,
    )


def _summary(article: Article) -> ArticleSummary:
    return ArticleSummary(
        article.id,
        article.title,
        article.source,
        article.added_at,
        len(article.passages),
        len(article.left_out),
        len(article.text),
        len(article.text.encode()),
        article.revision,
        article.is_titled,
        article.details,
        article.fetch,
    )
