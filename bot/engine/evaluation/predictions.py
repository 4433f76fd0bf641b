"""What the library gave, one JSON line a question, for other programs to judge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.engine.errors import BadQuestionSet
from bot.engine.evaluation.asking import Asked
from bot.engine.records.passages import Span

_ADJACENT = 2


def write_predictions(path: Path, asked: Iterable[Asked]) -> None:
    """Write a line a question, in their order. Raises BadQuestionSet where the file cannot be written."""
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(describe_prediction(one), ensure_ascii=False) + "\n" for one in asked)
    except OSError as error:
        raise BadQuestionSet(f"{path} cannot be written: {error.strerror}. Choose another file.") from None


def describe_prediction(asked: Asked) -> dict[str, Any]:
    """Return the prediction of one question; ``highlight`` is null where nothing was ranked."""
    span = join_first(asked.highlights)
    return {
        "qid": asked.question.qid,
        "ranking": list(asked.ranking),
        "scores": [round(score, 5) for score in asked.scores],
        "confidence": asked.confidence,
        "state": asked.state.value,
        "highlight": None if span is None else {"pid": asked.ranking[0], "start": span.start, "end": span.end},
    }


def join_first(spans: Sequence[Span]) -> Span | None:
    """Return the first of some ascending spans together with those that follow it at once; a line has room for one."""
    if not spans:
        return None
    start, end = spans[0]
    for span in spans[1:]:
        if span.start > end + _ADJACENT:
            break
        end = span.end
    return Span(start, end)
