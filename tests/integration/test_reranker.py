"""A reranker by setting, over the whole road: a tiny cross-encoder made here, a real store."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.engine.library import Library
from bot.engine.records.sources import ArticleSource
from tests.contract.tiny_model import make_tiny_reranker
from tests.integration.conftest import open_hashing_library

DENS = "Dens\n\n" + "\n\n".join(
    f"A fox may sleep in den {number}. It was dug in {1900 + 7 * number} by {name}."
    for number, name in enumerate(["Ada", "Bo", "Cid", "Dag", "Eva", "Finn", "Gro", "Hal"], start=1)
)
QUERY = "In which den may a fox sleep?"


def open_with(folder: Path, **retrieval: object) -> Library:
    """Open a library with these retrieval settings and the dens in it."""
    library = open_hashing_library(folder, retrieval=retrieval)
    library.add_article(0, ArticleSource(DENS))
    return library


def test_quotes_come_in_the_rerankers_order(tmp_path: Path) -> None:
    """The order is that of CrossEncoder.predict over the passages, word for word from the store and highlighted."""
    from sentence_transformers import CrossEncoder

    folder = str(make_tiny_reranker(tmp_path / "model", longest=128))
    library = open_with(tmp_path, reranker=folder, reranker_budget_ms=60_000)
    answer = library.ask(0, QUERY)
    texts = DENS.split("\n\n")[1:]
    scores = CrossEncoder(folder, device="cpu").predict([(QUERY, text) for text in texts], show_progress_bar=False)
    best = sorted(range(len(texts)), key=lambda number: -scores[number])[:3]
    assert [quote.text for quote in answer.quotes] == [texts[number] for number in best]
    assert all(quote.highlight for quote in answer.quotes)
    without = open_with(tmp_path / "without")
    assert [quote.text for quote in without.ask(0, QUERY).quotes] != [quote.text for quote in answer.quotes]
    assert without.ask(0, QUERY).confidence == answer.confidence
    library.close()
    without.close()


def test_a_missing_reranker_costs_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A folder that is not there is an error in the log with the next step; the answer is as without it."""
    (tmp_path / "without").mkdir()
    with caplog.at_level(logging.WARNING):
        library = open_with(tmp_path, reranker=str(tmp_path / "nowhere"))
        answer = library.ask(0, QUERY)
    without = open_with(tmp_path / "without")
    assert [quote.text for quote in answer.quotes] == [quote.text for quote in without.ask(0, QUERY).quotes]
    assert caplog.text.count("retrieval.reranker") == 1
    library.close()
    without.close()
