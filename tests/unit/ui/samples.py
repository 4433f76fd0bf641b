"""Records to draw, and a reader of what was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from discord import ui

from bot.engine.records.answers import Answer, AnswerState, Quote
from bot.engine.records.articles import ArticleRef, ArticleSummary
from bot.engine.records.passages import LineLabel, Span
from bot.engine.records.summaries import Summary, SummarySentence
from bot.ui.text import shown, units

FOX = "The fox wrote a letter.\nIt was never sent; the post office had closed."


def make_quote(text: str = FOX, **changes: Any) -> Quote:
    """A quote of article 1, passage 7 of 31."""
    fields: dict[str, Any] = {
        "article": ArticleRef(1, "Foxes", "https://example.com/foxes"),
        "position": 7,
        "passage_count": 31,
        "headings": ("Animals", "Foxes at work"),
        "kind": LineLabel.PARAGRAPH,
        "text": text,
        "start": 0,
        "end": len(text),
        "highlight": (Span(0, 23),),
        "score": 1.0,
    }
    return Quote(**(fields | changes))


def make_answer(*quotes: Quote) -> Answer:
    """An answer with these quotes, or an abstention without any."""
    return Answer(
        "why?", AnswerState.ANSWERS if quotes else AnswerState.NOT_IN_ARTICLES, 0.9 if quotes else 0.1, quotes
    )


def make_unsure(*quotes: Quote) -> Answer:
    """An answer whose quotes may not answer."""
    return Answer("why?", AnswerState.UNSURE, 0.4, quotes)


def make_summary(*sentences: tuple[str, int, tuple[str, ...], int]) -> Summary:
    """A summary of (text, position, headings, start)."""
    return Summary(
        ArticleRef(1, "Foxes", None),
        tuple(
            SummarySentence(text, position, headings, start, start + len(text))
            for text, position, headings, start in sentences
        ),
    )


def make_article(number: int, title: str = "Foxes", *, left_out: int = 0) -> ArticleSummary:
    """An article of the list."""
    return ArticleSummary(number, title, "", 0, 16, left_out, 5000)


def components(view: ui.LayoutView) -> Iterator[dict[str, Any]]:
    """Every component that would be sent, nested ones included."""
    waiting = list(view.to_components())
    while waiting:
        component = waiting.pop(0)
        yield component
        waiting = component.get("components", []) + waiting


def texts(view: ui.LayoutView) -> list[str]:
    """The text displays of one message, in order."""
    return [component["content"] for component in components(view) if component["type"] == 10]


def quoted(views: Sequence[ui.LayoutView]) -> str:
    """What a reader sees of all quoted texts, joined."""
    return "".join(shown(text) for view in views for text in texts(view) if text.startswith("> "))


def check_limits(views: Sequence[ui.LayoutView]) -> None:
    """Discord's limits of a Components V2 message."""
    assert views
    for view in views:
        every = list(components(view))
        assert 1 <= len(every) <= 40
        assert sum(map(units, texts(view))) <= 4000
        assert view.content_length() <= 4000
        assert all(text.strip() for text in texts(view)), "Discord refuses an empty text"
        assert all(component["components"] for component in every if component["type"] == 17)
