"""The cross-encoder adapter, on tiny models made here: its scores are the library's own, long passages included."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.engine.encoders.cross import CrossReranker
from bot.engine.errors import EncoderUnavailable
from tests.contract.encoder_contract import ODD_TEXTS, make_input
from tests.contract.tiny_model import make_tiny_reranker

QUERY = "who digs?"
SHORT = ["foxes dig.", "owls hunt.", "a b c d e f."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny reranker with the usual activation."""
    return make_tiny_reranker(tmp_path_factory.mktemp("reranker"))


@pytest.mark.parametrize("activation", ["", "sigmoid", "identity"])
def test_scores_are_the_librarys_own(activation: str, tmp_path: Path) -> None:
    """Passages that fit get the scores of CrossEncoder.predict, with the activation that the model was saved with."""
    from sentence_transformers import CrossEncoder

    folder = str(make_tiny_reranker(tmp_path, activation=activation))
    reference = CrossEncoder(folder, device="cpu").predict([(QUERY, text) for text in SHORT], show_progress_bar=False)
    scores = CrossReranker(folder).score(QUERY, [make_input(text) for text in SHORT])
    assert scores == pytest.approx(reference.tolist(), abs=1e-5)
    assert all(0 <= score <= 1 for score in scores) == (activation != "identity")
    assert len({round(score, 4) for score in scores}) == 3


def test_a_long_passage_scores_as_its_best_part(folder: Path) -> None:
    """Beyond the model's longest input nothing is cut off: each part is scored, the best one counts."""
    reranker = CrossReranker(str(folder))
    parts = [f"{letter * 20} {letter * 9}." for letter in "abcdefg"]
    whole = reranker.score(QUERY, [make_input(" ".join(part.capitalize() for part in parts))])
    alone = reranker.score(QUERY, [make_input(part) for part in parts])
    assert whole == pytest.approx([max(alone)], abs=1e-3)


def test_a_question_longer_than_the_model_takes_is_scored(folder: Path) -> None:
    """Such a question leaves the passage a share of the input and never fails."""
    assert len(CrossReranker(str(folder)).score("who digs dens " * 60, [make_input(text) for text in SHORT])) == 3


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text[:8]))
def test_odd_texts_are_scored(folder: Path, text: str) -> None:
    """Empty, tiny, huge, broken and foreign texts get a score each."""
    reranker = CrossReranker(str(folder))
    assert len(reranker.score(QUERY, [make_input(text), make_input("foxes.")])) == 2
    assert len(reranker.score(text, [make_input("foxes.")])) == 1


def test_nothing_to_score_loads_nothing() -> None:
    """Without passages the model is not even looked for."""
    assert CrossReranker("/no/such/folder").score(QUERY, []) == []


def test_scores_do_not_depend_on_company_or_threads(folder: Path) -> None:
    """A passage gets the same score alone, in company, and from several threads at once."""
    reranker = CrossReranker(str(folder))
    passages = [make_input(text * times) for times in (1, 4) for text in SHORT]
    alone = [reranker.score(QUERY, [passage])[0] for passage in passages]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: reranker.score(QUERY, passages), range(8)):
            assert found == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "a/b/c"])
def test_a_folder_that_is_not_there_is_refused(name: str) -> None:
    """A path that does not exist is not taken for a model of the hub."""
    with pytest.raises(EncoderUnavailable, match=r"no reranker folder.*retrieval\.reranker"):
        CrossReranker(name).load()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """A folder without weights gives one clear sentence, not a traceback of the library."""
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderUnavailable, match=r"cannot be loaded.*retrieval\.reranker"):
        CrossReranker(str(tmp_path)).load()


def test_a_classifier_is_refused(tmp_path: Path) -> None:
    """A model of several classes gives no ranking, and the message says what to choose."""
    with pytest.raises(EncoderUnavailable, match="3 classes"):
        CrossReranker(str(make_tiny_reranker(tmp_path, labels=3))).load()
