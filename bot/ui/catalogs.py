"""Catalogs: what a sentence of ours is in another language. One TOML file a language, in ``languages/``.

TOML and not gettext's files, because the standard library reads TOML as it is written: its gettext reads compiled
``.mo`` files only, which would be binaries in the repository or a step before every run. The plural rule is gettext's,
as every translator's tool and every language's table spells it, and the standard library evaluates it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from gettext import c2py
from importlib.resources import files

_FIELD = re.compile(r"\{(\w*)[^{}]*\}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")


@dataclass(frozen=True)
class Catalog:
    """One language. Keys are the English sentences as the code has them, values with ``{fields}`` still in them.

    ``plurals``: by the English plural, a sentence for each form of the language. ``names``: of commands and options,
    which are lower case and without spaces. ``failures``: sentences of the engine, whose fields are numbered in order.
    ``group``: what stands between groups of three digits; ``decimal``: what stands before a number's fraction.
    """

    language: str
    group: str = ","
    decimal: str = "."
    plural_rule: str = "n != 1"
    sentences: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, list[str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, english: str) -> str:
        """Return a sentence in this language, or in English where it is not translated."""
        return self.sentences.get(english, english)

    def plural(self, one: str, other: str, count: int) -> str:
        """Return the form that goes with a number, or English where it is not translated."""
        forms = self.plurals.get(other)
        if not forms:
            return one if count == 1 else other
        return forms[min(self._plural_form(count), len(forms) - 1)]

    def failure(self, english: str) -> str:
        """Return what the engine says of a failure; its sentences come filled in, so they are known by their shape.

        What fills them may be such a sentence again (the advice at the end), or a number.
        """
        for pattern, translation in self._failure_patterns:
            match = pattern.fullmatch(english)
            if match:
                values = [self._value(text) for text in match.groups()]
                # One pass: a value is text of any kind and is never read for fields.
                return _FIELD.sub(lambda found: values[int(found[1])], translation)  # noqa: B023
        return self.sentence(english)

    def _value(self, text: str) -> str:
        return text.replace(",", self.group) if _GROUPED.fullmatch(text) else self.failure(text)

    @cached_property
    def _plural_form(self) -> _PluralRule:
        return _PluralRule(self.plural_rule)

    @cached_property
    def _failure_patterns(self) -> list[tuple[re.Pattern[str], str]]:
        # The longest first: "{0}: {1}" would otherwise take what is said more exactly elsewhere.
        return [(shape_of(key), self.failures[key]) for key in sorted(self.failures, key=len, reverse=True)]


class _PluralRule:
    """Which form goes with a number, as gettext's ``Plural-Forms`` says it in C."""

    def __init__(self, rule: str) -> None:
        self._rule = c2py(rule)

    def __call__(self, count: int) -> int:
        return int(self._rule(count))


def shape_of(sentence: str) -> re.Pattern[str]:
    """Return the pattern that a sentence with ``{fields}`` has once they are filled in, a group for each."""
    pieces = _FIELD.split(sentence)
    # split() gives text, field, text, field …: the texts are every second piece.
    return re.compile("(.+?)".join(re.escape(piece) for piece in pieces[::2]), re.DOTALL)


def field_names(sentence: str) -> list[str]:
    """Return the names of a sentence's fields, in their order in it."""
    return _FIELD.findall(sentence)


ENGLISH = Catalog("English")


@cache
def read_catalogs() -> dict[str, Catalog]:
    """Read every catalog that comes with the program: Discord's code of the language → catalog."""
    found = {}
    for item in files("bot.ui").joinpath("languages").iterdir():
        if item.name.endswith(".toml"):
            found[item.name.removesuffix(".toml")] = Catalog(**tomllib.loads(item.read_text(encoding="utf-8")))
    return found


def find_catalog(locale: str) -> Catalog:
    """Return the catalog for one of Discord's locales: its own, else its language's, else English."""
    known = read_catalogs()
    return known.get(locale) or known.get(locale.split("-")[0]) or ENGLISH
