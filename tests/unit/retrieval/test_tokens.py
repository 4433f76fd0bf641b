"""Words, folding, stems and offsets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.retrieval.tokens import STOP_WORDS, find_words, fold, hash_term, stem

READ_AS_WORDS = {"percent", "dollar", "euro", "pound", "thousand", "million", "billion", "trillion"}
"""Signs and scales are read as words: they differ from the characters that they stand at."""


def terms(text: str) -> list[str]:
    """Return the stems of a text."""
    return [stem(word.text) for word in find_words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beyoncé", "beyonce"),
        ("cafe\u0301", "CAFÉ"),
        ("Straße", "STRASSE"),
        ("ﬁne", "fine"),
        ("2,000", "2000"),
        ("1,234,567.5", "1234567.5"),
        ("the U.S. and the U.K", "the US and the UK"),
        ("Sony’s", "Sony"),
        ("Sony's", "Sony"),
        ("COVID‑19", "covid 19"),
        ("snake_case", "snake case"),
        ("exports", "exported"),
        ("co\u00adoperate", "cooperate"),
        ("Ａ３２０", "a320"),
    ],
)
def test_variants_of_a_word_give_the_same_terms(one: str, other: str) -> None:
    """Case, accents, compatibility forms, grouping, possessives and inflection do not tell words apart."""
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(("one", "other"), [("3.14", "314"), ("1990", "1991"), ("is", "as"), ("東京", "京都")])
def test_different_words_stay_different(one: str, other: str) -> None:
    """Folding does not merge what differs in meaning."""
    assert terms(one) != terms(other)


def test_scripts_without_spaces_give_overlapping_pairs() -> None:
    """A query of two characters finds them inside a longer run."""
    assert [word.text for word in find_words("東京タワー")] == ["東京", "京タ", "タワ", "ワー"]
    assert set(terms("東京")) < set(terms("東京タワー"))
    assert [word.text for word in find_words("ไ")] == ["ไ"]


def test_marks_of_other_scripts_stay_in_their_words() -> None:
    """Vowel signs and joiners do not split a word."""
    assert [word.text for word in find_words("हिन्दी भाषा")] == ["हिन्दी", "भाषा"]


def test_nothing_but_symbols_has_no_words() -> None:
    """Emoji, punctuation and lone surrogates are not words."""
    assert find_words("😀 … \u200b \ud83d — !") == []


@given(st.text(max_size=80))
def test_offsets_point_at_the_words(text: str) -> None:
    """Every word lies at its offsets, in order, and is what folding the text there gives."""
    words = find_words(text)
    starts = [word.start for word in words]
    assert starts == sorted(starts)
    for word in words:
        assert 0 <= word.start < word.end <= len(text)
        assert word.text
        if word.text in READ_AS_WORDS:
            continue
        # Groups of thousands lose their marks ("2,000"), decimals keep them ("0,5").
        shown = fold(text[word.start : word.end])
        for mark in ",.":
            shown = shown if mark in word.text else shown.replace(mark, "")
        assert word.text.replace("'", "") == shown.replace("'", "")


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded word is its own folding for everything that words are made of."""
    for word in find_words(text):
        assert fold(word.text) == fold(fold(word.text))


def test_stop_words_are_written_as_they_are_found() -> None:
    """Every stop word is one word of the tokenizer, so that none can be missed."""
    assert {word for word in STOP_WORDS if [found.text for found in find_words(word)] != [word]} == set()


def test_threads_share_the_stemmer_safely() -> None:
    """Stems are the same from many threads as from one."""
    words = [
        f"{base}{ending}" for base in ("export", "nation", "relat", "hop") for ending in ("s", "ed", "ing", "ional")
    ]
    expected = [stem(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        stem.cache_clear()
        assert all(list(pool.map(stem, words)) == expected for _ in range(20))


def test_term_hashes_are_the_same_in_every_process() -> None:
    """Segments keep hashes, so their values may never change."""
    assert hash_term("lavrov") == 0x5251166A9C9C8434
