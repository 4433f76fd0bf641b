"""Lines that a person restored or left out: what is quoted then, and what later versions of the article make of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import cli
from bot.engine.articles.choices import find_lines
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.errors import BadQuery, TooLarge
from bot.engine.ingest.limits import IngestLimits
from bot.engine.library import Library
from bot.engine.ports.encoders import EncodedPassage, PassageInput, Progress
from bot.engine.records.articles import Article
from bot.engine.records.passages import LineLabel
from bot.engine.records.sources import AddStatus, ArticleSource
from bot.engine.stores.sqlite import SQLiteStore

GUILD = 7
URL = "https://example.org/tower"
CAPTION = "The tower seen from the harbour, photographed in May. Jon Marsh/Reuters"
OFFER = "Sign up for our newsletter and get the news of Varnby in your inbox."
TEXT = f"""The clock tower of Varnby

The clock tower of Varnby was built in 1742 by the mason Elsa Thorne. It stands forty metres high.

{CAPTION}

After the fire of 1901 the guild of roofers repaired the tower in eleven weeks. They were paid in barley.

The bell rings at noon and at sunset. On the first of May it rings for a full hour.

{OFFER}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SQLiteStore]:
    """An empty store."""
    store = SQLiteStore.open(tmp_path / "pullquote.sqlite3")
    yield store
    store.close()


@pytest.fixture
def library(store: SQLiteStore) -> Library:
    """A library with the article."""
    library = Library(store, HashingEncoder())
    library.add_article(GUILD, ArticleSource(TEXT, source=URL))
    return library


def numbered(*numbers: int) -> partial[list[int]]:
    """What chooses the lines with these numbers."""
    return partial(_find, numbers)


def _find(numbers: tuple[int, ...], article: Article) -> list[int]:
    return find_lines(article, numbers)


def passages(library: Library) -> list[str]:
    """The texts of the article's passages."""
    article = library.get_article(GUILD, "1")
    return [article.text[passage.start : passage.end] for passage in article.passages]


def test_a_restored_line_is_a_passage_that_answers(library: Library) -> None:
    """It is encoded, found and quoted word for word, and no longer counted as left out."""
    assert CAPTION not in passages(library)
    report = library.restore_lines(GUILD, "1", numbered(5))
    assert [line.label for line in report.lines] == [LineLabel.PARAGRAPH]
    assert (report.passages, report.left_out) == (4, 1)
    assert CAPTION in passages(library)
    assert library.ask(GUILD, "Who photographed the tower from the harbour in May?").quotes[0].text == CAPTION
    assert library.get_summary(GUILD, "1").left_out == 1


def test_a_line_left_out_is_quoted_no_more(library: Library) -> None:
    """It stays in the stored text, is counted as left out, and can be restored again."""
    library.leave_out_lines(GUILD, "1", numbered(9))
    assert not any("bell rings" in text for text in passages(library))
    article = library.get_article(GUILD, "1")
    assert article.text == TEXT
    assert [line.number for line in article.left_out] == [5, 9, 11]
    library.restore_lines(GUILD, "1", numbered(9))
    assert any("bell rings" in text for text in passages(library))


def test_choices_hold_in_later_versions(library: Library) -> None:
    """Where the same words come again, elsewhere and spaced otherwise, they are what was chosen; others are not."""
    library.restore_lines(GUILD, "1", numbered(5))
    library.leave_out_lines(GUILD, "1", numbered(9))
    later = TEXT.replace("eleven", "twelve").replace("seen from", "seen  from").replace("The clock tower was", "It was")
    report = library.add_article(GUILD, ArticleSource("New first line of it all, longer.\n\n" + later, source=URL))
    assert report.status is AddStatus.UPDATED
    texts = passages(library)
    assert any(text.startswith("The tower seen  from the harbour") for text in texts)
    assert not any("bell rings" in text or OFFER in text for text in texts)
    again = library.add_article(GUILD, ArticleSource(later.replace("twelve", "ten"), source=URL))
    assert again.status is AddStatus.UPDATED
    assert any(text.startswith("The tower seen  from the harbour") for text in passages(library))


class CountingEncoder(HashingEncoder):
    """Counts the passages that it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode_passages(
        self, passages: Sequence[PassageInput], progress: Progress | None = None
    ) -> list[EncodedPassage]:
        """Encode and remember."""
        self.texts += [passage.text for passage in passages]
        return super().encode_passages(passages, progress)


def test_only_what_is_new_is_encoded(store: SQLiteStore) -> None:
    """Restoring encodes the restored line and nothing else; leaving one out encodes nothing."""
    encoder = CountingEncoder()
    library = Library(store, encoder)
    library.add_article(GUILD, ArticleSource(TEXT, source=URL))
    encoder.texts.clear()
    library.restore_lines(GUILD, "1", numbered(5))
    assert encoder.texts == [CAPTION]
    encoder.texts.clear()
    library.leave_out_lines(GUILD, "1", numbered(9))
    assert encoder.texts == []


def test_a_choice_changes_no_text_and_no_revision(library: Library) -> None:
    """Its page is the same page, so quotes go on saying when it was seen."""
    before = library.get_article(GUILD, "1")
    library.restore_lines(GUILD, "1", numbered(5))
    after = library.get_article(GUILD, "1")
    assert replace(after, lines=(), passages=()) == replace(before, lines=(), passages=())


def test_nothing_to_quote_is_refused(library: Library) -> None:
    """Leaving out every line, or a line that is not there, changes nothing and says so."""
    before = library.get_article(GUILD, "1")
    with pytest.raises(BadQuery, match="nothing of that article could be quoted"):
        library.leave_out_lines(GUILD, "1", numbered(3, 7, 9))
    with pytest.raises(BadQuery, match="no line 2, 77"):
        library.restore_lines(GUILD, "1", numbered(77, 2))
    assert library.get_article(GUILD, "1") == before


def test_lines_that_are_so_already_change_nothing(library: Library) -> None:
    """Restoring what is quoted, or leaving out what is left out, is no change and no error."""
    version = library.get_article(GUILD, "1")
    assert library.restore_lines(GUILD, "1", numbered(3)).lines == ()
    assert library.leave_out_lines(GUILD, "1", numbered(5, 1)).lines == ()
    assert library.get_article(GUILD, "1") == version


def test_a_version_with_nothing_else_keeps_its_words(library: Library) -> None:
    """Where a choice would leave a later version without anything to quote, the version is quoted as it was read."""
    library.leave_out_lines(GUILD, "1", numbered(9))
    bell = "The bell rings at noon and at sunset. On the first of May it rings for a full hour."
    library.add_article(GUILD, ArticleSource(bell, source=URL))
    assert passages(library) == [bell]


def test_limits_hold_for_restored_lines(store: SQLiteStore) -> None:
    """An article cannot grow past the passages that it may have."""
    library = Library(store, HashingEncoder(), ingest_limits=IngestLimits(max_passages=3))
    library.add_article(GUILD, ArticleSource(TEXT, source=URL))
    with pytest.raises(TooLarge, match="more than 3 passages"):
        library.restore_lines(GUILD, "1", numbered(5))


def test_in_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Show gives the numbers, restore and leave-out take them, and wrong ones are refused in one line."""
    monkeypatch.setenv("PULLQUOTE_STORE__URL", f"sqlite:///{tmp_path}/pullquote.sqlite3")
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "hashing")
    path = tmp_path / "tower.txt"
    path.write_text(TEXT, encoding="utf-8")

    def pullquote(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == code, result.output
        return result.output

    pullquote("add", str(path))
    assert "line 5, caption: The tower seen" in pullquote("show", "1")
    assert "pullquote restore 1 LINE" in pullquote("show", "1")
    assert "Now 4 passages to quote and 1 lines left out" in pullquote("restore", "1", "5")
    assert "Nothing changed" in pullquote("restore", "1", "5")
    assert "     5  paragraph*    The tower seen" in pullquote("show", "1", "--lines")
    assert "Left out: line 9" in pullquote("leave-out", "1", "9")
    assert "Restored: line 9, 11" in pullquote("restore", "1", "--all")
    assert "no line 99" in pullquote("restore", "1", "99", code=1)
    assert "Give the numbers" in pullquote("restore", "1", code=2)
