"""How records look in the terminal: as text for people, as JSON for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.engine.records.answers import Answer, AnswerState, Quote
from bot.engine.records.articles import Article, ArticleDetails, ArticleRef, ArticleSummary
from bot.engine.records.passages import LineLabel
from bot.engine.records.summaries import Summary

WIDTH = 100
NEIGHBOUR_CHARACTERS = 4
"""White space and a list mark between two sentences is no gap."""


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Give the JSON form of ``pullquote ask``."""
    return {
        "query": answer.query,
        "answered": answer.answered,
        "state": answer.state,
        "confidence": round(answer.confidence, 4),
        **({"corrections": [list(pair) for pair in answer.corrections]} if answer.corrections else {}),
        "quotes": [
            {
                "article": ref_as_json(quote.article),
                "position": quote.position,
                "heading": _path(quote.headings),
                "text": quote.text,
                "start": quote.start,
                "end": quote.end,
                "highlight": [list(span) for span in quote.highlight],
                "score": round(quote.score, 4),
            }
            for quote in answer.quotes
        ],
        "elapsed_ms": round(answer.timings.total_ms, 1),
    }


def answer_as_text(answer: Answer) -> str:
    """Give the quotes as wrapped paragraphs, the answering sentence between » and «; an unsure answer says so first."""
    corrected = ", ".join(f"{found} instead of {typed}" for typed, found in answer.corrections)
    parts = [f"(Searched for {corrected}.)"] if corrected else []
    if not answer.answered:
        absent = "Not in the articles. Ask in other words, or add an article that answers it (pullquote add --help)."
        return "\n\n".join([*parts, absent])
    if answer.state is AnswerState.UNSURE:
        found = "passage follows; it may" if len(answer.quotes) == 1 else "passages follow; they may"
        parts.append(f"I am not sure. The closest {found} not answer this.")
    return "\n\n".join([*parts, *(_quote_as_text(quote) for quote in answer.quotes)])


def _quote_as_text(quote: Quote) -> str:
    parts = []
    if quote.headings:
        parts.append(_path(quote.headings) or "")
    marked, at = [], 0
    for start, end in quote.highlight:
        marked += [quote.text[at:start], "»", quote.text[start:end], "«"]
        at = end
    parts.append(_wrap("".join([*marked, quote.text[at:]]), "  "))
    where = [quote.article.title, *_about(quote.article.details), f"¶ {quote.position} of {quote.passage_count}"]
    if quote.article.as_of is not None:
        where.append(f"as of {_day(quote.article.as_of)}")
    parts.append("  — " + ", ".join([*where, quote.article.url] if quote.article.url else where))
    return "\n".join(parts)


def summary_as_json(summary: Summary) -> dict[str, Any]:
    """Give the JSON form of ``pullquote summary``."""
    return {
        "article": ref_as_json(summary.article),
        "stored": summary.article.id > 0,
        "about": summary.about or None,
        "too_short": summary.is_too_short,
        "sentences": [
            {
                "text": sentence.text,
                "position": sentence.position,
                "heading": _path(sentence.headings),
                "start": sentence.start,
                "end": sentence.end,
            }
            for sentence in summary.sentences
        ],
    }


def summary_as_text(summary: Summary) -> str:
    """Give the sentences under their headings, each with its paragraph number."""
    if summary.about and not summary.sentences:
        return f"{summary.article.title} has nothing about that. Ask in other words, or leave --about out."
    parts: list[str] = [summary.article.title]
    if summary.is_too_short:
        parts.append("Too short to summarise. Here is its first passage.")
    headings: tuple[str, ...] = ()
    end: int | None = None
    for sentence in summary.sentences:
        if sentence.headings != headings:
            headings = sentence.headings
            parts.append("\n" + (_path(headings) or ""))
        elif end is not None and sentence.start - end > NEIGHBOUR_CHARACTERS:
            parts.append("  […]")
        end = sentence.end
        parts.append(_wrap(f"{sentence.text} (¶ {sentence.position})", "  "))
    return "\n".join(parts)


def summaries_as_json(articles: Sequence[ArticleSummary]) -> dict[str, Any]:
    """Give the JSON form of ``pullquote list``."""
    return {
        "articles": [
            {
                "id": article.id,
                "title": article.title,
                "url": article.url,
                "source": article.source,
                "added_at": article.added_at,
                "passages": article.passages,
                "left_out": article.left_out,
                "characters": article.characters,
                **_life_as_json(article),
            }
            for article in articles
        ]
    }


def summaries_as_text(articles: Sequence[ArticleSummary]) -> str:
    """Give one line an article."""
    if not articles:
        return "No articles yet. Add one: pullquote add FILE"
    width = max(len(str(article.id)) for article in articles)
    return "\n".join(
        f"{article.id:>{width}}  {article.title}  ({article.passages} passages, {article.left_out} lines left out)"
        for article in articles
    )


def article_as_json(article: Article) -> dict[str, Any]:
    """Give the JSON form of ``pullquote show``."""
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "added_at": article.added_at,
        **_life_as_json(article),
        "headings": [
            {"text": article.text[line.start : line.end], "level": line.level, "start": line.start, "end": line.end}
            for line in article.lines
            if line.label is LineLabel.HEADING
        ],
        "passages": [
            {
                "position": passage.position,
                "text": article.text[passage.start : passage.end],
                "start": passage.start,
                "end": passage.end,
                "heading": _path(passage.headings),
                "kind": passage.kind.value,
            }
            for passage in article.passages
        ],
        "left_out": [
            {
                "line": line.number,
                "label": line.label.value,
                "chosen": line.is_chosen,
                "text": article.text[line.start : line.end],
                "start": line.start,
                "end": line.end,
            }
            for line in article.left_out
        ],
        "text": article.text,
    }


def article_as_text(article: Article) -> str:
    """Give the article as it is understood: headings, numbered passages, and what is left out and why."""
    parts = [f"{article.title} (article {article.id})", *_life_as_text(article)]
    headings: tuple[str, ...] = ()
    for passage in article.passages:
        if passage.headings != headings:
            headings = passage.headings
            parts.append("\n" + (_path(headings) or ""))
        parts.append(_wrap(f"¶ {passage.position}  {article.text[passage.start : passage.end]}", "  "))
    if article.left_out:
        parts.append(f"\nLeft out, never quoted ({len(article.left_out)}):")
        parts += [
            f"  line {line.number}, {line.label.value}: {article.text[line.start : line.end]}"
            for line in article.left_out
        ]
        parts.append(f"To quote one after all: pullquote restore {article.id} LINE")
    return "\n".join(parts)


def lines_as_text(article: Article) -> str:
    """Give every line with its number and label; a label that a person chose has a star."""
    parts = [f"{article.title} (article {article.id})"]
    for line in article.lines:
        label = line.label.value + ("*" if line.is_chosen else "")
        parts.append(f"{line.number:>6}  {label:<12}  {' '.join(article.text[line.start : line.end].split())}")
    return "\n".join(parts)


def ref_as_json(article: ArticleRef) -> dict[str, Any]:
    """Give the JSON form of how a quote names its article; what the source does not say is left out."""
    known = {key: value for key, value in asdict(article.details).items() if value}
    named = {"id": article.id, "title": article.title, "url": article.url, **known}
    return named if article.as_of is None else {**named, "as_of": article.as_of}


def _life_as_json(article: Article | ArticleSummary) -> dict[str, Any]:
    return {
        "revision": article.revision,
        "details": {key: value or None for key, value in asdict(article.details).items()},
        "fetched_at": article.fetch.fetched_at or None,
        "checked_at": article.fetch.checked_at or None,
        "problem": article.fetch.problem or None,
    }


def _life_as_text(article: Article) -> list[str]:
    """Give what is known of the article, where anything is."""
    lines = [", ".join(_about(article.details))]
    if article.url:
        lines.append(article.url)
    if article.fetch.fetched_at:
        lines.append(f"Fetched on {_day(article.fetch.fetched_at)}, revision {article.revision}")
    if article.fetch.problem:
        lines.append(f"Last refresh ({_day(article.fetch.checked_at)}) failed: {article.fetch.problem}")
    return [line for line in lines if line]


def _about(details: ArticleDetails) -> list[str]:
    return [part for part in (details.author, details.site, details.published) if part]


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _path(headings: tuple[str, ...]) -> str | None:
    return " › ".join(headings) if headings else None


def _wrap(text: str, indent: str) -> str:
    return "\n".join(
        textwrap.fill(line, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for line in text.splitlines()
    )
