"""Near-duplicate questions are found by their embeddings."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.ports.encoders import FloatArray
from bot.engine.questions.gaps import ALIKE, find_gaps, join_alike, wording_of
from bot.engine.questions.records import AskedQuestion, GapState
from bot.engine.records.answers import AnswerState


def asked(number: int, text: str, gap: GapState = GapState.OPEN) -> AskedQuestion:
    """An unanswered question, asked at its number's time."""
    return AskedQuestion(1, number, number, 5, "m", text, AnswerState.NOT_IN_ARTICLES, (), (1, number), gap=gap)


def at(degrees: float) -> FloatArray:
    """A unit vector in a plane."""
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], dtype=np.float32)


EMBEDDINGS = {
    "when does it open": at(0),
    "opening hours": at(20),
    "at what time does it open": at(10),
    "who was the mayor": at(120),
}


def test_rewordings_are_one_gap_and_the_most_asked_comes_first() -> None:
    """Three wordings of one question are one gap under the middle one; another question is another gap."""
    questions = [
        asked(6, "Who was the mayor?"),
        asked(5, "Opening hours?"),
        asked(4, "At what time does it open?"),
        asked(3, "when does it  OPEN"),
        asked(2, "When does it open?"),
    ]
    hours, mayor = find_gaps(questions, EMBEDDINGS)
    assert [found.id for found in hours.questions] == [5, 4, 3, 2]
    assert (hours.wording, hours.count, hours.last_asked, hours.nearest) == ("At what time does it open?", 4, 5, (1, 5))
    assert (mayor.wording, mayor.count, mayor.id) == ("Who was the mayor?", 1, 6)


def test_what_was_dismissed_stays_away_with_its_rewordings() -> None:
    """A later question that asks the same as a dismissed one opens no gap; others do."""
    questions = [
        asked(6, "Who was the mayor?"),
        asked(5, "Opening hours?"),
        asked(2, "When does it open?", GapState.DISMISSED),
    ]
    assert [gap.wording for gap in find_gaps(questions, EMBEDDINGS)] == ["Who was the mayor?"]


def test_no_questions_no_gaps() -> None:
    """An empty log, and one in which all is dismissed, have none."""
    assert find_gaps([], {}) == []
    assert find_gaps([asked(1, "Opening hours?", GapState.DISMISSED)], EMBEDDINGS) == []


def test_wordings_differ_in_words_alone() -> None:
    """Capitals, spaces and marks at the end do not make another question; a word does."""
    assert wording_of("  When does\nit open?! ") == wording_of("when does it OPEN")
    assert wording_of("When does it open") != wording_of("When did it open")


@given(st.lists(st.tuples(st.floats(0, 360), st.integers(1, 5)), min_size=1, max_size=12))
def test_groups_part_all_rows_and_none_that_are_alike_stay_apart(rows: list[tuple[float, int]]) -> None:
    """Each row is in exactly one group, and in the end no two groups are alike in the mean."""
    vectors = np.stack([at(angle) for angle, _ in rows])
    weights = np.array([weight for _, weight in rows], dtype=np.float32)
    groups = join_alike(vectors, weights)
    assert sorted(place for group in groups for place in group) == list(range(len(rows)))
    means = [(vectors[group] * weights[group, None]).sum(axis=0) / weights[group].sum() for group in groups]
    apart = [float(one @ other) for number, one in enumerate(means) for other in means[:number]]
    assert all(mean < ALIKE + 1e-4 for mean in apart)
