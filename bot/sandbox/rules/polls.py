"""Polls as a message's body asks for them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.rules.form import Form, Path

DEFAULT_HOURS = 24


def check_poll(form: Form, value: Any) -> None:
    """Check a poll create request; nothing is checked where there is none."""
    if value is None:
        return
    path: Path = ("poll",)
    if not isinstance(value, dict):
        form.fail(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    question = value.get("question")
    text = question.get("text", "") if isinstance(question, dict) else ""
    form.text((*path, "question", "text"), text, "poll.question", trim=True)
    if isinstance(question, dict) and question.get("emoji"):
        form.fail((*path, "question", "emoji"), "BASE_TYPE_CHOICES", "Only text is supported in a poll's question")
    answers = form.listing((*path, "answers"), value.get("answers"))
    form.count((*path, "answers"), answers, "poll.answers")
    for index, answer in enumerate(answers):
        media = answer.get("poll_media") if isinstance(answer, dict) else None
        place = (*path, "answers", index, "poll_media", "text")
        form.text(place, media.get("text", "") if isinstance(media, dict) else "", "poll.answer", trim=True)
    form.number((*path, "duration"), value.get("duration", DEFAULT_HOURS), "poll.hours")
    form.choose((*path, "layout_type"), value.get("layout_type", 1), (1,))
