"""In which language something is said, and saying it.

Members read private replies in the language of their own Discord, public ones in that of the server. Where an event
comes in, :func:`hearing` notes both; deferring a reply settles who will read it. All of it hangs on the running task,
so nothing has to be handed around, and whoever builds a message writes English:

- a whole sentence (a constant of a words module) is translated where it becomes part of a message or a form;
- a sentence with values in it is made by :func:`say`, or by :func:`count` where a number decides its form.

What an article says, its title, and names of people and places are values and are never looked up.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from bot.ui.catalogs import ENGLISH, Catalog, field_names, find_catalog, shape_of

FALLBACK = "en-US"


@dataclass(frozen=True, slots=True)
class Audience:
    """Discord's codes of the languages of the member and of the guild, None where Discord does not tell."""

    member: str | None = None
    guild: str | None = None


class Said(str):
    """Text that is in the reader's language already, or that has none: it is not looked up again."""

    __slots__ = ()


_audience: ContextVar[Audience] = ContextVar("audience", default=Audience())  # noqa: B039 -- it is frozen
_catalog: ContextVar[Catalog] = ContextVar("catalog", default=ENGLISH)


@contextmanager
def hearing(member: str | None, guild: str | None) -> Iterator[None]:
    """Speak with somebody inside the block and in every task that begins in it, privately until said otherwise."""
    audience = _audience.set(Audience(member, guild))
    catalog = _catalog.set(find_catalog(member or guild or FALLBACK))
    try:
        yield
    finally:
        _catalog.reset(catalog)
        _audience.reset(audience)


def speak_privately() -> None:
    """Speak the member's language from here on in this task."""
    audience = _audience.get()
    _catalog.set(find_catalog(audience.member or audience.guild or FALLBACK))


def speak_publicly() -> None:
    """Speak the guild's language from here on in this task; a direct message has a member alone."""
    audience = _audience.get()
    _catalog.set(find_catalog(audience.guild or audience.member or FALLBACK))


def speak_to(*, everybody: bool) -> None:
    """Speak the guild's language from here on, or the member's."""
    if everybody:
        speak_publicly()
    else:
        speak_privately()


def speak(catalog: Catalog) -> None:
    """Speak a language from here on in this task."""
    _catalog.set(catalog)


def spoken() -> Catalog:
    """Return the language that is being spoken."""
    return _catalog.get()


def say(english: str, /, **values: Any) -> Said:
    """Say a sentence with its ``{fields}`` filled in; ``{count:,}`` groups digits as the language does."""
    catalog = _catalog.get()
    return _fill(catalog, catalog.sentence(english), values)


def count(one: str, other: str, number: int, /, **values: Any) -> Said:
    """Say a sentence in the form that goes with a number, which is its field ``count``."""
    catalog = _catalog.get()
    return _fill(catalog, catalog.plural(one, other, number), {"count": number, **values})


def translate(english: str) -> str:
    """Return a whole sentence in the reader's language; what is no sentence of ours stays as it is."""
    return english if isinstance(english, Said) else Said(_catalog.get().sentence(english))


def translate_failure(english: str) -> Said:
    """Return what the engine says of a failure in the reader's language."""
    return Said(_catalog.get().failure(english))


def retell(text: str, sentences: Iterable[str]) -> str:
    """Say in the language spoken now what was said to the member privately, where it is one of these sentences."""
    audience = _audience.get()
    private = find_catalog(audience.member or audience.guild or FALLBACK)
    for english in sentences:
        told = private.sentence(english)
        match = shape_of(told).fullmatch(text)
        if match:
            return say(english, **dict(zip(field_names(told), match.groups(), strict=True)))
    return text


def write_number(value: float, form: str) -> Said:
    """Write a number as ``format`` does, with the language's marks."""
    catalog = _catalog.get()
    return Said(_Formatter(catalog.group, catalog.decimal).format_field(value, form))


def as_is(text: str) -> Said:
    """Mark text that must not be looked up although it stands by itself: a name, a title."""
    return Said(text)


def _fill(catalog: Catalog, sentence: str, values: dict[str, Any]) -> Said:
    return Said(_Formatter(catalog.group, catalog.decimal).vformat(sentence, (), values))


class _Formatter(string.Formatter):
    """Fills in fields as ``str.format`` does, with a language's own marks in numbers."""

    def __init__(self, group: str, decimal: str) -> None:
        self._marks = str.maketrans({",": group, ".": decimal})

    def format_field(self, value: Any, format_spec: str) -> Any:
        text = super().format_field(value, format_spec)
        return text.translate(self._marks) if isinstance(value, int | float) else text
