"""What an operator can set about "not in the articles", through the wiring."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.errors import StoreUnavailable
from bot.engine.records.answers import AnswerState
from bot.engine.records.sources import ArticleSource
from bot.engine.retrieval.calibration import WRONG_IN_100, Calibration
from bot.wiring import calibration_path
from config.settings import load_settings
from tests.integration.conftest import open_hashing_library

TOWER = "The tower burned in 1901.\n\nThe guild of roofers repaired it in eleven weeks.\n\nForty boats winter here."
QUESTION = "Who repaired the tower?"


def make_calibration(logit: float, *, model: str) -> Calibration:
    """One that maps every score to nearly the same confidence, with all thresholds at a half."""
    return Calibration((-100.0, 100.0), (logit - 0.1, logit + 0.1), (0.5,) * len(WRONG_IN_100), model)


def ask(folder: Path, **sections: dict[str, object]) -> AnswerState:
    """Open a library in a folder, ask it the question, close it."""
    library = open_hashing_library(folder, **sections)
    try:
        library.add_article(0, ArticleSource(TOWER))
        return library.ask(0, QUESTION).state
    finally:
        library.close()


def test_a_calibration_beside_the_store_is_used(tmp_path: Path) -> None:
    """Its confidences decide, as long as it was fitted for the encoder in use."""
    assert ask(tmp_path) is AnswerState.ANSWERS
    model = str(HashingEncoder().identity)
    make_calibration(-5, model=model).save(tmp_path / "pullquote.calibration.json")
    assert ask(tmp_path) is AnswerState.NOT_IN_ARTICLES


def test_a_calibration_for_another_encoder_is_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It would map scores of another scale; the log says that it was left alone."""
    make_calibration(-5, model="another").save(tmp_path / "own.json")
    with caplog.at_level(logging.WARNING):
        state = ask(tmp_path, retrieval={"calibration": str(tmp_path / "own.json")})
    assert state is AnswerState.ANSWERS
    assert "calibration is for another" in caplog.text


@pytest.mark.parametrize("text", ["{}", "not JSON"])
def test_a_damaged_calibration_is_refused_by_name(tmp_path: Path, text: str) -> None:
    """The message names the file and what to do."""
    (tmp_path / "pullquote.calibration.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreUnavailable, match=r"pullquote\.calibration\.json cannot be read .* --calibrate"):
        ask(tmp_path)


def test_a_named_calibration_that_is_missing_is_refused(tmp_path: Path) -> None:
    """A file that the settings name has to be there; the usual one beside the store need not."""
    settings = load_settings({"retrieval": {"calibration": str(tmp_path / "no.json")}}, environ={})
    assert calibration_path(settings) == tmp_path / "no.json"
    with pytest.raises(StoreUnavailable, match=r"no\.json cannot be read"):
        ask(tmp_path, retrieval={"calibration": str(tmp_path / "no.json")})


def test_allowing_more_wrong_answers_answers_more(tmp_path: Path) -> None:
    """The setting moves the state of one and the same question."""
    library = open_hashing_library(tmp_path, retrieval={"wrong_answers_in_100": 0})
    library.add_article(0, ArticleSource(TOWER))
    answer = library.ask(0, "Who winters here?")
    library.close()
    assert answer.state is AnswerState.NOT_IN_ARTICLES
    lenient = open_hashing_library(tmp_path, retrieval={"wrong_answers_in_100": 50})
    again = lenient.ask(0, "Who winters here?")
    lenient.close()
    assert again.state is AnswerState.ANSWERS
    assert again.confidence == answer.confidence
    assert again.raw_score == answer.raw_score
