"""What adding an article costs: how many texts the model reads for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.engine.records.sources import ArticleSource
from bot.wiring import open_library
from config.settings import load_settings
from tests.contract.tiny_model import make_tiny_model

ARTICLE = "Dens\n\n" + "\n\n".join(
    f"A fox sleeps in den {number}. It was dug by {name} in the year {1900 + number}."
    for number, name in enumerate("abcdefghijk")
)
PASSAGES, SENTENCES = 11, 22


@pytest.mark.parametrize(("pooling", "read"), [("mean", PASSAGES), ("cls", PASSAGES + SENTENCES)])
def test_an_article_needs_one_forward_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pooling: str, read: int
) -> None:
    """Passage, sentence and token vectors come from reading each passage once.

    Only a model whose sentence vectors are no means of token vectors reads each sentence once more, by itself.
    """
    from transformers import BertModel

    rows: list[int] = []
    forward = BertModel.forward

    def count(self: Any, *arguments: Any, **options: Any) -> Any:
        rows.append(len(options["input_ids"] if "input_ids" in options else arguments[0]))
        return forward(self, *arguments, **options)

    model = make_tiny_model(tmp_path / "model", pooling=pooling, longest=64)
    store = f"sqlite:///{tmp_path / 'pullquote.sqlite3'}"
    settings = load_settings({"store": {"url": store}, "encoder": {"model": str(model)}}, environ={})
    library = open_library(settings)
    library.warm()
    monkeypatch.setattr(BertModel, "forward", count)
    report = library.add_article(0, ArticleSource(ARTICLE))
    assert report.passages == PASSAGES
    assert sum(rows) == read
    rows.clear()
    library.ask(0, "Who dug den 3?")
    assert rows == [1]
    library.close()
