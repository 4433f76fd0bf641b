"""A question that is a heading's own words is answered under that heading."""

from __future__ import annotations

from pathlib import Path

from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.library import Library
from bot.engine.records.sources import ArticleSource
from bot.engine.stores.sqlite import SQLiteStore

ARTICLE = """The mill of Aster

The mill of Aster has changed its owners and its owners have changed the mill for two hundred years.

Who owned the mill?

Three sisters called Vane bought it in 1811. Their nephew lost it at cards.

Why did it close?

Cheap flour came up the river from 1890 on. Nobody in Aster could grind so cheaply.
"""


def ask(folder: Path, question: str) -> list[int]:
    """Return the positions of the quotes."""
    library = Library(SQLiteStore.open(folder / "store.sqlite3"), HashingEncoder())
    library.add_article(0, ArticleSource(ARTICLE))
    answer = library.ask(0, question)
    library.close()
    return [quote.position for quote in answer.quotes]


def test_question_that_is_a_heading_finds_what_stands_under_it(tmp_path: Path) -> None:
    """The passage under the heading comes first although another one holds more of the question's words."""
    assert ask(tmp_path, "Who owned the mill?")[:1] == [2]


def test_words_that_are_no_heading_are_ranked_as_ever(tmp_path: Path) -> None:
    """A single word of a heading does not lift the passages under it."""
    assert ask(tmp_path, "mill of Aster for two hundred years")[:1] == [1]
