"""Given passages put into a store as articles, encoded as every article is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.articles.encoding import encode_articles
from bot.engine.evaluation.question_set import GivenArticle, GivenPassage
from bot.engine.ports.encoders import Encoder, Progress
from bot.engine.ports.stores import Store
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import LineLabel, Passage, digest
from bot.engine.retrieval.segment import SEGMENT_VERSION

GUILD = 0

_BATCH = 512
_GAP = "\n\n"


class Shelf:
    """Articles of a set as they stand in a store: which id an article has, which passage a position is."""

    def __init__(self, articles: Sequence[GivenArticle]) -> None:
        self.ids = {article.doc_id: number for number, article in enumerate(articles, start=1)}
        self._pids = [[passage.pid for passage in find_quotable(article)] for article in articles]
        self._places = {
            pid: (number, position)
            for number, pids in enumerate(self._pids, start=1)
            for position, pid in enumerate(pids, start=1)
        }

    def pid(self, article: int, position: int) -> str:
        """Return the id that the set gives to a stored passage."""
        return self._pids[article - 1][position - 1]

    def place(self, pid: str) -> tuple[int, int] | None:
        """Return the article id and position of a passage; None for an empty one, which is not stored."""
        return self._places.get(pid)


def find_quotable(article: GivenArticle) -> list[GivenPassage]:
    """Return the passages that hold any text."""
    return [passage for passage in article.passages if passage.text.strip()]


def shelve_articles(
    store: Store,
    encoder: Encoder,
    articles: Sequence[GivenArticle],
    *,
    with_tokens: bool,
    progress: Progress | None = None,
) -> Shelf:
    """Encode articles and add them to an empty store; ``progress`` counts passages."""
    total = sum(len(find_quotable(article)) for article in articles)
    done = 0
    store.set_encoder_identity(encoder.identity)
    for batch in _batches(articles):
        before = done

        def advance(finished: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + finished, total)

        segments = encode_articles(encoder, batch, with_tokens=with_tokens, progress=advance)
        for parsed, segment in zip(batch, segments, strict=True):
            store.add_article(
                GUILD,
                parsed,
                source="",
                core=segment.core,
                tokens=segment.tokens,
                segment_version=SEGMENT_VERSION,
            )
        done += sum(len(parsed.passages) for parsed in batch)
    return Shelf(articles)


def parse_given(article: GivenArticle) -> ParsedArticle:
    """Return the article as if it had been split so: its text is the passages, joined by blank lines."""
    passages: list[Passage] = []
    start = 0
    quotable = find_quotable(article)
    for position, given in enumerate(quotable, start=1):
        end = start + len(given.text)
        passages.append(Passage(position, start, end, LineLabel.PARAGRAPH, given.headings, digest(given.text)))
        start = end + len(_GAP)
    return ParsedArticle(article.title, _GAP.join(given.text for given in quotable), (), tuple(passages))


def _batches(articles: Sequence[GivenArticle]) -> Iterator[list[ParsedArticle]]:
    """Whole articles, about so many passages at once: enough to sort by length, few enough to hold."""
    batch: list[ParsedArticle] = []
    for article in articles:
        batch.append(parse_given(article))
        if sum(len(parsed.passages) for parsed in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
