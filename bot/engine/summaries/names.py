"""Who a bare surname is: the sentence that first gives the full name."""

from __future__ import annotations

import re
from bisect import bisect_right

import numpy as np
import numpy.typing as npt

from bot.engine.retrieval.tokens import is_stop_word

_PARTICLES = r"(?: (?:van|von|de|der|den|da|di|du|la|le|bin|ibn|al|af|[A-Z]\.))*"
_FULL_NAME = re.compile(rf"\b([A-Z][\w’'-]*[a-z])(?: [A-Z]\.)?{_PARTICLES}((?: [A-Z][\w’'-]*[a-z])+)\b")
_BARE_NAME = re.compile(r"^[\"“«]?(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Prof)\.? )?([A-Z][\w-]*[a-z])(?:['’]s)?(?=,? [a-z(])")


def find_bare_name(text: str) -> str | None:
    """Return the single name with which a sentence opens, or None; it may be any capitalised word."""
    found = _BARE_NAME.match(text)
    return found[1] if found and not is_stop_word(found[1].lower()) else None


class Introductions:
    """Finds the first sentence that gives a full name ending in a surname.

    ``starts``, ``ends``: (n,) the sentences' places in ``text``, ascending.
    """

    def __init__(self, text: str, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> None:
        self._text = text
        self._starts: list[int] = starts.tolist()
        self._ends: list[int] = ends.tolist()
        self._known: dict[str, int | None] = {}

    def find(self, name: str) -> int | None:
        """Return the number of the sentence that introduces a surname, or None."""
        if name not in self._known:
            self._known[name] = self._search(name)
        return self._known[name]

    def _search(self, name: str) -> int | None:
        # A surname follows another name: never first in its sentence.
        wanted = f" {name}"
        at = self._text.find(wanted)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            if number >= 0 and at < self._ends[number]:
                end = self._ends[number]
                if self._introduces(self._text[self._starts[number] : end], name):
                    return number
                at = self._text.find(wanted, end)
            else:
                at = self._text.find(wanted, at + 1)
        return None

    @staticmethod
    def _introduces(sentence: str, name: str) -> bool:
        return any(
            match[2].split()[-1].removesuffix("'s").removesuffix("’s") == name and not is_stop_word(match[1].lower())
            for match in _FULL_NAME.finditer(sentence)
        )
