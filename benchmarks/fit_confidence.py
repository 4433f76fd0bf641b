"""Fit bot/engine/retrieval/confidence.json for the bundled encoder, on training sets and nothing else.

Usage: python -m benchmarks.fit_confidence FOLDER [FOLDER …] [--count N] [--check]

Two heads by logistic regression, with and without token vectors: "is it about this?" (answerable questions against such
about something else) and "does it answer?" (right first passages against near misses and wrong ones). Their product is
calibrated on articles that the heads were not fitted on. Prints how every situation fares on held-out articles, and
what gap drops weak quotes; --check writes nothing. A set that no folder holds is left out and named.
"""

from __future__ import annotations

import argparse
import json
import operator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.heads import ANSWER_EVIDENCE, Floats, Truths, fit_head, score
from benchmarks.question_sets import read_set
from benchmarks.situations import ANSWERABLE, NEAR_MISSES, OFF_TOPIC, QUOTES, Asker, Situation, auroc
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.retrieval.calibration import CONFIDENCE_FILE, WRONG_IN_100, Calibration, find_thresholds, fit_knots
from bot.engine.retrieval.confidence import UNTRAINED, choose_limits
from bot.engine.retrieval.confidence import WRONG_IN_100 as WRONG_ALLOWED
from bot.engine.retrieval.evidence import EVIDENCE

TRAINING_SETS = {"squad_train_slice": 1.0, "fairytale_train80": 0.5, "shifts_new_wiki": 1.0}
"""And what each counts."""

ANSWER_SHIFT = 2.0
"""Added to the second head's logit. Off topic answered at 95 % recall, stories: 4.3 % with 0, 2.9 % with 2."""

NEAR_MISS_WEIGHTS = {
    "gold removed": 0.3, "altered number": 0.4, "altered name": 1.0, "altered word": 2.0,
    "altered negation": 0.3,
}  # fmt: skip
WRONG_WEIGHT = 0.1

# What the calibration takes for usual.
MIX = {
    "answerable, one article": 0.35, "answerable, all articles": 0.25, "answerable, few passages": 0.10,
    "another article": 0.10, "most similar article": 0.03, "other articles": 0.07, "other few passages": 0.05,
    "unanswerable": 0.01, "gold removed": 0.01, "altered name": 0.01, "altered word": 0.02,
}  # fmt: skip

# And of which questions about something else the wrong answers are counted.
OFF_TOPIC_MIX = {
    "another article": 0.55, "most similar article": 0.05, "other articles": 0.15, "other few passages": 0.25
}  # fmt: skip

QUOTE_LOSS = 0.25
"""Points of "the gold is among the quotes" that dropping weak quotes may cost."""
QUOTE_GAPS = tuple(np.arange(2, 10, 0.5).tolist())

_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Table:
    """Every question asked: ``x``: (n, e) evidence; ``kinds``, ``sets``, ``folds`` and ``right``: (n,)."""

    x: Floats
    kinds: npt.NDArray[np.str_]
    sets: npt.NDArray[np.str_]
    folds: npt.NDArray[np.int64]
    right: Truths

    def weigh(self, kinds: dict[str, float], chosen: Truths) -> Floats:
        """Return (n,) weights that give each kind its share and within it each set its own; 0 if not chosen."""
        weights = np.zeros(len(self.x))
        for kind, share in kinds.items():
            for name in np.unique(self.sets):
                cell = chosen & (self.kinds == kind) & (self.sets == name)
                if cell.any():
                    weights[cell] = share * TRAINING_SETS.get(str(name), 1.0) / cell.sum()
        return weights / max(float(weights.sum()), 1e-12)


def tabulate(found: dict[str, dict[str, Situation]]) -> Table:
    """Join the situations of several sets; an article is always in the same fold."""
    parts = [(name, kind, situation) for name, kinds in found.items() for kind, situation in kinds.items()]
    articles = np.concatenate([[f"{name} {article}" for article in s.articles] for name, _, s in parts])
    return Table(
        np.concatenate([np.array(s.evidence, dtype=np.float64) for *_, s in parts]),
        np.concatenate([[kind] * len(s.right) for _, kind, s in parts]),
        np.concatenate([[name] * len(s.right) for name, _, s in parts]),
        np.unique(articles, return_inverse=True)[1] % _FOLDS,
        np.concatenate([np.array(s.right, dtype=np.bool_) for *_, s in parts]),
    )


def fit_heads(table: Table, kept: Truths) -> tuple[Floats, Floats]:
    """Return the (e + 1,) weights and bias of either head."""
    usual = dict.fromkeys((*ANSWERABLE, *OFF_TOPIC), 1.0)
    is_answerable = np.isin(table.kinds, ANSWERABLE)
    about = fit_head(
        table.x,
        is_answerable,
        table.weigh(usual, kept & is_answerable) + table.weigh(usual, kept & np.isin(table.kinds, OFF_TOPIC)),
    )
    ranked = is_answerable & (table.kinds != ANSWERABLE[-1])
    answers = fit_head(
        table.x,
        table.right,
        table.weigh(usual, kept & ranked & table.right)
        + 0.8 * table.weigh(NEAR_MISS_WEIGHTS, kept & np.isin(table.kinds, NEAR_MISSES))
        + WRONG_WEIGHT * table.weigh(usual, kept & ranked & ~table.right),
        ANSWER_EVIDENCE,
    )
    answers[-1] += ANSWER_SHIFT
    return about, answers


def score_held_out(table: Table) -> Floats:
    """Return raw scores by heads that were fitted on the other folds."""
    raw = np.zeros(len(table.x))
    for fold in range(_FOLDS):
        own = table.folds == fold
        raw[own] = score(table.x[own], fit_heads(table, ~own))
    return raw


def calibrate(table: Table, raw: Floats) -> Calibration:
    """Return the mapping fitted on the usual mix, and thresholds at rates of wrong answers among off-topic ones."""
    every = np.ones(len(raw), dtype=np.bool_)
    weights = table.weigh(MIX, every)
    used = weights > 0
    knots, logits = fit_knots(raw[used], table.right[used].astype(np.float64), weights[used])
    plain = Calibration(tuple(np.round(knots, 3)), tuple(np.round(logits, 3)), (0.0,) * len(WRONG_IN_100))
    off = table.weigh(OFF_TOPIC_MIX, every)
    confidence = np.array([plain.to_confidence(value) for value in raw[off > 0].tolist()])
    thresholds = find_thresholds(confidence, off[off > 0])
    return Calibration(plain.scores, plain.logits, tuple(round(value, 4) for value in thresholds))


def report(table: Table, raw: Floats, calibration: Calibration) -> None:
    """Print how each situation fares."""
    confidence = np.array([calibration.to_confidence(value) for value in raw.tolist()])
    limits = choose_limits(calibration, WRONG_ALLOWED)
    print(f"  answers from {limits.answers:.3f}, unsure from {limits.unsure:.3f}")
    against = dict.fromkeys((*OFF_TOPIC, *NEAR_MISSES), ANSWERABLE[0])
    against |= {"other articles": ANSWERABLE[1], "other few passages": ANSWERABLE[2]}
    for name in np.unique(table.sets):
        own = table.sets == name
        print(f"  {name}")
        for kind in (*ANSWERABLE, *against):
            cell = own & (table.kinds == kind)
            if not cell.any():
                continue
            line = f"    {kind}: {cell.sum()}, answered {100 * np.mean(confidence[cell] >= limits.answers):.1f} %, "
            line += f"shown {100 * np.mean(confidence[cell] >= limits.unsure):.1f} %"
            if kind in against:
                positive = raw[own & (table.kinds == against[kind])]
                at_95 = 100 * np.mean(raw[cell] >= np.percentile(positive, 5))
                line += f"; AUROC {auroc(positive.tolist(), raw[cell].tolist()):.4f}, at 95 % recall {at_95:.1f} %"
            print(line)
        usual = own & np.isin(table.kinds, (*ANSWERABLE[:2], "another article"))
        print(f"    calibration error {calibration_error(confidence[usual], table.right[usual]):.3f}")


def calibration_error(confidence: Floats, right: Truths, bins: int = 10) -> float:
    """Return the mean distance of confidence and rightness over bins of equal count."""
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    return sum(abs(float((confidence[part] - right[part]).sum())) for part in parts) / len(confidence)


def weigh_gap(found: dict[str, dict[str, Situation]], gap: float) -> tuple[float, float]:
    """Return the mean number of quotes, and points of "gold among them" lost, when weak ones are dropped."""
    pairs = [
        pair
        for kinds in found.values()
        for kind in ANSWERABLE[:2]
        for pair in zip(kinds[kind].scores, kinds[kind].gold, strict=True)
    ]
    kept = [[scores[0] - value <= gap for value in scores] for scores, _ in pairs]
    hits = [any(map(operator.and_, keep, gold)) for keep, (_, gold) in zip(kept, pairs, strict=True)]
    lost = 100 * (np.mean([any(gold) for _, gold in pairs]) - np.mean(hits))
    return float(np.mean([sum(keep) for keep in kept])), float(lost)


def choose_gap(found: dict[str, dict[str, Situation]]) -> float:
    """Return the smallest gap that loses no more than QUOTE_LOSS on any set."""
    losses = {gap: max(weigh_gap({name: kinds}, gap)[1] for name, kinds in found.items()) for gap in QUOTE_GAPS}
    return next((gap for gap, lost in losses.items() if lost <= QUOTE_LOSS), QUOTE_GAPS[-1])


def report_quotes(found: dict[str, dict[str, Situation]], gap: float) -> None:
    """Print what dropping quotes far below the first saves and costs."""
    for name, kinds in found.items():
        quotes, lost = weigh_gap({name: kinds}, gap)
        print(f"  {name}, gap {gap:g}: {quotes:.2f} quotes, {lost:.2f} points of hit@{QUOTES} lost")


def describe(heads: tuple[Floats, Floats]) -> dict[str, dict[str, float]]:
    """Return the heads as JSON holds them; what weighs nothing is left out."""
    return {
        name: {key: round(float(value), 4) for key, value in zip((*EVIDENCE, "bias"), head, strict=True) if value}
        for name, head in zip(("about", "answers"), heads, strict=True)
    }


def fit(found: dict[str, dict[str, Situation]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what confidence.json holds for the encoder that was asked, and for one that nothing is fitted for."""
    table = tabulate(found)
    raw = score_held_out(table)
    calibration, gap = calibrate(table, raw), choose_gap(found)
    report(table, raw, calibration)
    report_quotes(found, gap)
    heads = describe(fit_heads(table, np.ones(len(raw), dtype=np.bool_)))
    plain = table.x @ [UNTRAINED.get(name, 0.0) for name in EVIDENCE] + UNTRAINED["bias"]
    untrained = calibrate(table, plain)
    print("  untrained:")
    report(table, plain, untrained)
    return {"quote_gap": gap, **heads, "calibration": calibration.as_json()}, {"calibration": untrained.as_json()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=800, help="questions of each set and kind")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    folders = {
        name: folder
        for folder in reversed(options.folders)
        for name in TRAINING_SETS
        if (folder / f"{name}.corpus.jsonl").exists()
    }
    print(f"left out: {sorted(TRAINING_SETS.keys() - folders.keys())}")
    identity = SentenceEncoder().identity
    result: dict[str, Any] = {"encoder": [identity.name, identity.revision], "fitted_on": sorted(folders)}
    for part in ("with_tokens", "without_tokens"):
        print(part)
        askers = {
            name: Asker(read_set(folders[name], name), with_tokens=part == "with_tokens") for name in sorted(folders)
        }
        result[part], result["untrained"] = fit({name: asker.collect(options.count) for name, asker in askers.items()})
    if not options.check:
        CONFIDENCE_FILE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
