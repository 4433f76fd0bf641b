"""From what was typed to what is searched for: typos, compounds, abbreviations."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.ports.encoders import EncodedQuery
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.question import prepare_question
from bot.engine.retrieval.vocabulary import VocabularyCache
from tests.unit.retrieval.shelf import ENCODER, Shelf, make_core, make_index

HEALTH = [
    ["The World Health Organization (WHO) was founded in Geneva in 1948."],
    ["The International Monetary Fund, or IMF, lends money to governments."],
    ["IMF loans rose by 2,000 % in the capital of Norway."],
]
CULTURE = [
    ["UNCO is the United Nations Cultural Organization."],
    ["The United Nations Cultural Organization protects ruins."],
]
PRINTERS = [
    ["Error E1234 means that the e-mail server reset the connection.", "A long-term fix is a new website."],
    ["The drum of the printer wears out.", "Replace the drum after forty thousand pages."],
    ["Watch the water level of the humidifier."],
]


def prepare(text: str, index: CorpusIndex | None = None, **options: object) -> str:
    """Return what is searched for, without a question mark of its own."""
    index = index or make_index(HEALTH, PRINTERS)
    found = prepare_question(index, text, ENCODER.encode_query, **options)  # type: ignore[arg-type]
    return found.text if text.endswith("?") else found.text.removesuffix("?")


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("Where is the captial of Norway?", "Where is the capital of Norway?"),
        ("Waht does the drum do?", "What does the drum do?"),
        ("replace the durm", "replace the drum"),
        ("Replcae the printer's drum", "Replace the printer's drum"),
        ("the pritner's drum", "the printer's drum"),
        ("what do goverments lend", "what do governments lend"),
        ("which conectoin did it reset", "which connection did it reset"),
    ],
)
def test_a_misspelt_word_becomes_the_guilds_own(typed: str, searched: str) -> None:
    """One slip, or two in a long word: swapped, missing, doubled or wrong letters."""
    assert prepare(typed).startswith(searched)


@pytest.mark.parametrize(
    "text",
    [
        "Where is the capital of Norway?",
        "Who painted the Sistine chapel?",
        "E1235 again",
        "in 1949",
        "the DRUN of the printer",
        "what is a zebra",
        "",
        "?!",
    ],
)
def test_other_questions_stay_as_they_are(text: str) -> None:
    """Known words, words like none of the guild's, numbers, codes and acronyms are never changed."""
    assert prepare(text) == text


def test_context_decides_between_like_words() -> None:
    """The word "wter" may be water or wetter: the passage that holds the question's other words decides."""
    index = make_index([["The water level of the humidifier drops."], ["Summers get wetter in the north."]])
    assert prepare("level of wter in the humidifier", index) == "level of water in the humidifier"


def test_the_articles_searched_decide_before_others() -> None:
    """Within one article its own words are likelier."""
    index = make_index([["The harbor was widened."]], [["The barber was widened."]])
    assert prepare("when was the harber widened", index, article_ids=[1]).split()[3] == "harbor"
    assert prepare("when was the barbr widened", index, article_ids=[2]).split()[3] == "barber"


def test_corrections_tell_what_was_typed() -> None:
    """Each correction names the member's word and the one searched for; other changes are no corrections."""
    prepared = prepare_question(make_index(PRINTERS), "Hi! Replcae the pritner drum, thanks", ENCODER.encode_query)
    assert prepared.text == "Replace the printer drum?"
    assert prepared.corrections == (("Replcae", "Replace"), ("pritner", "printer"))


def test_a_word_that_the_encoder_knows_is_no_slip() -> None:
    """A word of one piece is a word of the language, however like one of the guild's it is."""

    def encode(text: str) -> EncodedQuery:
        found = ENCODER.encode_query(text)
        return EncodedQuery(found.embedding, found.tokens, found.pieces, cuts_words=True)

    index = make_index(PRINTERS)
    assert prepare_question(index, "the painter and the drum", encode).text == "the painter and the drum?"
    assert prepare("the painter and the drum", index) == "the printer and the drum"


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("who wears out the drum", "who wears out the drum?"),
        ("who wears out the drum.", "who wears out the drum."),
        ("printer drum", "printer drum"),
        ("what is C++", "what is C++"),
        ("", ""),
    ],
)
def test_a_question_ends_like_one(typed: str, searched: str) -> None:
    """A question without a mark gets one, key words do not."""
    assert prepare_question(make_index(PRINTERS), typed, ENCODER.encode_query).text == searched


def test_a_clean_question_is_encoded_once() -> None:
    """Only what is changed after a look at its pieces is encoded a second time."""
    texts: list[str] = []

    def encode(text: str) -> EncodedQuery:
        texts.append(text)
        return ENCODER.encode_query(text)

    index = make_index(PRINTERS)
    prepare_question(index, "hey, which drum wears out?", encode)
    assert texts == ["which drum wears out?"]
    prepare_question(index, "which durm wears out?", encode)
    assert texts[1:] == ["which durm wears out?", "which drum wears out?"]


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("which email server", "which e-mail server"),
        ("longterm fix", "long-term fix"),
        ("new web-site", "new website"),
        ("new web site", "new website"),
        ("long term fix", "long term fix"),
        ("the web is new", "the web is new"),
    ],
)
def test_compounds_take_the_passages_form(typed: str, searched: str) -> None:
    """Together, apart or hyphened: the question is written as the passages are, if they have one form only."""
    assert prepare(typed) == searched


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("When was WHO founded?", "When was WHO (world health organization) founded?"),
        ("what does the unco protect", "what does the unco (united nations cultural organization) protect"),
        ("what does UNCO protect", "what does UNCO (united nations cultural organization) protect"),
        ("what do the United Nations Cultural Organization protect", None),
        ("what does the imf lend", None),
        ("What does the International Monetary Fund lend?", "What does the International Monetary Fund (imf) lend?"),
        ("who was founded in geneva", "who was founded in geneva"),
        ("IT and the drum", "IT and the drum"),
    ],
)
def test_an_abbreviation_brings_what_it_stands_for(typed: str, searched: str | None) -> None:
    """Either form of what a passage introduces brings the other, where more passages have the other."""
    index = make_index(HEALTH, PRINTERS, CULTURE)
    assert prepare(typed, index) == (searched or typed)


@given(st.text(max_size=80))
def test_any_text_can_be_prepared(text: str) -> None:
    """Whatever is typed, something is searched for."""
    assert isinstance(prepare(text, make_index(PRINTERS)), str)


def test_vocabulary_follows_the_articles() -> None:
    """Words of a new article are found, those of a removed one lead to no correction."""
    shelf = Shelf()
    shelf.put(1, make_core(PRINTERS))
    index = CorpusIndex(1, 64)
    index.update(shelf)
    assert prepare("the lighthose", index) == "the lighthose"
    shelf.put(2, make_core([["The lighthouse was lit."]]))
    index.update(shelf)
    assert prepare("the lighthose", index) == "the lighthouse"
    shelf.remove(2)
    index.update(shelf)
    assert prepare("the lighthose", index) == "the lighthose"
    assert index.nbytes > index.snapshot.nbytes + index.tokens.nbytes


@pytest.mark.parametrize("letters", ["abcde", "вгдеж"])
@given(st.data(), st.integers(0, 2**32), st.integers(1, 2))
def test_every_word_a_few_edits_away_is_near(letters: str, data: st.DataObject, seed: int, edits: int) -> None:
    """The quick look at letters and lengths never leaves out a word that is near."""
    chance = random.Random(seed)  # noqa: S311 - typos, not secrets
    misspelt = word = data.draw(st.text(letters, min_size=3, max_size=12))
    for _ in range(edits):
        place, letter = chance.randrange(len(misspelt)), chance.choice(letters)
        cut = place + chance.choice((0, 1))
        misspelt = misspelt[:place] + chance.choice((letter, "")) + misspelt[cut:]
    vocabulary = VocabularyCache().take(make_index([[f"{word}."]]).snapshot)
    near = [found for found, _ in vocabulary.find_near(misspelt, edits)]
    assert (word in near) == (misspelt != word)
