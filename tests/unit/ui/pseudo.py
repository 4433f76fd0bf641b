"""A language that nobody speaks: its letters are none of ASCII, so that what is left in ASCII was not translated."""

from __future__ import annotations

import re

from bot.ui.catalogs import Catalog, find_catalog
from tests.repo.sentences import engine_failures, read_words, words_modules

_KEPT = re.compile(r"\{[^{}]*\}|<t:[^>]*>")
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "åƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ"
)
_MARKUP = re.compile(r"<t:\d+:[A-Za-z]>|</[^>]+:\d+>|\(<[^>]*>\)|<@!?\d+>|`[^`]*`")
_LONGER = "ß"
"""A translation is often longer: every sentence of several words grows by two fifths."""


def disguise(sentence: str, *, grows: bool = True) -> str:
    """Write a sentence in the language; fields, times and Discord's marks stay."""
    pieces, at = [], 0
    for match in _KEPT.finditer(sentence):
        pieces += [sentence[at : match.start()].translate(_LETTERS), match[0]]
        at = match.end()
    text = "".join([*pieces, sentence[at:].translate(_LETTERS)])
    words = sentence.count(" ")
    return text + _LONGER * (len(sentence) * 2 // 5) if grows and words > 5 else text


def pseudo_catalog() -> Catalog:
    """The language, with every sentence that the code can say."""
    sentences: dict[str, str] = {}
    plurals: dict[str, list[str]] = {}
    for path in words_modules().values():
        read = read_words(path)
        sentences |= {sentence: disguise(sentence) for sentence in read.sentences}
        plurals |= {plural: [disguise(one), disguise(plural)] for plural, one in read.plurals.items()}
    known = {*(failure.template for failure in engine_failures()), *find_catalog("de").failures}
    failures = {template: disguise(template) for template in known}
    return Catalog("pseudo", group="'", sentences=sentences, plurals=plurals, failures=failures)


def untranslated(text: str) -> str:
    """Return the ASCII letters of a text that are no markup, code or address: what was not translated."""
    return " ".join(re.findall(r"[A-Za-z]+", _MARKUP.sub(" ", text)))
