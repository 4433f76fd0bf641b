"""What a question asks for (a person, a time, a number …) and which sentences hold such a thing. English cues only."""

from __future__ import annotations

import re
from enum import IntFlag


class AnswerType(IntFlag):
    """Kinds of answers, as bits of one byte."""

    NONE = 0
    NUMBER = 1
    TIME = 2
    NAME = 4
    PLACE = 8
    REASON = 16
    MANNER = 32


_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|sixty|seventy|"
    "eighty|ninety|hundred|thousand|million|billion|trillion|half|third|quarter|twice|once|percent|several"
)
_CUES = {
    AnswerType.NUMBER: re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    AnswerType.TIME: re.compile(
        rf"\b(?:1\d|20)\d\d\b|\b\d+(?:st|nd|rd|th)\b|\b(?:{_MONTHS})\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
        r"|\b(?:century|centuries|decades?|years?|months?|weeks?|days?|hours?|morning|evening|night|today|ago|era)\b",
        re.IGNORECASE,
    ),
    # A capital that does not merely begin the sentence.
    AnswerType.NAME: re.compile(r"(?<=[^\s.!?:\"“])\s+[\"“(]?[A-Z]\w"),
    AnswerType.PLACE: re.compile(
        r"\b(?:in|at|from|to|near|of|into|through|across|between)\s+(?:the\s+)?(?:[a-z]+ern\s+)?[A-Z]\w"
        r"|\b(?:city|town|village|river|island|country|region|north|south|east|west|street|house|forest|castle|sea)\b"
    ),
    AnswerType.REASON: re.compile(
        r"\b(?:because|due to|since|therefore|thus|hence|so that|in order to|as a result|caus(?:e|es|ed|ing)|reasons?|"
        r"led to|leads to|owing to|so as to|for fear|result(?:s|ed|ing)? (?:in|from)|to avoid|to prevent)\b",
        re.IGNORECASE,
    ),
    AnswerType.MANNER: re.compile(r"\b(?:by|through|via|using|with|\w+ly)\b", re.IGNORECASE),
}
_QUESTIONS = (
    (
        re.compile(r"\bhow (?:many|much|long|old|far|large|big|tall|high|often|fast|deep|wide|heavy)\b|\bnumber of\b"),
        AnswerType.NUMBER,
    ),
    (
        re.compile(r"\b(?:what|which) (?:percent|percentage|number|amount|size|age|rate|population)\b"),
        AnswerType.NUMBER,
    ),
    (
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time|period|era)\b|\bhow long\b"),
        AnswerType.TIME,
    ),
    (re.compile(r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|people|man|woman)\b|\bname of\b"), AnswerType.NAME),
    (
        re.compile(
            r"\bwhere\b|\b(?:what|which) (?:city|country|state|place|region|town|river|county|continent|area)\b"
        ),
        AnswerType.PLACE,
    ),
    (re.compile(r"\bwhy\b|\bwhat (?:caused|causes|reason|led)\b"), AnswerType.REASON),
    (re.compile(r"\bhow (?:do|does|did|is|are|was|were|can|could|has|have|had|would|will|to)\b"), AnswerType.MANNER),
)


def find_types(sentence: str) -> int:
    """Return the kinds of answers that a sentence may hold, as bits."""
    return int(sum(kind for kind, cue in _CUES.items() if cue.search(sentence)))


def find_asked_type(question: str) -> int:
    """Return the kind that a question asks for, as a bit: that of the first cue; 0 where nothing tells."""
    lowered = question.lower()
    found = [
        (match.start(), order, kind) for order, (cue, kind) in enumerate(_QUESTIONS) if (match := cue.search(lowered))
    ]
    return int(min(found)[2]) if found else 0
