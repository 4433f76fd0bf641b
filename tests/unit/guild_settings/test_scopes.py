"""Who sees which article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.scopes.records import EVERYTHING, ArticleScope, Viewer, find_hidden, make_scope

EVERYONE, STAFF, CREW = 1, 2, 3
HALL, DECK = 21, 22

ids = st.integers(1, 6)
scopes = st.builds(make_scope, st.frozensets(ids, max_size=3), st.frozensets(ids, max_size=3))
viewers = st.builds(
    Viewer,
    st.lists(st.frozensets(ids, max_size=3), max_size=3).map(tuple),
    st.none() | st.frozensets(ids, max_size=3),
)


@pytest.mark.parametrize(
    ("scope", "viewer", "is_seen"),
    [
        (ArticleScope(), Viewer((frozenset({EVERYONE}),), frozenset({HALL})), True),
        (make_scope([STAFF], []), Viewer((frozenset({EVERYONE}),), frozenset({HALL})), False),
        (make_scope([STAFF], []), Viewer((frozenset({EVERYONE, STAFF}),), frozenset({HALL})), True),
        (make_scope([STAFF, CREW], []), Viewer((frozenset({EVERYONE, CREW}),), frozenset({HALL})), True),
        (make_scope([STAFF], []), Viewer((frozenset({STAFF}), frozenset({CREW})), frozenset({HALL})), False),
        (make_scope([], [DECK]), Viewer((frozenset({EVERYONE}),), frozenset({HALL})), False),
        (make_scope([], [DECK]), Viewer((frozenset({EVERYONE}),), frozenset({HALL, DECK})), True),
        (make_scope([STAFF], [DECK]), Viewer((frozenset({STAFF}),), frozenset({HALL})), False),
        (make_scope([STAFF], [DECK]), Viewer((frozenset({EVERYONE}),), frozenset({DECK})), False),
        (make_scope([STAFF], [DECK]), Viewer((frozenset({STAFF}),), frozenset({DECK})), True),
        (make_scope([STAFF], []), Viewer((), frozenset({HALL})), True),
        (make_scope([], [DECK]), Viewer((), frozenset({HALL})), False),
        (make_scope([STAFF], [DECK]), EVERYTHING, True),
    ],
)  # fmt: skip
def test_rules(scope: ArticleScope, viewer: Viewer, is_seen: bool) -> None:
    """Any of the roles, for everybody who looks; any of the channels; both where both are named."""
    assert viewer.sees(scope) is is_seen


@given(scopes, viewers, st.frozensets(ids, max_size=3))
def test_one_more_person_never_opens_an_article(scope: ArticleScope, viewer: Viewer, roles: frozenset[int]) -> None:
    """Who joins a room can only take articles away from it."""
    crowd = Viewer((*viewer.people, roles), viewer.channels)
    assert viewer.sees(scope) or not crowd.sees(scope)


@given(scopes, viewers)
def test_nobody_sees_what_is_bound_elsewhere(scope: ArticleScope, viewer: Viewer) -> None:
    """Whatever is seen is bound to nothing, or to something that the viewer has."""
    if viewer.sees(scope):
        assert not scope.roles or all(scope.roles & roles for roles in viewer.people)
        assert not scope.channels or viewer.channels is None or scope.channels & viewer.channels


def test_hidden_articles_are_named_by_id() -> None:
    """Only what is bound can be hidden."""
    bound = {1: make_scope([STAFF], []), 2: make_scope([], [DECK]), 3: make_scope([CREW], [])}
    viewer = Viewer((frozenset({EVERYONE, CREW}),), frozenset({HALL}))
    assert find_hidden(bound, viewer) == {1, 2}
    assert find_hidden(bound, EVERYTHING) == frozenset()
