"""Floors on real text: pasted articles must not lose their body to the cleaning."""

from __future__ import annotations

import pytest

from benchmarks.ingest_quality import measure_set
from tests.shared_data import shared_data


@pytest.mark.parametrize("name", ["squad2_dev", "fairytale_val", "policyqa_dev"])
def test_body_text_is_kept(name: str) -> None:
    """Of the paragraphs of clean articles under 0.3 % are left out and under 0.5 % taken for titles or headings."""
    tally = measure_set(shared_data(f"qa/{name}.corpus.jsonl"))
    assert tally.paragraphs > 500
    assert tally.left_out / tally.paragraphs < 0.003
    assert tally.headings / tally.paragraphs < 0.005
    assert tally.titles_right / tally.articles >= 0.9


def test_prose_of_untidy_pages_is_kept() -> None:
    """Of the prose of news pages with captions and links in their text under 0.3 % is left out."""
    tally = measure_set(shared_data("qa/clickbait_news_a.corpus.jsonl"))
    assert tally.prose > 4000
    assert tally.prose_left_out / tally.prose < 0.003
    assert tally.prose_headings / tally.prose < 0.005
