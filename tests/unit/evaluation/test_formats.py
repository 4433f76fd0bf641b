"""Question sets as JSON lines: what is read, what is forgiven, and what is said of each kind of mistake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.engine.errors import BadQuestionSet
from bot.engine.evaluation.formats import read_question_set
from bot.engine.evaluation.question_set import GoldAnswer, Kind, QuestionSet

ARTICLE = {
    "doc_id": "a",
    "title": "Tea",
    "passages": [{"pid": "a1", "text": "Tea is hot."}, {"pid": "a2", "text": "!"}],
}
OTHER = {"doc_id": "b", "passages": [{"pid": "b1", "text": "Ice is cold.", "heading": "Water › Frozen"}]}
QUESTION = {"qid": "q", "doc_id": "a", "question": "Is tea hot?", "gold_pids": ["a1"], "answers": []}


class Folder:
    """A set in files."""

    def __init__(self, path: Path) -> None:
        self.corpus, self.questions, self.off_topic = (path / name for name in ("c.jsonl", "q.jsonl", "o.jsonl"))
        self.write(self.corpus, ARTICLE, OTHER)
        self.write(self.questions, QUESTION)

    def write(self, path: Path, *rows: Any) -> None:
        """Write rows as JSON lines; a text goes as it is."""
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def read(self) -> QuestionSet:
        """Read the set."""
        return read_question_set(self.corpus, self.questions, self.off_topic if self.off_topic.exists() else None)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A set of two articles and one question."""
    return Folder(tmp_path)


def test_reads_articles_with_headings(folder: Folder) -> None:
    """Passages keep their order and text; a heading is a path; a title may be missing."""
    first, second = folder.read().articles
    assert (first.doc_id, first.title, [passage.pid for passage in first.passages]) == ("a", "Tea", ["a1", "a2"])
    assert (second.title, second.passages[0].headings) == ("", ("Water", "Frozen"))


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({}, Kind.ANSWERABLE),
        ({"answerable": None, "answers": None}, Kind.ANSWERABLE),
        ({"gold_pids": []}, Kind.NEAR_MISS),
        ({"gold_pids": [], "answerable": True}, Kind.ANSWERABLE),
        ({"answerable": False}, Kind.NEAR_MISS),
        ({"unknown": {"key": 1}}, Kind.ANSWERABLE),
    ],
)
def test_answerable_is_what_it_says_or_what_has_gold(folder: Folder, changed: dict[str, Any], kind: Kind) -> None:
    """Without "answerable", a question with gold passages is answerable; unknown keys are ignored."""
    folder.write(folder.questions, {**QUESTION, **changed})
    (question,) = folder.read().questions
    assert question.kind is kind


def test_keys_may_be_missing(folder: Folder) -> None:
    """A question needs no answers, and no doc_id where a gold passage tells its article."""
    folder.write(folder.questions, {"qid": "q", "question": "Is tea hot?", "gold_pids": ["a1"]})
    (question,) = folder.read().questions
    assert (question.doc_id, question.answers) == ("a", ())


def test_answers_know_their_place(folder: Folder) -> None:
    """A negative or missing start is an unknown place; without a pid the only gold passage is meant."""
    folder.write(folder.questions, {**QUESTION, "answers": [{"text": "hot", "start": 7}, {"text": "hot", "start": -1}]})
    (question,) = folder.read().questions
    assert question.answers == (GoldAnswer("hot", 7, "a1"), GoldAnswer("hot", None, "a1"))


def test_off_topic_questions_know_their_home(folder: Folder) -> None:
    """They follow the questions; one that belongs to another article of the set carries that article's id."""
    folder.write(
        folder.off_topic,
        {"qid": "q", "question": "Is tea hot?", "asked_of_doc_id": "b"},
        {"qid": "x", "question": "Who?", "asked_of_doc_id": "b"},
    )
    _, known, unknown = folder.read().questions
    assert (known.kind, known.doc_id, known.home) == (Kind.OFF_TOPIC, "b", "a")
    assert unknown.home is None


def test_odd_things_are_noted(folder: Folder) -> None:
    """An empty passage and an answer that stands elsewhere are no mistakes in form: they are said."""
    folder.write(folder.corpus, {**ARTICLE, "passages": [*ARTICLE["passages"], {"pid": "a3", "text": " "}]})
    folder.write(folder.questions, {**QUESTION, "answers": [{"text": "hot", "start": 2, "pid": "a1"}]})
    assert folder.read().notes == (
        "1 passage is empty and never ranked",
        '1 question has an answer that does not stand at its "start": q',
    )


def test_byte_order_mark_blank_lines_and_surrogates_are_forgiven(folder: Folder) -> None:
    """A mark at the beginning, blank lines and Windows line ends are skipped; a lone surrogate is one replacement."""
    text = json.dumps(ARTICLE).replace("hot", "h\\ud800t")
    folder.corpus.write_bytes(f"\ufeff\r\n{text}\r\n\r\n".encode())
    assert folder.read().articles[0].passages[0].text == "Tea is h\ufffdt."


@pytest.mark.parametrize(
    ("file", "rows", "says"),
    [
        ("corpus", ["{", ARTICLE], 'line 1: not one JSON object (Expecting property name'),
        ("corpus", [ARTICLE, "[1]"], "line 2: found [1]. Expected {"),
        ("corpus", [], "holds no article. Expected lines of {"),
        ("corpus", [{**ARTICLE, "doc_id": 7}], 'line 1: "doc_id" is 7: expected a text in quotes'),
        ("corpus", [{"title": "x"}], 'line 1: "doc_id" is missing: expected a text in quotes'),
        ("corpus", [ARTICLE, OTHER, ARTICLE], 'line 3: "doc_id" is "a", as on an earlier line'),
        ("corpus", [{**ARTICLE, "passages": "x"}], 'line 1: "passages" is "x": expected a list'),
        ("corpus", [{**ARTICLE, "passages": [1]}], "line 1: passages[0]: expected an object in braces, found 1"),
        ("corpus", [{**ARTICLE, "passages": []}], "line 1: \"passages\" holds no text"),
        ("corpus", [{**ARTICLE, "passages": [{"pid": "a1"}]}], 'passages[0]: "text" is missing'),
        ("corpus", [ARTICLE, {**OTHER, "passages": ARTICLE["passages"]}], 'line 2: passages[0]: "pid" is "a1", as on'),
        ("corpus", [{**ARTICLE, "passages": [{"pid": "a1", "text": "x", "heading": 3}]}], '"heading" is 3'),
        ("questions", [], "holds no question. Expected lines of {"),
        ("questions", [{**QUESTION, "qid": " "}], '"qid" is " ": expected a text that is not empty'),
        ("questions", [QUESTION, QUESTION], 'line 2: "qid" is "q", as on an earlier line'),
        ("questions", [{**QUESTION, "question": "?!"}], '"question" holds no word: expected a question'),
        ("questions", [{**QUESTION, "doc_id": "z"}], '"doc_id" is "z": the corpus has no article of that id'),
        ("questions", [{**QUESTION, "gold_pids": "a1"}], '"gold_pids" is "a1": expected a list of ids'),
        ("questions", [{**QUESTION, "gold_pids": ["z"]}], '"gold_pids" names "z": the corpus has no passage'),
        ("questions", [{**QUESTION, "gold_pids": ["b1"]}], 'it is a passage of "b", not of "a"'),
        ("questions", [{**QUESTION, "answerable": "yes"}], '"answerable" is "yes": expected true or false'),
        ("questions", [{**QUESTION, "answers": [{"text": "x", "start": "7"}]}], 'answers[0]: "start" is "7": expected'),
        ("questions", [{**QUESTION, "answers": [{"start": 7}]}], 'answers[0]: "text" is missing'),
        ("off_topic", [{"qid": "x", "question": "Who?"}], '"asked_of_doc_id" is missing'),
        ("off_topic", [{"qid": "x", "question": "Who?", "asked_of_doc_id": "z"}], "the corpus has no article"),
        ("off_topic", [], "holds no question"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_file_line_and_expectation(
    folder: Folder, file: str, rows: list[Any], says: str
) -> None:
    """Each malformed line is refused in a sentence that says where and what is expected."""
    path = getattr(folder, file)
    folder.write(path, *rows)
    with pytest.raises(BadQuestionSet) as caught:
        folder.read()
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)


def test_other_encodings_are_refused(folder: Folder) -> None:
    """A file in another encoding than UTF-8 is refused with what to do."""
    folder.questions.write_bytes(b'{"qid": "\xe9"}\n')
    with pytest.raises(BadQuestionSet, match="is not UTF-8 text: save it in that encoding"):
        folder.read()


def test_deep_nesting_is_refused(folder: Folder) -> None:
    """JSON nested beyond reason is one more malformed line."""
    folder.write(folder.questions, '{"a":' * 100_000)
    with pytest.raises(BadQuestionSet, match="line 1: not one JSON object"):
        folder.read()
