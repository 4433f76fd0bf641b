"""A summary as Discord shows it: the article's own sentences in order, under their headings."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from discord import ui

from bot.engine.records import Summary, SummarySentence
from bot.ui import words
from bot.ui.layout import COMPONENT_LIMIT, MESSAGE_LIMIT, TEXT_LIMIT, Accent, Card, build_view, notice, pack
from bot.ui.parts import quote_part, split
from bot.ui.quotes import article_link, article_path, is_exact
from bot.ui.text import cut, escape, units

log = logging.getLogger(__name__)

_LABEL_UNITS = 60
_TOPIC_UNITS = 100
# White space and a list mark between two sentences is no gap.
_NEIGHBOUR_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class _Entry:
    """The texts of one sentence: heading path where it changes, the quoted sentence, the paragraph number."""

    texts: tuple[str, ...]
    opens_section: bool


def summary_views(summary: Summary) -> list[ui.LayoutView]:
    """Draw a summary as one message or several. A sentence that is not shown exactly is dropped and logged."""
    about = escape(cut(summary.about, _TOPIC_UNITS))
    heading = words.summary_title(article_link(summary.article), about)
    title = Card((heading, words.TOO_SHORT_TO_SUMMARISE) if summary.is_too_short else (heading,))
    cards = list(_cards(summary, TEXT_LIMIT - title.text_units))
    if not cards and summary.about:
        return [notice(words.nothing_about(article_link(summary.article), about))]
    if not cards:
        return [notice(words.NOTHING_TO_SUMMARISE)]
    messages = pack([title, *cards])
    views = messages[:MESSAGE_LIMIT]
    if len(messages) > MESSAGE_LIMIT:
        views.append([Card((words.REST_OF_SUMMARY,))])
    return [build_view(message) for message in views]


def _cards(summary: Summary, budget: int) -> Iterator[Card]:
    texts: list[str] = []
    for entry in _entries(summary, budget):
        is_full = len(texts) + len(entry.texts) > COMPONENT_LIMIT - 2
        is_full = is_full or sum(map(units, [*texts, *entry.texts])) > budget
        if texts and (entry.opens_section or is_full):
            yield Card(tuple(texts), Accent.SUMMARY)
            texts = []
        texts += entry.texts
    if texts:
        yield Card(tuple(texts), Accent.SUMMARY)


def _entries(summary: Summary, budget: int) -> Iterator[_Entry]:
    previous: SummarySentence | None = None
    for sentence, following in zip_longest(summary.sentences, summary.sentences[1:]):
        opens_section = previous is None or previous.headings != sentence.headings
        path = article_path(sentence.headings) if opens_section else None
        spans = split(sentence.text, (), budget - units(path or "") - _LABEL_UNITS)
        parts = [quote_part(sentence.text, (), span) for span in spans]
        if not is_exact(parts, sentence.text, spans):
            log.error("Sentence dropped: article %d, passage %d", summary.article.id, sentence.position)
            continue
        has_gap = not opens_section and previous is not None and _is_gap(previous, sentence)
        for number, part in enumerate(parts, start=1):
            texts = [path] if path and number == 1 else []
            texts += [words.GAP] if has_gap and number == 1 else []
            texts.append(part)
            if len(parts) > 1 or following is None or following.position != sentence.position:
                texts.append(words.paragraph(sentence.position, number, len(parts)))
            yield _Entry(tuple(texts), opens_section and number == 1)
        previous = sentence


def _is_gap(previous: SummarySentence, sentence: SummarySentence) -> bool:
    return sentence.start - previous.end > _NEIGHBOUR_CHARACTERS
