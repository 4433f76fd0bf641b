"""Where in an article something stands: as a strip of blocks, and in words for whom blocks say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.records.articles import Article
from bot.engine.records.passages import Span
from bot.ui import places_words

CELLS = 20
_EMPTY, _BESIDE, _FULL = "▁", "▄", "█"


def draw_strip(characters: int, spans: Iterable[Span], cells: int = CELLS, *, beside: Iterable[Span] = ()) -> str:
    """Draw an article of so many characters as a strip in which the spans stand out; each takes one cell at least.

    ``beside``: what stands out half as much.
    """
    strip = [_EMPTY] * cells
    for mark, places in ((_BESIDE, beside), (_FULL, spans)):
        for start, end in places:
            first = min(max(start, 0) * cells // max(characters, 1), cells - 1)
            last = min((max(end, start + 1) - 1) * cells // max(characters, 1), cells - 1)
            strip[first : last + 1] = [mark] * (last - first + 1)
    return "".join(strip)


def strip_of(article: Article, span: Span, beside: Iterable[Span] = ()) -> str:
    """Draw where in an article a span stands, among what can be quoted of it; ``beside``: other places of it."""
    begin, end = _extent(article)
    return draw_strip(end - begin, _shift([span], begin), beside=_shift(beside, begin))


def place_line(article: Article, span: Span, beside: Iterable[Span] = ()) -> str:
    """Show where in an article a span stands, as a strip and in words; ``""`` where it is all that can be quoted."""
    if len(article.passages) < 2:
        return ""
    strip = strip_of(article, span, beside)
    begin, end = _extent(article)
    if span.start <= begin:
        return places_words.at_the_beginning(strip)
    if span.end >= end:
        return places_words.at_the_end(strip)
    third = 3 * ((span.start + span.end) / 2 - begin) / (end - begin)
    if third < 1:
        return places_words.in_the_first_third(strip)
    return places_words.in_the_middle(strip) if third < 2 else places_words.in_the_last_third(strip)


def _extent(article: Article) -> Span:
    """Return where what can be quoted begins and ends: captions and the page around it say nothing of the place."""
    if not article.passages:
        return Span(0, len(article.text))
    return Span(article.passages[0].start, max(passage.end for passage in article.passages))


def _shift(spans: Iterable[Span], by: int) -> Iterator[Span]:
    return (Span(start - by, end - by) for start, end in spans)
