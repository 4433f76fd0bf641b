"""The sample article beside the repository: every line labelled as its label file says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.engine.ingest.parse import parse_bytes
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import LEFT_OUT, LineLabel
from tests.shared_data import shared_data

LABELS = {"para": LineLabel.PARAGRAPH}


@pytest.fixture(scope="module")
def labels() -> dict[str, Any]:
    """The labels that were given by hand."""
    found: dict[str, Any] = json.loads(shared_data("sample_article.labels.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def parsed() -> ParsedArticle:
    """The article as the bot stores it."""
    return parse_bytes(shared_data("sample_article.txt").read_bytes(), file_name="sample_article.txt")


def test_all_thirty_lines_have_their_label(labels: dict[str, Any], parsed: ParsedArticle) -> None:
    """Title, headings, passages, captions, alt texts, credits and chrome are told apart without a mistake."""
    expected = {line["line"]: LABELS.get(line["label"]) or LineLabel(line["label"]) for line in labels["lines"]}
    assert len(expected) == 30
    assert {line.number: line.label for line in parsed.lines} == expected


def test_sixteen_passages_have_their_text_and_heading(labels: dict[str, Any], parsed: ParsedArticle) -> None:
    """Each passage is the paragraph, word for word, under the heading that stands above it."""
    expected = [(found["text"], (found["heading"],) if found["heading"] else ()) for found in labels["passages"]]
    assert len(expected) == 16
    assert [(parsed.text[found.start : found.end], found.headings) for found in parsed.passages] == expected


def test_title_and_five_headings(labels: dict[str, Any], parsed: ParsedArticle) -> None:
    """The title is the article's, its no-break space made a space, and the headings are in order."""
    assert parsed.title == " ".join(labels["title"].split())
    headings = [parsed.text[line.start : line.end] for line in parsed.lines if line.label is LineLabel.HEADING]
    assert headings == labels["headings"]
    assert len(headings) == 5


def test_no_line_beside_the_article_can_be_quoted(labels: dict[str, Any], parsed: ParsedArticle) -> None:
    """None of the captions, alt texts, credits and chrome lines lies in a passage, and all are reported as left out."""
    beside = [line["text"] for line in labels["captions"] + labels["chrome"]]
    quotable = [parsed.text[found.start : found.end] for found in parsed.passages]
    assert not [text for text in beside if any(text in passage for passage in quotable)]
    assert sorted(parsed.text[line.start : line.end] for line in parsed.left_out) == sorted(beside)
    assert all(line.label in LEFT_OUT for line in parsed.left_out)
