"""Questions that are an article's own headings, with the bundled encoder and the fitted ranker."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.library import Library
from bot.engine.records.passages import LineLabel
from bot.engine.records.sources import ArticleSource
from bot.engine.stores.sqlite import SQLiteStore


def test_each_heading_is_answered_under_itself(tmp_path: Path) -> None:
    """Asked a heading of the Q&A that comes with the program, the first quote stands under that heading."""
    library = Library(SQLiteStore.open(tmp_path / "store.sqlite3"), SentenceEncoder())
    for item in (resources.files("bot.sandbox") / "articles").iterdir():
        library.add_article(0, ArticleSource(item.read_bytes(), file_name=item.name))
    article = library.get_article(0, "streetlights")
    headings = [article.text[line.start : line.end] for line in article.lines if line.label is LineLabel.HEADING]
    found = {heading: library.ask(0, heading, article=str(article.id)).quotes[0].headings for heading in headings}
    library.close()
    assert len(headings) == 4
    assert found == {heading: (heading,) for heading in headings}
