"""How an evaluation looks in the terminal: as a table for people, as JSON for programs."""

from __future__ import annotations

import math
from typing import Any

from bot.engine.evaluation.asking import Scope
from bot.engine.evaluation.question_set import Kind, QuestionSet
from bot.engine.evaluation.report import Figure, Milliseconds, Report
from bot.engine.ports.encoders import EncoderIdentity

_PERCENT, _SHARE = "%", ""

TABLE = (
    ("The paragraph", (
        ("hit@1", "hit@1: the first is right", _PERCENT),
        ("hit@3", "hit@3: one of the first three is right", _PERCENT),
        ("MRR@10", "MRR@10: mean of 1 / rank of the right one", _SHARE),
    )),
    ("The sentence", (
        ("highlight", "highlighted in the right paragraph", _PERCENT),
        ("end_to_end", "first paragraph and its highlight right", _PERCENT),
    )),
    ("Knowing when not to", (
        ("off_topic_auroc", "AUROC, off-topic questions", _SHARE),
        ("off_topic_answered", "off topic, yet answered", _PERCENT),
        ("off_topic_unsure", "off topic, \"not sure\"", _PERCENT),
        ("answerable_lost", "answerable, \"not in the articles\"", _PERCENT),
        ("answerable_unsure", "answerable, \"not sure\"", _PERCENT),
        ("off_topic_answered_at_95_recall", "off topic, answered at 95 % recall", _PERCENT),
        ("near_miss_auroc", "AUROC, near misses", _SHARE),
        ("near_miss_answered", "near misses, yet answered", _PERCENT),
    )),
    ("What the confidence is worth", (
        ("calibration_error", "calibration error", _SHARE),
        ("calibration_error_with_near_misses", "calibration error, with near misses", _SHARE),
    )),
)  # fmt: skip
"""Every figure: its name in JSON, what it says, its unit."""

_LABEL_WIDTH = 44


def evaluation_as_json(
    question_set: QuestionSet, scope: Scope, identity: EncoderIdentity, report: Report
) -> dict[str, Any]:
    """Give the JSON form of ``pullquote evaluate``; shares are 0 to 1, times milliseconds."""
    return {
        "set": question_set.name,
        "scope": scope.value,
        "encoder": str(identity),
        "articles": len(question_set.articles),
        "passages": sum(len(article.passages) for article in question_set.articles),
        "questions": {kind.value: report.counts[kind] for kind in Kind},
        "figures": {name: _figure_as_json(figure) for name, figure in report.figures.items()},
        "milliseconds": {
            "encode": None if report.encode is None else _time_as_json(report.encode),
            "rank": _time_as_json(report.rank),
        },
        "notes": list(question_set.notes),
    }


def _figure_as_json(figure: Figure) -> dict[str, Any]:
    low, high = figure.interval or (None, None)
    value = None if math.isnan(figure.value) else round(figure.value, 5)
    ends = [None if end is None else round(end, 5) for end in (low, high)]
    return {"value": value, "low": ends[0], "high": ends[1], "n": figure.n}


def _time_as_json(time: Milliseconds) -> dict[str, float]:
    return {"median": round(time.median, 2), "p95": round(time.p95, 2)}


def evaluation_as_text(question_set: QuestionSet, scope: Scope, identity: EncoderIdentity, report: Report) -> str:
    """Give the table: a line a figure, with its 95 % interval and how many questions are behind it."""
    passages = sum(len(article.passages) for article in question_set.articles)
    asked = "each of its article" if scope is Scope.ARTICLE else "of the whole library"
    parts = [
        f"{question_set.name}: {len(question_set.articles):,} articles, {passages:,} passages",
        f"{_name_counts(report.counts)}, asked {asked}",
        f"Encoder {identity}",
        "",
        f"{'':{_LABEL_WIDTH}}{'value':>8}   {'95 % interval':<16}{'questions':>9}",
    ]
    for heading, rows in TABLE:
        lines = [_row(report.figures[name], label, unit) for name, label, unit in rows if name in report.figures]
        if lines:
            parts += [heading, *lines]
    parts.append("Time a question")
    for label, time in (("encode", report.encode), ("rank", report.rank)):
        shown = "from the cache" if time is None else f"{time.median:.1f} ms, 95th percentile {time.p95:.1f} ms"
        parts.append(f"{'  ' + label:{_LABEL_WIDTH}}  {shown}")
    return "\n".join(parts)


def _row(figure: Figure, label: str, unit: str) -> str:
    interval = "–" if figure.interval is None else f"[{', '.join(_show(end, unit) for end in figure.interval)}]"
    shown = _show(figure.value, unit) + (" %" if unit == _PERCENT else "  ")
    return f"{'  ' + label:{_LABEL_WIDTH}}{shown:>8}   {interval:<16}{figure.n:>9,}"


def _show(value: float, unit: str) -> str:
    return f"{100 * value:.1f}" if unit == _PERCENT else f"{value:.3f}"


def _name_counts(counts: dict[Kind, int]) -> str:
    names = {Kind.ANSWERABLE: "answerable", Kind.NEAR_MISS: "near-miss", Kind.OFF_TOPIC: "off-topic"}
    return ", ".join(f"{counts[kind]:,} {name}" for kind, name in names.items() if counts[kind]) + " questions"
