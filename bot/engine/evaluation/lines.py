"""JSON lines read with their file and line number, so that whatever is wrong with one can be said of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.engine.errors import BadQuestionSet

_SURROGATE = re.compile("[\ud800-\udfff]")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands. ``within`` names the part of the line, for example ``passages[2]``."""

    path: Path
    line: int
    within: str = ""

    def refuse(self, problem: str) -> BadQuestionSet:
        """Return the error that says what is wrong here."""
        within = f"{self.within}: " if self.within else ""
        return BadQuestionSet(f"{self.path}, line {self.line}: {within}{problem}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One JSON object and its place. The readers raise BadQuestionSet where a value is not what is expected."""

    place: Place
    values: dict[str, Any]

    def read_text(self, key: str, *, default: str | None = None) -> str:
        """Return a text; ``default`` stands for a missing one or null."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self._unfit(key, "a text in quotes")
        return clean_text(value)

    def read_name(self, key: str) -> str:
        """Return an id: a text that is not empty."""
        name = self.read_text(key)
        if not name.strip():
            raise self._unfit(key, "a text that is not empty")
        return name

    def read_names(self, key: str) -> tuple[str, ...]:
        """Return a list of ids; none where it is missing or null."""
        found = self.values.get(key)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(name, str) and name.strip() for name in found):
            raise self._unfit(key, "a list of ids, each a text in quotes")
        return tuple(clean_text(name) for name in found)

    def read_number(self, key: str) -> int | None:
        """Return a whole number, or None where it is missing or null."""
        value = self.values.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self._unfit(key, "a whole number")
        return value

    def read_truth(self, key: str, *, default: bool) -> bool:
        """Return true or false; ``default`` stands for a missing one or null."""
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._unfit(key, "true or false")
        return value

    def read_entries(self, key: str) -> tuple[Entry, ...]:
        """Return a list of objects; none where it is missing or null."""
        found = self.values.get(key)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise self._unfit(key, "a list")
        entries = []
        for number, values in enumerate(found):
            place = Place(self.place.path, self.place.line, f"{key}[{number}]")
            if not isinstance(values, dict):
                raise place.refuse(f"expected an object in braces, found {_show(values)}")
            entries.append(Entry(place, values))
        return tuple(entries)

    def _unfit(self, key: str, expected: str) -> BadQuestionSet:
        if key not in self.values:
            return self.place.refuse(f'"{key}" is missing: expected {expected}')
        return self.place.refuse(f'"{key}" is {_show(self.values[key])}: expected {expected}')


def read_lines(path: Path, shape: str) -> Iterator[Entry]:
    """Read one object a line; blank lines are skipped. ``shape`` tells in an error what a line should look like."""
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield Entry(Place(path, number), _read_object(Place(path, number), line, shape))
    except UnicodeDecodeError:
        raise BadQuestionSet(f"{path} is not UTF-8 text: save it in that encoding. Expected lines of {shape}") from None
    except OSError as error:
        raise BadQuestionSet(f"{path} cannot be read: {error.strerror}. Check the path and its permissions.") from None


def _read_object(place: Place, line: str, shape: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "it is nested too deeply or too large"
        raise place.refuse(f"not one JSON object ({reason}). Expected {shape}") from None
    if not isinstance(values, dict):
        raise place.refuse(f"found {_show(values)}. Expected {shape}")
    return values


def clean_text(text: str) -> str:
    """Replace lone surrogates, one character each so that offsets stay: no store or encoder can carry them."""
    return _SURROGATE.sub("\ufffd", text)


def _show(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
