"""What a member is shown is a function of what that member may see: hidden articles leave no trace in any answer.

Two libraries are asked the same: one where articles are hidden from the member, and one where the same articles were
taken out. Whatever comes back must be equal to the last bit, confidences and all, so that no threshold can tell them
apart either.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine.asking.found import find_more, find_quotes
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.errors import EngineError
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.library import Library
from bot.engine.ports.encoders import Encoder
from bot.engine.questions.follow_up import Context
from bot.engine.records.answers import Answer, Timings
from bot.engine.records.sources import ArticleSource
from bot.engine.records.summaries import SummaryLength
from bot.engine.scopes.records import Viewer, make_scope
from tests.contract.memory_settings import MemorySettings
from tests.contract.memory_store import MemoryStore

GUILD, STAFF, ROOM = 7, 21, 31
MEMBER = Viewer((frozenset({GUILD}),), frozenset({ROOM}))

# Words with near neighbours, so that what is misspelt in a question may be like a word that only some articles hold; an
# abbreviation that an article may introduce; words written together and apart; codes.
WORDS = """
    zephyr zephyrs zither lantern lanterns lectern harbour harbor pilot pilots e-mail email longterm long-term
    paper papers plane airplane ferry fairy ledger keeper quarter 1911 1,911 E-4711 config.toml HTTP/2 world
    health organization (WHO) WHO network who paid the of in was hidden beneath crowns barley Quillfeather Thorne
    Varnby
""".split()  # noqa: SIM905
TYPED = """
    zephir zepyhr lantren harbuor pilto lanterns fery ledgre keper quatrer ariplane Quilfeather Varnbi “long term”
    “hidden beneath” “E-4711” longterm paper plane world health organization WHO who paid for the E-4711
    config.toml 1911 what when is was in
""".split()  # noqa: SIM905

sentences = st.lists(st.sampled_from(WORDS), min_size=2, max_size=9).map(lambda words: " ".join(words).capitalize())
paragraphs = st.lists(sentences, min_size=1, max_size=3).map(lambda parts: ". ".join(parts) + ".")
articles = st.lists(paragraphs, min_size=1, max_size=4).map("\n\n".join)
questions = st.lists(st.sampled_from(TYPED), min_size=1, max_size=7).map(" ".join)


@dataclass(frozen=True)
class Town:
    """The same articles twice: some of them hidden in the one library, removed from the other."""

    hiding: Library
    without: Library


def build(texts: Sequence[tuple[str, bool]], encoder: Encoder) -> Town:
    """Add the articles; True marks the hidden ones."""
    libraries = []
    for is_bound in (True, False):
        book = SettingsBook(MemorySettings())
        library = Library(MemoryStore(), encoder, guild_settings=book)
        for number, (text, is_hidden) in enumerate(texts):
            added = library.add_article(GUILD, ArticleSource(text, title=f"{text.split()[0]} {number}")).id
            if is_hidden and is_bound:
                book.bind_article(GUILD, added, make_scope([STAFF], []))
            elif is_hidden:
                library.remove_article(GUILD, str(added))
        libraries.append(library)
    return Town(*libraries)


def look(library: Library, question: str, earlier: str) -> list[Any]:
    """Everything that a member can have from a library for a question, and after one."""
    context = Context((earlier,), ((1, 1), (2, 1)))
    looks: list[Callable[[], Any]] = [
        lambda: find_quotes(library, GUILD, question, viewer=MEMBER),
        lambda: find_quotes(library, GUILD, question, context=context, viewer=MEMBER),
        lambda: find_more(library, GUILD, question, quoted=[(1, 1)], viewer=MEMBER),
        lambda: library.nearest(GUILD, question, viewer=MEMBER),
        lambda: library.list_articles(GUILD, viewer=MEMBER),
        lambda: library.complete_articles(GUILD, question[:2], viewer=MEMBER),
        *(
            look
            for article in ("1", "2", "3")
            for look in (
                lambda article=article: find_quotes(library, GUILD, question, article=article, viewer=MEMBER),
                lambda article=article: library.summarise(
                    GUILD, article, SummaryLength.SHORT, about=question, viewer=MEMBER
                ),
            )
        ),
    ]
    seen = []
    for look in looks:
        try:
            seen.append(strip(look()))
        except EngineError as error:
            seen.append((type(error), str(error)))
    return seen


def strip(found: Any) -> Any:
    """Leave out how long it took, which is nothing that is shown."""
    if isinstance(found, tuple):
        return tuple(strip(part) for part in found)
    answer = getattr(found, "answer", None)
    if isinstance(answer, Answer):
        return replace(found, answer=replace(answer, timings=Timings(0, 0, 0)))
    return found


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both libraries are filled in the same second."""
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.tuples(articles, st.booleans()), min_size=2, max_size=5, unique_by=lambda it: it[0].casefold()),
    asked=st.lists(st.tuples(questions, questions), min_size=1, max_size=2),
)
def test_hidden_articles_leave_no_trace(texts: list[tuple[str, bool]], asked: list[tuple[str, str]]) -> None:
    """Quotes, confidences, corrections, notices, lists and summaries are the same with and without them."""
    town = build(texts, HashingEncoder())
    for question, earlier in asked:
        assert look(town.hiding, question, earlier) == look(town.without, question, earlier)


OPEN = (
    "The zephyr lantern was lit by the harbour pilot. The keeper paid for barley in 1911.\n\nThe ferry leaves at noon."
)
HIDDEN = (
    "World health organization (WHO) paper. The zephir lantern failed with E-4711 in the longterm ledger of lanterns."
)


@pytest.mark.parametrize(
    "question",
    [
        "Who lit the zephir lantern?",
        "What is E-4711?",
        "What did the WHO say about barley?",
        "Is there a long-term ledger?",
        "Who keeps the “longterm ledger”?",
        "lantren harbuor",
    ],
)
def test_what_only_a_hidden_article_holds_is_unknown(question: str) -> None:
    """A rare word, a code, an abbreviation, a compound, a phrase: each as if it stood nowhere."""
    town = build([(OPEN, False), (HIDDEN, True), (HIDDEN + " Barley.", True)], HashingEncoder())
    found, other = (look(library, question, "Who paid?") for library in (town.hiding, town.without))
    assert found == other
    assert "E-4711" not in str(found[0].answer.quotes)
    assert not {"zephir", "longterm"} & {new for _, new in found[0].answer.corrections}
