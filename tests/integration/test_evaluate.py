"""pullquote evaluate as a person uses it: on the documented example, on a BEIR folder, and with mistakes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.evaluate import evaluate as evaluate_command
from bot.cli.figures import TABLE
from bot.cli.main import cli
from bot.engine.records.sources import ArticleSource
from tests.integration.conftest import open_hashing_library

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
CORPUS, QUESTIONS, OFF_TOPIC = (str(EXAMPLES / f"town.{part}.jsonl") for part in ("corpus", "questions", "offtopic"))
KEYS = ["qid", "ranking", "scores", "confidence", "state", "highlight"]


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a store and temporary folder of its own, and needs no model."""
    for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("PULLQUOTE_STORE__URL", f"sqlite:///{tmp_path}/store/pullquote.sqlite3")
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "hashing")
    monkeypatch.chdir(tmp_path)


def evaluate(*arguments: str, code: int = 0) -> Result:
    """Run the command in this process and check its exit code."""
    result = CliRunner().invoke(cli, ["evaluate", *arguments])
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result


def evaluate_example(*arguments: str) -> Any:
    """Evaluate the example with --json and read what is printed."""
    files = ("--corpus", CORPUS, "--questions", QUESTIONS, "--off-topic", OFF_TOPIC)
    return json.loads(evaluate(*files, "--json", *arguments).stdout)


def read_lines(path: Path | str) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("scope", ["article", "library"])
def test_example_gives_every_figure(scope: str) -> None:
    """--json holds each figure with interval and count, the questions by kind, and times by part."""
    found = evaluate_example("--scope", scope)
    names = [name for _, rows in TABLE for name, _, _ in rows]
    assert sorted(found["figures"]) == sorted(names)
    assert found["questions"] == {"answerable": 14, "near_miss": 3, "off_topic": 5}
    assert (found["set"], found["scope"], found["articles"], found["passages"]) == ("town", scope, 3, 13)
    for figure in found["figures"].values():
        assert set(figure) == {"value", "low", "high", "n"}
        assert 0 <= figure["low"] <= figure["high"] <= 1
        assert 0 <= figure["value"] <= 1
    assert found["figures"]["hit@1"]["n"] == 14
    assert found["figures"]["hit@1"]["value"] >= 0.8
    assert set(found["milliseconds"]) == {"encode", "rank"}
    assert found["notes"] == []


def test_text_is_a_table_of_the_same_figures() -> None:
    """Without --json each figure is a line, with its interval and count."""
    text = evaluate("--corpus", CORPUS, "--questions", QUESTIONS, "--off-topic", OFF_TOPIC).stdout
    for _, rows in TABLE:
        for _, label, _ in rows:
            assert f"  {label} " in text
    assert "14 answerable, 3 near-miss, 5 off-topic questions, asked each of its article" in text
    assert "rank" in text.splitlines()[-1]


def test_guide_names_every_option_and_figure() -> None:
    """docs/evaluating.md explains each option of the command and each figure."""
    guide = (EXAMPLES.parent / "evaluating.md").read_text(encoding="utf-8")
    options = {option for parameter in evaluate_command.params for option in parameter.opts}
    assert all(option in guide for option in options)
    assert all(f"`{name}`" in guide for _, rows in TABLE for name, _, _ in rows)


def test_two_runs_agree() -> None:
    """The same set gives the same figures and intervals; only the times differ."""
    first, second = evaluate_example(), evaluate_example()
    first.pop("milliseconds"), second.pop("milliseconds")
    assert first == second


@pytest.mark.parametrize("scope", ["article", "library"])
def test_predictions_are_complete_and_ordered(scope: str) -> None:
    """A line a question in the files' order, off-topic ones too; the ranking is of what was searched, best first."""
    evaluate_example("--scope", scope, "--predictions", "out.jsonl")
    lines, corpus = read_lines("out.jsonl"), read_lines(CORPUS)
    asked = [*read_lines(QUESTIONS), *read_lines(OFF_TOPIC)]
    homes = {question["qid"]: question.get("doc_id") for question in asked[:17]}
    pids = {article["doc_id"]: [passage["pid"] for passage in article["passages"]] for article in corpus}
    texts = {passage["pid"]: passage["text"] for article in corpus for passage in article["passages"]}
    assert [line["qid"] for line in lines] == [question["qid"] for question in asked]
    for number, (line, question) in enumerate(zip(lines, asked, strict=True)):
        assert list(line) == KEYS
        is_off_topic = number >= 17
        if scope == "article":
            wanted = pids[question["asked_of_doc_id"] if is_off_topic else question["doc_id"]]
        else:
            left_out = homes.get(question["qid"]) if is_off_topic else None
            wanted = [pid for doc_id, own in pids.items() if doc_id != left_out for pid in own]
        assert sorted(line["ranking"]) == sorted(wanted)
        assert line["scores"] == sorted(line["scores"], reverse=True)
        assert len(line["scores"]) == len(line["ranking"])
        assert 0 <= line["confidence"] <= 1
        assert line["state"] in ("answers", "unsure", "not_in_articles")
        highlight = line["highlight"]
        assert highlight["pid"] == line["ranking"][0]
        assert 0 <= highlight["start"] < highlight["end"] <= len(texts[highlight["pid"]])


def test_it_answers_as_ask_does(tmp_path: Path) -> None:
    """Each question is given the passages, highlight, confidence and state that /ask gives over the same passages."""
    evaluate_example("--scope", "library", "--predictions", "out.jsonl")
    lines = {line["qid"]: line for line in read_lines("out.jsonl")[:17]}
    library = open_hashing_library(tmp_path)
    pids: dict[tuple[int, str], str] = {}
    for number, article in enumerate(read_lines(CORPUS), start=1):
        # Our own splitter must find the same passages: the headings stand between them, as in a text.
        parts, heading = [f"# {article['title']}"], None
        for passage in article["passages"]:
            if passage.get("heading", heading) != heading:
                heading = passage["heading"]
                parts.append(f"## {heading}")
            parts.append(passage["text"])
            pids[number, passage["text"]] = passage["pid"]
        library.add_article(0, ArticleSource("\n\n".join(parts), file_name=f"{number}.md"))
    answered = 0
    try:
        for question in read_lines(QUESTIONS):
            answer, line = library.ask(0, question["question"]), lines[question["qid"]]
            assert line["confidence"] == pytest.approx(answer.confidence)
            assert line["state"] == answer.state.value
            if answer.quotes:
                answered += 1
                quoted = [pids[quote.article.id, quote.text] for quote in answer.quotes]
                assert line["ranking"][: len(quoted)] == quoted
                assert line["scores"][: len(quoted)] == pytest.approx([quote.score for quote in answer.quotes])
                start, end = answer.quotes[0].highlight[0]
                assert (line["highlight"]["start"], line["highlight"]["end"]) == (start, end)
    finally:
        library.close()
    assert answered >= 8


def test_limit_asks_fewer(tmp_path: Path) -> None:
    """--limit 2 asks two of each kind, and the predictions are theirs."""
    assert evaluate_example("--limit", "2", "--predictions", "out.jsonl")["questions"] == {
        "answerable": 2,
        "near_miss": 2,
        "off_topic": 2,
    }
    assert len(read_lines(tmp_path / "out.jsonl")) == 6


def test_cache_changes_no_ranking(tmp_path: Path) -> None:
    """With --cache the second run encodes nothing, and both rank as without it."""
    runs = []
    for number, arguments in enumerate([(), ("--cache", "kept"), ("--cache", "kept")]):
        found = evaluate_example("--predictions", f"{number}.jsonl", *arguments)
        runs.append((found["milliseconds"]["encode"], read_lines(f"{number}.jsonl")))
    assert [time is None for time, _ in runs] == [False, False, True]
    assert runs[1][1] == runs[2][1]
    assert [line["ranking"] for line in runs[0][1]] == [line["ranking"] for line in runs[1][1]]
    assert len(list((tmp_path / "kept").iterdir())) == 2


def write_varied_set() -> tuple[str, ...]:
    """Write 60 articles of one passage with a question each, and 60 off-topic questions; return the options."""
    words = [f"{first}{second}" for first in ("mar", "tel", "bor", "kin", "sul", "pat") for second in "aeiouyslrn"]
    rows: dict[str, list[dict[str, Any]]] = {"c": [], "q": [], "o": []}
    for number, word in enumerate(words):
        other = words[(number + 7) % len(words)]
        text = f"The {word} was opened in the year {1900 + number}."
        rows["c"].append({"doc_id": word, "title": word, "passages": [{"pid": word, "text": text}]})
        question = {"qid": word, "doc_id": word, "question": f"When was the {word} opened?", "gold_pids": [word]}
        rows["q"].append(question)
        rows["o"].append({"qid": word, "question": f"Who painted {other} green?", "asked_of_doc_id": word})
    for name, lines in rows.items():
        Path(f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return ("--corpus", "c.jsonl", "--questions", "q.jsonl", "--off-topic", "o.jsonl", "--json")


def test_calibration_is_used_from_then_on(tmp_path: Path) -> None:
    """--calibrate writes beside the store what the next run reads: other confidences, the same order, less error."""
    options = write_varied_set()
    first = json.loads(evaluate(*options, "--calibrate", "--predictions", "1.jsonl").stdout)
    assert first["calibration"] == str(tmp_path / "store" / "pullquote.calibration.json")
    second = json.loads(evaluate(*options, "--predictions", "2.jsonl").stdout)
    assert "calibration" not in second
    before, after = read_lines("1.jsonl"), read_lines("2.jsonl")
    assert [line["ranking"] for line in before] == [line["ranking"] for line in after]
    assert [line["confidence"] for line in before] != [line["confidence"] for line in after]
    order = sorted(range(120), key=lambda number: (before[number]["confidence"], number))
    assert order == sorted(order, key=lambda number: after[number]["confidence"])
    error = "calibration_error"
    assert second["figures"][error]["value"] < max(first["figures"][error]["value"], 0.05)
    assert second["figures"]["off_topic_answered"]["value"] <= 0.05


def test_too_few_questions_are_not_calibrated_by(tmp_path: Path) -> None:
    """The example is refused with how many questions it takes, and nothing is written."""
    files = ("--corpus", CORPUS, "--questions", QUESTIONS, "--off-topic", OFF_TOPIC)
    assert "at least 20 questions" in evaluate(*files, "--calibrate", code=1).stderr
    assert not (tmp_path / "store").exists()


def test_own_articles_are_not_touched(tmp_path: Path) -> None:
    """The set goes into a store of its own, which is gone afterwards; the configured one is not even made."""
    evaluate_example()
    assert not (tmp_path / "store").exists()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_beir_folder_alone_suffices(tmp_path: Path) -> None:
    """--corpus FOLDER asks the judged queries of the whole corpus."""
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    passages = [passage for article in read_lines(CORPUS) for passage in article["passages"]]
    corpus = [{"_id": passage["pid"], "title": "", "text": passage["text"]} for passage in passages]
    queries = [{"_id": item["qid"], "text": item["question"]} for item in read_lines(QUESTIONS)]
    judged = [(item["qid"], pid) for item in read_lines(QUESTIONS) for pid in item["gold_pids"]]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    qrels = "query-id\tcorpus-id\tscore\n" + "".join(f"{qid}\t{pid}\t1\n" for qid, pid in judged)
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    found = json.loads(evaluate("--corpus", str(folder), "--predictions", "out.jsonl", "--json").stdout)
    assert (found["set"], found["scope"], found["articles"]) == ("beir/test", "library", 13)
    assert found["figures"]["hit@1"]["n"] == 14
    assert found["figures"]["hit@1"]["value"] >= 0.8
    assert [line["qid"] for line in read_lines("out.jsonl")] == [qid for qid, _ in judged]
    assert "Use --scope library" in evaluate("--corpus", str(folder), "--scope", "article", code=2).stderr
    assert "Leave --questions" in evaluate("--corpus", str(folder), "--questions", QUESTIONS, code=2).stderr


def test_odd_passages_are_carried(tmp_path: Path) -> None:
    """Empty passages are noted and not ranked; blank edges, null characters and any script keep their offsets."""
    texts = ["", "  Tea is \x00 hot.\n\nReally.  ", "Лёд холодный. 茶是热的。", "…"]
    passages = [{"pid": str(number), "text": text} for number, text in enumerate(texts)]
    question = {"qid": "q", "doc_id": "a", "question": "Is tea really hot?", "gold_pids": ["1"]}
    answer = {"text": "hot", "start": texts[1].index("hot"), "pid": "1"}
    Path("c.jsonl").write_text(json.dumps({"doc_id": "a", "title": "", "passages": passages}), encoding="utf-8")
    Path("q.jsonl").write_text(json.dumps({**question, "answers": [answer]}), encoding="utf-8")
    arguments = ("--corpus", "c.jsonl", "--questions", "q.jsonl", "--predictions", "out.jsonl", "--json")
    result = evaluate(*arguments)
    assert "Note: 1 passage is empty and never ranked." in result.stderr
    (line,) = read_lines("out.jsonl")
    assert line["ranking"][0] == "1"
    assert sorted(line["ranking"]) == ["1", "2", "3"]
    assert json.loads(result.stdout)["figures"]["hit@1"] == {"value": 1.0, "low": None, "high": None, "n": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "Missing option '--corpus'"),
        (("--corpus", "nowhere.jsonl"), 2, "does not exist"),
        (("--corpus", CORPUS), 2, "Name the questions' file too: --questions FILE"),
        (("--corpus", CORPUS, "--questions", QUESTIONS, "--split", "dev"), 2, "--split chooses within a BEIR folder"),
        (("--corpus", QUESTIONS, "--questions", QUESTIONS), 1, 'line 1: "passages" holds no text'),
        (("--corpus", CORPUS, "--questions", CORPUS), 1, 'line 1: "qid" is missing: expected a text in quotes'),
        (("--corpus", CORPUS, "--questions", QUESTIONS, "--predictions", "no/where.jsonl"), 1, "cannot be written"),
        (("--corpus", CORPUS, "--questions", "homeless.jsonl"), 1, "--scope library"),
        (("--corpus", CORPUS, "--questions", "long.jsonl"), 1, "limits.question_characters"),
    ],
    ids=["no corpus", "no file", "no questions", "split", "corpus", "questions", "predictions", "homeless", "long"],
)
def test_mistakes_are_one_line_with_the_next_step(arguments: tuple[str, ...], code: int, says: str) -> None:
    """Each mistake exits with its code before anything is encoded, and says what to do on standard error."""
    Path("homeless.jsonl").write_text('{"qid": "q", "question": "Who?"}\n', encoding="utf-8")
    long = {"qid": "q", "doc_id": "bakery", "question": "why " * 1000}
    Path("long.jsonl").write_text(json.dumps(long), encoding="utf-8")
    result = evaluate(*arguments, code=code)
    assert says in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
