"""BEIR folders: corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv. A document is an article of one passage."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from bot.engine.errors import BadQuestionSet
from bot.engine.evaluation.formats import Known, read_query
from bot.engine.evaluation.lines import Place, clean_text, read_lines
from bot.engine.evaluation.question_set import GivenArticle, GivenPassage, Kind, Question, QuestionSet

CORPUS_LINE = '{"_id": "…", "title": "…", "text": "…"}'
QUERY_LINE = '{"_id": "…", "text": "…"}'
QRELS_LINE = "query-id, corpus-id and score, parted by tabs"

_COLUMNS = 3
_USUAL_SPLIT = "test"


def read_beir(folder: Path, split: str | None = None) -> QuestionSet:
    """Read a BEIR folder; only the queries of the split's qrels are asked. Raises BadQuestionSet."""
    articles = _read_corpus(folder / "corpus.jsonl")
    known = Known(articles)
    qrels = _find_qrels(folder / "qrels", split)
    relevant = _read_qrels(qrels, known)
    questions = []
    for entry in read_lines(folder / "queries.jsonl", QUERY_LINE):
        qid = entry.read_name("_id")
        gold = relevant.pop(qid, None)
        if gold:
            questions.append(Question(qid, read_query(entry, "text"), Kind.ANSWERABLE, None, tuple(gold)))
    missing = next((qid for qid, gold in relevant.items() if gold), None)
    if missing is not None:
        raise BadQuestionSet(f'{qrels} judges the query "{missing}": expected it in {folder / "queries.jsonl"}')
    if not questions:
        raise BadQuestionSet(f"{qrels} holds no query with a relevant document. Expected lines of {QRELS_LINE}")
    return QuestionSet(f"{folder.resolve().name}/{qrels.stem}", articles, tuple(questions), tuple(known.notes()))


def _read_corpus(path: Path) -> tuple[GivenArticle, ...]:
    articles: dict[str, GivenArticle] = {}
    for entry in read_lines(path, CORPUS_LINE):
        doc_id, title = entry.read_name("_id"), entry.read_text("title", default="")
        if doc_id in articles:
            raise entry.place.refuse(f'"_id" is "{doc_id}", as on an earlier line: expected ids that differ')
        # A document that is but its title is quoted as that.
        text = entry.read_text("text", default="")
        passage = GivenPassage(doc_id, text if text.strip() else title)
        articles[doc_id] = GivenArticle(doc_id, title, (passage,))
    if not articles:
        raise BadQuestionSet(f"{path} holds no document. Expected lines of {CORPUS_LINE}")
    return tuple(articles.values())


def _find_qrels(folder: Path, split: str | None) -> Path:
    found = {path.stem: path for path in sorted(folder.glob("*.tsv"))}
    if not found:
        raise BadQuestionSet(
            f"{folder} holds no .tsv file: expected the split's judgements, for example qrels/test.tsv"
        )
    wanted = split or (_USUAL_SPLIT if _USUAL_SPLIT in found else next(iter(found)))
    if wanted not in found or (split is None and len(found) > 1 and _USUAL_SPLIT not in found):
        raise BadQuestionSet(f"{folder} holds the splits {', '.join(found)}: name one of them with --split")
    return found[wanted]


def _read_qrels(path: Path, known: Known) -> dict[str, list[str]]:
    """Return each query's relevant documents: those with a score above 0."""
    relevant: dict[str, list[str]] = defaultdict(list)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
                _read_judgement(Place(path, number), row, known, relevant)
    except (UnicodeDecodeError, csv.Error):
        raise BadQuestionSet(f"{path} is no text in UTF-8. Expected lines of {QRELS_LINE}") from None
    except OSError as error:
        raise BadQuestionSet(f"{path} cannot be read: {error.strerror}. Check the path and its permissions.") from None
    return relevant


def _read_judgement(place: Place, row: list[str], known: Known, relevant: dict[str, list[str]]) -> None:
    if not row or (place.line == 1 and row[0] == "query-id"):
        return
    if len(row) < _COLUMNS:
        raise place.refuse(f"found {len(row)} columns: expected {QRELS_LINE}")
    qid, doc_id = clean_text(row[0]), clean_text(row[1])
    try:
        score = float(row[2])
    except ValueError:
        raise place.refuse(f'the score is "{row[2]}": expected a number ({QRELS_LINE})') from None
    if score > 0:
        relevant[qid].append(known.check_passage(place, doc_id, "corpus-id"))
