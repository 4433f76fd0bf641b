"""The library for viewers who may not see every article: what is hidden is, in every way, not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.asking.found import find_quotes
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.errors import NoArticles, NotFound
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.library import Library
from bot.engine.records.sources import ArticleSource
from bot.engine.records.summaries import SummaryLength
from bot.engine.scopes.records import EVERYTHING, Viewer, make_scope
from bot.engine.stores.guild_settings import SQLiteGuildSettings
from bot.engine.stores.sqlite import SQLiteStore

GUILD, STAFF, DECK = 7, 21, 31
MEMBER = Viewer((frozenset({GUILD}),), frozenset({30}))
STAFF_MEMBER = Viewer((frozenset({GUILD, STAFF}),), frozenset({30}))
OPEN = "Ferries\n\nThe ferry to the island leaves at noon from the old pier.\n"
SECRET = "Ledger\n\nThe zephyrine ferry leaves at midnight from the hidden pier.\n"
QUESTION = "When does the zephyrine ferry leave from the hidden pier?"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An article for everybody (1) and one for staff (2)."""
    store = SQLiteStore.open(tmp_path / "pullquote.sqlite3")
    library = Library(store, HashingEncoder(), guild_settings=SettingsBook(SQLiteGuildSettings(store.connections)))
    library.add_article(GUILD, ArticleSource(OPEN, title="Ferries"))
    library.add_article(GUILD, ArticleSource(SECRET, title="Ledger"), scope=make_scope([STAFF], []))
    yield library
    library.close()


def test_a_new_article_is_bound_as_it_is_added(library: Library) -> None:
    """It never was anybody else's."""
    assert library.guild_settings is not None
    assert library.guild_settings.read_scopes(GUILD) == {2: make_scope([STAFF], [])}


def test_hidden_articles_are_not_searched(library: Library) -> None:
    """Who may see the article is quoted from it first; who may not gets the best of the others, if it answers."""
    own = library.ask(GUILD, QUESTION, viewer=STAFF_MEMBER)
    other = library.ask(GUILD, QUESTION, viewer=MEMBER)
    assert own.quotes[0].article.id == 2
    assert all(quote.article.id == 1 for quote in other.quotes)
    nearest = library.nearest(GUILD, QUESTION, viewer=MEMBER)
    assert nearest is not None
    assert nearest.article.id == 1


def test_hidden_articles_do_not_exist(library: Library) -> None:
    """By id, title, completion, list and summary: the same words as for what was never there."""
    told = []
    for article in ("2", "Ledger", "99"):
        for look in (
            lambda wanted: library.get_summary(GUILD, wanted, viewer=MEMBER),
            lambda wanted: library.get_article(GUILD, wanted, viewer=MEMBER),
            lambda wanted: library.ask(GUILD, QUESTION, article=wanted, viewer=MEMBER),
            lambda wanted: library.summarise(GUILD, wanted, SummaryLength.SHORT, viewer=MEMBER),
        ):
            with pytest.raises(NotFound) as caught:
                look(article)
            told.append(str(caught.value))
    assert len(set(told)) == 1
    with pytest.raises(NotFound, match=r"There is no article 2\."):
        library.get_article_by_id(GUILD, 2, viewer=MEMBER)
    assert [article.id for article in library.list_articles(GUILD, viewer=MEMBER)] == [1]
    assert library.complete_articles(GUILD, "led", viewer=MEMBER) == []
    assert [article.id for article in library.complete_articles(GUILD, "led", viewer=EVERYTHING)] == [2]


def test_a_guild_of_hidden_articles_is_empty(library: Library) -> None:
    """Nobody learns that there is something."""
    library.remove_article(GUILD, "1")
    with pytest.raises(NoArticles):
        library.ask(GUILD, QUESTION, viewer=MEMBER)
    with pytest.raises(NoArticles):
        library.get_summary(GUILD, "2", viewer=MEMBER)
    assert library.nearest(GUILD, QUESTION, viewer=MEMBER) is None
    assert library.ask(GUILD, QUESTION, viewer=STAFF_MEMBER).quotes


def test_words_of_hidden_articles_mend_nothing(library: Library) -> None:
    """A misspelt word becomes one of theirs for whoever may see them alone."""
    misspelt = "When does the zephirine ferry leave?"
    assert ("zephirine", "zephyrine") in library.ask(GUILD, misspelt, viewer=STAFF_MEMBER).corrections
    assert library.ask(GUILD, misspelt, viewer=MEMBER).corrections == ()


def test_a_word_that_only_hidden_articles_hold_is_unknown(library: Library) -> None:
    """It is corrected as a word that nobody ever wrote: that it stands somewhere cannot be told from the answer."""
    assert library.guild_settings is not None
    library.add_article(GUILD, ArticleSource("Tides\n\nThe harbour lamp burns all night.\n", title="Tides"))
    library.add_article(GUILD, ArticleSource("Codes\n\nThe harbouz is a code.\n", title="Codes"))
    library.guild_settings.bind_article(GUILD, 4, make_scope([STAFF], []))
    assert library.ask(GUILD, "What burns in the harbouz all night?", viewer=MEMBER).corrections
    assert library.ask(GUILD, "What burns in the harbouz all night?", viewer=STAFF_MEMBER).corrections == ()


def test_what_is_bound_between_asking_and_showing_is_not_shown(library: Library) -> None:
    """The articles that quotes are checked against are fetched for the viewer once more."""
    assert library.guild_settings is not None
    book, ask = library.guild_settings, library.ask

    def ask_and_bind(*arguments: object, **options: object) -> object:
        answer = ask(*arguments, **options)  # type: ignore[arg-type]
        book.bind_article(GUILD, 1, make_scope([STAFF], []))
        return answer

    library.ask = ask_and_bind  # type: ignore[assignment, method-assign]
    found = find_quotes(library, GUILD, "When does the ferry to the island leave?", viewer=MEMBER)
    assert found.answer.quotes
    assert found.articles == {}


def test_the_terminal_sees_everything(library: Library) -> None:
    """Whoever runs the bot holds the file anyway."""
    assert library.ask(GUILD, QUESTION).quotes[0].article.id == 2
