"""Quotes are proved before anybody sees them."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import pytest

from bot.engine.asking.quoting import quote_hits, quote_passage
from bot.engine.errors import QuoteMismatch
from bot.engine.ports.stores import StoredPassage
from bot.engine.records.answers import Hit
from bot.engine.records.articles import Article, ArticleRef
from bot.engine.records.passages import LineLabel, Passage, Span, digest

TEXT = "The lamp was sold. It still works."


class OnePassageStore:
    """A store that hands out one passage, right or wrong."""

    def __init__(self, text: str) -> None:
        passage = Passage(1, 10, 10 + len(TEXT), LineLabel.PARAGRAPH, ("Lamps",), digest(TEXT))
        self.passage = StoredPassage(ArticleRef(1, "Lighthouse", None), 4, passage, text)

    def get_passages(self, guild: int, keys: Iterable[tuple[int, int]]) -> list[StoredPassage]:
        """Give the passage where it is asked for."""
        return [self.passage for key in keys if key == (1, 1)]


def test_true_passage_becomes_a_quote() -> None:
    """A passage that is what was stored is quoted with its place, headings and highlight."""
    (quote,) = quote_hits(OnePassageStore(TEXT), 0, [Hit(1, 1, 2.5, 1)], [(Span(0, 18),)])  # type: ignore[arg-type]
    assert (quote.text, quote.start, quote.end) == (TEXT, 10, 10 + len(TEXT))
    assert (quote.headings, quote.passage_count, quote.score) == (("Lamps",), 4, 2.5)
    assert quote.highlight == (Span(0, 18),)


@pytest.mark.parametrize("text", [TEXT.replace("sold", "kept"), TEXT[:-1], TEXT + " ", ""])
def test_altered_passage_is_dropped_and_logged(text: str, caplog: pytest.LogCaptureFixture) -> None:
    """A passage that differs by one character is not quoted; the log says which, without its text."""
    with caplog.at_level(logging.DEBUG):
        assert quote_hits(OnePassageStore(text), 0, [Hit(1, 1, 2.5, 1)], [()]) == ()  # type: ignore[arg-type]
    assert "article 1 ¶ 1 is not what was stored" in caplog.text
    assert "lamp" not in caplog.text


def test_removed_passage_is_left_out() -> None:
    """A hit whose passage is gone by now gives no quote, and the others stay."""
    hits = [Hit(9, 9, 3.0, 1), Hit(1, 1, 2.5, 2)]
    quotes = quote_hits(OnePassageStore(TEXT), 0, hits, [(), ()])  # type: ignore[arg-type]
    assert [quote.article.id for quote in quotes] == [1]


def test_highlight_beyond_the_passage_is_left_out() -> None:
    """A highlight that does not lie in the text is dropped, never clipped to something else."""
    hits, spans = [Hit(1, 1, 2.5, 1)], [(Span(0, 18), Span(30, 99))]
    (quote,) = quote_hits(OnePassageStore(TEXT), 0, hits, spans)  # type: ignore[arg-type]
    assert quote.highlight == (Span(0, 18),)


def article(text: str) -> Article:
    """An article whose only passage was stored as TEXT."""
    passage = Passage(1, 3, 3 + len(TEXT), LineLabel.PARAGRAPH, ("Lamps",), digest(TEXT))
    return Article(7, "Lighthouse", "https://example.com/lamp", 0, digest(text), text, (), (passage,))


def test_a_passage_of_an_article_at_hand_is_proved_too() -> None:
    """A quote made without the store carries the same places, and the same proof."""
    whole = article(f"A.\n{TEXT}")
    quote = quote_passage(whole, whole.passages[0], [Span(0, 18)])
    assert (quote.text, quote.start, quote.end, quote.position, quote.passage_count) == (TEXT, 3, 3 + len(TEXT), 1, 1)
    assert quote.article == ArticleRef(7, "Lighthouse", "https://example.com/lamp")
    assert quote.highlight == (Span(0, 18),)
    with pytest.raises(QuoteMismatch):
        quote_passage(article(f"A.\n{TEXT.replace('sold', 'kept')}"), whole.passages[0])
