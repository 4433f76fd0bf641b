"""Everything that writes articles: adding, updating, renaming, and noting how a page was last had.

An update encodes only the passages that changed. A passage is encoded by itself, so the vectors of one whose text and
sentences stayed are taken over from the stored segment as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import replace

from bot.engine.articles.changes import compare_passages
from bot.engine.articles.choices import LineReport, carry_choices, leave_out_lines, restore_lines
from bot.engine.articles.encoding import encode_changes, keep_vectors, require_encoder
from bot.engine.articles.identity import find_earlier, find_twin
from bot.engine.articles.refresh_guard import check_refreshed
from bot.engine.articles.room import GuildLimits, Usage
from bot.engine.errors import BadQuery, NotFound
from bot.engine.ingest.limits import IngestLimits
from bot.engine.ports.encoders import Encoder, Progress
from bot.engine.ports.sources import Parser
from bot.engine.ports.stores import Store
from bot.engine.records.articles import Article, ArticleSummary, ParsedArticle
from bot.engine.records.freshness import FetchState
from bot.engine.records.passages import digest
from bot.engine.records.sources import AddReport, AddStatus, ArticleSource, PassageChanges
from bot.engine.retrieval.segment import SEGMENT_VERSION
from bot.engine.scopes.records import EVERYBODY, ArticleScope

log = logging.getLogger(__name__)

_TITLE_CHARACTERS = 200
_PROBLEM_CHARACTERS = 500


class Shelf:
    """Puts articles into a store. Thread-safe. ``limits`` None lets guilds store whatever they like."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        parser: Parser,
        *,
        limits: GuildLimits | None,
        with_tokens: bool,
        bind: Callable[[int, int, ArticleScope], None] | None = None,
        ingest_limits: IngestLimits | None = None,
    ) -> None:
        """``bind``: binds an article (of a guild, by id) that is there already."""
        self._bind = bind
        self._store = store
        self._encoder = encoder
        self._parser = parser
        self._limits = limits
        self._with_tokens = with_tokens
        self._ingest_limits = ingest_limits or IngestLimits()

    def add(
        self, guild: int, source: ArticleSource, progress: Progress | None, scope: ArticleScope = EVERYBODY
    ) -> AddReport:
        """Add an article, or update the one that the same source gave before; see ``Library.add_article``."""
        require_encoder(self._store, self._encoder)
        self._check_room_beforehand(guild, source)
        parsed = self._parse(guild, source, progress)
        earlier = find_earlier(self._store, guild, source.source, parsed.title)
        if earlier is not None:
            # A file is what whoever adds it says; a page may be a notice in the article's place.
            is_file = not source.fetch.fetched_at
            if scope and self._bind is not None:
                # First, so that nobody outside the scope meets a word of the new text.
                self._bind(guild, earlier, scope)
            return self._update(guild, earlier, source, parsed, progress, is_trusted=is_file)
        same = self._store.find_by_hash(guild, digest(parsed.text))
        if same is not None:
            found = self.summary(guild, same)
            is_same_source = source.source in ("", found.source)
            return _report(found, AddStatus.UNCHANGED if is_same_source else AddStatus.DUPLICATE)
        twin = find_twin(self._store, guild, source.source, parsed.details.canonical_url)
        if twin is not None:
            return _report(self.summary(guild, twin), AddStatus.DUPLICATE)
        return self._add_new(guild, source, parsed, progress, scope)

    def update(
        self,
        guild: int,
        article: ArticleSummary,
        source: ArticleSource,
        progress: Progress | None,
        *,
        is_forced: bool = False,
    ) -> AddReport:
        """Bring an article up to a source, whatever that source is called. Its own source stays what it was.

        A page that seems not to be the article any more raises FetchFailed, unless ``is_forced``.
        """
        require_encoder(self._store, self._encoder)
        parsed = self._parse(guild, source, progress)
        source = replace(source, source=article.source)
        return self._update(guild, article.id, source, parsed, progress, is_trusted=is_forced)

    def rename(self, guild: int, article: ArticleSummary, title: str) -> ArticleSummary:
        """Give an article a title that updates keep. Nothing is encoded. Raises BadQuery, NotFound."""
        wanted = " ".join(title.split())
        if not wanted or len(wanted) > _TITLE_CHARACTERS:
            raise BadQuery(f"A title has 1 to {_TITLE_CHARACTERS} characters. Choose another one; nothing was changed.")
        require_encoder(self._store, self._encoder)
        stored = self._store.get_article(guild, article.id)
        parsed = ParsedArticle(wanted, stored.text, stored.lines, stored.passages, stored.details)
        self._replace(guild, stored, parsed, stored.fetch, is_titled=True, source=stored.source)
        log.info("guild %d: article %d renamed", guild, article.id)
        return self.summary(guild, article.id)

    def choose(
        self, guild: int, article: ArticleSummary, choose: Callable[[Article], Collection[int]], *, is_quoted: bool
    ) -> LineReport:
        """Have the lines that ``choose`` names (indexes) quoted, or left out, from now on; encode what that changes.

        Raises BadQuery, LibraryFull, TooLarge.
        """
        require_encoder(self._store, self._encoder)
        stored = self._store.get_article(guild, article.id)
        relabel = restore_lines if is_quoted else leave_out_lines
        parsed, changed = relabel(stored, choose(stored), self._ingest_limits)
        if changed:
            self._check_room(guild, parsed, replaced=article.id)
            self._replace(guild, stored, parsed, stored.fetch, is_titled=stored.is_titled, source=stored.source)
            verb = "restored" if is_quoted else "left out"
            log.info("guild %d: article %d: %d lines %s", guild, article.id, len(changed), verb)
        lines = tuple(parsed.lines[index] for index in changed)
        return LineReport(article.id, stored.title, len(parsed.passages), len(parsed.left_out), lines)

    def confirm(self, guild: int, article: ArticleSummary, fetched_at: int) -> AddReport:
        """Note that the article's page is still what it was."""
        fetch = replace(article.fetch, fetched_at=fetched_at, checked_at=fetched_at, problem="")
        self._store.write_fetch(guild, article.id, fetch)
        return _report(article, AddStatus.UNCHANGED)

    def note_problem(self, guild: int, article: ArticleSummary, problem: str, checked_at: int) -> None:
        """Note that the article's page could not be had again; the article stays as it is."""
        # The address may be wrong from the start: what says so is kept short.
        fetch = replace(article.fetch, checked_at=checked_at, problem=problem[:_PROBLEM_CHARACTERS])
        self._store.write_fetch(guild, article.id, fetch)

    def summary(self, guild: int, article_id: int) -> ArticleSummary:
        """One article of the list. Raises NotFound."""
        for article in self._store.list_articles(guild):
            if article.id == article_id:
                return article
        raise NotFound(f"There is no article {article_id} any more. List the articles to see what there is.")

    def _parse(self, guild: int, source: ArticleSource, progress: Progress | None) -> ParsedArticle:
        return self._parser.parse(guild, source, tick=None if progress is None else lambda: progress(0, 0))

    def _add_new(
        self,
        guild: int,
        source: ArticleSource,
        parsed: ParsedArticle,
        progress: Progress | None,
        scope: ArticleScope,
    ) -> AddReport:
        self._check_room(guild, parsed)
        segment, encoded = encode_changes(
            self._encoder, parsed, kept={}, with_tokens=self._with_tokens, progress=progress
        )
        # Again, right before writing: another process may have reindexed the store for another encoder meanwhile.
        self._store.set_encoder_identity(self._encoder.identity)
        article_id = self._store.add_article(
            guild,
            parsed,
            source=source.source,
            core=segment.core,
            tokens=segment.tokens,
            segment_version=SEGMENT_VERSION,
            fetch=source.fetch,
            is_titled=bool(source.title),
            limits=self._limits,
            scope=scope,
        )
        log.info("guild %d: article %d added, %d passages", guild, article_id, len(parsed.passages))
        return _report_parsed(article_id, AddStatus.ADDED, parsed, encoded=encoded)

    def _update(
        self,
        guild: int,
        article_id: int,
        source: ArticleSource,
        parsed: ParsedArticle,
        progress: Progress | None,
        *,
        is_trusted: bool,
    ) -> AddReport:
        old = self._store.get_article(guild, article_id)
        if old.is_titled and not source.title:
            parsed = replace(parsed, title=old.title)
        if old.content_hash == digest(parsed.text):
            if source.fetch.fetched_at:
                self._store.write_fetch(guild, article_id, source.fetch)
            return _report(self.summary(guild, article_id), AddStatus.UNCHANGED)
        if not is_trusted:
            check_refreshed(old, parsed)
        same = self._store.find_by_hash(guild, digest(parsed.text))
        if same is not None:
            return _report(self.summary(guild, same), AddStatus.DUPLICATE)
        parsed = carry_choices(old, parsed, self._ingest_limits)
        self._check_room(guild, parsed, replaced=article_id)
        encoded = self._replace(
            guild,
            old,
            parsed,
            source.fetch,
            is_titled=old.is_titled or bool(source.title),
            source=source.source,
            progress=progress,
        )
        changes = compare_passages(_texts(old), _texts(parsed))
        log.info("guild %d: article %d updated, %s passages, %d encoded", guild, article_id, changes, encoded)
        return _report_parsed(article_id, AddStatus.UPDATED, parsed, changes=changes, encoded=encoded)

    def _replace(
        self,
        guild: int,
        old: Article,
        parsed: ParsedArticle,
        fetch: FetchState,
        *,
        is_titled: bool,
        source: str,
        progress: Progress | None = None,
    ) -> int:
        """Replace an article and return how many of its passages had to be encoded."""
        kept = keep_vectors(self._store, guild, old.id)
        segment, encoded = encode_changes(
            self._encoder, parsed, kept=kept, with_tokens=self._with_tokens, progress=progress
        )
        self._store.set_encoder_identity(self._encoder.identity)
        self._store.replace_article(
            guild,
            old.id,
            parsed,
            source=source,
            core=segment.core,
            tokens=segment.tokens,
            segment_version=SEGMENT_VERSION,
            fetch=fetch,
            is_titled=is_titled,
            limits=self._limits,
        )
        return encoded

    def _check_room_beforehand(self, guild: int, source: ArticleSource) -> None:
        """Refuse what a full library could only take in place of another article, before it is read at all."""
        if self._limits is None or self._store.find_by_source(guild, source.source) is not None:
            return
        held = self._usage(guild)
        self._limits.check(held + Usage(1, 1, 1), held)

    def _check_room(self, guild: int, parsed: ParsedArticle, *, replaced: int = 0) -> None:
        """Refuse what would be refused when it is written, before it is encoded."""
        if self._limits is not None:
            new = Usage(1, len(parsed.passages), len(parsed.text.encode()))
            self._limits.check(self._usage(guild, without=replaced) + new, self._usage(guild))

    def _usage(self, guild: int, *, without: int = 0) -> Usage:
        held = [article for article in self._store.list_articles(guild) if article.id != without]
        return Usage(len(held), sum(item.passages for item in held), sum(item.text_bytes for item in held))


def _texts(article: Article | ParsedArticle) -> list[str]:
    return [article.text[passage.start : passage.end] for passage in article.passages]


def _report(found: ArticleSummary, status: AddStatus) -> AddReport:
    return AddReport(found.id, found.title, status, found.passages, found.left_out)


def _report_parsed(
    article_id: int, status: AddStatus, parsed: ParsedArticle, *, encoded: int, changes: PassageChanges | None = None
) -> AddReport:
    count, left_out = len(parsed.passages), len(parsed.left_out)
    return AddReport(article_id, parsed.title, status, count, left_out, changes, encoded)
