"""Measure "knowing when not to" on question sets: every situation, each state, and the calibration error.

Usage: python -m benchmarks.confidence_quality FOLDER SET [SET …] [--count N] [--without-tokens]

The calibration error is given as shipped, and on the half of the articles that a calibration refitted to the other half
(as `pullquote evaluate --calibrate` does) was not fitted to.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.fit_confidence import Floats, Table, calibration_error, report, report_quotes, tabulate
from benchmarks.question_sets import read_set
from benchmarks.situations import ANSWERABLE, OFF_TOPIC, Asker
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.retrieval.calibration import CalibrationSample, fit_calibration
from bot.engine.retrieval.confidence import open_judge


def report_halves(table: Table, raw: Floats) -> None:
    """Print the calibration error of either half after a refit to the other."""
    for label, kinds in (
        ("refitted to half", (ANSWERABLE[0], OFF_TOPIC[0])),
        ("the same with near misses", (ANSWERABLE[0], OFF_TOPIC[0], "unanswerable")),
        ("the same in all articles", (ANSWERABLE[1], OFF_TOPIC[3])),
    ):
        if not all((table.kinds == kind).any() for kind in kinds):
            continue
        errors = []
        for fold in (0, 1):
            used, held = (np.isin(table.kinds, kinds) & (table.folds % 2 == part) for part in (fold, 1 - fold))
            samples = [
                CalibrationSample(float(score), bool(right), kind in OFF_TOPIC)
                for score, right, kind in zip(raw[used], table.right[used], table.kinds[used], strict=True)
            ]
            try:
                fitted = fit_calibration(samples)
            except ValueError as error:
                print(f"    {label}: {error}")
                break
            confidence = np.array([fitted.to_confidence(score) for score in raw[held].tolist()])
            errors.append(calibration_error(confidence, table.right[held]))
        else:
            print(f"    calibration error, {label}: {errors[0]:.3f} and {errors[1]:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--count", type=int, default=100_000, help="questions of each kind")
    parser.add_argument("--without-tokens", action="store_true", help="as with retrieval.keep_token_vectors off")
    options = parser.parse_args()
    judge = open_judge(SentenceEncoder().identity, has_tokens=not options.without_tokens)
    for name in options.sets:
        asker = Asker(read_set(options.folder, name), with_tokens=not options.without_tokens)
        found = asker.collect(options.count, altered=False)
        table = tabulate({name: found})
        raw = np.array([judge.score(evidence) for evidence in table.x.astype(np.float32)])
        report(table, raw, judge.calibration)
        report_halves(table, raw)
        report_quotes({name: found}, judge.quote_gap)


if __name__ == "__main__":
    main()
