"""Which of an article's sentences a summary is made of."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.articles.encoding import encode_article
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.ingest.parse import parse_text
from bot.engine.records.articles import Article
from bot.engine.retrieval.segment import decode_core
from bot.engine.summaries.choice import MAXIMUM_SENTENCES, choose_about, choose_key, choose_sentences
from bot.engine.summaries.footing import Footing, closes_quotations, judge_sentence
from bot.engine.summaries.material import Material

LABELLED = Path(__file__).parents[1] / "quality" / "data" / "standing_sentences.jsonl"

SECTIONS = """# Lamps

The council of Ellerby switched off two thirds of its lamps in March this year. Our editor asked an expert about it.

## Why?

They cost too much. The price of electricity doubled within two years for every town in the county.

## Is it safe?

But many people do not feel safe on the dark streets any more. Recorded crime at night did not rise in any of the towns.

## What next?

Should other towns follow? A trial of six months on a few streets would show whether the plan works at all.
Subscribe to our newsletter for more stories like this one about the town.
"""


def read(text: str) -> Material:
    """Take an article's sentences, with the vectors of an encoder without a model."""
    parsed = parse_text(text, markdown=True)
    core = decode_core(encode_article(HashingEncoder(), parsed, with_tokens=False).core)
    return Material(Article(1, parsed.title, "", 0, "", parsed.text, parsed.lines, parsed.passages), core)


def texts(material: Material, chosen: list[int]) -> list[str]:
    """Give the chosen sentences."""
    return [material.text(number) for number in chosen]


def test_each_section_is_covered_in_order() -> None:
    """With three sections or more, a long summary has the lead and a sentence of each section, in article order."""
    material = read(SECTIONS)
    chosen = choose_sentences(material, 150)
    assert list(dict.fromkeys(material.sections[chosen].tolist())) == [0, 1, 2, 3]
    assert chosen == sorted(chosen)
    assert chosen[0] == 0


@pytest.mark.parametrize("budget", [60, 100, 150])
def test_only_sentences_that_stand_are_chosen(budget: int) -> None:
    """No editor's line, question, advertisement, or sentence that leans on a question before it."""
    material = read(SECTIONS)
    chosen = " ".join(texts(material, choose_sentences(material, budget)))
    for words in ("editor", "They cost", "But many", "Should other", "Subscribe"):
        assert words not in chosen


def test_a_leaning_sentence_brings_what_it_leans_on() -> None:
    """A sentence that opens with a pronoun is only ever chosen together with the one before it."""
    text = "The harbour of Ellerby freezes over for eleven days. It is then closed to every ship. " + " ".join(
        f"Number {number} of the boats in the harbour of Ellerby is painted blue. It belongs to a fisher of the town."
        for number in range(12)
    )
    material = read(text)
    chosen = choose_sentences(material, 150)
    assert any(not material.stands(number) for number in range(len(material)))
    for number in chosen:
        assert set(material.companions(number)) <= set(chosen)


def test_a_bare_surname_brings_its_introduction() -> None:
    """A sentence about "Brandt" needs the one that says who Ilse Brandt is, however far away."""
    material = read(
        "The head of the school is called Ilse Brandt by everyone. The school has two hundred pupils in all.\n\n"
        "Brandt wants to keep the swimming bath open for them. The bath was built in the summer of 1931."
    )
    assert material.companions(2) == (0, 2)
    assert material.companions(3) == (3,)


@pytest.mark.parametrize("budget", [60, 100, 150])
@pytest.mark.parametrize("sections", [1, 5])
def test_budget_is_kept(budget: int, sections: int) -> None:
    """A summary passes its word budget by less than a fifth, and never has more than ten sentences."""
    parts = []
    for part in range(sections):
        lines = " ".join(
            f"Sentence number {part} {number} tells of the river and of the town beside it." for number in range(9)
        )
        parts.append(f"## Part {part}\n\n{lines}" if sections > 1 else lines)
    material = read("\n\n".join(parts))
    chosen = choose_sentences(material, budget)
    assert 1 <= len(chosen) <= MAXIMUM_SENTENCES + 2
    assert material.words[chosen].sum() <= 1.2 * budget


def test_the_key_is_one_sentence_that_stands() -> None:
    """The shortest summary is a single sentence, and not one that leans on another."""
    material = read(SECTIONS)
    chosen = choose_key(material)
    assert len(chosen) == 1
    assert material.stands(chosen[0])


def test_an_article_without_good_sentences_still_gets_some() -> None:
    """Where no sentence stands alone the summary is the article's beginning."""
    material = read("They came by night, and nobody saw them. But why? It was never told to us.")
    assert choose_sentences(material, 8) == [0]


def test_a_topic_gets_its_own_sentences_only() -> None:
    """About crime: the sentence on crime; about something the article does not have: nothing."""
    material = read(SECTIONS)
    nowhere = np.zeros(material.embeddings.shape[1], dtype=np.float32)
    overlap = np.array(["crime" in material.text(number) for number in range(len(material))], dtype=np.float32)
    chosen = texts(material, choose_about(material, nowhere, overlap, 100))
    assert chosen == ["Recorded crime at night did not rise in any of the towns."]
    assert choose_about(material, nowhere, np.zeros_like(overlap), 100) == []


def test_standing_sentences_are_told_from_leaning_ones() -> None:
    """Of the labelled sentences that are called standing, nine in ten do stand; most that stand are found."""
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 60
    called = [row["stands"] for row in rows if judge_sentence(row["text"]) is Footing.STANDS]
    assert np.mean(called) >= 0.9
    assert sum(called) >= 0.9 * sum(row["stands"] for row in rows)


@pytest.mark.parametrize(
    ("text", "is_closed"),
    [
        ("He said “we will rebuild” and left.", True),
        ("He said “we will rebuild.", False),
        ('The "old" bath.', True),
        ('The "old bath.', False),
        ("It (the bath) closes.", True),
        ("The bath) closes.", False),
    ],
)
def test_quotations_are_closed(text: str, is_closed: bool) -> None:
    """A sentence that opens a quotation or a bracket without closing it, or the other way round, is not whole."""
    assert closes_quotations(text) is is_closed


def test_rules_of_english_are_for_english_only() -> None:
    """A German sentence that happens to open like an English one that leans is not thrown away."""
    assert judge_sentence("So wurde der Hafen im Jahr 1931 gebaut.", is_english=False) is Footing.STANDS


@given(st.text(max_size=300))
def test_every_text_is_judged(text: str) -> None:
    """No sentence, however odd, upsets the rules."""
    assert isinstance(judge_sentence(text), Footing)
