"""The lines of a summary, each folded to its sentence or unfolded to its passage, proved against the article."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import discord

from bot.engine.asking.quoting import quote_passage
from bot.engine.errors import QuoteMismatch
from bot.engine.records.articles import Article
from bot.engine.records.passages import Passage, Span
from bot.engine.records.summaries import SummarySentence
from bot.ui import answer_words, summary_words
from bot.ui.anchors import Anchor, split_anchors
from bot.ui.fragments import link_to_sentences
from bot.ui.language import as_is
from bot.ui.layout import TEXT_LIMIT
from bot.ui.parts import quote_part, split
from bot.ui.quotes import article_path, is_exact
from bot.ui.summary_buttons import LABEL_UNITS
from bot.ui.text import cut, units

log = logging.getLogger(__name__)

_OPEN = "+"
_LABEL_UNITS = 60
# White space and a list mark between two sentences is no gap.
_NEIGHBOUR_CHARACTERS = 4

Links = Mapping[Span, str]
"""Addresses that open at a sentence, by its place in the article."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as a menu remembers it: its passage and, as the highlight, its place in it."""

    anchor: Anchor
    is_open: bool = False

    def __str__(self) -> str:
        return f"{self.anchor}{_OPEN * self.is_open}"

    @classmethod
    def read(cls, value: str) -> Line | None:
        """Read what ``str`` wrote; None for anything else."""
        found = split_anchors(value.removesuffix(_OPEN))
        return cls(found[0], value.endswith(_OPEN)) if found and found[0].highlight is not None else None

    def find(self, article: Article) -> tuple[Passage, Span] | None:
        """Return the passage and the sentence's place in the article; None where the article lost them."""
        passage, span = self.anchor.find(article), self.anchor.highlight
        if passage is None or span is None or not 0 <= span.start < span.end <= passage.end - passage.start:
            return None
        return passage, Span(passage.start + span.start, passage.start + span.end)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is shown of lines that stand together: one sentence, or one passage with several of its sentences.

    ``path``: the heading path that goes above it, or None; ``texts``: the quote and its label, in turn; ``numbers``: of
    the lines it shows. ``has_gap``: something of the article is left out between it and the next.
    """

    path: str | None
    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    has_gap: bool = False

    @property
    def text_units(self) -> int:
        """How much of the text limit it takes."""
        gap = units(answer_words.GAP) + 1 if self.has_gap else 0
        return units(self.path or "") + sum(map(units, self.texts)) + gap


@dataclass(frozen=True, slots=True)
class _Shown:
    passage: Passage
    span: Span
    number: int


def make_lines(sentences: Iterable[SummarySentence], article: Article) -> list[Line]:
    """Remember a summary's sentences. One that the article does not hold there is dropped and logged."""
    lines = []
    for sentence in sentences:
        passage = next((found for found in article.passages if found.start <= sentence.start < found.end), None)
        if passage is None or article.text[sentence.start : sentence.end] != sentence.text:
            log.error("Sentence dropped: article %d, passage %d", article.id, sentence.position)
            continue
        try:
            place = Span(sentence.start - passage.start, sentence.end - passage.start)
            lines.append(Line(Anchor.of(quote_passage(article, passage, [place]), article)))
        except QuoteMismatch:
            log.error("Sentence dropped: article %d, passage %d is not what was stored", article.id, sentence.position)  # noqa: TRY400
    return lines


def find_links(lines: Sequence[Line], article: Article) -> dict[Span, str]:
    """Return the addresses that open at the lines' sentences. Takes a while for a long article: use a thread."""
    spans = [found[1] for line in lines if (found := line.find(article)) is not None]
    links = link_to_sentences(article.url, article.text, spans)
    return {span: link for span, link in zip(spans, links, strict=True) if link}


def draw_entries(lines: Sequence[Line], article: Article, links: Links, budget: int = TEXT_LIMIT) -> list[Entry]:
    """Draw lines in order. ``budget``: what one of their quotes may take; a longer one comes in several."""
    places = [(number, line.find(article)) for number, line in enumerate(lines)]
    shown = [_Shown(*found, number) for number, found in places if found is not None]
    entries: list[Entry] = []
    previous: _Shown | None = None
    for _, group in groupby(shown, key=lambda found: found.passage.position):
        members = list(group)
        is_open = any(lines[member.number].is_open for member in members)
        for run in [members] if is_open else [[member] for member in members]:
            whole = Span(run[0].passage.start, run[0].passage.end)
            span = whole if is_open else run[0].span
            if previous is not None and previous.passage.headings == run[0].passage.headings:
                gap = span.start - (previous.span.end if entries else 0)
                entries[-1] = replace(entries[-1], has_gap=gap > _NEIGHBOUR_CHARACTERS)
            is_new = previous is None or previous.passage.headings != run[0].passage.headings
            path = article_path(run[0].passage.headings) if is_new else None
            entries += _draw(run, span, path, article, links, budget)
            previous = replace(run[-1], span=span)
    lost = len(lines) - len(shown)
    if lost:
        entries.append(Entry(None, (summary_words.LINE_CHANGED,), ()))
    return entries


def _draw(
    run: Sequence[_Shown], span: Span, path: str | None, article: Article, links: Links, budget: int
) -> Iterator[Entry]:
    text = article.text[span.start : span.end]
    is_whole = len(run) > 1 or span != run[0].span
    bold = [Span(found.span.start - span.start, found.span.end - span.start) for found in run] if is_whole else []
    spans = split(text, bold, max(budget - units(path or "") - _LABEL_UNITS - 520, 100))
    parts = [quote_part(text, bold, part) for part in spans]
    if not is_exact(parts, text, spans):
        log.error(
            "Sentence dropped: article %d, passage %d is not shown as stored", article.id, run[0].passage.position
        )
        return
    link = links.get(run[0].span)
    position = run[0].passage.position
    for number, part in enumerate(parts, start=1):
        if len(parts) == 1 and link:
            label: str = as_is(f"-# [¶ {position}](<{link}>)")
        else:
            label = summary_words.paragraph(position, number, len(parts))
        yield Entry(path if number == 1 else None, (part, label), tuple(found.number for found in run))


def make_options(lines: Sequence[Line], article: Article) -> list[discord.SelectOption]:
    """Name the lines in a menu."""
    options = []
    for line in lines:
        found = line.find(article)
        if found is None:
            continue
        passage, span = found
        name = summary_words.open_line_label if line.is_open else line_label
        label = as_is(cut(name(passage.position, article.text[span.start : span.end]), LABEL_UNITS))
        path = cut(" › ".join(passage.headings), LABEL_UNITS)
        options.append(discord.SelectOption(label=label, value=str(line), description=as_is(path) if path else None))
    return options


def line_label(position: int, text: str) -> str:
    """Name a line, or what begins at a paragraph."""
    return f"¶ {position} · {text}"


def read_lines(values: Iterable[str]) -> list[Line]:
    """Read the lines of a menu."""
    return [line for value in values if (line := Line.read(value)) is not None]


def turn(lines: Sequence[Line], value: str) -> list[Line]:
    """Return the lines with the chosen one unfolded, or folded where it was unfolded."""
    return [replace(line, is_open=not line.is_open) if str(line) == value else line for line in lines]


def set_open(lines: Sequence[Line], numbers: Iterable[int]) -> list[Line]:
    """Return the lines with these unfolded and all others folded."""
    wanted = set(numbers)
    return [replace(line, is_open=number in wanted) for number, line in enumerate(lines)]
