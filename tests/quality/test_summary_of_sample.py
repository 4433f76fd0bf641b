"""The sample article beside the repository in its own sentences, with the bundled encoder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.library import Library
from bot.engine.records.sources import ArticleSource
from bot.engine.records.summaries import Summary, SummaryLength
from bot.engine.stores.sqlite import SQLiteStore
from bot.engine.summaries.footing import Footing, judge_sentence
from tests.shared_data import shared_data


@pytest.fixture(scope="module")
def labels() -> dict[str, Any]:
    """The labels that were given by hand."""
    found: dict[str, Any] = json.loads(shared_data("sample_article.labels.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library with the sample article."""
    data = Path(shared_data("sample_article.txt")).read_bytes()
    library = Library(SQLiteStore.open(tmp_path_factory.mktemp("sample") / "store.sqlite3"), SentenceEncoder())
    library.add_article(0, ArticleSource(data, file_name="sample_article.txt"))
    yield library
    library.close()


def summarise(library: Library, length: SummaryLength) -> Summary:
    """Summarise the article."""
    return library.summarise(0, "1", length)


def test_long_answers_each_of_the_five_questions(library: Library, labels: dict[str, Any]) -> None:
    """Under each question stands a sentence of its own section, after one of the introduction, in order."""
    sentences = summarise(library, SummaryLength.LONG).sentences
    headings = list(dict.fromkeys(sentence.headings[-1] if sentence.headings else "" for sentence in sentences))
    assert headings == ["", *labels["headings"]]
    assert sum(len(sentence.text.split()) for sentence in sentences) <= 175


@pytest.mark.parametrize("length", list(SummaryLength))
def test_no_caption_no_chrome_no_editors_line(library: Library, labels: dict[str, Any], length: SummaryLength) -> None:
    """Whatever its length, a summary holds only the article's own whole sentences that read on their own."""
    sentences = summarise(library, length).sentences
    beside = [line["text"] for line in labels["captions"] + labels["chrome"]]
    assert not [text for text in beside for sentence in sentences if sentence.text in text or text in sentence.text]
    assert not [sentence.text for sentence in sentences if "editor" in sentence.text.lower()]
    assert sentences[0].position == 1
    previous = 0
    for sentence in sentences:
        footing = judge_sentence(sentence.text)
        assert footing is Footing.STANDS or (footing is Footing.LEANS and sentence.position == previous)
        previous = sentence.position
