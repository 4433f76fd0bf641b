"""The rule of exact strings: what few passages hold verbatim is among the quotes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.exact_strings import FEW, ExactString, ExactStrings, find_exact_strings, find_verbatim
from bot.engine.retrieval.retriever import Retriever
from tests.unit.retrieval.shelf import ENCODER, make_index

STRINGS = [
    ("What does error E1234 mean?", "Lamp E1234 blinks."),
    ("how do I fix 0x80070057", "Then 0x80070057 is shown."),
    ("why ECONNRESET when the printer prints", "The log said ECONNRESET twice."),
    ("What is ERR_CONNECTION_REFUSED by the printer?", "Chromium says ERR_CONNECTION_REFUSED."),
    ("Does the printer need version 3.11.2?", "It needs 3.11.2 or later."),
    ("printer settings in config.yaml", "All of it is in config.yaml, as always."),
    ("is the printer driver written in C++?", "Its author likes C++, not more."),
    ("Was the printer praised by Okonkwo?", "Okonkwo praised it."),
    ("How many printers were 4,711 pages?", "A count of 4711 was noted."),
    ('Who said "the drum beats slowly" of the printer?', "Then the drum beats slowly, he said."),
    ("who said “drum beats” of the printer", "He heard that the drum beats."),
    ("printer «wears out» when", "It never wears out."),
]
PRINTER = [
    f"The printer prints page {number} and the error is fixed by version {number}." for number in range(100, 160)
]


def with_noise(passage: str, place: int, count: int = 60) -> list[list[str]]:
    """Return passages that share the questions' other words, one of them the passage that holds the string."""
    passages = [[text] for text in PRINTER[:count]]
    passages.insert(place, [passage])
    return passages


def positions(index: CorpusIndex, text: str, retriever: Retriever | None = None, **options: object) -> list[int]:
    """Return the positions quoted, best first."""
    options.setdefault("top_k", 3)
    found = (retriever or Retriever()).search(index, text, ENCODER.encode_query(text), **options)  # type: ignore[arg-type]
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
    return [hit.position for hit in found.hits]


@pytest.mark.parametrize(
    "retriever", [Retriever(), Retriever(exact_rows=0, candidates=4, reranked=3)], ids=["all", "sampled"]
)
@pytest.mark.parametrize(("question", "passage"), STRINGS, ids=[question for question, _ in STRINGS])
def test_the_passage_that_holds_the_string_is_quoted(question: str, passage: str, retriever: Retriever) -> None:
    """Codes, versions, files, names, figures and quoted phrases: also where a large guild's rows are sampled."""
    assert 31 in positions(make_index(with_noise(passage, 30)), question, retriever)


@pytest.mark.parametrize("question", [question for question, _ in STRINGS])
def test_it_is_quoted_within_the_articles_searched(question: str) -> None:
    """Few counts in the articles searched: many others elsewhere change nothing."""
    passage = dict(STRINGS)[question]
    index = make_index([[passage]] * 20, with_noise(passage, 10))
    assert 11 in positions(index, question, article_ids=[2])


def test_the_first_place_stays_the_rankers() -> None:
    """The string's passage takes the last place; what was best before is best still."""
    index = make_index(with_noise("Elsewhere there was a word of Okonkwo.", 5))
    plain = positions(index, "Which printer prints page 107 when the error is fixed by version 107?")
    found = positions(index, "Which printer prints page 107 when the error is fixed by version 107, Okonkwo?")
    assert found[:2] == plain[:2]
    assert found[2] == 6


def test_a_string_of_many_passages_reserves_nothing() -> None:
    """More than FEW holders are not few: the ranking is left alone."""
    holders = [["A word of Okonkwo."]] * (FEW + 1)
    index = make_index([[text] for text in PRINTER] + holders)
    question = "Which printer prints page 107 when the error is fixed by version 107, Okonkwo?"
    assert all(position <= len(PRINTER) for position in positions(index, question, top_k=2))
    few = make_index([[text] for text in PRINTER] + holders[1:])
    assert positions(few, question, top_k=2)[1] > len(PRINTER)


def test_other_forms_of_a_word_are_not_verbatim() -> None:
    """A passage with another form of the name does not count as holding it, one with its possessive does."""
    index = make_index([["The bakers met."], ["Baker's house."], ["Baker, at home."], ["Nobody."]])
    rows = np.arange(4)
    assert find_verbatim(index.snapshot, rows, ("baker",)).tolist() == [1, 2]
    assert find_verbatim(index.snapshot, rows, ("baker", "house")).tolist() == [1]
    assert find_verbatim(index.snapshot, rows, ("house", "baker")).tolist() == []
    assert find_verbatim(index.snapshot, rows[:2], ("baker",)).tolist() == [1]


def test_headings_do_not_hold_a_string() -> None:
    """What is quoted is the passage: a string in the heading above it alone is not in the quote."""
    index = make_index([["E1234 stands here."], ["Here not."]])
    assert find_verbatim(index.snapshot, np.arange(2), ("e1234",)).tolist() == [0]


def test_two_strings_in_two_passages_are_both_quoted() -> None:
    """Each string has its passage among three quotes, and the best quote stays."""
    index = make_index([*with_noise("See E1234.", 5), ["See E9999 too."]])
    found = positions(index, "printer prints page 107 error fixed by version 107: E1234 or E9999?")
    assert {6, 62} < set(found)
    assert found[0] not in {6, 62}


def test_a_single_quote_is_given_up_for_a_code_alone() -> None:
    """With one place, a code takes it; a name or a figure does not."""
    question = "Which printer prints page 107 when the error is fixed by version 107"
    index = make_index(with_noise("Elsewhere E1234 was said by Okonkwo.", 5))
    best = positions(index, question, top_k=1)
    assert positions(index, f"{question}, Okonkwo?", top_k=1) == best != [6]
    assert positions(index, f"{question}, E1234?", top_k=1) == [6]


@pytest.mark.parametrize("question", ["the printer prints", "the printer prints E777", "what is it", "", '""'])
def test_ordinary_questions_are_left_alone(question: str) -> None:
    """A question without any such string, or with one that nothing holds, reserves no place."""
    snapshot = make_index(with_noise("Elsewhere there was a word of Okonkwo.", 5)).snapshot
    found = find_exact_strings(snapshot, np.arange(len(snapshot)), question, ENCODER.encode_query(question))
    assert found.strings == ()


@given(
    st.lists(st.sets(st.integers(0, 11), min_size=1, max_size=FEW), max_size=5),
    st.permutations(range(12)),
    st.integers(1, 6),
)
def test_reserving_keeps_the_first_and_the_count(held: list[set[int]], order: list[int], top_k: int) -> None:
    """Any strings: as many places as asked for, in ranking order, the first kept, and as many strings as can be."""
    strings = tuple(ExactString(np.array(sorted(rows)), is_strict=False) for rows in held)
    rows = np.arange(12)
    kept = ExactStrings(strings).reserve(rows, np.array(order), top_k).tolist()
    assert len(kept) == len(set(kept)) == top_k
    assert kept == sorted(kept, key=order.index)
    assert kept[0] == order[0]
    missing = [string for string in held if not string & set(kept)]
    if top_k > len(held):
        assert missing == []
    if not any(not string & set(order[:top_k]) for string in held):
        assert kept == order[:top_k]
