"""Question sets as JSON lines: a corpus, questions, and off-topic questions. Unknown keys are ignored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.engine.errors import BadQuestionSet
from bot.engine.evaluation.lines import Entry, Place, read_lines
from bot.engine.evaluation.question_set import GivenArticle, GivenPassage, GoldAnswer, Kind, Question, QuestionSet

CORPUS_LINE = '{"doc_id": "…", "title": "…", "passages": [{"pid": "…", "text": "…", "heading": "…"}]}'
QUESTION_LINE = (
    '{"qid": "…", "doc_id": "…", "question": "…", "gold_pids": ["…"], '
    '"answers": [{"text": "…", "start": 0, "pid": "…"}], "answerable": true}'
)
OFF_TOPIC_LINE = '{"qid": "…", "question": "…", "asked_of_doc_id": "…"}'

_HEADING_SEPARATOR = " › "
_NAMED = 3


def read_question_set(corpus: Path, questions: Path, off_topic: Path | None = None) -> QuestionSet:
    """Read a set. Raises BadQuestionSet naming the file, the line and what is expected."""
    articles = _read_corpus(corpus)
    known = Known(articles)
    asked, notes = _read_questions(questions, known)
    homes = {question.qid: question.doc_id for question in asked}
    others = () if off_topic is None else _read_off_topic(off_topic, known)
    others = tuple(replace(question, home=homes.get(question.qid)) for question in others)
    name = questions.name.removesuffix(".jsonl").removesuffix(".questions")
    return QuestionSet(name, articles, asked + others, (*known.notes(), *notes))


class Known:
    """What a corpus holds, for checking what refers to it."""

    def __init__(self, articles: tuple[GivenArticle, ...]) -> None:
        self.articles = {article.doc_id: article for article in articles}
        self.homes = {passage.pid: article.doc_id for article in articles for passage in article.passages}
        self.texts = {passage.pid: passage.text for article in articles for passage in article.passages}

    def check_article(self, place: Place, doc_id: str, key: str) -> str:
        """Return the id of an article of the corpus."""
        if doc_id not in self.articles:
            raise place.refuse(f'"{key}" is "{doc_id}": the corpus has no article of that id')
        return doc_id

    def check_passage(self, place: Place, pid: str, key: str, doc_id: str | None = None) -> str:
        """Return the id of a passage of the corpus, or of one of its articles."""
        if pid not in self.homes:
            raise place.refuse(f'"{key}" names "{pid}": the corpus has no passage of that id')
        if doc_id is not None and self.homes[pid] != doc_id:
            raise place.refuse(f'"{key}" names "{pid}": it is a passage of "{self.homes[pid]}", not of "{doc_id}"')
        return pid

    def notes(self) -> list[str]:
        """Say what the bot can never quote."""
        empty = [pid for pid, text in self.texts.items() if not text.strip()]
        return [f"{_count(empty, 'passage is', 'passages are')} empty and never ranked"] if empty else []


def _read_corpus(path: Path) -> tuple[GivenArticle, ...]:
    articles: dict[str, GivenArticle] = {}
    pids: dict[str, int] = {}
    for entry in read_lines(path, CORPUS_LINE):
        doc_id = entry.read_name("doc_id")
        if doc_id in articles:
            raise entry.place.refuse(f'"doc_id" is "{doc_id}", as on an earlier line: expected one line an article')
        passages = tuple(_read_passage(passage, pids) for passage in entry.read_entries("passages"))
        if not any(passage.text.strip() for passage in passages):
            raise entry.place.refuse('"passages" holds no text: expected a list of at least one passage with text')
        articles[doc_id] = GivenArticle(doc_id, entry.read_text("title", default=""), passages)
    if not articles:
        raise BadQuestionSet(f"{path} holds no article. Expected lines of {CORPUS_LINE}")
    return tuple(articles.values())


def _read_passage(entry: Entry, pids: dict[str, int]) -> GivenPassage:
    pid = entry.read_name("pid")
    if pid in pids:
        raise entry.place.refuse(
            f'"pid" is "{pid}", as on line {pids[pid]}: expected ids that differ in all the corpus'
        )
    pids[pid] = entry.place.line
    if isinstance(entry.values.get("heading"), list):
        headings = entry.read_names("heading")
    else:
        headings = tuple(part for part in entry.read_text("heading", default="").split(_HEADING_SEPARATOR) if part)
    return GivenPassage(pid, entry.read_text("text"), headings)


def _read_questions(path: Path, known: Known) -> tuple[tuple[Question, ...], list[str]]:
    questions: dict[str, Question] = {}
    misplaced = []
    for entry in read_lines(path, QUESTION_LINE):
        question = _read_question(entry, known)
        if question.qid in questions:
            raise entry.place.refuse(f'"qid" is "{question.qid}", as on an earlier line: expected ids that differ')
        questions[question.qid] = question
        if any(not _stands_there(answer, known) for answer in question.answers):
            misplaced.append(question.qid)
    if not questions:
        raise BadQuestionSet(f"{path} holds no question. Expected lines of {QUESTION_LINE}")
    named = ", ".join(misplaced[:_NAMED]) + (", …" if len(misplaced) > _NAMED else "")
    note = (
        f'{_count(misplaced, "question has", "questions have")} an answer that does not stand at its "start": {named}'
    )
    return tuple(questions.values()), [note] if misplaced else []


def _read_question(entry: Entry, known: Known) -> Question:
    doc_id = None
    if entry.values.get("doc_id") is not None:
        doc_id = known.check_article(entry.place, entry.read_name("doc_id"), "doc_id")
    gold = tuple(known.check_passage(entry.place, pid, "gold_pids", doc_id) for pid in entry.read_names("gold_pids"))
    if doc_id is None and gold:
        doc_id = known.homes[gold[0]]
    answerable = entry.read_truth("answerable", default=bool(gold))
    answers = tuple(_read_answer(answer, known, gold) for answer in entry.read_entries("answers"))
    return Question(
        entry.read_name("qid"),
        read_query(entry),
        Kind.ANSWERABLE if answerable else Kind.NEAR_MISS,
        doc_id,
        gold,
        answers,
    )


def _read_answer(entry: Entry, known: Known, gold: tuple[str, ...]) -> GoldAnswer:
    """Read an answer; one without a pid belongs to the only gold passage, and a negative start is an unknown one."""
    pid = gold[0] if len(gold) == 1 else None
    if entry.values.get("pid") is not None:
        pid = known.check_passage(entry.place, entry.read_name("pid"), "pid")
    start = entry.read_number("start")
    return GoldAnswer(entry.read_text("text"), start if start is not None and start >= 0 else None, pid)


def _stands_there(answer: GoldAnswer, known: Known) -> bool:
    if answer.start is None or answer.pid is None:
        return True
    return known.texts[answer.pid].startswith(answer.text, answer.start)


def _read_off_topic(path: Path, known: Known) -> tuple[Question, ...]:
    questions: dict[str, Question] = {}
    for entry in read_lines(path, OFF_TOPIC_LINE):
        asked_of = known.check_article(entry.place, entry.read_name("asked_of_doc_id"), "asked_of_doc_id")
        question = Question(entry.read_name("qid"), read_query(entry), Kind.OFF_TOPIC, asked_of)
        if question.qid in questions:
            raise entry.place.refuse(f'"qid" is "{question.qid}", as on an earlier line: expected ids that differ')
        questions[question.qid] = question
    if not questions:
        raise BadQuestionSet(f"{path} holds no question. Expected lines of {OFF_TOPIC_LINE}")
    return tuple(questions.values())


def read_query(entry: Entry, key: str = "question") -> str:
    """Return a question's text. Raises BadQuestionSet where there is nothing to ask."""
    text = entry.read_text(key)
    if not any(character.isalnum() for character in text):
        raise entry.place.refuse(f'"{key}" holds no word: expected a question')
    return text


def _count(items: list[str], one: str, many: str) -> str:
    return f"{len(items):,} {one if len(items) == 1 else many}"
