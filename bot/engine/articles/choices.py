"""What a person decided about lines: one that was left out is quoted after all, or one that is quoted is left out.

A choice is kept with the line (``Line.is_chosen``) and follows its words into every later version of the article.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.engine.errors import BadQuery
from bot.engine.ingest.limits import IngestLimits
from bot.engine.ingest.split import split_passages
from bot.engine.records.articles import Article, ParsedArticle
from bot.engine.records.passages import LEFT_OUT, QUOTABLE, Line, LineLabel

_NOTHING_LEFT = "Then nothing of that article could be quoted, so nothing was changed. Remove the article instead."


@dataclass(frozen=True, slots=True)
class LineReport:
    """What choosing about lines did: the article's counts as they are now, and which lines changed, as they stand now.

    ``lines`` is empty where all of them were already as wished.
    """

    id: int
    title: str
    passages: int
    left_out: int
    lines: tuple[Line, ...]


def find_lines(article: Article, numbers: Collection[int]) -> list[int]:
    """Return the indexes of the lines with these numbers. Raises BadQuery for a number that no line has."""
    known = {line.number for line in article.lines}
    unknown = sorted(set(numbers) - known)
    if unknown:
        named = ", ".join(str(number) for number in unknown[:10])
        raise BadQuery(
            f"Article {article.id} has no line {named}. Look at its lines (pullquote show {article.id} --lines); "
            "nothing was changed."
        )
    return [index for index, line in enumerate(article.lines) if line.number in numbers]


def restore_lines(article: Article, indexes: Collection[int], limits: IngestLimits) -> tuple[ParsedArticle, list[int]]:
    """Make lines that are left out quotable; return the article so changed and the indexes that changed.

    Raises BadQuery, TooLarge.
    """
    changed = [index for index in sorted(indexes) if article.lines[index].label in LEFT_OUT]
    return _relabel(article, changed, LineLabel.PARAGRAPH, limits), changed


def leave_out_lines(
    article: Article, indexes: Collection[int], limits: IngestLimits
) -> tuple[ParsedArticle, list[int]]:
    """Leave quotable lines and headings out; return the article so changed and the indexes that changed.

    Raises BadQuery where nothing would be left to quote.
    """
    wanted = QUOTABLE | {LineLabel.HEADING}
    changed = [index for index in sorted(indexes) if article.lines[index].label in wanted]
    return _relabel(article, changed, LineLabel.CHROME, limits), changed


def carry_choices(old: Article, new: ParsedArticle, limits: IngestLimits) -> ParsedArticle:
    """Return the new version of an article with what was chosen about the old one's lines, wherever they come again.

    Where that would leave nothing to quote, the new version stays as it was parsed.
    """
    chosen = {_words(old.text, line): line.label for line in old.lines if line.is_chosen}
    if not chosen:
        return new
    lines = tuple(_choose(line, chosen.get(_words(new.text, line))) for line in new.lines)
    try:
        return _with_lines(new, lines, limits)
    except BadQuery:
        return new


def _relabel(article: Article, indexes: Sequence[int], label: LineLabel, limits: IngestLimits) -> ParsedArticle:
    wanted = set(indexes)
    lines = tuple(_choose(line, label) if index in wanted else line for index, line in enumerate(article.lines))
    parsed = ParsedArticle(article.title, article.text, article.lines, article.passages, article.details)
    return _with_lines(parsed, lines, limits) if wanted else parsed


def _with_lines(parsed: ParsedArticle, lines: tuple[Line, ...], limits: IngestLimits) -> ParsedArticle:
    passages = split_passages(parsed.text, lines, longest=limits.max_passage_characters, most=limits.max_passages)
    if not passages:
        raise BadQuery(_NOTHING_LEFT)
    return replace(parsed, lines=lines, passages=passages)


def _choose(line: Line, label: LineLabel | None) -> Line:
    if label is None or line.label is LineLabel.TITLE:
        return line
    if (label in LEFT_OUT) == (line.label in LEFT_OUT):
        return replace(line, is_chosen=True)
    return replace(line, label=label, level=0, is_chosen=True)


def _words(text: str, line: Line) -> str:
    """What makes a line the same line in another version: its words, however they are spaced."""
    return " ".join(text[line.start : line.end].split())
