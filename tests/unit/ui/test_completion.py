"""Completion of article titles."""

from __future__ import annotations

import pytest

from bot.engine.errors import Busy, StoreUnavailable
from bot.engine.records.articles import ArticleSummary
from bot.ui.completion import complete, meant
from tests.unit.ui.samples import make_article


async def fetched(*articles: ArticleSummary) -> list[ArticleSummary]:
    """What a library would return."""
    return list(articles)


async def failing(error: Exception) -> list[ArticleSummary]:
    """A library that fails."""
    raise error


async def test_choices_are_titles_with_ids_as_values() -> None:
    """A member sees the title; the value is the id, which is always short enough."""
    choices = await complete(fetched(make_article(7, "Foxes\nat work")))
    assert [(choice.name, choice.value) for choice in choices] == [("Foxes at work", "7")]


async def test_names_are_bounded_distinct_and_never_empty() -> None:
    """Long titles are cut, equal titles get their number, an empty title is its number, and 25 is the most."""
    long = await complete(fetched(make_article(1, "x" * 300)))
    assert len(long[0].name) == 100
    assert long[0].name.endswith("…")
    twins = await complete(fetched(make_article(1, "y" * 300), make_article(2, "y" * 300), make_article(3, " ")))
    assert [choice.name[-6:] for choice in twins] == ["… (#1)", "… (#2)", "(#3)"]
    assert all(1 <= len(choice.name) <= 100 for choice in twins)
    assert len(await complete(fetched(*(make_article(n, str(n)) for n in range(40))))) == 25


@pytest.mark.parametrize("error", [Busy("b"), StoreUnavailable("s"), TimeoutError(), RuntimeError("x")])
async def test_a_failure_is_no_completion(error: Exception) -> None:
    """Whatever goes wrong, the member simply gets no suggestions."""
    assert await complete(failing(error)) == []


@pytest.mark.parametrize(
    ("value", "article"), [("#12", "12"), (" 12 ", "12"), ("# 12", "# 12"), ("A #1", "A #1"), (None, None)]
)
def test_a_number_as_lists_show_it_is_an_id(value: str | None, article: str | None) -> None:
    """``#12`` means article 12; anything else is handed on as it was typed."""
    assert meant(value) == article
