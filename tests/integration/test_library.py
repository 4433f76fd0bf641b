"""The whole road without Discord: add, ask, list, show, remove, over a real store."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine.errors import (
    Ambiguous,
    BadQuery,
    EncoderMismatch,
    EngineError,
    ExtractFailed,
    NoArticles,
    NotFound,
    Unsupported,
)
from bot.engine.library import Library
from bot.engine.records.passages import digest
from bot.engine.records.sources import AddStatus, ArticleSource
from bot.engine.records.summaries import SummaryLength
from tests.integration.conftest import open_hashing_library

TOWER = """The clock tower of Varnby

The clock tower of Varnby was built in 1742 by the mason Elsa Thorne. It stands forty metres high.

Who repaired the tower?

After the fire of 1901 the guild of roofers repaired the tower in eleven weeks. They were paid in barley.

When does the bell ring?

The bell rings at noon and at sunset. On the first of May it rings for a full hour to mark the spring fair.
"""

HARBOUR = """The harbour of Varnby

The harbour freezes in January and opens again in the middle of March. Forty boats winter there under canvas.
"""


def add(library: Library, text: str, guild: int = 0, **fields: str) -> int:
    """Add a text and return its id."""
    return library.add_article(guild, ArticleSource(text, **fields)).id


def test_answer_quotes_the_stored_text(library: Library) -> None:
    """The best quote is the answering paragraph, cut from the stored text, with the answering sentence highlighted."""
    article_id = add(library, TOWER)
    answer = library.ask(0, "Who repaired the tower after the fire?")
    assert answer.answered
    quote = answer.quotes[0]
    assert "guild of roofers" in quote.text
    assert quote.headings == ("Who repaired the tower?",)
    text = library.get_article(0, str(article_id)).text
    assert all(item.text == text[item.start : item.end] for item in answer.quotes)
    assert [quote.text[start:end] for start, end in quote.highlight] == [
        "After the fire of 1901 the guild of roofers repaired the tower in eleven weeks."
    ]


def test_messy_question_is_answered(library: Library) -> None:
    """Greeting, capitals and typos: the same quote, the question as it was typed, and what was corrected."""
    add(library, TOWER)
    clean = library.ask(0, "Who repaired the tower after the fire?")
    messy = library.ask(0, "hi bot, quick question: WHO REPARED THE TOWRE AFTER THE FIRE?? thanks!")
    assert messy.quotes[0] == clean.quotes[0]
    assert messy.query == "hi bot, quick question: WHO REPARED THE TOWRE AFTER THE FIRE?? thanks!"
    assert [found for _, found in messy.corrections] == ["repaired", "tower"]
    assert clean.corrections == ()


def test_exact_string_is_always_quoted(library: Library) -> None:
    """A passage that holds the question's code is among the quotes, also where nothing else of the question fits."""
    notes = "\n\n".join(f"The printer prints page {number} of the manual, and the lamp is lit." for number in range(40))
    add(library, f"Printer notes\n\n{notes}\n\nDrum E1234 is worn.\n")
    for question in ("Which lamp is lit when the printer prints a page of the manual with e1234?", "my laptop: E1234!"):
        answer = library.ask(0, question)
        assert answer.answered
        assert any("E1234" in quote.text for quote in answer.quotes)


def test_foreign_question_is_not_answered(library: Library) -> None:
    """A question about something else gets no quote."""
    add(library, TOWER)
    answer = library.ask(0, "Which enzymes digest lactose in mammals?")
    assert not answer.answered
    assert answer.quotes == ()


def test_article_option_limits_the_search(library: Library) -> None:
    """With an article given, by id or title, quotes come from it alone."""
    add(library, TOWER)
    harbour = add(library, HARBOUR)
    for name in (str(harbour), "the HARBOUR of varnby", "harbour"):
        answer = library.ask(0, "When does the harbour of Varnby freeze?", article=name)
        assert {quote.article.id for quote in answer.quotes} == {harbour}


def test_the_nearest_passage_is_known_where_nothing_answers(library: Library) -> None:
    """The closest passage is quoted on request, of all articles or of one, and proved like any other quote."""
    tower, harbour = add(library, TOWER), add(library, HARBOUR)
    question = "Which submarine invented the bell of bananas?"
    for article, number in ((None, tower), (str(tower), tower), (str(harbour), harbour)):
        quote = library.nearest(0, question, article=article)
        assert quote is not None
        assert quote.article.id == number
        assert library.get_article_by_id(0, number).text[quote.start : quote.end] == quote.text
    with pytest.raises(BadQuery):
        library.nearest(0, "???")
    assert library.nearest(5, question) is None


def test_an_article_by_id_is_never_another(library: Library) -> None:
    """A title that holds the number of an article that is gone is not taken for it."""
    gone = add(library, TOWER)
    add(library, HARBOUR.replace("The harbour of Varnby", f"Harbour {gone}"))
    library.remove_article(0, str(gone))
    assert library.get_article(0, str(gone)).title == f"Harbour {gone}"
    with pytest.raises(NotFound):
        library.get_article_by_id(0, gone)
    assert library.guilds() == [0]


def test_same_text_again_is_unchanged(library: Library) -> None:
    """Adding the same text twice stores it once and says so."""
    first = library.add_article(0, ArticleSource(TOWER))
    again = library.add_article(0, ArticleSource(TOWER))
    assert (first.status, again.status) == (AddStatus.ADDED, AddStatus.UNCHANGED)
    assert (again.id, again.title, again.passages) == (first.id, first.title, first.passages)
    assert len(library.list_articles(0)) == 1


def test_edited_file_updates_its_article(library: Library) -> None:
    """Another text from the same path replaces the article under the same id, and the index follows."""
    first = add(library, TOWER, source="/notes/tower.txt")
    report = library.add_article(0, ArticleSource(TOWER.replace("barley", "silver"), source="/notes/tower.txt"))
    assert (report.id, report.status) == (first, AddStatus.UPDATED)
    assert "silver" in library.ask(0, "How were the roofers who repaired the tower paid?").quotes[0].text


def test_same_file_name_with_another_title_is_another_article(library: Library) -> None:
    """Two uploads called notes.txt about different things are two articles: neither is lost."""
    first = add(library, TOWER, file_name="notes.txt", source="notes.txt")
    second = add(library, HARBOUR, file_name="notes.txt", source="notes.txt")
    assert first != second
    assert len(library.list_articles(0)) == 2


def test_upload_of_the_same_name_and_title_updates(library: Library) -> None:
    """An edited upload updates the article of its name and title, also where a newer one shares the file name."""
    first = add(library, TOWER, source="notes.txt")
    add(library, HARBOUR, source="notes.txt")
    report = library.add_article(0, ArticleSource(TOWER.replace("barley", "silver"), source="notes.txt"))
    assert (report.id, report.status) == (first, AddStatus.UPDATED)


def test_guilds_never_see_each_other(library: Library) -> None:
    """Every way to reach an article of another guild behaves as if it were not there."""
    article_id = add(library, TOWER, guild=1)
    add(library, HARBOUR, guild=2)
    assert all(
        quote.article.title == "The harbour of Varnby"
        for quote in library.ask(2, "Who repaired the tower of Varnby?").quotes
    )
    assert [item.title for item in library.list_articles(2)] == ["The harbour of Varnby"]
    assert library.complete_articles(2, "clock") == []
    for name in ("The clock tower of Varnby", "clock tower"):
        for act in (library.get_article, library.remove_article):
            with pytest.raises(NotFound):
                act(2, name)
        with pytest.raises(NotFound):
            library.ask(2, "Who repaired the tower?", article=name)
        with pytest.raises(NotFound):
            library.summarise(2, name, SummaryLength.SHORT)
    with pytest.raises(NoArticles):
        library.ask(3, "Who repaired the tower?")
    assert library.get_article(1, str(article_id)).title == "The clock tower of Varnby"


def test_removed_article_is_never_quoted_again(library: Library) -> None:
    """After a removal the article is gone from answers, lists and titles, and its id is not used again."""
    first = add(library, TOWER)
    library.ask(0, "Who repaired the tower?")
    library.remove_article(0, str(first))
    with pytest.raises(NoArticles):
        library.ask(0, "Who repaired the tower?")
    assert add(library, HARBOUR) > first


def test_articles_survive_a_restart(tmp_path: Path) -> None:
    """Another process that opens the same store answers the same."""
    first = open_hashing_library(tmp_path)
    add(first, TOWER)
    before = first.ask(0, "Who repaired the tower?").quotes
    first.close()
    second = open_hashing_library(tmp_path)
    assert second.ask(0, "Who repaired the tower?").quotes == before
    second.close()


def test_two_open_libraries_see_each_others_changes(tmp_path: Path) -> None:
    """A bot that runs notices what the terminal adds and removes, without a restart."""
    bot, terminal = open_hashing_library(tmp_path), open_hashing_library(tmp_path)
    add(bot, HARBOUR)
    assert bot.ask(0, "When does the harbour freeze?").answered
    article_id = add(terminal, TOWER)
    assert "roofers" in bot.ask(0, "Who repaired the tower after the fire?").quotes[0].text
    terminal.remove_article(0, str(article_id))
    quotes = bot.ask(0, "Who repaired the tower after the fire?").quotes
    assert all("roofers" not in quote.text for quote in quotes)
    bot.close()
    terminal.close()


@pytest.mark.parametrize("question", ["", "   ", "?!", "\u200b", "\udc80"])
def test_empty_question_is_refused(library: Library, question: str) -> None:
    """A question without a letter or digit gets one sentence that shows how to ask."""
    add(library, TOWER)
    with pytest.raises(BadQuery, match="Ask in a few words"):
        library.ask(0, question)


def test_overlong_question_is_refused(library: Library) -> None:
    """A question of 4,000 characters is refused with its length and the limit."""
    add(library, TOWER)
    with pytest.raises(BadQuery, match=r"4,000 characters.* 1,000"):
        library.ask(0, "why " * 999 + "why?")


def test_broken_bytes_in_a_question_do_no_harm(library: Library) -> None:
    """A lone surrogate, as broken command-line bytes give, is replaced; the rest of the question is answered."""
    add(library, TOWER)
    assert library.ask(0, "Who repaired the tower after the fire \udcff?").answered


def test_unknown_and_ambiguous_articles_name_the_next_step(library: Library) -> None:
    """An unknown title says where to look; one that fits several lists their ids."""
    add(library, TOWER)
    add(library, HARBOUR)
    with pytest.raises(NotFound, match="List the articles"):
        library.get_article(0, "99")
    with pytest.raises(Ambiguous, match=r"ids 1, 2"):
        library.get_article(0, "Varnby")


@pytest.mark.parametrize(
    ("data", "file_name", "error"),
    [
        ("", "", ExtractFailed),
        (b"", "empty.txt", ExtractFailed),
        ("a", "", ExtractFailed),
        (" \n\u200b\n", "", ExtractFailed),
        (bytes(range(256)) * 40, "photo.txt", Unsupported),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "paper.txt", ExtractFailed),
        ("Menu\n\nSkip to content\n\nSubscribe now\n\nSign up\n", "", ExtractFailed),
    ],
    ids=["empty", "empty file", "one character", "only space", "binary", "pdf named txt", "only chrome"],
)
def test_bad_input_is_refused_and_loses_nothing(
    library: Library, data: bytes | str, file_name: str, error: type[EngineError]
) -> None:
    """What cannot be an article is refused in one or two sentences, and earlier articles stay."""
    add(library, TOWER)
    with pytest.raises(error) as caught:
        library.add_article(0, ArticleSource(data, file_name=file_name))
    assert 20 < len(caught.value.user_message) < 300
    assert [article.title for article in library.list_articles(0)] == ["The clock tower of Varnby"]


@pytest.mark.parametrize(
    "text",
    [
        "عنوان قصير\n\nبدأت الرحلة في الصباح الباكر عندما كان البحر هادئا. عاد الصيادون قبل غروب الشمس بقليل.\n",
        "Emoji \U0001f600 title\n\nThe sign says \U0001f468\u200d\U0001f469\u200d\U0001f467 and \u200bwaits.\n",
        "A long one\n\n" + "The river rises in spring and falls in autumn. " * 220,
        "Unbroken\n\n" + "x" * 10_000,
        "\n\n".join(f"Heading number {n}\n\nBody text of section {n} says that the count is {n}." for n in range(3000)),
    ],
    ids=["right to left", "emoji and zero width", "long paragraph", "no spaces", "3,000 headings"],
)
def test_unusual_articles_are_kept_verbatim(library: Library, text: str) -> None:
    """Unusual but honest text is stored as it is, and every passage is a span of it with its digest."""
    article = library.get_article(0, str(add(library, text)))
    assert article.text == text
    assert article.passages
    for passage in article.passages:
        assert digest(article.text[passage.start : passage.end]) == passage.digest


def test_another_encoder_is_refused_and_reindex_mends_it(tmp_path: Path) -> None:
    """A store made with one encoder refuses another, naming the command; after it, answers come again."""
    from bot.engine.encoders.hashing import HashingEncoder
    from bot.engine.stores.sqlite import SQLiteStore

    path = tmp_path / "pullquote.sqlite3"
    first = Library(SQLiteStore.open(path), HashingEncoder(64))
    add(first, TOWER)
    first.close()
    second = Library(SQLiteStore.open(path), HashingEncoder(32))
    for act in (lambda: second.ask(0, "Who repaired the tower?"), lambda: add(second, HARBOUR)):
        with pytest.raises(EncoderMismatch, match="pullquote migrate --reindex"):
            act()
    assert len(second.list_articles(0)) == 1
    assert second.reindex() == 1
    assert second.ask(0, "Who repaired the tower after the fire?").answered
    second.close()


def test_questions_and_changes_at_once(library: Library) -> None:
    """While articles come and go in one thread, every answer in others is verbatim and no error escapes."""
    add(library, TOWER)
    failures: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        try:
            while not stop.is_set():
                for quote in library.ask(0, "Who repaired the tower after the fire?").quotes:
                    assert len(quote.text) == quote.end - quote.start
        except BaseException as error:  # noqa: BLE001 - carried to the main thread
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(12):
        article_id = add(library, f"{HARBOUR}\nBoat number {number} came last and left first.\n")
        library.remove_article(0, str(article_id))
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


VOCABULARY = """
tower bell roof fire guild sea boat 1742 noon’s “ring” Ünder 中文 😀 it's e.g. Dr. No! yes? a
"""
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(lambda words: " ".join(words) + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join)
ARTICLES = st.lists(
    st.one_of(PARAGRAPHS, PARAGRAPHS, WORDS.map(str.title), st.text(max_size=60)), min_size=1, max_size=12
).flatmap(lambda blocks: st.sampled_from(["\n\n", "\r\n\r\n", "\n"]).map(lambda gap: gap.join(blocks)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ARTICLES, question=st.one_of(SENTENCES, st.text(min_size=1, max_size=80)))
def test_every_quote_is_its_span_of_the_stored_text(library: Library, text: str, question: str) -> None:
    """For any article and any question, each quote equals stored_text[start:end] and highlights lie within it."""
    try:
        article_id = add(library, text)
        answer = library.ask(0, question, article=str(article_id))
    except EngineError:
        return
    stored = library.get_article(0, str(article_id)).text
    for quote in answer.quotes:
        assert quote.text == stored[quote.start : quote.end]
        assert all(0 <= start < end <= len(quote.text) for start, end in quote.highlight)
    for length in SummaryLength:
        for sentence in library.summarise(0, str(article_id), length).sentences:
            assert sentence.text == stored[sentence.start : sentence.end]
