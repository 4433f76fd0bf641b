"""How evidence becomes a confidence, and a confidence a state."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.records.answers import AnswerState
from bot.engine.retrieval.calibration import CONFIDENCE_FILE, Calibration
from bot.engine.retrieval.confidence import choose_limits, limits_from, multiply, open_judge
from bot.engine.retrieval.evidence import EVIDENCE
from tests.unit.retrieval.test_second_stage import FOXES, MOON, OWLS, fill, search

FITTED = json.loads(CONFIDENCE_FILE.read_text(encoding="utf-8"))
BUNDLED = EncoderIdentity(*FITTED["encoder"], 384)
OTHER = EncoderIdentity("another", "1", 384)


def gathered(*articles: list[list[str]], text: str, **options: object) -> dict[str, float]:
    """The evidence of a question, by name."""
    shelf, index = fill(*articles)
    found = search(index, text, shelf, **options).evidence
    assert found is not None
    return dict(zip(EVIDENCE, found.tolist(), strict=True))


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_two_probabilities_are_multiplied(one: float, other: float) -> None:
    """The log-odds of the product, which is below either."""
    product = 1 / (1 + math.exp(-one)) / (1 + math.exp(-other))
    assert 1 / (1 + math.exp(-multiply(one, other))) == pytest.approx(product, rel=1e-6)


@pytest.mark.parametrize("has_tokens", [True, False])
@pytest.mark.parametrize("identity", [BUNDLED, OTHER, None])
def test_better_evidence_is_never_less_confidence(identity: EncoderIdentity | None, has_tokens: bool) -> None:
    """For a fitted and an unfitted encoder: higher scores of the first passage raise, absent words lower the score."""
    judge = open_judge(identity, has_tokens=has_tokens)
    evidence = np.full(len(EVIDENCE), 0.5, dtype=np.float32)
    before = judge.score(evidence)
    for name, step in (("cosine and bm25", 1), ("first: maxsim", 1), ("absent words", -1), ("log rows", -1)):
        changed = evidence.copy()
        changed[EVIDENCE.index(name)] += 0.3 * step
        assert judge.score(changed) >= before


def test_an_encoder_that_nothing_was_fitted_for_is_judged_by_cosine_and_words() -> None:
    """The fitted heads are for one encoder; another one's judge has one plain head and a calibration of its own."""
    assert open_judge(BUNDLED, has_tokens=True).answers is not None
    judge = open_judge(OTHER, has_tokens=True)
    assert judge.answers is None
    assert judge.calibration != open_judge(BUNDLED, has_tokens=True).calibration


def test_a_calibration_of_ones_own_replaces_the_bundled_one() -> None:
    """The heads stay; only the mapping is another."""
    own = Calibration((0.0, 1.0), (-1.0, 2.0), (0.5,) * 12, str(BUNDLED))
    judge = open_judge(BUNDLED, has_tokens=True, calibration=own)
    assert judge.calibration is own
    evidence = np.ones(len(EVIDENCE), dtype=np.float32)
    assert judge.score(evidence) == open_judge(BUNDLED, has_tokens=True).score(evidence)


def test_three_states_in_order() -> None:
    """From the upper limit on it answers, from the lower one it may, below it does not."""
    limits = choose_limits(Calibration.default(), 1.0)
    assert limits.unsure < limits.answers
    assert limits.choose_state(limits.answers) is AnswerState.ANSWERS
    assert limits.choose_state((limits.unsure + limits.answers) / 2) is AnswerState.UNSURE
    assert limits.choose_state(limits.unsure - 1e-6) is AnswerState.NOT_IN_ARTICLES


def test_fewer_wrong_answers_allowed_are_stricter_limits() -> None:
    """Both limits rise as fewer are allowed; with none allowed nothing is unsure."""
    found = [choose_limits(Calibration.default(), rate) for rate in (0.0, 0.5, 2.0, 10.0)]
    assert [limits.answers for limits in found] == sorted((limits.answers for limits in found), reverse=True)
    assert [limits.unsure for limits in found] == sorted((limits.unsure for limits in found), reverse=True)
    assert found[0].unsure == found[0].answers


def test_a_threshold_given_as_confidence_has_its_own_unsure_range() -> None:
    """It is the same as the rate of wrong answers that it stands for; above every such confidence nothing is unsure."""
    default = Calibration.default()
    same = choose_limits(default, 2.0)
    assert limits_from(default, same.answers).unsure == pytest.approx(same.unsure)
    assert limits_from(default, 1.01).unsure == 1.01


def test_words_that_no_passage_holds_are_weighed() -> None:
    """Absent words count by their weight, within the articles searched and not beyond them."""
    assert gathered(FOXES, MOON, text="fox dens")["absent words"] == pytest.approx(0.0, abs=1e-6)
    assert gathered(FOXES, MOON, text="moon dens", article_ids=[1])["absent words"] > 0.3
    assert gathered(FOXES, MOON, text="zeppelin")["absent words"] == pytest.approx(1.0)


def test_words_that_only_other_passages_hold_are_weighed() -> None:
    """A question mixed from two passages leaves words behind wherever it is answered."""
    assert gathered(FOXES, MOON, text="moon dens")["words elsewhere"] > 0.2
    assert gathered(FOXES, MOON, text="dens trees")["words elsewhere"] == pytest.approx(0.0, abs=1e-6)


def test_names_and_numbers_that_the_passage_lacks_are_told() -> None:
    """Only a question that has a name or a number can miss one; a negated one is told too."""
    plain = gathered(MOON, text="how long does the moon take")
    assert [plain[name] for name in ("names", "missing names", "numbers", "missing numbers", "negated")] == [0] * 5
    other = gathered(MOON, text="why does the moon not take Apollo 13 days")
    assert [other[name] for name in ("names", "missing names", "numbers", "missing numbers", "negated")] == [1] * 5
    assert gathered(MOON, text="does it take 27 days")["missing numbers"] == 0


def test_one_passage_has_no_rival() -> None:
    """A single passage leads alone, by a middling margin."""
    alone = gathered([["Foxes dig dens."]], text="dens")
    assert (alone["lead"], alone["margin"], alone["agreement"], alone["log rows"]) == (1, 3, 1, 0)


def test_without_token_vectors_no_piece_is_weighed() -> None:
    """The evidence of pieces is nothing then, and a judge of its own decides."""
    _, index = fill(FOXES, MOON, OWLS)
    result = search(index, "How many exits does a den have?", None)
    assert result.evidence is not None
    found = dict(zip(EVIDENCE, result.evidence.tolist(), strict=True))
    assert found["weakest in sentence"] == found["first: maxsim"] == 0
    assert 0 < result.confidence < 1


def test_weak_quotes_are_dropped_but_for_reserved_ranks() -> None:
    """Hits far below the first go, with their highlights; the first and a reserved rank always stay."""
    shelf, index = fill(FOXES, MOON, OWLS)
    result = search(index, "Until when do owls hunt at night?", shelf)
    gap = result.hits[0].score - result.hits[1].score
    strict = replace(result, quote_gap=gap / 2)
    assert strict.drop_weak().hits == result.hits[:1]
    assert strict.drop_weak().highlights == result.highlights[:1]
    assert [hit.rank for hit in replace(strict, reserved=frozenset({1, 4})).drop_weak().hits] == [1, 4]
    assert len(replace(result, quote_gap=gap).drop_weak().hits) >= 2
    assert result.drop_weak().hits == result.hits, "an unfitted ranker's gaps mean nothing"
