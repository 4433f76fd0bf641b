"""Which of an article's sentences a summary is made of."""

from __future__ import annotations

import numpy as np
import pytest

from bot.engine.records import SummaryLength, SummarySentence
from bot.engine.summary import MAXIMUM_SENTENCES, WORD_BUDGET, Candidate, choose_sentences

SECTIONS = {
    (): [
        "The council of Ellerby switched off two thirds of its lamps in March this year.",
        "Our editor asked an expert about it for this paper.",
    ],
    ("Why?",): [
        "They cost too much.",
        "The price of electricity doubled within two years for every town in the county.",
    ],
    ("Is it safe?",): [
        "But many people do not feel safe on the dark streets any more.",
        "Recorded crime at night did not rise in any of the forty towns that were studied.",
    ],
    ("What next?",): [
        "Should other towns follow?",
        "A trial of six months on a few streets would show whether the plan works at all.",
        "Subscribe to our newsletter for more stories like this one about the town.",
    ],
}


def candidates(sections: dict[tuple[str, ...], list[str]]) -> list[Candidate]:
    """Make candidates whose vectors are random but fixed."""
    random = np.random.default_rng(7)
    made, at = [], 0
    for position, (headings, sentences) in enumerate(sections.items(), start=1):
        for index, text in enumerate(sentences):
            vector = random.normal(size=16).astype(np.float32)
            sentence = SummarySentence(text, position, headings, at, at + len(text))
            made.append(Candidate(sentence, index, vector / np.float32(np.linalg.norm(vector))))
            at += len(text) + 1
    return made


def test_each_section_is_covered_in_order() -> None:
    """With three sections or more, a long summary has the lead and a sentence of each section, in article order."""
    chosen = choose_sentences(candidates(SECTIONS), SummaryLength.LONG)
    assert [sentence.headings for sentence in chosen] == list(SECTIONS)
    assert [sentence.start for sentence in chosen] == sorted(sentence.start for sentence in chosen)


@pytest.mark.parametrize("length", SummaryLength)
def test_only_sentences_that_stand_alone_are_chosen(length: SummaryLength) -> None:
    """No editor's line, question, fragment, advertisement, or sentence that leans on the one before it."""
    texts = [sentence.text for sentence in choose_sentences(candidates(SECTIONS), length)]
    for word in ("editor", "They cost", "But many", "Should other", "Subscribe"):
        assert not any(word in text for text in texts)


@pytest.mark.parametrize("length", SummaryLength)
@pytest.mark.parametrize("sections", [1, 5])
def test_budget_is_kept(length: SummaryLength, sections: int) -> None:
    """A summary passes its word budget by less than half its last sentence, and never has more than eight."""
    many = {
        (f"Part {part}",) if sections > 1 else (): [
            f"Sentence number {part} {number} tells of the river and of the town beside it." for number in range(9)
        ]
        for part in range(sections)
    }
    chosen = choose_sentences(candidates(many), length)
    words = sum(len(sentence.text.split()) for sentence in chosen)
    assert 1 <= len(chosen) <= MAXIMUM_SENTENCES
    assert words <= WORD_BUDGET[length] + 8


def test_an_article_without_good_sentences_still_gets_some() -> None:
    """Where no sentence stands alone the summary takes what there is; of nothing it makes nothing."""
    chosen = choose_sentences(candidates({(): ["They came.", "But why?"]}), SummaryLength.SHORT)
    assert [sentence.text for sentence in chosen][:1] == ["They came."]
    assert choose_sentences([], SummaryLength.LONG) == ()
