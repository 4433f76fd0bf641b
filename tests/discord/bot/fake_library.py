"""A library without an engine: it keeps what it is given, answers what it was told to, and can be made slow."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from bot.engine.asking.quoting import quote_passage
from bot.engine.errors import NoArticles, NotFound
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.ports.encoders import Progress
from bot.engine.questions.follow_up import Context
from bot.engine.records.answers import Answer, AnswerState, Quote
from bot.engine.records.articles import Article, ArticleDetails, ArticleRef, ArticleSummary
from bot.engine.records.freshness import FetchState
from bot.engine.records.passages import LineLabel, Passage, Span, digest
from bot.engine.records.sources import AddReport, AddStatus, ArticleSource, PassageChanges
from bot.engine.records.summaries import Summary, SummaryLength, SummarySentence
from bot.engine.scopes.records import EVERYBODY, EVERYTHING, ArticleScope, Viewer
from bot.engine.summaries.contents import Section
from tests.contract.memory_settings import MemorySettings

NEVER_SECONDS = 20.0


@dataclass
class FakeLibrary:
    """Has the methods of the library. An article is one passage; it answers any question that shares a word with it.

    Every article is everybody's; ``viewers`` notes for whom was asked.

    ``state`` is that of every answer with quotes.
    ``errors`` maps a method's name to what it raises, ``refused`` a source's data to what adding it raises; ``gate``
    (closed by ``hold``) makes ``ask`` and ``warm`` wait, ``ingest_gate`` makes ``add_article`` wait between two calls
    of its progress. ``threads`` notes who called what.
    """

    articles: dict[int, dict[int, tuple[str, str, str]]] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)
    refused: dict[bytes | str, Exception] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)
    ingest_gate: threading.Event = field(default_factory=threading.Event)
    asking: threading.Event = field(default_factory=threading.Event)
    adding: threading.Event = field(default_factory=threading.Event)
    calls: list[tuple[str, object]] = field(default_factory=list)
    threads: dict[str, str] = field(default_factory=dict)
    fetches: dict[tuple[int, int], FetchState] = field(default_factory=dict)
    details: ArticleDetails = field(default_factory=ArticleDetails)
    reads: int = 0
    steps: int = 3
    closed: int = 0
    state: AnswerState = AnswerState.ANSWERS
    settings: MemorySettings = field(default_factory=MemorySettings)
    viewers: list[Viewer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()
        self.ingest_gate.set()
        self.guild_settings = SettingsBook(self.settings)

    def put(self, guild: int, title: str, text: str, source: str = "") -> int:
        """Store an article and return its id."""
        held = self.articles.setdefault(guild, {})
        number = max(held, default=0) + 1
        held[number] = (title, text, source)
        return number

    def called(self, name: str) -> list[object]:
        """The arguments of each call of a method."""
        return [arguments for method, arguments in self.calls if method == name]

    def _note(self, name: str, arguments: object = None) -> None:
        assert not self.closed, f"{name} after close"
        self.threads[name] = threading.current_thread().name
        self.calls.append((name, arguments))
        if name in self.errors:
            raise self.errors[name]

    def _find(self, guild: int, article: str) -> int:
        for number, (title, _, _) in self.articles.get(guild, {}).items():
            if article in (str(number), title):
                return number
        raise NotFound(f"There is no article “{article}” here. Choose one from the list.")

    def _summary(self, guild: int, number: int) -> ArticleSummary:
        title, text, source = self.articles[guild][number]
        fetch = self.fetches.get((guild, number), FetchState())
        return ArticleSummary(number, title, source, 0, 1, 0, len(text), details=self.details, fetch=fetch)

    def warm(self) -> None:
        """Wait at the gate."""
        self._note("warm")
        assert self.gate.wait(NEVER_SECONDS)

    def ask(
        self,
        guild: int,
        query: str,
        *,
        article: str | None = None,
        top_k: int | None = None,
        context: Context | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Answer:
        """Quote every article that shares a word with the question."""
        self._note("ask", (guild, query, article))
        self.viewers.append(viewer)
        self.asking.set()
        assert self.gate.wait(NEVER_SECONDS)
        held = self.articles.get(guild, {})
        if not held:
            raise NoArticles("No articles yet: pullquote add FILE")
        numbers = [self._find(guild, article)] if article else list(held)
        words = {word.strip("?.,!").lower() for word in query.split()}
        quotes = [
            Quote(
                ArticleRef(number, held[number][0], held[number][2] or None),
                1, 1, ("Part",), LineLabel.PARAGRAPH, held[number][1], 0, len(held[number][1]),
                (Span(0, min(20, len(held[number][1]))),), 1.0,
            )
            for number in numbers
            if words & {word.strip("?.,!").lower() for word in held[number][1].split()}
        ]  # fmt: skip
        return Answer(
            query, self.state if quotes else AnswerState.NOT_IN_ARTICLES, 0.9 if quotes else 0.1, tuple(quotes)
        )

    def summarise(
        self,
        guild: int,
        article: str,
        length: SummaryLength,
        *,
        about: str = "",
        section: Section | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Summary:
        """Take the whole article as one sentence, or nothing where it does not hold the topic."""
        self._note("summarise", (guild, article, length, about) if about else (guild, article, length))
        number = self._find(guild, article)
        title, text, source = self.articles[guild][number]
        sentence = SummarySentence(text, 1, ("Part",), 0, len(text))
        sentences = (sentence,) if about.casefold() in text.casefold() else ()
        return Summary(ArticleRef(number, title, source or None), sentences, about=about)

    def find_address(self, guild: int, url: str, *, viewer: Viewer = EVERYTHING) -> int | None:
        """Look for a source."""
        return next((number for number, (_, _, source) in self.articles.get(guild, {}).items() if source == url), None)

    def add_article(
        self,
        guild: int,
        source: ArticleSource,
        *,
        progress: Progress | None = None,
        scope: ArticleScope = EVERYBODY,
    ) -> AddReport:
        """Store the text, step by step."""
        self._note("add_article", (guild, source))
        if source.data in self.refused:
            raise self.refused[source.data]
        self.adding.set()
        for done, total in [(0, 0)] * self.reads + [(step, self.steps) for step in range(1, self.steps + 1)]:
            if progress is not None:
                progress(done, total)
            assert self.ingest_gate.wait(NEVER_SECONDS)
        text = source.data if isinstance(source.data, str) else source.data.decode()
        for number, (title, held, _) in self.articles.get(guild, {}).items():
            if digest(held) == digest(text):
                return AddReport(number, title, AddStatus.UNCHANGED, 1, 0)
        title = source.title or text.splitlines()[0]
        number = self.put(guild, title, text)
        if scope:
            self.guild_settings.bind_article(guild, number, scope)
        return AddReport(number, title, AddStatus.ADDED, 1, 2)

    def list_articles(self, guild: int, *, viewer: Viewer = EVERYTHING) -> list[ArticleSummary]:
        """List what is held."""
        self._note("list_articles", guild)
        return [self._summary(guild, number) for number in self.articles.get(guild, {})]

    def get_summary(self, guild: int, article: str, *, viewer: Viewer = EVERYTHING) -> ArticleSummary:
        """Return what the list says of one article."""
        self._note("get_summary", (guild, article))
        return self._summary(guild, self._find(guild, article))

    def update_article(
        self,
        guild: int,
        article: str,
        source: ArticleSource,
        *,
        is_forced: bool = False,
        progress: Progress | None = None,
    ) -> AddReport:
        """Replace a text."""
        self._note("update_article", (guild, article, source))
        number = self._find(guild, article)
        title, _, url = self.articles[guild][number]
        assert isinstance(source.data, bytes)
        self.articles[guild][number] = (title, source.data.decode("utf-8-sig"), url)
        return AddReport(number, title, AddStatus.UPDATED, 1, 0, PassageChanges(edited=1), 1)

    def confirm_article(self, guild: int, article: str, fetched_at: int) -> AddReport:
        """Say that nothing changed."""
        self._note("confirm_article", (guild, article, fetched_at))
        number = self._find(guild, article)
        return AddReport(number, self.articles[guild][number][0], AddStatus.UNCHANGED, 1, 0)

    def note_problem(self, guild: int, article: str, problem: str, checked_at: int) -> None:
        """Keep the problem."""
        self._note("note_problem", (guild, article, problem))
        self.fetches[guild, int(article)] = FetchState(7, checked_at=checked_at, problem=problem)

    def rename_article(self, guild: int, article: str, title: str) -> ArticleSummary:
        """Change a title."""
        self._note("rename_article", (guild, article, title))
        number = self._find(guild, article)
        self.articles[guild][number] = (title, *self.articles[guild][number][1:])
        return self._summary(guild, number)

    def list_due(self, before: int) -> list[tuple[int, ArticleSummary]]:
        """Every article with an address."""
        self._note("list_due", before)
        every = [(guild, self._summary(guild, number)) for guild in self.articles for number in self.articles[guild]]
        return [(guild, article) for guild, article in every if article.url]

    def get_article(self, guild: int, article: str, *, viewer: Viewer = EVERYTHING) -> Article:
        """Return one article."""
        self._note("get_article", (guild, article))
        number = self._find(guild, article)
        title, text, source = self.articles[guild][number]
        return Article(number, title, source, 0, digest(text), text, (), ())

    def get_article_by_id(self, guild: int, article_id: int, *, viewer: Viewer = EVERYTHING) -> Article:
        """Return one article, whose only passage is its text."""
        self._note("get_article_by_id", (guild, article_id))
        if article_id not in self.articles.get(guild, {}):
            raise NotFound(f"There is no article {article_id}.")
        title, text, source = self.articles[guild][article_id]
        passage = Passage(1, 0, len(text), LineLabel.PARAGRAPH, ("Part",), digest(text))
        return Article(article_id, title, source, 1_700_000_000, digest(text), text, (), (passage,))

    def nearest(
        self,
        guild: int,
        query: str,
        *,
        article: str | None = None,
        context: Context | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Quote | None:
        """Quote the first article."""
        self._note("nearest", (guild, query, article))
        number = self._find(guild, article) if article else 1
        found = self.get_article_by_id(guild, number)
        return quote_passage(found, found.passages[0])

    def guilds(self) -> list[int]:
        """Every guild that has articles."""
        if "guilds" in self.errors:
            raise self.errors["guilds"]
        return sorted(guild for guild, held in self.articles.items() if held)

    def remove_article(self, guild: int, article: str) -> ArticleSummary:
        """Forget an article."""
        self._note("remove_article", (guild, article))
        summary = self._summary(guild, self._find(guild, article))
        del self.articles[guild][summary.id]
        return summary

    def complete_articles(
        self, guild: int, prefix: str, limit: int = 25, *, viewer: Viewer = EVERYTHING
    ) -> list[ArticleSummary]:
        """Find titles."""
        self._note("complete_articles", (guild, prefix))
        found = [self._summary(guild, number) for number in self.articles.get(guild, {})]
        return [article for article in found if prefix.lower() in article.title.lower()][:limit]

    def close(self) -> None:
        """Count the closing."""
        self._note("close")
        self.closed += 1


class BusyLibrary(FakeLibrary):
    """Burns the processor in Python for a while with each question, as an engine does at its worst."""

    def ask(
        self,
        guild: int,
        query: str,
        *,
        article: str | None = None,
        top_k: int | None = None,
        context: Context | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Answer:
        """Quote every article that shares a word with the question."""
        self._note("ask", (guild, query, article))
        end = time.monotonic() + 0.4
        while time.monotonic() < end:
            sum(range(200))
        return Answer(query, AnswerState.NOT_IN_ARTICLES, 0.0, ())
