"""What an update changed, in counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.articles.changes import compare_passages
from bot.engine.records.sources import PassageChanges

A, B, C = "The tower has nine floors and a bell.", "Boats winter under canvas here.", "Roofers were paid in barley."


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ([A, B], [A, B], PassageChanges()),
        ([A, B], [B, A], PassageChanges()),
        ([A], [A, B, C], PassageChanges(added=2)),
        ([A, B, C], [B], PassageChanges(removed=2)),
        ([A, B], [A.replace("nine", "ten"), B], PassageChanges(edited=1)),
        ([A, B], [C, B], PassageChanges(added=1, removed=1)),
        ([A, A], [A], PassageChanges(removed=1)),
        ([A, B], ["New first passage of all.", A.replace("nine", "ten"), B, C], PassageChanges(2, 0, 1)),
    ],
)
def test_changes_are_counted(old: list[str], new: list[str], changes: PassageChanges) -> None:
    """Equal passages count as nothing wherever they stand; similar ones as edited; the rest as come and gone."""
    assert compare_passages(old, new) == changes


def test_changes_are_said_in_signs() -> None:
    """Only what happened is named."""
    assert str(PassageChanges(3, 1, 2)) == "+3 −1 ~2"
    assert (str(PassageChanges(edited=1)), str(PassageChanges())) == ("~1", "±0")


@given(st.lists(st.sampled_from([A, B, C, A + " So.", ""])), st.lists(st.sampled_from([A, B, C, B + " Yes."])))
def test_counts_add_up(old: list[str], new: list[str]) -> None:
    """The new length is the old one with what came and without what went, for any two versions."""
    changes = compare_passages(old, new)
    assert len(new) == len(old) + changes.added - changes.removed
    assert min(changes.added, changes.removed, changes.edited) >= 0
