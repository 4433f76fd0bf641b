"""The confidence's last mapping, fitted anew to asked questions."""

from __future__ import annotations

from collections.abc import Iterable

from bot.engine.errors import BadQuestionSet
from bot.engine.evaluation.asking import Asked
from bot.engine.evaluation.question_set import Kind
from bot.engine.retrieval.calibration import Calibration, CalibrationSample, fit_calibration


def calibrate(asked: Iterable[Asked], model: str) -> Calibration:
    """Fit the mapping from raw score to probability; ``model``: what the scores are of.

    An answer is right where the first passage is gold. Raises BadQuestionSet where there are too few questions.
    """
    samples = [
        CalibrationSample(one.raw_score, one.gold_rank == 1, one.question.kind is Kind.OFF_TOPIC)
        for one in asked
        if one.question.gold or one.question.kind is not Kind.ANSWERABLE
    ]
    try:
        return fit_calibration(samples, model=model)
    except ValueError as error:
        raise BadQuestionSet(
            f"These questions are too few to calibrate by: {error}. Add some, off-topic ones among them (--off-topic)."
        ) from None
